import * as v from 'valibot';
import { list, map, object, word } from './shape.ts';

export const ModerationResultBody = object({
  type: word('moderation_result'),
  model: v.string(),
  flagged: v.boolean(),
  categories: map(v.boolean()),
  category_scores: map(v.number()),
  category_applied_input_types: map(list(word('text', 'image'))),
});
export type ModerationResultBody = v.InferOutput<typeof ModerationResultBody>;

const Moderated = v.variant('type', [
  object({ type: v.literal('moderation_results'), model: v.string(), results: list(ModerationResultBody) }),
  object({ type: v.literal('error'), code: v.string(), message: v.string() }),
]);

/** What a moderation model thought of the request and of the reply. */
export const ChatCompletionModeration = object({ input: Moderated, output: Moderated });
export type ChatCompletionModeration = v.InferOutput<typeof ChatCompletionModeration>;
