import * as v from 'valibot';

/*
 * The few forms out of which the API's schemas are made. Objects keep fields that the descriptions do not know, in both
 * directions, and lists of words stay open: every server knows more of both.
 */

/** An object with these fields and any others. */
export function object<const Entries extends v.ObjectEntries>(entries: Entries) {
  return v.pipe(noList(v.looseObject(entries)), v.readonly());
}

export function list<const Item extends v.GenericSchema>(item: Item) {
  return v.pipe(v.array(item), v.readonly());
}

/** An object whose field names are the user's own. */
export function map<const Value extends v.GenericSchema>(value: Value) {
  return v.pipe(noList(v.record(v.string(), value)), v.readonly());
}

/** Any object: a JSON Schema, mostly. */
export const anyObject = map(v.unknown());

/** A word out of a list that may grow: the known ones are offered, no other is refused. */
export function word<const Known extends string>(...known: readonly Known[]) {
  return v.pipe(
    v.string(),
    v.transform((it): Known | OtherWord => it),
    v.metadata({ known }),
  );
}

/** To valibot an array is an object too, and comes out of it as one. */
function noList<const Schema extends v.GenericSchema>(schema: Schema): Schema {
  return {
    ...schema,
    '~run': (dataset, config) => (Array.isArray(dataset.value) ? v.never() : schema)['~run'](dataset, config),
  };
}

/** Keeps the known words apart from `string` in an editor's completion list. */
type OtherWord = string & {};

export const integer = v.pipe(v.number(), v.integer());
