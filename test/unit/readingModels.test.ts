import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readModels } from '../../src/core/readingModels.ts';

const folder = new URL('../support/fixtures/models/', import.meta.url);

interface ModelsFixture {
  readonly http: { readonly body: string };
  readonly expected: readonly Readonly<Record<string, unknown>>[];
}

for (const file of readdirSync(folder)) {
  test(`the list of ${file.replace('.json', '')} is read`, () => {
    // The fixtures are ours; a wrong shape fails below.
    const { http, expected } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as ModelsFixture;
    const models = readModels(JSON.parse(http.body))?.map((model) => ({
      id: model.id,
      ...(model.name !== undefined && { name: model.name }),
      ...(model.contextLength !== undefined && { context: model.contextLength }),
      ...(model.maxOutputTokens !== undefined && { max_output: model.maxOutputTokens }),
      ...(model.parameters !== undefined && { params: model.parameters }),
      ...(model.inputModalities !== undefined && { input: model.inputModalities }),
      ...(model.tools !== undefined && { tools: model.tools }),
      ...(model.vision !== undefined && { vision: model.vision }),
      ...(model.shutdownDate !== undefined && { shutdown: model.shutdownDate }),
    }));
    assert.deepEqual(models, expected);
  });
}

const ids = (value: unknown) => readModels(value)?.map(({ id }) => id);

test('entries are strings or objects, in the order of the server, each once', () => {
  const data = [
    { id: 'b' },
    'a',
    { id: 'b' },
    { name: 'named' },
    { model: 'by-model' },
    {},
    null,
    5,
    { id: '' },
  ];
  assert.deepEqual(ids({ data }), ['b', 'a', 'named', 'by-model']);
  assert.deepEqual(ids(data), ['b', 'a', 'named', 'by-model']);
  assert.deepEqual(ids({ models: ['x'] }), ['x']);
});

test('what is no list is not taken for an empty one', () => {
  for (const value of [{}, { error: 'no', data: null }, 'text', 5, null, undefined, { data: 'x' }]) {
    assert.equal(readModels(value), undefined);
  }
});

test('a list is bounded: a thousand entries, ids of 200 characters, nothing invisible', () => {
  const many = Array.from({ length: 50_000 }, (_, index) => ({ id: `m${index}` }));
  assert.equal(readModels({ data: many })?.length, 1000);
  assert.deepEqual(ids([{ id: 'x'.repeat(201) }, { id: 'x'.repeat(200) }]), ['x'.repeat(200)]);
  assert.deepEqual(ids(['\u{1B}[31mred', 'a\u{202E}b', 'line\nbreak']), [
    '\\u{1B}[31mred',
    'a\\u{202E}b',
    'line break',
  ]);
});
