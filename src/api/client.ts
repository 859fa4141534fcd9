import type { AbortSignalLike, CreateChatCompletionRequest, Delta } from '../core/completion.ts';
import { CompletionError } from '../core/completionError.ts';
import { dialectFor } from '../core/dialects.ts';
import { type RequestBody, streamingBody } from '../core/dialectRequest.ts';
import { pageText, readError } from '../core/readingError.ts';
import { type Model, readModels } from '../core/readingModels.ts';
import { asNumber, parseJson } from '../core/readingRecord.ts';
import { attempt, type Connection, contextOf, failed, readText } from './attempt.ts';
import { decoded } from './compression.ts';
import type { Answer } from './exchange.ts';
import { networkFailure, problemFailure } from './failures.ts';
import { NetworkError } from './networkError.ts';
import { repairingFor } from './repairing.ts';
import { ReplyReader, replyLimits } from './replyReader.ts';
import { requestText } from './requestText.ts';
import { chatUrl, modelsUrl } from './requestUrl.ts';
import { retried, retrying, type RetryNotice } from './retrying.ts';
import { type Clock, systemClock } from './stopping.ts';
import { listTimeoutsOf, timeoutsOf } from './timeouts.ts';

export type { Connection } from './attempt.ts';
export type { Model } from '../core/readingModels.ts';

/** How long usage and `[DONE]` are waited for once every choice has finished. */
const afterFinishMs = 10_000;

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
): AsyncGenerator<Delta, void, undefined> {
  const { endpoint } = connection;
  const repairing = repairingFor(connection, request, (asked) =>
    streamingBody(asked, endpoint, dialectFor(endpoint).includeUsage),
  );
  return retrying(
    () => repairing.attempt((body) => streamOnce(connection, request.model, body, signal, clock)),
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
  try {
    const answer = await attempt(connection, request, context, signal, clock);
    const text = await readText(answer, replyLimits.body);
    if (signal.aborted) return [];
    if (text === undefined) throw failed('tooLarge', context, 'model list beyond the limit');
    const value = parseJson(text);
    const models = readModels(value);
    if (models !== undefined) return models;
    const error = readError(value);
    throw new CompletionError(
      problemFailure(error ? { type: 'server', error } : { type: 'notAnApi', says: pageText(text) }, context),
    );
  } catch (error) {
    if (signal.aborted) return [];
    if (error instanceof NetworkError) throw new CompletionError(networkFailure(error, context, false));
    throw error;
  }
}

async function* streamOnce(
  connection: Connection,
  model: string,
  body: RequestBody,
  signal: AbortSignalLike,
  clock: Clock,
): AsyncGenerator<Delta, void, undefined> {
  const { endpoint } = connection;
  const context = contextOf(connection, model);
  const answer = await attempt(
    connection,
    {
      url: chatUrl(endpoint, model),
      method: 'POST',
      headers: { accept: 'text/event-stream, application/json', 'content-type': 'application/json' },
      body: requestText(body, context),
      timeouts: timeoutsOf(endpoint),
    },
    context,
    signal,
    clock,
  );
  const reader = new ReplyReader(answer.headers['content-type'], asNumber(body['n']) ?? 1);
  const broken = yield* readReply(reader, answer, signal);
  if (signal.aborted) return;
  const { outcome, deltas } = reader.end();
  yield* deltas;
  if (outcome === 'complete' || outcome === 'empty') return;
  const { problem, choices } = reader.reply();
  if (problem !== undefined) throw new CompletionError(problemFailure(problem, context));
  if (broken === undefined) throw failed('cut', context);
  throw new CompletionError(networkFailure(broken, context, choices.length > 0));
}

/** Reads until the reply is over, and gives what broke the connection if that came first. */
async function* readReply(
  reader: ReplyReader,
  answer: Answer,
  signal: AbortSignalLike,
): AsyncGenerator<Delta, NetworkError | undefined, undefined> {
  try {
    for await (const bytes of decoded(answer)) {
      if (signal.aborted) return undefined;
      yield* reader.push(bytes);
      if (reader.isOver) {
        answer.release();
        return undefined;
      }
      if (reader.hasFinished) answer.limitIdle(afterFinishMs);
    }
    return undefined;
  } catch (error) {
    if (error instanceof NetworkError) return error;
    throw error;
  }
}
