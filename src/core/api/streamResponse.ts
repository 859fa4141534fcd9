import * as v from 'valibot';
import { ChoiceLogprobs, FinishReasonWord, ResponseFrame } from './response.ts';
import { integer, list, object, word } from './shape.ts';
import { ChatCompletionMessageToolCallChunk } from './toolCalls.ts';

/** `audio` is in no description, but in the streams of audio models: `data` and `transcript` come in pieces. */
export const ChatCompletionStreamResponseDelta = object({
  role: v.optional(word('developer', 'system', 'user', 'assistant', 'tool')),
  content: v.nullish(v.string()),
  refusal: v.nullish(v.string()),
  tool_calls: v.optional(list(ChatCompletionMessageToolCallChunk)),
  function_call: v.optional(object({ name: v.optional(v.string()), arguments: v.optional(v.string()) })),
  audio: v.nullish(
    object({
      id: v.optional(v.string()),
      expires_at: v.optional(integer),
      data: v.optional(v.string()),
      transcript: v.optional(v.string()),
    }),
  ),
});
export type ChatCompletionStreamResponseDelta = v.InferOutput<typeof ChatCompletionStreamResponseDelta>;

/** One chunk of a stream. `obfuscation` is padding without a meaning. */
export const CreateChatCompletionStreamResponse = object({
  ...ResponseFrame,
  object: word('chat.completion.chunk'),
  choices: list(
    object({
      index: integer,
      delta: ChatCompletionStreamResponseDelta,
      finish_reason: v.nullable(FinishReasonWord),
      logprobs: ChoiceLogprobs,
    }),
  ),
  obfuscation: v.optional(v.string()),
});
export type CreateChatCompletionStreamResponse = v.InferOutput<typeof CreateChatCompletionStreamResponse>;
