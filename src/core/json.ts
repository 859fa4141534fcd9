export type JsonObject = { readonly [name: string]: unknown };

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `Array.isArray` without the `any` that it makes of `unknown`. */
export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/**
 * A plain copy of a value that came out of JSON. Editors hand settings out as proxies that throw on writing and that
 * `structuredClone` refuses.
 */
export function copyJson<T>(value: T): T {
  // A cast because parsing gives back what was written: JSON in, the same JSON out.
  return JSON.parse(JSON.stringify(value)) as T;
}
