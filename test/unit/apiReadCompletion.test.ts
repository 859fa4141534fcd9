import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  readCompletion,
  readCompletionList,
  readDeleted,
  readMessageList,
} from '../../src/core/api/readCompletion.ts';
import { sized } from '../support/sized.ts';

const odd = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(null, '', 0, -1, [], {}, [null], 'x'));

/** An object with some of these fields, each with what it should be or with anything. */
function record(fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<unknown> {
  const entries = Object.entries({ ...fields, ['__proto__']: odd, constructor: odd });
  return fc
    .tuple(
      ...entries.map(([name, value]) =>
        fc.option(fc.tuple(fc.constant(name), fc.oneof(value, odd)), { nil: undefined }),
      ),
    )
    .map((kept) => Object.fromEntries(kept.filter((entry) => entry !== undefined)));
}

const called = record({ name: fc.string(), arguments: fc.string(), input: fc.string() });
const message = record({
  id: fc.string({ minLength: 1 }),
  role: fc.constantFrom('assistant', 'user'),
  content: fc.string(),
  refusal: fc.string(),
  tool_calls: fc.array(
    record({ id: fc.string(), type: fc.string(), index: fc.nat(), function: called, custom: called }),
  ),
  function_call: called,
  audio: record({ id: fc.string(), data: fc.string() }),
  annotations: fc.array(odd),
});
const completion = record({
  id: fc.string({ minLength: 1 }),
  created: fc.nat(),
  model: fc.string(),
  choices: fc.array(
    record({
      index: fc.nat(3),
      message,
      finish_reason: fc.string(),
      logprobs: record({ content: fc.array(odd) }),
    }),
  ),
  usage: record({ prompt_tokens: fc.nat() }),
  metadata: fc.dictionary(fc.string(), fc.string()),
});

describe('what a server sends about stored completions', () => {
  test('is read, whatever it is, and never thrown at', () => {
    let read = 0;
    fc.assert(
      fc.property(completion, (value) => {
        const before = JSON.stringify(value);
        const result = readCompletion(value);
        assert.equal(JSON.stringify(value), before);
        if (result === undefined) return;
        read += 1;
        assert.ok(typeof result.id === 'string' && result.id !== '' && Array.isArray(result.choices));
        for (const choice of result.choices) {
          assert.ok(Number.isSafeInteger(choice.index) && typeof choice.message.role === 'string');
          assert.ok(choice.message.content === null || typeof choice.message.content === 'string');
          for (const call of choice.message.tool_calls ?? []) {
            assert.equal(typeof call.id, 'string');
            assert.equal(
              typeof (call.type === 'custom' ? call.custom.input : call.function.arguments),
              'string',
            );
          }
        }
        JSON.stringify(result);
      }),
      { numRuns: sized(2000) },
    );
    assert.ok(read > sized(2000) / 7, `${read} were read`);
  });

  test('is a page only where it has a list, and its items are those that have an id', () => {
    const page = record({
      data: fc.array(fc.oneof(completion, message)),
      has_more: fc.boolean(),
      last_id: fc.string(),
    });
    fc.assert(
      fc.property(page, (value) => {
        for (const read of [readCompletionList, readMessageList]) {
          const result = read(value);
          if (result === undefined) continue;
          assert.equal(typeof result.has_more, 'boolean');
          for (const { id } of result.data) assert.ok(typeof id === 'string' && id !== '');
        }
      }),
      { numRuns: sized(1000) },
    );
    for (const value of [null, 5, [], { data: null }, { data: {} }]) {
      assert.equal(readCompletionList(value), undefined);
      assert.equal(readMessageList(value), undefined);
    }
  });

  test('is a deletion only where it says whether it was done', () => {
    fc.assert(
      fc.property(record({ id: fc.string(), deleted: fc.boolean() }), (value) => {
        const result = readDeleted(value);
        assert.ok(result === undefined || (result.id !== '' && typeof result.deleted === 'boolean'));
      }),
    );
    assert.equal(readDeleted({ id: 'c1', deleted: 'yes' }), undefined);
    assert.deepEqual(readDeleted({ id: 'c1', deleted: false, object: '' }), {
      object: 'chat.completion.deleted',
      id: 'c1',
      deleted: false,
    });
  });
});
