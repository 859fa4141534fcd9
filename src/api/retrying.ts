import type { AbortSignalLike, Delta } from '../core/completion.ts';
import { CompletionError } from '../core/completionError.ts';
import { AttemptError } from './attempt.ts';
import { maxAttempts, waitBefore } from './retry.ts';
import type { Clock } from './stopping.ts';

/**
 * Sends a request until it is answered, and gives what `send` returns. Before the first delta a request that may
 * succeed next time is sent again, at most twice, and once more without `stream_options` where the server refuses just
 * that. Each time a `retry` delta says so first. Raises `CompletionError`; after `signal` says stop it just ends.
 */
export async function* retrying<Result>(
  send: (includeUsage: boolean) => AsyncGenerator<Delta, Result, undefined>,
  signal: AbortSignalLike,
  clock: Clock,
  asksForUsage: boolean,
): AsyncGenerator<Delta, Result | undefined, undefined> {
  let includeUsage = asksForUsage;
  let sent = 0;
  for (let count = 1; !signal.aborted;) {
    try {
      return yield* send(includeUsage);
    } catch (error) {
      if (signal.aborted) return undefined;
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
  return undefined;
}
