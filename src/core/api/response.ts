import * as v from 'valibot';
import { ChatCompletionModeration } from './moderation.ts';
import { Metadata, ServiceTier } from './requestOptions.ts';
import { integer, list, object, word } from './shape.ts';
import { ChatCompletionMessageToolCalls } from './toolCalls.ts';
import { CompletionUsage } from './usage.ts';

/** A token with its probability: `logprob` is -9999 where it was not among the likeliest. */
const TopLogprob = object({
  token: v.string(),
  logprob: v.number(),
  /** Its UTF-8, which may be a part of a character only. */
  bytes: v.nullish(list(integer)),
});

export const ChatCompletionTokenLogprob = object({
  ...TopLogprob.entries,
  top_logprobs: v.optional(list(TopLogprob)),
});
export type ChatCompletionTokenLogprob = v.InferOutput<typeof ChatCompletionTokenLogprob>;

/** `choices[].logprobs`. */
export const ChoiceLogprobs = v.nullish(
  object({
    content: v.nullish(list(ChatCompletionTokenLogprob)),
    refusal: v.nullish(list(ChatCompletionTokenLogprob)),
  }),
);
export type ChoiceLogprobs = v.InferOutput<typeof ChoiceLogprobs>;

/** `choices[].finish_reason`. */
export const FinishReasonWord = word('stop', 'length', 'tool_calls', 'content_filter', 'function_call');

export const ChatCompletionResponseMessage = object({
  role: word('assistant'),
  content: v.nullish(v.string()),
  refusal: v.nullish(v.string()),
  tool_calls: v.optional(ChatCompletionMessageToolCalls),
  annotations: v.optional(
    list(
      object({
        type: word('url_citation'),
        url_citation: object({
          start_index: integer,
          end_index: integer,
          url: v.string(),
          title: v.string(),
        }),
      }),
    ),
  ),
  /** `data` is in base64, `expires_at` in seconds since 1970. */
  audio: v.nullish(object({ id: v.string(), expires_at: integer, data: v.string(), transcript: v.string() })),
  function_call: v.optional(object({ name: v.string(), arguments: v.string() })),
});
export type ChatCompletionResponseMessage = v.InferOutput<typeof ChatCompletionResponseMessage>;

export const ChatCompletionChoice = object({
  index: integer,
  message: ChatCompletionResponseMessage,
  finish_reason: v.nullable(FinishReasonWord),
  logprobs: ChoiceLogprobs,
});
export type ChatCompletionChoice = v.InferOutput<typeof ChatCompletionChoice>;

/** What a whole reply and a chunk of a stream have around their choices. `created` is in seconds since 1970. */
export const ResponseFrame = {
  id: v.string(),
  created: integer,
  model: v.string(),
  service_tier: v.optional(ServiceTier),
  system_fingerprint: v.nullish(v.string()),
  usage: v.nullish(CompletionUsage),
  moderation: v.nullish(ChatCompletionModeration),
};

/** The answer to `POST /chat/completions`, and a stored completion, which has `metadata`. */
export const CreateChatCompletionResponse = object({
  ...ResponseFrame,
  object: word('chat.completion'),
  choices: list(ChatCompletionChoice),
  metadata: v.optional(Metadata),
});
export type CreateChatCompletionResponse = v.InferOutput<typeof CreateChatCompletionResponse>;
