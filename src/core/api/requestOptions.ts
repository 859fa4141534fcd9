import * as v from 'valibot';
import { TextContent } from './contentParts.ts';
import { anyObject, list, map, object, word } from './shape.ts';

/* The fields of a request that are more than a number or a text, and some that a response repeats. */

/** At most 16 pairs. */
export const Metadata = v.nullable(map(v.string()));
export type Metadata = v.InferOutput<typeof Metadata>;

export const ServiceTier = v.nullable(word('auto', 'default', 'flex', 'scale', 'priority', 'fast'));
export type ServiceTier = v.InferOutput<typeof ServiceTier>;

export const ResponseModalities = v.nullable(list(word('text', 'audio')));
export type ResponseModalities = v.InferOutput<typeof ResponseModalities>;

export const Verbosity = v.nullable(word('low', 'medium', 'high'));
export type Verbosity = v.InferOutput<typeof Verbosity>;

export const ReasoningEffort = v.nullable(word('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'));
export type ReasoningEffort = v.InferOutput<typeof ReasoningEffort>;

/** Up to four texts at which a reply ends. */
export const StopConfiguration = v.nullable(v.union([v.string(), list(v.string())]));
export type StopConfiguration = v.InferOutput<typeof StopConfiguration>;

export const ChatCompletionStreamOptions = v.nullable(
  object({ include_usage: v.optional(v.boolean()), include_obfuscation: v.optional(v.boolean()) }),
);
export type ChatCompletionStreamOptions = v.InferOutput<typeof ChatCompletionStreamOptions>;

/** Text that the reply will mostly repeat. */
export const PredictionContent = object({ type: word('content'), content: TextContent });
export type PredictionContent = v.InferOutput<typeof PredictionContent>;

export const PromptCacheOptionsParam = object({
  ttl: v.optional(word('30m')),
  mode: v.optional(word('implicit', 'explicit')),
});
export type PromptCacheOptionsParam = v.InferOutput<typeof PromptCacheOptionsParam>;

const ModerationConfigParam = object({ mode: word('score', 'block') });

export const ModerationParam = object({
  model: v.string(),
  policy: v.nullish(
    object({ input: v.nullish(ModerationConfigParam), output: v.nullish(ModerationConfigParam) }),
  ),
});
export type ModerationParam = v.InferOutput<typeof ModerationParam>;

export const WebSearchLocation = object({
  country: v.optional(v.string()),
  region: v.optional(v.string()),
  city: v.optional(v.string()),
  timezone: v.optional(v.string()),
});
export type WebSearchLocation = v.InferOutput<typeof WebSearchLocation>;

/** `web_search_options`. */
export const WebSearchOptions = object({
  user_location: v.nullish(object({ type: word('approximate'), approximate: WebSearchLocation })),
  search_context_size: v.optional(word('low', 'medium', 'high')),
});
export type WebSearchOptions = v.InferOutput<typeof WebSearchOptions>;

/** `audio`: how a spoken reply sounds. */
export const AudioOptions = object({
  voice: v.union([
    word('alloy', 'ash', 'ballad', 'coral', 'echo', 'sage', 'shimmer', 'verse', 'marin', 'cedar'),
    object({ id: v.string() }),
  ]),
  format: word('wav', 'aac', 'mp3', 'flac', 'opus', 'pcm16'),
});
export type AudioOptions = v.InferOutput<typeof AudioOptions>;

export const ResponseFormat = v.variant('type', [
  object({ type: v.literal('text') }),
  object({
    type: v.literal('json_schema'),
    json_schema: object({
      name: v.string(),
      description: v.optional(v.string()),
      schema: v.optional(anyObject),
      strict: v.nullish(v.boolean()),
    }),
  }),
  object({ type: v.literal('json_object') }),
]);
export type ResponseFormat = v.InferOutput<typeof ResponseFormat>;
