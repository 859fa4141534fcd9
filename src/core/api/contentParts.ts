import * as v from 'valibot';
import { list, object, word } from './shape.ts';

/** Marks the end of what a server should keep in its prompt cache. */
const PromptCacheBreakpointParam = object({ mode: word('explicit') });

export const ChatCompletionRequestMessageContentPartText = object({
  type: v.literal('text'),
  text: v.string(),
  prompt_cache_breakpoint: v.optional(PromptCacheBreakpointParam),
});
export type ChatCompletionRequestMessageContentPartText = v.InferOutput<
  typeof ChatCompletionRequestMessageContentPartText
>;

/** `url` is a web address or a `data:` URL. */
export const ChatCompletionRequestMessageContentPartImage = object({
  type: v.literal('image_url'),
  image_url: object({ url: v.string(), detail: v.optional(word('auto', 'low', 'high')) }),
  prompt_cache_breakpoint: v.optional(PromptCacheBreakpointParam),
});
export type ChatCompletionRequestMessageContentPartImage = v.InferOutput<
  typeof ChatCompletionRequestMessageContentPartImage
>;

/** `data` is in base64. */
export const ChatCompletionRequestMessageContentPartAudio = object({
  type: v.literal('input_audio'),
  input_audio: object({ data: v.string(), format: word('wav', 'mp3') }),
  prompt_cache_breakpoint: v.optional(PromptCacheBreakpointParam),
});
export type ChatCompletionRequestMessageContentPartAudio = v.InferOutput<
  typeof ChatCompletionRequestMessageContentPartAudio
>;

/** Either `file_data`, a `data:` URL, with its name, or the id of a file that the server has already. */
export const ChatCompletionRequestMessageContentPartFile = object({
  type: v.literal('file'),
  file: object({
    filename: v.optional(v.string()),
    file_data: v.optional(v.string()),
    file_id: v.optional(v.string()),
  }),
  prompt_cache_breakpoint: v.optional(PromptCacheBreakpointParam),
});
export type ChatCompletionRequestMessageContentPartFile = v.InferOutput<
  typeof ChatCompletionRequestMessageContentPartFile
>;

export const ChatCompletionRequestMessageContentPartRefusal = object({
  type: v.literal('refusal'),
  refusal: v.string(),
});
export type ChatCompletionRequestMessageContentPartRefusal = v.InferOutput<
  typeof ChatCompletionRequestMessageContentPartRefusal
>;

export const ChatCompletionRequestUserMessageContentPart = v.variant('type', [
  ChatCompletionRequestMessageContentPartText,
  ChatCompletionRequestMessageContentPartImage,
  ChatCompletionRequestMessageContentPartAudio,
  ChatCompletionRequestMessageContentPartFile,
]);
export type ChatCompletionRequestUserMessageContentPart = v.InferOutput<
  typeof ChatCompletionRequestUserMessageContentPart
>;

export const ChatCompletionRequestAssistantMessageContentPart = v.variant('type', [
  ChatCompletionRequestMessageContentPartText,
  ChatCompletionRequestMessageContentPartRefusal,
]);
export type ChatCompletionRequestAssistantMessageContentPart = v.InferOutput<
  typeof ChatCompletionRequestAssistantMessageContentPart
>;

/** Content of roles that have nothing but text: `system`, `developer`, `tool`, and a prediction. */
export const TextContent = v.union([
  v.string(),
  list(v.variant('type', [ChatCompletionRequestMessageContentPartText])),
]);
