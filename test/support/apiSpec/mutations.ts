import fc from 'fast-check';
import type { Json } from '../demoServer/json.ts';

/** Copies of a document that are damaged in one or two places: a value is another one, or gone. */
export function mutationsOf(document: Json): fc.Arbitrary<Json> {
  const place = fc.constantFrom(...pathsOf(document).filter((path) => path.length > 0));
  return fc
    .array(fc.record({ path: place, by: fc.constantFrom(...odd) }), { minLength: 1, maxLength: 2 })
    .map((changes) => changes.reduce<Json>((result, { path, by }) => replace(result, path, by), document));
}

/** The place of every value in a document, the document's own first. */
export function pathsOf(value: Json, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
}

/** A copy in which the value at `path` is another one, or gone. */
export function replace(value: Json, path: readonly string[], by: Json | undefined): Json {
  const [step, ...rest] = path;
  if (step === undefined) return by ?? null;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value as Readonly<Record<string, Json>>).flatMap(
    ([key, inner]): [string, Json][] => {
      if (key !== step) return [[key, inner]];
      return rest.length === 0 && by === undefined ? [] : [[key, replace(inner, rest, by)]];
    },
  );
  return Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
}

const odd: readonly (Json | undefined)[] = [
  undefined,
  null,
  true,
  false,
  0,
  1,
  -1,
  2,
  2.5,
  20,
  21,
  128,
  129,
  -100,
  101,
  1e9,
  '',
  'x',
  'auto',
  'none',
  'text',
  'user',
  'high',
  'mp3',
  'x'.repeat(64),
  'x'.repeat(65),
  [],
  ['a', 'b', 'c', 'd', 'e'],
  [1],
  {},
  { type: 'text' },
  { a: 'b' },
  Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`k${index}`, 'v'])),
];
