import type { Confirm } from '../../platform/confirm.ts';
import type { Permission, Permissions } from '../../platform/permissions.ts';
import { permissionQuestion } from './words.ts';

/**
 * What the user agreed to while something is being set up. Nothing is remembered beyond that before `keep`: whoever
 * leaves with Escape has changed nothing.
 */
export class Agreements {
  readonly #permissions: Permissions;
  readonly #confirm: Confirm;
  readonly #agreed: Permission[] = [];

  constructor(permissions: Permissions, confirm: Confirm) {
    this.#permissions = permissions;
    this.#confirm = confirm;
  }

  /** Asks unless it was agreed to before, now or at any earlier time. */
  async ask(permission: Permission): Promise<boolean> {
    if (this.#agreed.some((agreed) => isSame(agreed, permission))) return true;
    if (await this.#permissions.isGranted(permission)) return true;
    const agreed = await this.#confirm(permissionQuestion(permission));
    if (agreed) this.#agreed.push(permission);
    return agreed;
  }

  /** Remembers what was agreed to for this origin. */
  async keep(origin: string): Promise<void> {
    for (const permission of this.#agreed) {
      if (permission.origin === origin) await this.#permissions.grant(permission);
    }
  }
}

function isSame(a: Permission, b: Permission): boolean {
  if (a.origin !== b.origin) return false;
  return a.type === 'variable' ? b.type === 'variable' && a.name === b.name : b.type === 'plainHttp';
}
