import type { AbortSignalLike, CreateChatCompletionRequest, Delta } from '../core/completion.ts';
import { CompletionError } from '../core/completionError.ts';
import { dialectFor } from '../core/dialects.ts';
import { streamingBody } from '../core/dialectRequest.ts';
import type { Endpoint } from '../core/endpoint.ts';
import { pageText, readError } from '../core/readingError.ts';
import { type Model, readModels } from '../core/readingModels.ts';
import { asNumber, parseJson } from '../core/readingRecord.ts';
import { attempt, AttemptError, type Connection, contextOf, failed, readText } from './attempt.ts';
import { decoded } from './compression.ts';
import type { Answer, Timeouts } from './exchange.ts';
import { networkFailure, problemFailure } from './failures.ts';
import { NetworkError } from './networkError.ts';
import { ReplyReader, replyLimits } from './replyReader.ts';
import { chatUrl, modelsUrl } from './requestUrl.ts';
import { maxAttempts, waitBefore } from './retry.ts';
import { type Clock, systemClock } from './stopping.ts';

export type { Connection } from './attempt.ts';
export type { Model } from '../core/readingModels.ts';

/** Used where the endpoint says nothing. A model may think for minutes before its first word. */
const defaultTimeouts: Timeouts = { connectMs: 30_000, firstByteMs: 600_000, idleMs: 300_000 };
/** How long usage and `[DONE]` are waited for once every choice has finished. */
const afterFinishMs = 10_000;
/** Nobody waits longer than this for a list of models. */
const listTimeoutMs = 30_000;

/**
 * Streams one reply. The deltas end with `done` where the reply is complete; every other end is a `CompletionError`,
 * except that after `signal` says stop the iteration just ends. Leaving the loop early closes the connection.
 *
 * Before the first delta a request that may succeed next time is sent again, at most twice, and once more without
 * `stream_options` where the server refuses just that. Each time a `retry` delta says so first.
 */
export async function* streamChatCompletion(
  connection: Connection,
  request: CreateChatCompletionRequest,
  signal: AbortSignalLike,
  clock: Clock = systemClock,
): AsyncGenerator<Delta, void, undefined> {
  let includeUsage = dialectFor(connection.endpoint).includeUsage;
  let sent = 0;
  for (let count = 1; !signal.aborted;) {
    try {
      yield* streamOnce(connection, request, includeUsage, signal, clock);
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof AttemptError)) throw error;
      const { failure } = error;
      let waitMs: number | undefined;
      if (
        includeUsage &&
        failure.kind === 'badRequest' &&
        failure.param?.includes('stream_options') === true
      ) {
        includeUsage = false;
        waitMs = 0;
      } else if (error.invitesRetry && count < maxAttempts) {
        waitMs = waitBefore(++count, failure, clock.random());
      }
      sent++;
      if (waitMs === undefined) throw new CompletionError(failure);
      let proceed = (): void => {};
      const hurried = new Promise<void>((resolve) => {
        proceed = resolve;
      });
      yield { type: 'retry', attempt: sent + 1, waitMs, failure, proceed };
      if (waitMs > 0) await Promise.race([clock.wait(waitMs, signal), hurried]);
    }
  }
}

/** The models that the server lists. Raises `CompletionError`; after a stop the list is empty. */
export async function listModels(
  connection: Connection,
  signal: AbortSignalLike,
  clock: Clock = systemClock,
): Promise<readonly Model[]> {
  const { endpoint } = connection;
  const context = contextOf(connection);
  const request = {
    url: modelsUrl(endpoint),
    method: 'GET',
    headers: { accept: 'application/json', ...dialectFor(endpoint).modelsHeaders },
    timeouts: { ...timeoutsOf(endpoint), firstByteMs: listTimeoutMs, idleMs: listTimeoutMs },
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
  request: CreateChatCompletionRequest,
  includeUsage: boolean,
  signal: AbortSignalLike,
  clock: Clock,
): AsyncGenerator<Delta, void, undefined> {
  const { endpoint } = connection;
  const context = contextOf(connection, request.model);
  const body = streamingBody(request, endpoint, includeUsage);
  const answer = await attempt(
    connection,
    {
      url: chatUrl(endpoint, request.model),
      method: 'POST',
      headers: { accept: 'text/event-stream, application/json', 'content-type': 'application/json' },
      body: JSON.stringify(body),
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

function timeoutsOf({ timeouts }: Endpoint): Timeouts {
  const idleMs = timeouts?.idleMs ?? defaultTimeouts.idleMs;
  return {
    connectMs: timeouts?.connectMs ?? defaultTimeouts.connectMs,
    // Whoever lets a reply pause for ever lets it begin so too.
    firstByteMs: timeouts?.firstByteMs ?? (idleMs === 0 ? 0 : Math.max(defaultTimeouts.firstByteMs, idleMs)),
    idleMs,
  };
}
