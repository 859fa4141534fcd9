import { completionOf } from '../core/api/readCompletion.ts';
import type { CreateChatCompletionResponse } from '../core/api/response.ts';
import type { AbortSignalLike, CreateChatCompletionRequest, Delta } from '../core/completion.ts';
import { wholeBody } from '../core/dialectRequest.ts';
import type { Connection } from './attempt.ts';
import { repairingFor } from './repairing.ts';
import { replyTo } from './replyTo.ts';
import { longestHiddenWaitMs, longestVisibleWaitMs } from './retry.ts';
import { type Clock, systemClock } from './stopping.ts';
import { streamedReply } from './streamedReply.ts';

/** News of a request that goes out again, or in another form than it was asked for. */
export type RequestNotice = Extract<Delta, { readonly type: 'retry' | 'repair' }>;

/**
 * Asks for a reply in one piece, and gives it whole. It is read as a stream is: a server that streams all the same is
 * understood, and a reply that did not come to its end is none. Raises `CompletionError`; after `signal` says stop it
 * gives `undefined`. `onNotice` hears what `streamChatCompletion` says in its `retry` and `repair` deltas; where nobody
 * listens, nobody sees a long wait either, and a server that asks for one is not waited for.
 */
export async function createChatCompletion(
  connection: Connection,
  request: CreateChatCompletionRequest,
  signal: AbortSignalLike,
  clock: Clock = systemClock,
  onNotice?: (notice: RequestNotice) => void,
): Promise<CreateChatCompletionResponse | undefined> {
  const { endpoint } = connection;
  const repairing = repairingFor(connection, request, (asked) => wholeBody(asked, endpoint));
  const reply = streamedReply(
    repairing,
    (body) => replyTo(connection, request.model, body, 'application/json', signal, clock),
    signal,
    clock,
    onNotice ? longestVisibleWaitMs : longestHiddenWaitMs,
  );
  for (;;) {
    const next = await reply.next();
    if (next.done === true) return next.value && completionOf(next.value);
    if (next.value.type === 'retry' || next.value.type === 'repair') onNotice?.(next.value);
  }
}
