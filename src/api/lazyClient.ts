import type { AbortSignalLike, CreateChatCompletionRequest, Delta } from '../core/completion.ts';
import type { DiagnosisRequest } from '../core/diagnosisRequest.ts';
import type { Endpoint } from '../core/endpoint.ts';
import type { Model } from '../core/readingModels.ts';
import type { RepairMemory } from '../core/repairMemory.ts';
import type { DiagnosisStage } from '../shared/diagnosis.ts';
import type * as Client from './client.ts';
import type { DiagnosisPorts } from './diagnosis.ts';
import type { RetryNotice } from './retrying.ts';
import type { Transport, TransportOptions } from './transport.ts';

/** The client and its transport, read and evaluated with the first request: activation pays nothing for them. */
export interface LazyClient {
  /** See `streamChatCompletion`. */
  readonly stream: (
    endpoint: Endpoint,
    key: string | undefined,
    request: CreateChatCompletionRequest,
    signal: AbortSignalLike,
  ) => AsyncIterable<Delta>;
  /** See `listModels`. */
  readonly listModels: (
    endpoint: Endpoint,
    key: string | undefined,
    signal: AbortSignalLike,
  ) => Promise<readonly Model[]>;
  /** See `diagnose`. */
  readonly diagnose: (request: DiagnosisRequest, signal: AbortSignal) => AsyncIterable<DiagnosisStage>;
  /** A setting changed: nothing of the old configuration is used for another request. */
  readonly renew: () => void;
  /** Stops what is running and closes every connection. */
  readonly dispose: () => Promise<void>;
}

/** What the client needs besides the network. */
export interface ClientMemory {
  readonly repairs: RepairMemory;
  /** Told when a list is asked for again: nothing is repeated in silence. */
  readonly onListRetry: (notice: RetryNotice) => void;
}

export function createLazyClient(
  options: TransportOptions & Pick<DiagnosisPorts, 'explainProxy'>,
  { repairs, onListRetry }: ClientMemory,
): LazyClient {
  let loading: Promise<{ readonly client: typeof Client; readonly transport: Transport }> | undefined;

  async function load() {
    const [client, { createTransport }] = await Promise.all([
      import('./client.ts'),
      import('./transport.ts'),
    ]);
    return { client, transport: createTransport(options) };
  }

  return {
    async *stream(endpoint, key, request, signal) {
      const { client, transport } = await (loading ??= load());
      yield* client.streamChatCompletion({ endpoint, key, transport, repairs }, request, signal);
    },
    async listModels(endpoint, key, signal) {
      const { client, transport } = await (loading ??= load());
      return client.listModels({ endpoint, key, transport }, signal, undefined, onListRetry);
    },
    async *diagnose(request, signal) {
      const [{ transport }, { diagnose }] = await Promise.all([
        (loading ??= load()),
        import('./diagnosis.ts'),
      ]);
      const { explainProxy } = options;
      yield* diagnose(request, { transport, options, ...(explainProxy && { explainProxy }) }, signal);
    },
    renew() {
      // What could not be loaded has no connections.
      loading?.then(
        ({ transport }) => transport.renew(),
        () => {},
      );
    },
    async dispose() {
      await (await loading)?.transport.dispose();
    },
  };
}
