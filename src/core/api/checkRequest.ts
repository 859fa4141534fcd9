import * as v from 'valibot';
import { CreateChatCompletionRequest } from './request.ts';

/** A field that cannot be what was meant. */
export interface Misfit {
  /** Its place, as servers write it: `messages[0].content[1].text`. */
  readonly param: string;
  /** One sentence that names the field, what it should be and what it is. */
  readonly detail: string;
}

/** Fields whose entries are the user's own: LiteLLM takes lists in `metadata`, llama.cpp fractions in `logit_bias`. */
const openMaps: readonly unknown[] = ['metadata', 'logit_bias'];

/**
 * The first field of a request that the API describes and that has another JSON type. All else is the server's business,
 * because servers differ in it: unknown fields, words that no description lists (and with them the objects that such a
 * word names: another kind of tool, of part, of format), ranges, and what is missing.
 */
export function checkRequest(body: Readonly<Record<string, unknown>>): Misfit | undefined {
  const { issues = [] } = v.safeParse(CreateChatCompletionRequest, body);
  return firstMisfit(issues, []);
}

function firstMisfit(issues: readonly v.BaseIssue<unknown>[], above: readonly unknown[]): Misfit | undefined {
  for (const issue of issues) {
    const found = misfitIn(issue, above);
    if (found !== undefined) return found;
  }
  return undefined;
}

function misfitIn(issue: v.BaseIssue<unknown>, above: readonly unknown[]): Misfit | undefined {
  const path = [...above, ...(issue.path ?? []).map((step) => step.key)];
  // The alternative that has the right type is the one whose complaint is about something inside of it.
  const inside = (issue.issues ?? []).filter((one) => one.path !== undefined);
  if (inside.length > 0) return firstMisfit(inside, path);
  const { input } = issue;
  const step = issue.path?.at(-1);
  // An array in place of an object lacks what the object must have.
  if (step !== undefined && typeof step.key === 'string' && Array.isArray(step.input)) {
    return misfit(path.slice(0, -1), 'an object', step.input);
  }
  const absent = input === undefined || (input === null && typeof path.at(-1) === 'string');
  const otherWord = issue.type === 'variant' && typeof input === 'string' && issue.expected !== 'Object';
  if (absent || otherWord || (path.length > 1 && openMaps.includes(path[0]))) return undefined;
  return misfit(path, [...new Set((issue.issues ?? [issue]).map(expectedBy))].join(' or '), input);
}

function misfit(path: readonly unknown[], expected: string, found: unknown): Misfit {
  const param = placeOf(path);
  return { param, detail: `${param} must be ${expected}, but it is ${typeOf(found)}` };
}

/** What the schema that complains accepts, in words. */
function expectedBy({ type, expected }: v.BaseIssue<unknown>): string {
  switch (type) {
    case 'string':
      return 'a string';
    case 'number':
      return 'a number';
    case 'integer':
      return 'a whole number';
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'an array';
    case 'variant':
      return expected === 'Object' ? 'an object' : 'a string';
    default:
      return 'an object';
  }
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'a number' : 'a number with a fraction';
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? 'a string' : 'an object';
}

function placeOf(path: readonly unknown[]): string {
  return path
    .map((step, index) =>
      typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`,
    )
    .join('');
}
