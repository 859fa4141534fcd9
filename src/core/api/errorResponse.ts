import * as v from 'valibot';
import { object } from './shape.ts';

/** `Error`, which is JavaScript's word for something else. */
const ErrorObject = object({
  message: v.string(),
  type: v.string(),
  param: v.nullish(v.string()),
  code: v.nullish(v.string()),
});
type ErrorObject = v.InferOutput<typeof ErrorObject>;
export { ErrorObject as Error };

/** The body of every answer that is none. What servers send instead is read by `readError`. */
export const ErrorResponse = object({ error: ErrorObject });
export type ErrorResponse = v.InferOutput<typeof ErrorResponse>;
