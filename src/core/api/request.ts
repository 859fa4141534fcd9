import * as v from 'valibot';
import { ChatCompletionRequestMessage } from './requestMessages.ts';
import {
  AudioOptions,
  ChatCompletionStreamOptions,
  Metadata,
  ModerationParam,
  PredictionContent,
  PromptCacheOptionsParam,
  ReasoningEffort,
  ResponseFormat,
  ResponseModalities,
  ServiceTier,
  StopConfiguration,
  Verbosity,
  WebSearchOptions,
} from './requestOptions.ts';
import { integer, list, map, object, word } from './shape.ts';
import {
  ChatCompletionFunctionCallOption,
  ChatCompletionFunctions,
  ChatCompletionTool,
  ChatCompletionToolChoiceOption,
  CustomToolChatCompletions,
} from './tools.ts';

/** The body of `POST /chat/completions`. Nothing of it is ever sent as `null`, although much of it may be. */
export const CreateChatCompletionRequest = object({
  model: v.string(),
  messages: list(ChatCompletionRequestMessage),

  // How much is said, and how.
  max_completion_tokens: v.nullish(integer),
  /** Deprecated by OpenAI, and the only name that many servers know. */
  max_tokens: v.nullish(integer),
  temperature: v.nullish(v.number()),
  top_p: v.nullish(v.number()),
  frequency_penalty: v.nullish(v.number()),
  presence_penalty: v.nullish(v.number()),
  logit_bias: v.nullish(map(integer)),
  seed: v.nullish(integer),
  stop: v.optional(StopConfiguration),
  n: v.nullish(integer),
  logprobs: v.nullish(v.boolean()),
  top_logprobs: v.nullish(integer),
  reasoning_effort: v.optional(ReasoningEffort),
  verbosity: v.optional(Verbosity),

  // What it may be.
  response_format: v.optional(ResponseFormat),
  modalities: v.optional(ResponseModalities),
  audio: v.nullish(AudioOptions),
  prediction: v.nullish(PredictionContent),
  web_search_options: v.optional(WebSearchOptions),
  moderation: v.nullish(ModerationParam),

  tools: v.optional(list(v.variant('type', [ChatCompletionTool, CustomToolChatCompletions]))),
  tool_choice: v.optional(ChatCompletionToolChoiceOption),
  parallel_tool_calls: v.optional(v.boolean()),
  functions: v.optional(list(ChatCompletionFunctions)),
  function_call: v.optional(v.union([word('none', 'auto'), ChatCompletionFunctionCallOption])),

  // How it is served.
  stream: v.nullish(v.boolean()),
  stream_options: v.optional(ChatCompletionStreamOptions),
  service_tier: v.optional(ServiceTier),
  store: v.nullish(v.boolean()),
  metadata: v.optional(Metadata),
  prompt_cache_key: v.nullish(v.string()),
  prompt_cache_options: v.optional(PromptCacheOptionsParam),
  /** Deprecated in favour of `prompt_cache_options`. */
  prompt_cache_retention: v.nullish(word('in_memory', '24h')),
  safety_identifier: v.nullish(v.string()),
  /** Deprecated in favour of `safety_identifier` and `prompt_cache_key`. */
  user: v.optional(v.string()),
});
export type CreateChatCompletionRequest = v.InferOutput<typeof CreateChatCompletionRequest>;
