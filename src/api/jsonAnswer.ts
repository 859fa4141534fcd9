import type { AbortSignalLike } from '../core/completion.ts';
import { CompletionError } from '../core/completionError.ts';
import { pageText, readError } from '../core/readingError.ts';
import { parseJson } from '../core/readingRecord.ts';
import { attempt, type Attempt, type Connection, failed, readText } from './attempt.ts';
import { type FailureContext, networkFailure, problemFailure } from './failures.ts';
import { NetworkError } from './networkError.ts';
import { replyLimits } from './replyReader.ts';
import type { Clock } from './stopping.ts';

/**
 * Sends one request that is answered by a JSON document, and gives what `read` makes of it. A document that `read`
 * makes nothing of is an error: the server's own where it is one. Raises `CompletionError`; after a stop it gives
 * `undefined`.
 */
export async function jsonAnswer<Result>(
  connection: Connection,
  request: Attempt,
  read: (value: unknown) => Result | undefined,
  context: FailureContext,
  signal: AbortSignalLike,
  clock: Clock,
): Promise<Result | undefined> {
  try {
    const answer = await attempt(connection, request, context, signal, clock);
    const text = await readText(answer, replyLimits.body);
    if (signal.aborted) return undefined;
    if (text === undefined) throw failed('tooLarge', context, 'answer beyond the limit');
    const value = parseJson(text);
    const result = read(value);
    if (result !== undefined) return result;
    const error = readError(value);
    throw new CompletionError(
      problemFailure(error ? { type: 'server', error } : { type: 'notAnApi', says: pageText(text) }, context),
    );
  } catch (error) {
    if (signal.aborted) return undefined;
    if (error instanceof NetworkError) throw new CompletionError(networkFailure(error, context, false));
    throw error;
  }
}
