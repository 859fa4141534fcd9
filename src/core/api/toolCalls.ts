import * as v from 'valibot';
import { integer, list, object, word } from './shape.ts';

/** `arguments` is JSON as the model wrote it: it may be none. */
export const ChatCompletionMessageToolCall = object({
  id: v.string(),
  type: v.literal('function'),
  function: object({ name: v.string(), arguments: v.string() }),
});
export type ChatCompletionMessageToolCall = v.InferOutput<typeof ChatCompletionMessageToolCall>;

/** `input` is free text. */
export const ChatCompletionMessageCustomToolCall = object({
  id: v.string(),
  type: v.literal('custom'),
  custom: object({ name: v.string(), input: v.string() }),
});
export type ChatCompletionMessageCustomToolCall = v.InferOutput<typeof ChatCompletionMessageCustomToolCall>;

export const ChatCompletionMessageToolCalls = list(
  v.variant('type', [ChatCompletionMessageToolCall, ChatCompletionMessageCustomToolCall]),
);
export type ChatCompletionMessageToolCalls = v.InferOutput<typeof ChatCompletionMessageToolCalls>;

/** A piece of a call in a stream. The description has no `custom` here; OpenAI's own SDK has. */
export const ChatCompletionMessageToolCallChunk = object({
  index: integer,
  id: v.optional(v.string()),
  type: v.optional(word('function', 'custom')),
  function: v.optional(object({ name: v.optional(v.string()), arguments: v.optional(v.string()) })),
  custom: v.optional(object({ name: v.optional(v.string()), input: v.optional(v.string()) })),
});
export type ChatCompletionMessageToolCallChunk = v.InferOutput<typeof ChatCompletionMessageToolCallChunk>;
