import * as v from 'valibot';
import { integer, object } from './shape.ts';

/** Tokens. Every count may be missing: servers send what they have, and the total need not be the sum. */
export const CompletionUsage = object({
  prompt_tokens: v.optional(integer),
  completion_tokens: v.optional(integer),
  total_tokens: v.optional(integer),
  prompt_tokens_details: v.optional(
    object({
      cached_tokens: v.optional(integer),
      cache_write_tokens: v.optional(integer),
      audio_tokens: v.optional(integer),
      text_tokens: v.optional(integer),
      image_tokens: v.optional(integer),
    }),
  ),
  completion_tokens_details: v.optional(
    object({
      reasoning_tokens: v.optional(integer),
      audio_tokens: v.optional(integer),
      text_tokens: v.optional(integer),
      accepted_prediction_tokens: v.optional(integer),
      rejected_prediction_tokens: v.optional(integer),
    }),
  ),
});
export type CompletionUsage = v.InferOutput<typeof CompletionUsage>;
