import type { AbortSignalLike, CreateChatCompletionRequest, Delta } from '../core/completion.ts';
import { CompletionError } from '../core/completionError.ts';
import { type Dialect, dialectFor } from '../core/dialects.ts';
import { originOf, type Endpoint } from '../core/endpoint.ts';
import { needsKey } from '../core/endpointNeedsKey.ts';
import type { ModelRef } from '../shared/conversation.ts';
import type { Connection } from './session.ts';

export interface ConnectorPorts {
  /** Whether any endpoint is configured. */
  readonly hasEndpoints: () => boolean;
  readonly resolve: (
    model: ModelRef,
  ) => { readonly endpoint: Endpoint; readonly modelId: string } | undefined;
  /** The key for the endpoint's origin; may ask the user to confirm an environment variable once. */
  readonly keyFor: (endpoint: Endpoint) => Promise<string | undefined>;
  readonly stream: (
    endpoint: Endpoint,
    key: string | undefined,
    request: CreateChatCompletionRequest,
    signal: AbortSignalLike,
  ) => AsyncIterable<Delta>;
  /** The settings `colloquy.instructions` and `colloquy.parameters`. */
  readonly instructions: () => string;
  readonly parameters: () => Readonly<Record<string, unknown>>;
}

/** Makes the connection for one request: endpoint, key and the settings as they are now. */
export function createConnector(ports: ConnectorPorts): (model: ModelRef | undefined) => Promise<Connection> {
  return async (model) => {
    if (!ports.hasEndpoints()) throw new CompletionError({ kind: 'noEndpoint' });
    if (model === undefined) throw new CompletionError({ kind: 'noModel' });
    const found = ports.resolve(model);
    if (!found) throw new CompletionError({ kind: 'noModel', model });
    const { endpoint, modelId } = found;
    const key = await ports.keyFor(endpoint);
    const dialect = dialectFor(endpoint);
    const origin = originOf(endpoint.baseUrl);
    if (key === undefined && needsKey(endpoint)) {
      throw new CompletionError({ kind: 'noKey', ...(origin !== undefined && { origin }) });
    }
    return {
      modelId,
      complete: (request, signal) => ports.stream(endpoint, key, request, signal),
      instructionsRole: dialect.systemRole,
      ...(origin !== undefined && { replay: { ...replayOf(dialect), origin } }),
      instructions: ports.instructions(),
      parameters: ports.parameters(),
    };
  };
}

function replayOf({ reasoningReplay, wantsContent }: Dialect) {
  return { reasoningReplay, wantsContent };
}
