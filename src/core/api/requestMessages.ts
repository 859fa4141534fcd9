import * as v from 'valibot';
import {
  ChatCompletionRequestAssistantMessageContentPart,
  ChatCompletionRequestUserMessageContentPart,
  TextContent,
} from './contentParts.ts';
import { list, object } from './shape.ts';
import { ChatCompletionMessageToolCalls } from './toolCalls.ts';

export const ChatCompletionRequestDeveloperMessage = object({
  role: v.literal('developer'),
  content: TextContent,
  name: v.optional(v.string()),
});
export type ChatCompletionRequestDeveloperMessage = v.InferOutput<
  typeof ChatCompletionRequestDeveloperMessage
>;

export const ChatCompletionRequestSystemMessage = object({
  role: v.literal('system'),
  content: TextContent,
  name: v.optional(v.string()),
});
export type ChatCompletionRequestSystemMessage = v.InferOutput<typeof ChatCompletionRequestSystemMessage>;

export const ChatCompletionRequestUserMessage = object({
  role: v.literal('user'),
  content: v.union([v.string(), list(ChatCompletionRequestUserMessageContentPart)]),
  name: v.optional(v.string()),
});
export type ChatCompletionRequestUserMessage = v.InferOutput<typeof ChatCompletionRequestUserMessage>;

/** `content` may be missing only beside calls. `audio.id` is good until the reply's `audio.expires_at`. */
export const ChatCompletionRequestAssistantMessage = object({
  role: v.literal('assistant'),
  content: v.nullish(v.union([v.string(), list(ChatCompletionRequestAssistantMessageContentPart)])),
  refusal: v.nullish(v.string()),
  name: v.optional(v.string()),
  audio: v.nullish(object({ id: v.string() })),
  tool_calls: v.optional(ChatCompletionMessageToolCalls),
  function_call: v.nullish(object({ arguments: v.string(), name: v.string() })),
});
export type ChatCompletionRequestAssistantMessage = v.InferOutput<
  typeof ChatCompletionRequestAssistantMessage
>;

/** OpenAI requires `tool_call_id`; the older description, and servers made after it, do not. */
export const ChatCompletionRequestToolMessage = object({
  role: v.literal('tool'),
  content: TextContent,
  tool_call_id: v.optional(v.string()),
});
export type ChatCompletionRequestToolMessage = v.InferOutput<typeof ChatCompletionRequestToolMessage>;

/** The result of a `function_call`, before there were tools. */
export const ChatCompletionRequestFunctionMessage = object({
  role: v.literal('function'),
  content: v.nullable(v.string()),
  name: v.string(),
});
export type ChatCompletionRequestFunctionMessage = v.InferOutput<typeof ChatCompletionRequestFunctionMessage>;

/** The commonest first: an alternative that does not fit costs time. */
export const ChatCompletionRequestMessage = v.variant('role', [
  ChatCompletionRequestUserMessage,
  ChatCompletionRequestAssistantMessage,
  ChatCompletionRequestToolMessage,
  ChatCompletionRequestSystemMessage,
  ChatCompletionRequestDeveloperMessage,
  ChatCompletionRequestFunctionMessage,
]);
export type ChatCompletionRequestMessage = v.InferOutput<typeof ChatCompletionRequestMessage>;
