import type { AbortSignalLike, Delta } from '../core/completion.ts';
import type { RequestBody } from '../core/dialectRequest.ts';
import type { Reply } from '../core/reading.ts';
import type { Repairing } from './repairing.ts';
import type { ReplyBatches } from './replyTo.ts';
import { retrying } from './retrying.ts';
import type { Clock } from './stopping.ts';

/**
 * One reply, delta by delta, after the notices of its repetitions. Returns the whole reply, and `undefined` after a
 * stop. What repeats and repairs is left behind once the reply has begun, because each generator that a delta goes
 * through costs as much as reading it.
 */
export async function* streamedReply(
  repairing: Repairing,
  send: (body: RequestBody) => ReplyBatches,
  signal: AbortSignalLike,
  clock: Clock,
  longestWaitMs?: number,
): AsyncGenerator<Delta, Reply | undefined, undefined> {
  const begun = yield* retrying(() => repairing.attempt(send), signal, clock, longestWaitMs);
  if (begun === undefined) return undefined;
  const { first, batches } = begun;
  try {
    let next = first;
    for (; next.done !== true; next = await batches.next()) for (const delta of next.value) yield delta;
    return next.value;
  } finally {
    // Whoever leaves early closes the connection; at its end there is nothing left to close.
    await batches.return(undefined);
  }
}
