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

/**
 * Keys in SecretStorage. A key is kept together with the origin (scheme, host and port) that its owner typed it for
 * and is given out for exactly that origin. Keys are not synchronised between machines and stand nowhere else.
 */
export class KeyStore {
  readonly #secrets: SecretStorage;

  constructor(secrets: SecretStorage) {
    this.#secrets = secrets;
  }

  async read(endpoint: Endpoint['id'], origin: string): Promise<StoredKey> {
    const stored = parse(await this.#secrets.get(prefix + endpoint));
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

  /** Which endpoints have a key, and for which origin; also endpoints that are no longer configured. */
  async list(): Promise<readonly { readonly endpoint: Endpoint['id']; readonly origin: string }[]> {
    const names = (await this.#secrets.keys()).filter((name) => name.startsWith(prefix));
    const all = await Promise.all(
      names.map(async (name) => ({
        endpoint: name.slice(prefix.length),
        origin: parse(await this.#secrets.get(name))?.origin,
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
  const check = checkKey(key);
  return check.type === 'key' ? { origin, key: check.key } : undefined;
}
