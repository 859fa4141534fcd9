import * as vscode from 'vscode';
import { checkKey } from '../../core/apiKey.ts';
import { reachOf } from '../../core/baseUrl.ts';
import { CompletionError } from '../../core/completionError.ts';
import { originOf, type Endpoint } from '../../core/endpoint.ts';
import type { Confirm } from '../../platform/confirm.ts';
import type { Permission, Permissions } from '../../platform/permissions.ts';
import type { KeyStore } from '../../platform/secrets.ts';
import { permissionQuestion, whyNoKey } from './words.ts';

export interface KeySources {
  readonly keys: Pick<KeyStore, 'read'>;
  readonly permissions: Pick<Permissions, 'isGranted' | 'grant'>;
  /** A variable of the extension host's environment. */
  readonly readVariable: (name: string) => string | undefined;
  readonly confirm: Confirm;
}

/** Whether and why there is a key for an endpoint at its origin. */
export type FoundKey =
  | { readonly type: 'key'; readonly key: string; readonly from: 'stored' | 'variable' }
  | { readonly type: 'none' }
  /** The stored key was typed for another origin. */
  | { readonly type: 'otherOrigin'; readonly origin: string }
  | { readonly type: 'variableMissing' | 'variableUnusable' | 'variableNotAllowed'; readonly name: string };

/**
 * The keys of endpoints: the stored one where it belongs to the endpoint's origin, else the one in the environment
 * variable that the endpoint names, once the user has allowed that for this origin.
 */
export class EndpointKeys {
  readonly #sources: KeySources;
  readonly #givenOut = new Set<string>();
  /** Questions that are on the screen: a second request must not open the same one again. */
  readonly #asking = new Map<string, Promise<boolean>>();

  constructor(sources: KeySources) {
    this.#sources = sources;
  }

  /** @param mayAsk false in the background: then a variable that was not yet allowed is not used. */
  async find(endpoint: Endpoint, mayAsk: boolean): Promise<FoundKey> {
    const origin = originOf(endpoint.baseUrl);
    if (origin === undefined) return { type: 'none' };
    const stored = await this.#sources.keys.read(endpoint.id, origin);
    if (stored.type === 'key') return this.#give(stored.key, 'stored');
    const name = endpoint.apiKeyEnv;
    return name === undefined ? stored : this.#fromVariable(name, origin, mayAsk);
  }

  /**
   * The key to send with a request to this endpoint; `undefined` where it has none. Raises `CompletionError` (`noKey`,
   * with the reason as its detail) where there is one that must not or cannot be used.
   */
  async keyFor(endpoint: Endpoint, mayAsk = true): Promise<string | undefined> {
    await this.#allowPlain(endpoint, mayAsk);
    const found = await this.find(endpoint, mayAsk);
    if (found.type === 'key') return found.key;
    if (found.type === 'none') return undefined;
    const origin = originOf(endpoint.baseUrl);
    throw new CompletionError({
      kind: 'noKey',
      detail: whyNoKey(found),
      ...(origin === undefined ? {} : { origin }),
    });
  }

  /**
   * An address that was written into the settings by hand is asked about as well before anything travels unencrypted
   * through a network. Raises `CompletionError` (`cannotConnect`) where the answer is no.
   */
  async #allowPlain({ baseUrl }: Endpoint, mayAsk: boolean): Promise<void> {
    const origin = originOf(baseUrl);
    if (origin === undefined || !origin.startsWith('http:')) return;
    if (reachOf(new URL(origin).hostname) === 'loopback') return;
    if (await this.#isAllowed({ type: 'plainHttp', origin }, mayAsk)) return;
    throw new CompletionError({
      kind: 'cannotConnect',
      origin,
      detail: vscode.l10n.t('Unencrypted requests to this address were not allowed.'),
    });
  }

  /** Asks once; while the question is on the screen a second request waits for its answer. */
  async #isAllowed(permission: Permission, mayAsk: boolean): Promise<boolean> {
    if (await this.#sources.permissions.isGranted(permission)) return true;
    if (!mayAsk) return false;
    const id = JSON.stringify(permission);
    const open = this.#asking.get(id) ?? this.#sources.confirm(permissionQuestion(permission));
    this.#asking.set(id, open);
    try {
      const allowed = await open;
      if (allowed) await this.#sources.permissions.grant(permission);
      return allowed;
    } finally {
      this.#asking.delete(id);
    }
  }

  /** Keys that were given out since the start, so that they can be masked in whatever is logged. */
  get givenOut(): readonly string[] {
    return [...this.#givenOut];
  }

  async #fromVariable(name: string, origin: string, mayAsk: boolean): Promise<FoundKey> {
    const value = this.#sources.readVariable(name);
    if (value === undefined || value.trim() === '') return { type: 'variableMissing', name };
    const check = checkKey(value);
    if (check.type === 'refused') return { type: 'variableUnusable', name };
    const allowed = await this.#isAllowed({ type: 'variable', name, origin }, mayAsk);
    return allowed ? this.#give(check.key, 'variable') : { type: 'variableNotAllowed', name };
  }

  #give(key: string, from: 'stored' | 'variable'): FoundKey {
    this.#givenOut.add(key);
    return { type: 'key', key, from };
  }
}
