import type { FinishReason } from './completion.ts';
import type { JsonRecord } from './readingRecord.ts';
import type { ToolCall } from './readingToolCalls.ts';

/** `ChatCompletionResponseMessage` as it stands, with what compatible servers add to it. */
export interface ReadMessage {
  readonly role: string;
  /** null where the server never sent a text, not even an empty one. */
  readonly content: string | null;
  readonly reasoning?: string;
  /** The name under which the server sent the reasoning: some want it back under the same. */
  readonly reasoning_field?: ReasoningField;
  readonly refusal?: string;
  readonly tool_calls?: readonly ToolCall[];
  readonly function_call?: { readonly name: string; readonly arguments: string };
  readonly audio?: JsonRecord;
  readonly annotations?: readonly unknown[];
  readonly images?: readonly unknown[];
  /** In the pieces in which they came. */
  readonly reasoning_details?: readonly unknown[];
  /** Fields of the message that are none of the above, as they came; of several values the last. */
  readonly extra?: JsonRecord;
}

/** What servers call the field of their thoughts. */
export type ReasoningField = 'reasoning_content' | 'reasoning';

/** The log probabilities of all pieces, joined. */
export interface ReadLogprobs {
  readonly content?: readonly unknown[];
  readonly refusal?: readonly unknown[];
}

export interface ReadChoice {
  readonly index: number;
  readonly message: ReadMessage;
  readonly finishReason: FinishReason | null;
  readonly rawFinishReason: string | null;
  readonly logprobs?: ReadLogprobs;
  /** Fields of the choice beside these, as they came: filter results, a server's own stop reason. */
  readonly extra?: JsonRecord;
}
