import type { Repair } from '../shared/conversation.ts';
import type { Failure } from '../shared/failure.ts';
import type { CreateChatCompletionRequest } from './api/request.ts';
import type { CompletionUsage } from './api/usage.ts';
import type { ReadLogprobs, ReadMessage } from './readingMessage.ts';

export type { CreateChatCompletionRequest } from './api/request.ts';
export type { ChatCompletionRequestMessage } from './api/requestMessages.ts';
export type { CompletionUsage } from './api/usage.ts';

/** The only thing that pure code needs of an `AbortSignal`. */
export interface StopSignal {
  readonly aborted: boolean;
}

/**
 * What a streamed reply says, read by one policy from whatever the server sent. Texts are pieces to be appended.
 * `done` is the last delta of a reply that came to its end by `[DONE]` or by a finish reason for every choice; a
 * stream that ends otherwise raises its error.
 */
export type Delta =
  | { readonly type: 'content' | 'reasoning' | 'refusal'; readonly choice: number; readonly text: string }
  /** `finishReason` is normalised; `raw` is the server's own word where it said another one. */
  | {
      readonly type: 'finish';
      readonly choice: number;
      readonly finishReason: FinishReason;
      readonly raw?: string;
    }
  | { readonly type: 'usage'; readonly usage: CompletionUsage }
  /**
   * Nothing has come yet and the request is about to be sent again: `attempt` is the number of the attempt that
   * follows (2 for the first repetition), after `waitMs` milliseconds, because of `failure`. `proceed` sends it at
   * once.
   */
  | {
      readonly type: 'retry';
      readonly attempt: number;
      readonly waitMs: number;
      readonly failure: Failure;
      readonly proceed: () => void;
    }
  /** The server refused fields: the request is sent again with all of these changes. */
  | { readonly type: 'repair'; readonly repairs: readonly Repair[] }
  /**
   * A piece of a tool call: `index` is its place in the message's `tool_calls`; id, kind and name come with the first
   * piece that has them, `text` is appended to the arguments (`function`) or the input (`custom`).
   */
  | {
      readonly type: 'toolCall';
      readonly choice: number;
      readonly index: number;
      readonly id?: string;
      readonly kind?: 'function' | 'custom';
      readonly name?: string;
      readonly text: string;
    }
  /**
   * The whole message of a choice as far as it came, with everything that the other deltas do not tell. Comes once
   * for each choice when the reply ends, however it ends; after a stop it does not come. `logprobs` are those of the
   * choice.
   */
  | {
      readonly type: 'message';
      readonly choice: number;
      readonly message: ReadMessage;
      readonly logprobs?: ReadLogprobs;
    }
  | { readonly type: 'done' };

/** `choices[].finish_reason`, and two of our own: the server called it an `error`, or a word that nobody knows. */
export type FinishReason =
  | 'stop'
  | 'length'
  | 'tool_calls'
  | 'content_filter'
  | 'function_call'
  | 'error'
  | 'other';

/** Runs one request. Raises `CompletionError` for every failure; after a stop it just ends. */
export type Complete = (
  request: CreateChatCompletionRequest,
  signal: AbortSignalLike,
) => AsyncIterable<Delta>;

/** `AbortSignal`, without saying which world it comes from. */
export interface AbortSignalLike extends StopSignal {
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}
