/*
 * The part of the Chat Completions API that the product uses today, by the names of its schemas. Requests and
 * responses may carry more: unknown fields pass through.
 */

/** `ChatCompletionRequestMessage`: text parts are sent as one string, which every server accepts. */
export interface ChatCompletionRequestMessage {
  readonly role: 'system' | 'developer' | 'user' | 'assistant' | 'tool';
  readonly content: string;
}

/** `CreateChatCompletionRequest` without the fields that the client sets by itself (`stream`, `stream_options`). */
export interface CreateChatCompletionRequest {
  readonly model: string;
  readonly messages: readonly ChatCompletionRequestMessage[];
  readonly [parameter: string]: unknown;
}

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
  | { readonly type: 'finish'; readonly choice: number; readonly finishReason: string }
  | { readonly type: 'usage'; readonly usage: CompletionUsage }
  | { readonly type: 'done' };

/** `CompletionUsage`, as far as it is shown. */
export interface CompletionUsage {
  readonly prompt_tokens?: number | undefined;
  readonly completion_tokens?: number | undefined;
  readonly total_tokens?: number | undefined;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number | undefined } | undefined;
  readonly completion_tokens_details?: { readonly reasoning_tokens?: number | undefined } | undefined;
}

/** Runs one request. Raises `CompletionError` for every failure; after a stop it just ends. */
export type Complete = (request: CreateChatCompletionRequest, signal: AbortSignalLike) => AsyncIterable<Delta>;

/** `AbortSignal`, without saying which world it comes from. */
export interface AbortSignalLike extends StopSignal {
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}
