import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CompletionError } from '../../src/core/completionError.ts';
import type { Endpoint } from '../../src/core/endpoint.ts';
import { ModelCatalog, type ListState } from '../../src/features/connect/modelCatalog.ts';
import { listModels } from '../../src/features/connect/modelList.ts';
import { ModelMemory } from '../../src/features/connect/modelMemory.ts';
import { buildRows, type PickerState, type Row } from '../../src/features/connect/modelRows.ts';
import { plainLabel } from '../../src/features/connect/plainLabel.ts';

const endpoint = (id: string, more: Partial<Endpoint> = {}): Endpoint => ({
  id,
  name: id.toUpperCase(),
  baseUrl: `https://${id}.example`,
  ...more,
});
const [a, b] = [endpoint('a'), endpoint('b')];

const listed = (...ids: string[]): ListState => ({ type: 'listed', list: { ids, leftOut: 0 } });

const picker = (more: Partial<PickerState>): PickerState => ({
  endpoints: [a, b],
  stateOf: () => ({ type: 'unknown' }),
  recent: [],
  favourites: [],
  current: undefined,
  default: undefined,
  typed: '',
  ...more,
});

const show = (rows: readonly Row[]) => rows.map(showRow);

function showRow(row: Row): string {
  switch (row.type) {
    case 'heading':
      return `# ${row.group}`;
    case 'endpointHeading':
      return `# ${row.endpoint.id}`;
    case 'model': {
      const marks = [
        row.isFavourite ? ' *' : '',
        row.isCurrent ? ' current' : '',
        row.isDefault ? ' default' : '',
      ];
      return row.ref + marks.join('');
    }
    case 'typed':
      return `use ${row.ref}`;
    case 'failure':
      return `! ${row.endpoint.id} ${row.failure.kind}`;
    case 'loading':
    case 'empty':
      return `${row.type} ${row.endpoint.id}`;
    case 'leftOut':
      return `${row.count} more of ${row.endpoint.id}`;
  }
}

test('a list keeps the order of the server, without duplicates, configured models first', () => {
  const list = listModels([{ id: 'z' }, { id: 'b' }, { id: 'z' }, { id: 'mine' }], ['mine']);
  assert.deepEqual(list, { ids: ['mine', 'z', 'b'], leftOut: 0 });
});

test('models that do something else than chat come last', () => {
  const ids = [
    'text-embedding-3-small',
    'gpt-5',
    'whisper-1',
    'dall-e-3',
    'gpt-4o-mini-tts',
    'o3',
    'guardian-chat',
  ];
  assert.deepEqual(listModels(ids.map((id) => ({ id }))).ids, [
    'gpt-5',
    'o3',
    'guardian-chat',
    'text-embedding-3-small',
    'whisper-1',
    'dall-e-3',
    'gpt-4o-mini-tts',
  ]);
});

test('a hostile list gives at most a thousand usable ids', () => {
  const flood = Array.from({ length: 1_000_000 }, (_, index) => ({ id: `m${index}` }));
  const huge = [
    { id: 'x'.repeat(10_000_000) },
    { id: 'a\u001b[31mb' },
    { id: '' },
    { id: ' padded' },
    { id: 'ok' },
  ];
  const list = listModels([...huge, ...flood]);
  assert.equal(list.ids.length, 1000);
  assert.equal(list.ids[0], 'ok');
  assert.equal(list.leftOut, 4 + 1_000_000 - 999);
});

test('a label is one short line without control characters, hidden characters or icons', () => {
  assert.equal(plainLabel('a\u001b[31mb\nc'), 'a\\u{1B}[31mb\\u{A}c');
  assert.equal(plainLabel('a\u202Eb\u200bc'), 'a\\u{202E}b\\u{200B}c');
  assert.ok(!plainLabel('$(zap) model').includes('$(zap)'));
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.integer({ max: 0xffff }).map((code) => String.fromCharCode(code)),
        maxLength: 400,
      }),
      (text) => {
        const label = plainLabel(text);
        assert.ok(label.length <= 200);
        assert.doesNotMatch(label, /[\p{Cc}\p{Zl}\p{Zp}]|\$\(/u);
      },
    ),
  );
});

test('the picker shows favourites, recent models, then every endpoint', () => {
  const rows = buildRows(
    picker({
      stateOf: ({ id }) => (id === 'a' ? listed('m1', 'm2', 'm3') : listed('m1')),
      favourites: ['b/m1', 'gone/m'],
      recent: ['a/m2', 'b/m1', 'a/unlisted'],
      current: 'a/m3',
      default: 'a/m2',
    }),
  );
  assert.deepEqual(show(rows), [
    '# favourites',
    'b/m1 *',
    '# recent',
    'a/m3 current',
    'a/m2 default',
    'a/unlisted',
    '# a',
    'a/m1',
  ]);
});

test('an endpoint that fails or is slow says so on its own line and holds up no other', () => {
  const failed: ListState = {
    type: 'failed',
    failure: { kind: 'cannotConnect' },
    last: { ids: ['old'], leftOut: 2 },
  };
  const rows = buildRows(
    picker({
      endpoints: [a, b, endpoint('c')],
      stateOf: ({ id }) => (id === 'a' ? failed : id === 'b' ? { type: 'loading' } : listed()),
    }),
  );
  assert.deepEqual(show(rows), [
    '# a',
    '! a cannotConnect',
    'a/old',
    '2 more of a',
    '# b',
    'loading b',
    '# c',
    'empty c',
  ]);
});

test('configured models are there before the server has answered', () => {
  const rows = buildRows(picker({ endpoints: [endpoint('a', { models: ['mine'] })] }));
  assert.deepEqual(show(rows), ['# a', 'a/mine']);
});

test('an id that no list has can be used with every endpoint, or with the one that it names', () => {
  const stateOf = ({ id }: Endpoint) => (id === 'a' ? listed('x/y') : listed());
  const typed = (text: string) =>
    show(buildRows(picker({ stateOf, typed: text }))).filter((row) => row.startsWith('use '));
  assert.deepEqual(typed('  new-model '), ['use a/new-model', 'use b/new-model']);
  assert.deepEqual(typed('x/y'), ['use b/x/y'], 'a lists it');
  assert.deepEqual(typed('b/x/y'), ['use b/x/y']);
  assert.deepEqual(typed(''), []);
  assert.deepEqual(typed('b/'), []);
});

test('every model is shown exactly once, whatever is favourite, recent, current or default', () => {
  const ref = fc.constantFrom('a/m1', 'a/m2', 'b/m1', 'b/m9', 'gone/m');
  const refs = fc.array(ref, { maxLength: 6 });
  const maybe = fc.option(ref, { nil: undefined });
  fc.assert(
    fc.property(refs, refs, maybe, maybe, (favourites, recent, current, fallback) => {
      const rows = buildRows(
        picker({ stateOf: () => listed('m1', 'm2'), favourites, recent, current, default: fallback }),
      );
      const models = rows.flatMap((row) => (row.type === 'model' ? [row.ref] : []));
      assert.equal(new Set(models).size, models.length);
      for (const expected of ['a/m1', 'a/m2', 'b/m1', 'b/m2']) assert.ok(models.includes(expected));
      assert.ok(!models.some((shown) => shown.startsWith('gone/')));
      // A heading is followed by something.
      for (const [index, row] of rows.entries()) {
        if (row.type.endsWith('eading')) assert.ok(!(rows[index + 1]?.type ?? 'heading').endsWith('eading'));
      }
    }),
  );
});

/** A server for the catalogue that answers when the test says so. */
function heldServer() {
  const waiting: {
    endpoint: Endpoint;
    answer: (ids: string[]) => void;
    fail: (error: Error) => void;
    signal: AbortSignal;
  }[] = [];
  const fetch = (of: Endpoint, signal: AbortSignal) =>
    new Promise<readonly { readonly id: string }[]>((resolve, reject) => {
      waiting.push({
        endpoint: of,
        answer: (ids) => resolve(ids.map((id) => ({ id }))),
        fail: reject,
        signal,
      });
    });
  return { waiting, fetch };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

test('the catalogue asks an endpoint once, and again only when told to', async () => {
  const { waiting, fetch } = heldServer();
  const catalog = new ModelCatalog(fetch);
  let told = 0;
  const end = catalog.onDidChange(() => (told += 1));
  catalog.askMissing([a, b]);
  catalog.askMissing([a, b]);
  assert.equal(waiting.length, 2);
  assert.equal(catalog.state(a).type, 'loading');
  waiting[0]?.answer(['m']);
  waiting[1]?.fail(new CompletionError({ kind: 'unauthorized' }));
  await settled();
  assert.deepEqual(catalog.state(a), { type: 'listed', list: { ids: ['m'], leftOut: 0 } });
  assert.deepEqual(catalog.state(b), { type: 'failed', failure: { kind: 'unauthorized' } });
  assert.equal(told, 4);
  catalog.askMissing([a, b]);
  assert.deepEqual(
    waiting.map((request) => request.endpoint.id),
    ['a', 'b', 'b'],
    'only what failed is asked again',
  );
  catalog.refresh(a);
  assert.deepEqual(catalog.state(a), { type: 'loading', last: { ids: ['m'], leftOut: 0 } });
  waiting[3]?.fail(new Error('unexpected'));
  await settled();
  const state = catalog.state(a);
  assert.ok(state.type === 'failed' && state.failure.kind === 'unexpected' && state.last?.ids[0] === 'm');
  end();
});

test('an answer that nobody waits for any more changes nothing', async () => {
  const { waiting, fetch } = heldServer();
  const catalog = new ModelCatalog(fetch);
  catalog.refresh(a);
  catalog.refresh(a);
  assert.equal(waiting[0]?.signal.aborted, true);
  waiting[1]?.answer(['new']);
  await settled();
  waiting[0]?.answer(['old']);
  await settled();
  assert.deepEqual(catalog.state(a), { type: 'listed', list: { ids: ['new'], leftOut: 0 } });
  catalog.refresh(b);
  catalog.stop();
  assert.equal(waiting[2]?.signal.aborted, true);
  waiting[2]?.answer(['late']);
  await settled();
  assert.equal(catalog.state(b).type, 'unknown');
  assert.equal(catalog.state(a).type, 'listed', 'a list that is there stays');
});

test('a list belongs to the settings that it was asked with', async () => {
  const { waiting, fetch } = heldServer();
  const catalog = new ModelCatalog(fetch);
  catalog.askMissing([a]);
  waiting[0]?.answer(['m']);
  await settled();
  assert.equal(catalog.state({ ...a, name: 'Renamed' }).type, 'listed');
  assert.equal(catalog.state({ ...a, baseUrl: 'https://other.example' }).type, 'unknown');
  catalog.forget('a');
  assert.equal(catalog.state(a).type, 'unknown');
});

test('recent and favourite models are remembered, and a damaged memory is read as far as it goes', async () => {
  const values = new Map<string, unknown>();
  const memento = {
    keys: () => [...values.keys()],
    get: (name: string, fallback?: unknown) => values.get(name) ?? fallback,
    update: (name: string, value: unknown) => {
      values.set(name, value);
      return Promise.resolve();
    },
  };
  const memory = new ModelMemory(memento);
  for (let count = 0; count < 10; count++) await memory.use(`a/m${count}`);
  await memory.use('a/m5');
  assert.deepEqual(memory.recent, ['a/m5', 'a/m9', 'a/m8', 'a/m7', 'a/m6', 'a/m4', 'a/m3', 'a/m2']);
  await memory.toggleFavourite('a/m1');
  await memory.toggleFavourite('b/m2');
  await memory.toggleFavourite('a/m1');
  assert.deepEqual(memory.favourites, ['b/m2']);
  values.set('recentModels', ['a/ok', 7, null, 'nonsense']);
  values.set('favouriteModels', 'text');
  assert.deepEqual(memory.recent, ['a/ok']);
  assert.deepEqual(memory.favourites, []);
});
