import type { Disposable, SecretStorage } from 'vscode';
import { checkKey } from '../core/apiKey.ts';
import type { Endpoint } from '../core/endpoint.ts';
import { isRecord } from '../core/json.ts';

/** What there is for an endpoint at an origin. */
export type StoredKey =
  | { readonly type: 'key'; readonly key: string }
  | { readonly type: 'none' }
  /** There is a key, but it was typed for another origin: it is not given out. */
  | { readonly type: 'otherOrigin'; readonly origin: string };

const prefix = 'colloquy.key/';
const passphrasePrefix = 'colloquy.passphrase/';

/**
 * Keys in SecretStorage. A key is kept together with the origin (scheme, host and port) that its owner typed it for
 * and is given out for exactly that origin; the passphrase of a client certificate likewise. Neither is synchronised
 * between machines, and they stand nowhere else.
 */
export class KeyStore {
  readonly #secrets: SecretStorage;

  constructor(secrets: SecretStorage) {
    this.#secrets = secrets;
  }

  async read(endpoint: Endpoint['id'], origin: string): Promise<StoredKey> {
    const stored = parseKey(await this.#secrets.get(prefix + endpoint));
    if (stored === undefined) return { type: 'none' };
    return stored.origin === origin
      ? { type: 'key', key: stored.key }
      : { type: 'otherOrigin', origin: stored.origin };
  }

  /** @param key as `checkKey` returns it; anything else is an error of the caller and is not kept. */
  async store(endpoint: Endpoint['id'], origin: string, key: string): Promise<void> {
    const check = checkKey(key);
    // The message must not hold the key.
    if (check.type === 'refused' || check.key !== key)
      throw new TypeError('A key was not checked before it was stored.');
    await this.#secrets.store(prefix + endpoint, JSON.stringify({ origin, key }));
  }

  async remove(endpoint: Endpoint['id']): Promise<void> {
    await this.#secrets.delete(prefix + endpoint);
  }

  /** The passphrase of the endpoint's client certificate, where one was typed for this origin. */
  async readPassphrase(endpoint: Endpoint['id'], origin: string): Promise<string | undefined> {
    const stored = parse(await this.#secrets.get(passphrasePrefix + endpoint));
    return stored?.origin === origin ? stored.key : undefined;
  }

  async storePassphrase(endpoint: Endpoint['id'], origin: string, passphrase: string): Promise<void> {
    await this.#secrets.store(passphrasePrefix + endpoint, JSON.stringify({ origin, key: passphrase }));
  }

  async removePassphrase(endpoint: Endpoint['id']): Promise<void> {
    await this.#secrets.delete(passphrasePrefix + endpoint);
  }

  /** Which endpoints have a key, and for which origin; also endpoints that are no longer configured. */
  async list(): Promise<readonly { readonly endpoint: Endpoint['id']; readonly origin: string }[]> {
    const names = (await this.#secrets.keys()).filter((name) => name.startsWith(prefix));
    const all = await Promise.all(
      names.map(async (name) => ({
        endpoint: name.slice(prefix.length),
        origin: parseKey(await this.#secrets.get(name))?.origin,
      })),
    );
    return all.flatMap(({ endpoint, origin }) => (origin === undefined ? [] : [{ endpoint, origin }]));
  }

  /** Told the id of an endpoint whose key was stored or removed, in this window or another. */
  onDidChange(listener: (endpoint: Endpoint['id']) => void): Disposable {
    return this.#secrets.onDidChange((event) => {
      if (event.key.startsWith(prefix)) listener(event.key.slice(prefix.length));
    });
  }
}

function parse(text: string | undefined): { readonly origin: string; readonly key: string } | undefined {
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  const { origin, key } = value;
  if (typeof origin !== 'string' || typeof key !== 'string') return undefined;
  return { origin, key };
}

function parseKey(text: string | undefined): ReturnType<typeof parse> {
  const stored = parse(text);
  if (stored === undefined) return undefined;
  const check = checkKey(stored.key);
  return check.type === 'key' ? { origin: stored.origin, key: check.key } : undefined;
}
