import * as v from 'valibot';
import { integer, list, object, word } from './shape.ts';

/** An entry of the list of models by the description; what servers really send is read by `readModels`. */
export const Model = object({
  id: v.string(),
  object: word('model'),
  /** Seconds since 1970. */
  created: integer,
  owned_by: v.string(),
  /** The day on which it is switched off, `YYYY-MM-DD`. */
  shutdown_date: v.nullish(v.string()),
});
export type Model = v.InferOutput<typeof Model>;

export const ListModelsResponse = object({ object: word('list'), data: list(Model) });
export type ListModelsResponse = v.InferOutput<typeof ListModelsResponse>;

/** The answer to deleting a model of one's own. */
export const DeleteModelResponse = object({ id: v.string(), object: v.string(), deleted: v.boolean() });
export type DeleteModelResponse = v.InferOutput<typeof DeleteModelResponse>;
