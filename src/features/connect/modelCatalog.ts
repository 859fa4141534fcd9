import { failureOf } from '../../core/completionError.ts';
import type { Endpoint } from '../../core/endpoint.ts';
import type { Failure } from '../../shared/failure.ts';
import { listModels, type ModelList } from './modelList.ts';

/** What is known of an endpoint's models. `last` is the list from before. */
export type ListState =
  | { readonly type: 'unknown' }
  | { readonly type: 'loading'; readonly last?: ModelList }
  | { readonly type: 'listed'; readonly list: ModelList }
  | { readonly type: 'failed'; readonly failure: Failure; readonly last?: ModelList };

/** Asks one endpoint for its models, with its key. Raises `CompletionError`. */
export type FetchModels = (
  endpoint: Endpoint,
  signal: AbortSignal,
) => Promise<readonly { readonly id: string }[]>;

interface Entry {
  /** The settings that the list was asked with: other settings, another list. */
  readonly settings: string;
  readonly state: ListState;
  readonly abort: AbortController | undefined;
}

/**
 * The models of every endpoint, in memory, for the length of the session. Lists are independent: one that fails or
 * never answers holds up no other.
 */
export class ModelCatalog {
  readonly #fetch: FetchModels;
  readonly #entries = new Map<Endpoint['id'], Entry>();
  readonly #listeners = new Set<() => void>();

  constructor(fetch: FetchModels) {
    this.#fetch = fetch;
  }

  state(endpoint: Endpoint): ListState {
    const entry = this.#entries.get(endpoint.id);
    return entry?.settings === settingsOf(endpoint) ? entry.state : { type: 'unknown' };
  }

  /** Asks every endpoint whose list is unknown or failed. */
  askMissing(endpoints: readonly Endpoint[]): void {
    for (const endpoint of endpoints) {
      const { type } = this.state(endpoint);
      if (type === 'unknown' || type === 'failed') this.refresh(endpoint);
    }
  }

  /** Asks again, whatever is known. A request that still runs is given up. */
  refresh(endpoint: Endpoint): void {
    this.#entries.get(endpoint.id)?.abort?.abort();
    const state = this.state(endpoint);
    const last = state.type === 'listed' ? state.list : state.type === 'unknown' ? undefined : state.last;
    const abort = new AbortController();
    this.#set(endpoint, { type: 'loading', ...(last === undefined ? {} : { last }) }, abort);
    void this.#ask(endpoint, last, abort);
  }

  /** Drops what is known, for example because the key has changed. */
  forget(endpoint: Endpoint['id']): void {
    this.#entries.get(endpoint)?.abort?.abort();
    if (this.#entries.delete(endpoint)) this.#tell();
  }

  /** Gives up what still runs; lists that are there stay. */
  stop(): void {
    for (const [id, { abort }] of this.#entries) if (abort !== undefined) this.forget(id);
  }

  /** @returns a function that ends it. */
  onDidChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #ask(endpoint: Endpoint, last: ModelList | undefined, abort: AbortController): Promise<void> {
    let state: ListState;
    try {
      const list = listModels(await this.#fetch(endpoint, abort.signal), endpoint.models);
      state = { type: 'listed', list };
    } catch (error) {
      state = { type: 'failed', failure: failureOf(error), ...(last === undefined ? {} : { last }) };
    }
    // Given up in the meantime: a newer request, or nobody, wants the answer.
    if (!abort.signal.aborted) this.#set(endpoint, state, undefined);
  }

  #set(endpoint: Endpoint, state: ListState, abort: AbortController | undefined): void {
    this.#entries.set(endpoint.id, { settings: settingsOf(endpoint), state, abort });
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function settingsOf({ baseUrl, dialect, query, headers, apiKeyEnv, caFile, models }: Endpoint): string {
  return JSON.stringify([baseUrl, dialect, query, headers, apiKeyEnv, caFile, models]);
}
