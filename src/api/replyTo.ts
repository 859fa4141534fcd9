import type { AbortSignalLike, Delta } from '../core/completion.ts';
import { CompletionError } from '../core/completionError.ts';
import { dialectFor } from '../core/dialects.ts';
import type { RequestBody } from '../core/dialectRequest.ts';
import type { Reply } from '../core/reading.ts';
import { asNumber } from '../core/readingRecord.ts';
import { attempt, AttemptError, type Connection, contextOf, failed } from './attempt.ts';
import { decoded } from './compression.ts';
import { type FailureContext, networkFailure, problemFailure } from './failures.ts';
import { NetworkError } from './networkError.ts';
import { ReplyReader } from './replyReader.ts';
import { requestText } from './requestText.ts';
import { chatUrl } from './requestUrl.ts';
import type { Clock } from './stopping.ts';
import { timeoutsOf } from './timeouts.ts';

/** How long usage and `[DONE]` are waited for once every choice has finished. */
const afterFinishMs = 10_000;

/** A reply as it arrives: the deltas of one piece of the answer together, and at last the reply as a whole. */
export type ReplyBatches = AsyncGenerator<readonly Delta[], Reply | undefined, undefined>;

/**
 * Sends one request for a reply, streamed or whole, and reads the reply to its end: whatever was asked for, both are
 * understood. Gives no empty batch. Returns the reply when it is complete, and `undefined` after a stop. Raises
 * `CompletionError`, and `AttemptError` where the server refused before anything else came.
 */
export async function* replyTo(
  connection: Connection,
  model: string,
  body: RequestBody,
  accept: string,
  signal: AbortSignalLike,
  clock: Clock,
): ReplyBatches {
  const { endpoint } = connection;
  const context = contextOf(connection, model);
  const request = {
    url: chatUrl(endpoint, model),
    method: 'POST',
    headers: { accept, 'content-type': 'application/json' },
    body: requestText(body, context),
    timeouts: timeoutsOf(endpoint),
  } as const;
  const answer = await attempt(connection, request, context, signal, clock);
  const reader = new ReplyReader(
    answer.headers['content-type'],
    asNumber(body['n']) ?? 1,
    endpoint.thoughts ?? dialectFor(endpoint).thoughts,
  );
  let hasBegun = false;
  let broken: NetworkError | undefined;
  try {
    for await (const bytes of decoded(answer)) {
      if (signal.aborted) return undefined;
      const deltas = reader.push(bytes);
      if (deltas.length > 0) {
        hasBegun = true;
        yield deltas;
      }
      if (reader.isOver) {
        answer.release();
        break;
      }
      if (reader.hasFinished) answer.limitIdle(afterFinishMs);
    }
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    broken = error;
  }
  if (signal.aborted) return undefined;
  const { outcome, deltas } = reader.end();
  if (deltas.length > 0) {
    hasBegun = true;
    yield deltas;
  }
  const reply = reader.reply();
  if (outcome === 'complete' || outcome === 'empty') return reply;
  throw replyFailure(reply, broken, hasBegun, context);
}

/** Why a reply did not come to its end: what it said itself, else what broke the connection, else that it was cut. */
function replyFailure(
  { problem, choices }: Reply,
  broken: NetworkError | undefined,
  hasBegun: boolean,
  context: FailureContext,
): CompletionError {
  if (problem !== undefined) {
    const failure = new CompletionError(problemFailure(problem, context));
    // A refusal that came with HTTP 200, as xAI and some gateways send it: nothing of a reply has come.
    const isRefusal = problem.type === 'server' && choices.length === 0 && !hasBegun;
    return isRefusal ? new AttemptError(failure, false, problem.error) : failure;
  }
  if (broken === undefined) return failed('cut', context);
  return new CompletionError(networkFailure(broken, context, choices.length > 0));
}
