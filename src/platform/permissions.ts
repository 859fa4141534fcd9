import type { SecretStorage } from 'vscode';

/** Something that the user was asked about once. Each is bound to one origin (scheme, host and port). */
export type Permission =
  /** Requests to this origin may go unencrypted. */
  | { readonly type: 'plainHttp'; readonly origin: string }
  /** The key in this environment variable may go to this origin. */
  | { readonly type: 'variable'; readonly name: string; readonly origin: string };

/** Answers that are remembered. They stand in SecretStorage, where no other extension can write them. */
export class Permissions {
  readonly #secrets: SecretStorage;

  constructor(secrets: SecretStorage) {
    this.#secrets = secrets;
  }

  async isGranted(permission: Permission): Promise<boolean> {
    return (await this.#secrets.get(nameOf(permission))) === 'granted';
  }

  async grant(permission: Permission): Promise<void> {
    await this.#secrets.store(nameOf(permission), 'granted');
  }

  async revoke(permission: Permission): Promise<void> {
    await this.#secrets.delete(nameOf(permission));
  }
}

/** Neither an origin nor a variable's name holds a space. */
function nameOf(permission: Permission): string {
  switch (permission.type) {
    case 'plainHttp':
      return `colloquy.permission/plainHttp ${permission.origin}`;
    case 'variable':
      return `colloquy.permission/variable ${permission.name} ${permission.origin}`;
  }
}
