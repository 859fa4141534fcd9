import { idPattern, readEntries } from './endpointEntries.ts';
import type { Endpoint } from './endpoint.ts';
import { copyJson, isList, isRecord, type JsonObject } from './json.ts';

/*
 * Changes to the setting `colloquy.endpoints` as it stands in the file: entries that are in error and fields that are
 * not known stay as they are. Every function returns a new value to be written.
 */

/** What an edit may change; `undefined` removes the field. */
export type EntryChange = {
  readonly [Field in Exclude<keyof Endpoint, 'id'>]?: Endpoint[Field] | undefined;
};

export function addEntry(raw: unknown, endpoint: Endpoint): unknown[] {
  return [...entriesOf(raw), withoutUndefined({ ...endpoint })];
}

export function changeEntry(raw: unknown, id: Endpoint['id'], change: EntryChange): unknown[] {
  return entriesOf(raw).map((entry, index, all) =>
    index === indexOf(all, id) && isRecord(entry) ? withoutUndefined({ ...entry, ...change }) : entry,
  );
}

export function removeEntry(raw: unknown, id: Endpoint['id']): unknown[] {
  const entries = entriesOf(raw);
  const index = indexOf(entries, id);
  return entries.filter((_, at) => at !== index);
}

/** Changes places with the usable entry before (`-1`) or after (`1`) it; at the end of the list nothing changes. */
export function moveEntry(raw: unknown, id: Endpoint['id'], by: -1 | 1): unknown[] {
  const entries = entriesOf(raw);
  const usable = readEntries(entries).endpoints.map((endpoint) => endpoint.id);
  const other = usable[usable.indexOf(id) + by];
  if (!usable.includes(id) || other === undefined) return entries;
  const from = indexOf(entries, id);
  const to = indexOf(entries, other);
  return entries.map((entry, at) => (at === from ? entries[to] : at === to ? entries[from] : entry));
}

/** Puts a copy under a new id and name directly behind the original. */
export function duplicateEntry(
  raw: unknown,
  id: Endpoint['id'],
  copy: Pick<Endpoint, 'id' | 'name'>,
): unknown[] {
  return entriesOf(raw).flatMap((entry, index, all) =>
    index === indexOf(all, id) && isRecord(entry) ? [entry, { ...entry, ...copy }] : [entry],
  );
}

/** An id made of a name, different from those that are taken (usable or not). */
export function newId(raw: unknown, name: string): Endpoint['id'] {
  const taken = new Set(entriesOf(raw).flatMap((entry) => (isRecord(entry) ? [entry['id']] : [])));
  const slug = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 48);
  const base = idPattern.test(slug) ? slug : 'endpoint';
  for (let count = 1; ; count++) {
    const id = count === 1 ? base : `${base}-${count}`;
    if (!taken.has(id)) return id;
  }
}

/** A name that is not taken: "Ollama", "Ollama 2", ... */
export function newName(endpoints: readonly Endpoint[], name: string): string {
  const taken = new Set(endpoints.map((endpoint) => endpoint.name));
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? name : `${name} ${count}`;
    if (!taken.has(candidate)) return candidate;
  }
}

/** Raised where the setting holds something that is no list: overwriting it would lose what was written there. */
export class NotAList extends Error {
  override readonly name = 'NotAList';

  constructor() {
    super('colloquy.endpoints is not a list.');
  }
}

function entriesOf(raw: unknown): unknown[] {
  if (raw === undefined || raw === null) return [];
  if (!isList(raw)) throw new NotAList();
  return [...copyJson(raw)];
}

/** The usable entry with this id: the same that `readEntries` returns for it. -1 where there is none. */
function indexOf(entries: readonly unknown[], id: Endpoint['id']): number {
  const unusable = new Set(readEntries(entries).problems.map((problem) => problem.index));
  return entries.findIndex((entry, index) => !unusable.has(index) && isRecord(entry) && entry['id'] === id);
}

function withoutUndefined(entry: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined));
}
