import type { ServerError } from '../core/readingError.ts';
import type { FailureKind } from '../shared/failure.ts';

/*
 * What kind of failure a server's words mean. Servers agree on little: the same bad key is 401 here and 400 there, an
 * empty purse shares 429 with a crowded minute, and an unknown model looks like a wrong path. So words come first
 * where they are unmistakable, then the status.
 */

const quotaWords =
  /insufficient[_ ](?:quota|balance|credits?|funds)|billing[_ ](?:hard[_ ]limit|not[_ ]active)|credit balance is too low|out of credits/;
const filterWords =
  /content[_ ]filter|content[_ ]policy|responsibleaipolicyviolation|content management policy/;
const contextWords =
  /context_length_exceeded|maximum context length|context (?:length|window|size)|prompt is too long|input is too long|reduce the length of|too many (?:input |prompt )?tokens|exceeds? the (?:model's )?maximum (?:number of )?(?:input )?tokens/;
const keyWords =
  /invalid_api_key|api_key_invalid|api key not valid|(?:invalid|incorrect|missing|no) (?:api|access|auth\w*)[ _-]?(?:key|token)/;
const modelWords =
  /model_not_found|model_not_available|deploymentnotfound|\b(?:unknown|invalid|no such) model\b|\bmodel\b.{0,200}?\b(?:not found|not exist|is not a valid model|is not available|not loaded|has been deprecated)|deployment .{0,100}does not exist/;
const pathWords =
  /unexpected endpoint or method|route .{0,100} not found|unknown (?:url|endpoint)|cannot post/;

/** More of a text explains nothing; it is the server's, so it may be of any length. */
const longestText = 10_000;

/** `status` is the answer's, or the one that an error inside HTTP 200 names; `model` is the id that was asked for. */
export function kindOf(
  error: ServerError,
  status: number | undefined,
  model: string | undefined,
): FailureKind {
  const said = [error.message, error.cause, error.code, error.type, ...(error.reasons ?? [])];
  const words = said
    .map((text) => String(text ?? '').slice(0, longestText))
    .join(' ')
    .toLowerCase();
  if (status === 402 || quotaWords.test(words)) return 'quotaExceeded';
  if (status === 429) return 'rateLimited';
  if (filterWords.test(words) || (status === 403 && error.filtered !== undefined)) return 'contentFiltered';
  if (contextWords.test(words)) return 'contextTooLong';
  if (status === 401 || keyWords.test(words)) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (pathWords.test(words)) return 'wrongPath';
  const isModel = modelWords.test(words) || error.param === 'model';
  if (isModel && (status === undefined || status < 500)) return 'modelNotFound';
  if (status === 404 && model !== undefined && namesModel(words, model)) return 'modelNotFound';
  if (status === 404 || status === 405) return 'wrongPath';
  if (status !== undefined && status >= 500) return 'serverError';
  return status === undefined ? 'errorInStream' : 'badRequest';
}

function namesModel(words: string, model: string): boolean {
  return model !== '' && words.includes(model.toLowerCase());
}
