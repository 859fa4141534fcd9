import { isList, isRecord, type JsonObject } from './json.ts';

/*
 * Looking into JSON that somebody else wrote. Only own properties that are asked for by name are ever read, and
 * nothing is copied by `Object.assign`, so a `__proto__` in it stays a harmless key.
 */

export type JsonRecord = JsonObject;

/** The value if it is a JSON object (no array, no null). */
export function asRecord(value: unknown): JsonRecord | undefined {
  return isRecord(value) ? value : undefined;
}

/** The value if it is an array, otherwise an empty one. */
export function asList(value: unknown): readonly unknown[] {
  return isList(value) ? value : [];
}

/** The value if it is a string with something in it. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The same for the words of an error: LiteLLM writes Python's `None` where it has nothing to say. */
export function asWord(value: unknown): string | undefined {
  return value === 'None' ? undefined : asText(value);
}

/** The value if it is a finite number. */
export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The value of a JSON text, or `undefined` where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The JSON text of a value; `undefined` where it is nested so deeply that writing it would overflow the stack. */
export function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
