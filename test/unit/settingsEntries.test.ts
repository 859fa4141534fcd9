import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  addEntry,
  changeEntry,
  duplicateEntry,
  moveEntry,
  newId,
  newName,
  NotAList,
  removeEntry,
} from '../../src/core/editEntries.ts';
import type { Endpoint } from '../../src/core/endpoint.ts';
import { idPattern, readEntries } from '../../src/core/endpointEntries.ts';
import { joinModelRef, splitModelRef } from '../../src/core/modelRef.ts';

const ollama = { id: 'ollama', name: 'Ollama', baseUrl: 'http://localhost:11434/v1/' };
const openai = { id: 'openai', name: 'OpenAI', baseUrl: 'https://api.openai.com/v1' };

/** Usable entries and unusable ones, as a person's settings file may hold them side by side. */
const entry = fc.oneof(
  fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    baseUrl: fc.constantFrom('https://a.example', 'http://localhost:1', 'http://public.example'),
    unknownField: fc.jsonValue(),
  }),
  fc.jsonValue(),
);
const entries = fc.array(entry, { maxLength: 8 });
const ids = (raw: unknown) => readEntries(raw).endpoints.map((endpoint) => endpoint.id);

test('a complete entry is read, and a query behind the URL joins the query field', () => {
  const { endpoints, problems } = readEntries([
    {
      id: 'work',
      name: 'Work',
      baseUrl: 'https://r.openai.azure.com/openai/?api-version=1&a=1',
      dialect: 'azureDeployment',
      query: { 'api-version': '2024-10-21' },
      headers: { 'X-Team': 'blue', Authorization: 'Bearer ${apiKey}' },
      apiKeyEnv: 'WORK_KEY',
      caFile: '/etc/ssl/work.pem',
      clientCertFile: '/etc/ssl/me.pem',
      clientKeyFile: '/etc/ssl/me.key',
      models: ['m1', 'm2', 'm1'],
      extraBody: { top_k: 4, nested: { list: [1, null] } },
      thoughts: 'closingTag',
      timeouts: { connectMs: 1000, firstByteMs: 600_000, idleMs: 0 },
      somethingNew: true,
    },
  ]);
  assert.deepEqual(problems, []);
  assert.deepEqual(endpoints, [
    {
      id: 'work',
      name: 'Work',
      baseUrl: 'https://r.openai.azure.com/openai',
      dialect: 'azureDeployment',
      query: { 'api-version': '2024-10-21', a: '1' },
      headers: { 'X-Team': 'blue', Authorization: 'Bearer ${apiKey}' },
      apiKeyEnv: 'WORK_KEY',
      caFile: '/etc/ssl/work.pem',
      clientCertFile: '/etc/ssl/me.pem',
      clientKeyFile: '/etc/ssl/me.key',
      models: ['m1', 'm2'],
      extraBody: { top_k: 4, nested: { list: [1, null] } },
      thoughts: 'closingTag',
      timeouts: { connectMs: 1000, firstByteMs: 600_000, idleMs: 0 },
    },
  ]);
});

test('an entry without a name is shown by its id', () => {
  assert.equal(readEntries([{ id: 'x', baseUrl: 'https://a.example' }]).endpoints[0]?.name, 'x');
});

test('one bad entry is named with its reason and does not spoil the others', () => {
  const bad: readonly (readonly [unknown, string, string | undefined])[] = [
    ['text', 'notAnObject', undefined],
    [null, 'notAnObject', undefined],
    [{ ...openai, id: 'a/b' }, 'badId', 'id'],
    [{ ...openai, id: 7 }, 'badId', 'id'],
    [{ id: 'x' }, 'wrongType', 'baseUrl'],
    [{ ...openai, baseUrl: 'http://api.openai.com/v1' }, 'baseUrl', 'baseUrl'],
    [{ ...openai, dialect: 'constructor' }, 'unknownDialect', 'dialect'],
    [{ ...openai, thoughts: 'somewhere' }, 'unknownPlace', 'thoughts'],
    [{ ...openai, headers: { 'X-A': 'b\r\nHost: evil' } }, 'badHeader', 'headers.X-A'],
    [{ ...openai, headers: { 'X A': 'b' } }, 'badHeader', 'headers.X A'],
    [{ ...openai, headers: { Host: 'evil.example' } }, 'badHeader', 'headers.Host'],
    [{ ...openai, headers: { 'Proxy-Authorization': 'x' } }, 'badHeader', 'headers.Proxy-Authorization'],
    [{ ...openai, headers: { Authorization: 'Bearer sk-secret' } }, 'keyInHeader', 'headers.Authorization'],
    [{ ...openai, headers: { 'X-A': 1 } }, 'wrongType', 'headers.X-A'],
    [{ ...openai, headers: [] }, 'wrongType', 'headers'],
    [{ ...openai, query: { key: 'sk-secret' } }, 'keyInQuery', 'query.key'],
    [{ ...openai, query: { a: '\n' } }, 'wrongType', 'query.a'],
    [{ ...openai, apiKeyEnv: '$A' }, 'notAVariableName', 'apiKeyEnv'],
    [{ ...openai, caFile: 'ca.pem' }, 'notAbsolutePath', 'caFile'],
    [{ ...openai, clientCertFile: 'me.pem' }, 'notAbsolutePath', 'clientCertFile'],
    [{ ...openai, clientCertFile: '/me.pem', clientKeyFile: 7 }, 'notAbsolutePath', 'clientKeyFile'],
    [{ ...openai, clientKeyFile: '/me.key' }, 'keyWithoutCertificate', 'clientKeyFile'],
    [{ ...openai, timeouts: { connectMs: '5' } }, 'wrongType', 'timeouts.connectMs'],
    [{ ...openai, timeouts: { firstByteMs: Number.NaN } }, 'wrongType', 'timeouts.firstByteMs'],
    [{ ...openai, timeouts: { idleMs: 2 ** 31 } }, 'wrongType', 'timeouts.idleMs'],
    [{ ...openai, caFile: '\\\\host\\share\\ca.pem' }, 'notAbsolutePath', 'caFile'],
    [{ ...openai, models: 'gpt' }, 'wrongType', 'models'],
    [{ ...openai, models: [' a'] }, 'badModelId', 'models'],
    [{ ...openai, models: ['a'.repeat(201)] }, 'badModelId', 'models'],
    [{ ...openai, extraBody: [] }, 'wrongType', 'extraBody'],
    [{ ...openai, timeouts: { idleMs: -1 } }, 'wrongType', 'timeouts.idleMs'],
    [{ ...openai, timeouts: { connectMs: 2 ** 31 } }, 'wrongType', 'timeouts.connectMs'],
    [{ ...ollama, name: 'again' }, 'duplicateId', 'id'],
  ];
  for (const [value, why, field] of bad) {
    const { endpoints, problems } = readEntries([ollama, value, { ...openai, id: 'last' }]);
    assert.deepEqual(
      endpoints.map((endpoint) => endpoint.id),
      ['ollama', 'last'],
      JSON.stringify(value),
    );
    assert.equal(problems.length, 1);
    assert.equal(problems[0]?.index, 1);
    assert.equal(problems[0]?.why.type, why, JSON.stringify(value));
    assert.equal(problems[0]?.field, field);
  }
});

test('the id and the names inside an entry never reach a prototype', () => {
  const raw: unknown = JSON.parse(
    '[{"id":"x","baseUrl":"https://a.example","query":{"__proto__":"y"}},' +
      '{"id":"y","baseUrl":"https://a.example","headers":{"__proto__":"z"}},' +
      '{"id":"z","baseUrl":"https://a.example","extraBody":{"__proto__":{"polluted":true}}}]',
  );
  const { endpoints } = readEntries(raw);
  assert.deepEqual(ids(raw), ['z']);
  assert.equal(Reflect.get({}, 'polluted'), undefined);
  assert.equal(Reflect.get(endpoints[0]?.extraBody ?? {}, 'polluted'), undefined);
});

test('any value at all is read without an error', () => {
  fc.assert(
    fc.property(fc.oneof(entries, fc.jsonValue(), fc.constant(undefined)), (raw) => {
      const { endpoints, problems } = readEntries(raw);
      assert.equal(endpoints.length + problems.length, Array.isArray(raw) ? raw.length : 0);
      assert.equal(new Set(endpoints.map((endpoint) => endpoint.id)).size, endpoints.length);
    }),
  );
});

test('adding, changing and removing keep what stands in the file besides', () => {
  fc.assert(
    fc.property(entries, (raw) => {
      const id = newId(raw, 'New One');
      const endpoint: Endpoint = { id, name: 'New One', baseUrl: 'https://new.example' };
      const added = addEntry(raw, endpoint);
      assert.deepEqual(added.slice(0, raw.length), JSON.parse(JSON.stringify(raw)));
      assert.deepEqual(ids(added), [...ids(raw), id]);
      const changed = changeEntry(added, id, { name: 'Other', query: { a: '1' } });
      assert.deepEqual(changed.at(-1), {
        id,
        name: 'Other',
        baseUrl: 'https://new.example',
        query: { a: '1' },
      });
      assert.deepEqual(changed.slice(0, -1), added.slice(0, -1));
      assert.deepEqual(changeEntry(changed, id, { name: 'New One', query: undefined }), added);
      assert.deepEqual(removeEntry(added, id), added.slice(0, -1));
    }),
  );
});

test('a change reaches the usable entry of that id, not a broken one before it', () => {
  const raw = [{ id: 'openai', baseUrl: 'nonsense', note: 'mine' }, openai];
  assert.deepEqual(changeEntry(raw, 'openai', { name: 'Renamed' }), [raw[0], { ...openai, name: 'Renamed' }]);
  assert.deepEqual(removeEntry(raw, 'openai'), [raw[0]]);
});

test('moving changes places with the usable neighbour and moves nothing else', () => {
  fc.assert(
    fc.property(entries, fc.constantFrom<-1 | 1>(-1, 1), fc.nat(7), (raw, by, choice) => {
      const before = ids(raw);
      const id = before[choice % Math.max(1, before.length)] ?? 'missing';
      const moved = moveEntry(raw, id, by);
      const at = before.indexOf(id);
      const expected = [...before];
      const other = before[at + by];
      if (at >= 0 && other !== undefined) {
        expected[at] = other;
        expected[at + by] = id;
      }
      assert.deepEqual(ids(moved), expected);
      assert.equal(moved.length, raw.length);
      const back = moveEntry(moved, id, by === 1 ? -1 : 1);
      if (other !== undefined) assert.deepEqual(ids(back), before);
    }),
  );
});

test('a duplicate stands behind its original under another id and name', () => {
  const raw = duplicateEntry([ollama, { ...openai, extraField: 1 }], 'openai', {
    id: 'openai-2',
    name: 'OpenAI 2',
  });
  assert.deepEqual(raw[2], { ...openai, extraField: 1, id: 'openai-2', name: 'OpenAI 2' });
  assert.deepEqual(ids(raw), ['ollama', 'openai', 'openai-2']);
});

test('new ids and names are made of the name and are not taken', () => {
  assert.equal(newId([ollama, { id: 'openai' }, 'junk'], 'OpenAI'), 'openai-2');
  assert.equal(newId(undefined, 'Google Gemini'), 'google-gemini');
  assert.equal(newId([], '日本'), 'endpoint');
  assert.equal(newName(readEntries([ollama]).endpoints, 'Ollama'), 'Ollama 2');
  fc.assert(
    fc.property(fc.string(), entries, (name, raw) => {
      const id = newId(raw, name);
      assert.match(id, idPattern);
      assert.ok(!ids(raw).includes(id));
    }),
  );
});

test('a setting that is no list is not overwritten', () => {
  for (const raw of [{ id: 'x' }, 'text', 7]) {
    assert.throws(() => addEntry(raw, openai), NotAList);
    assert.throws(() => removeEntry(raw, 'x'), NotAList);
  }
});

test('a model reference is split at its first slash, and only a usable one', () => {
  assert.deepEqual(splitModelRef('openrouter/meta/llama-3'), {
    endpointId: 'openrouter',
    modelId: 'meta/llama-3',
  });
  for (const ref of ['', 'gpt', '/gpt', 'a/', 'a/ b', 'a/b\nc', `a/${'b'.repeat(201)}`]) {
    assert.equal(splitModelRef(ref), undefined, JSON.stringify(ref));
  }
  fc.assert(
    fc.property(fc.stringMatching(idPattern), fc.string({ minLength: 1 }), (endpointId, modelId) => {
      const parts = splitModelRef(joinModelRef(endpointId, modelId));
      assert.ok(parts === undefined || (parts.endpointId === endpointId && parts.modelId === modelId));
    }),
  );
});
