import { checkRequest } from '../core/api/checkRequest.ts';
import { CompletionError } from '../core/completionError.ts';
import type { RequestBody } from '../core/dialectRequest.ts';
import { type FailureContext, ownFailure } from './failures.ts';

/**
 * The JSON of a request's body. Raises `CompletionError` (`badRequest`, code `INVALID_FIELD`) where a field that the API
 * describes has another JSON type: what a setting got wrong is named before anything is sent.
 */
export function requestText(body: RequestBody, context: FailureContext): string {
  const misfit = checkRequest(body);
  if (misfit === undefined) return JSON.stringify(body);
  throw new CompletionError(ownFailure('badRequest', context, { ...misfit, code: 'INVALID_FIELD' }));
}
