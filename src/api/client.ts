import type { AbortSignalLike, CreateChatCompletionRequest, Delta } from '../core/completion.ts';
import { dialectFor } from '../core/dialects.ts';
import { streamingBody } from '../core/dialectRequest.ts';
import { type Model, readModels } from '../core/readingModels.ts';
import { type Connection, contextOf } from './attempt.ts';
import { jsonAnswer } from './jsonAnswer.ts';
import { repairingFor } from './repairing.ts';
import { replyTo } from './replyTo.ts';
import { modelsUrl } from './requestUrl.ts';
import { retried, type RetryNotice } from './retrying.ts';
import { type Clock, systemClock } from './stopping.ts';
import { streamedReply } from './streamedReply.ts';
import { listTimeoutsOf } from './timeouts.ts';

export type { Connection } from './attempt.ts';
export type { Model } from '../core/readingModels.ts';

/** A server that does not stream is welcome too. */
const accept = 'text/event-stream, application/json';

/**
 * Streams one reply. The deltas end with `done` where the reply is complete; every other end is a `CompletionError`,
 * except that after `signal` says stop the iteration just ends. Leaving the loop early closes the connection.
 *
 * Before the first delta a request that may succeed next time is sent again, at most twice: each time a `retry` delta
 * says so first. Where the server refuses fields that can be renamed or left out, that is done and said by a `repair`
 * delta, which comes too where it is known beforehand.
 */
export function streamChatCompletion(
  connection: Connection,
  request: CreateChatCompletionRequest,
  signal: AbortSignalLike,
  clock: Clock = systemClock,
): AsyncGenerator<Delta, unknown, undefined> {
  const { endpoint } = connection;
  const repairing = repairingFor(connection, request, (asked) =>
    streamingBody(asked, endpoint, dialectFor(endpoint).includeUsage),
  );
  return streamedReply(
    repairing,
    (body) => replyTo(connection, request.model, body, accept, signal, clock),
    signal,
    clock,
  );
}

/**
 * The models that the server lists. Raises `CompletionError`; after a stop the list is empty. `onRetry` hears that it
 * is asked for again, which happens at most twice and not where the server wants to be left alone for long.
 */
export async function listModels(
  connection: Connection,
  signal: AbortSignalLike,
  clock: Clock = systemClock,
  onRetry: (notice: RetryNotice) => void = () => {},
): Promise<readonly Model[]> {
  const models = await retried(() => listOnce(connection, signal, clock), onRetry, signal, clock);
  return models ?? [];
}

async function listOnce(
  connection: Connection,
  signal: AbortSignalLike,
  clock: Clock,
): Promise<readonly Model[]> {
  const { endpoint } = connection;
  const context = contextOf(connection);
  const request = {
    url: modelsUrl(endpoint),
    method: 'GET',
    headers: { accept: 'application/json', ...dialectFor(endpoint).modelsHeaders },
    timeouts: listTimeoutsOf(endpoint),
  } as const;
  return (await jsonAnswer(connection, request, readModels, context, signal, clock)) ?? [];
}
