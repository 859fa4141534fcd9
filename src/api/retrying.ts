import type { AbortSignalLike, Delta } from '../core/completion.ts';
import { CompletionError } from '../core/completionError.ts';
import { AttemptError } from './attempt.ts';
import { longestHiddenWaitMs, longestVisibleWaitMs, maxAttempts, waitBefore } from './retry.ts';
import type { Clock } from './stopping.ts';

/** News of a request that is about to be sent again. */
export type RetryNotice = Extract<Delta, { readonly type: 'retry' }>;

/**
 * Sends a request until it is answered, and returns what `send` returns. A request that may succeed next time is sent
 * again, at most twice. Each time a `retry` delta says so first; the wait, which is as long
 * as the server asks up to `longestWaitMs`, ends early where its `proceed` is called. Raises `CompletionError`; after
 * `signal` says stop it just ends.
 */
export async function* retrying<Result>(
  send: () => AsyncGenerator<Delta, Result, undefined>,
  signal: AbortSignalLike,
  clock: Clock,
  longestWaitMs = longestVisibleWaitMs,
): AsyncGenerator<Delta, Result | undefined, undefined> {
  for (let attempt = 1; !signal.aborted; attempt++) {
    try {
      return yield* send();
    } catch (error) {
      if (signal.aborted) return undefined;
      const pause = pauseAfter(error, attempt, clock, longestWaitMs);
      yield pause.notice;
      await pause.wait(signal);
    }
  }
  return undefined;
}

/**
 * The same for a request that streams nothing: `onRetry` hears of every repetition. Nobody watches it wait, so a server
 * that asks for long is not waited for.
 */
export async function retried<Result>(
  send: () => Promise<Result>,
  onRetry: (notice: RetryNotice) => void,
  signal: AbortSignalLike,
  clock: Clock,
): Promise<Result | undefined> {
  for (let attempt = 1; !signal.aborted; attempt++) {
    try {
      return await send();
    } catch (error) {
      if (signal.aborted) return undefined;
      const pause = pauseAfter(error, attempt, clock, longestHiddenWaitMs);
      onRetry(pause.notice);
      await pause.wait(signal);
    }
  }
  return undefined;
}

interface Pause {
  readonly notice: RetryNotice;
  readonly wait: (signal: AbortSignalLike) => Promise<void>;
}

/** What comes between attempt number `attempt` and the next; raises where there is to be no next one. */
function pauseAfter(error: unknown, attempt: number, clock: Clock, longestMs: number): Pause {
  if (!(error instanceof AttemptError)) throw error;
  const { failure, invitesRetry } = error;
  const again = invitesRetry && attempt < maxAttempts;
  const waitMs = again ? waitBefore(attempt + 1, failure, clock.random(), longestMs) : undefined;
  if (waitMs === undefined) throw new CompletionError(failure);
  const hurry = new AbortController();
  const proceed = (): void => hurry.abort();
  return {
    notice: { type: 'retry', attempt: attempt + 1, waitMs, failure, proceed },
    async wait(signal) {
      if (signal.aborted || hurry.signal.aborted) return;
      signal.addEventListener('abort', proceed, { once: true });
      try {
        // The clock's own wait is ended too, so that no timer stays behind.
        await clock.wait(waitMs, hurry.signal);
      } finally {
        signal.removeEventListener('abort', proceed);
      }
    },
  };
}
