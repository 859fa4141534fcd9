import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Delta } from '../../src/core/completion.ts';
import { Reading, type Reply } from '../../src/core/reading.ts';
import { assertDeltasAddUp } from '../support/replies/addUp.ts';
import { sized } from '../support/sized.ts';

type Fields = Readonly<Record<string, unknown>>;

const chunk = (delta: Fields, more: Fields = {}): Fields => ({ choices: [{ index: 0, delta, ...more }] });
const calls = (...tool_calls: readonly Fields[]): Fields => chunk({ tool_calls });
const finish = chunk({}, { finish_reason: 'stop' });

/** The deltas of each event apart. */
function read(chunks: readonly unknown[]): { deltas: readonly (readonly Delta[])[]; reply: Reply } {
  const reading = new Reading();
  const deltas = chunks.map((it) => {
    reading.event(undefined, typeof it === 'string' ? it : JSON.stringify(it));
    return reading.take();
  });
  reading.end();
  const all = [...deltas, reading.take()];
  assertDeltasAddUp(all.flat(), reading.reply());
  return { deltas: all, reply: reading.reply() };
}

describe('A tool call', () => {
  test('is told piece by piece, each with what is new in it', () => {
    const { deltas } = read([
      calls({ index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '' } }),
      calls({ index: 0, function: { arguments: '{"x"' } }),
      calls({ index: 0, id: 'a', function: { name: 'f', arguments: ':1}' } }),
      calls({ index: 1, id: 'b', custom: { name: 'g', input: 'raw' } }),
      finish,
    ]);
    const toolCall = (index: number, text: string, more: Fields = {}): Fields => ({
      type: 'toolCall',
      choice: 0,
      index,
      ...more,
      text,
    });
    assert.deepEqual(deltas.slice(0, 4), [
      [toolCall(0, '', { id: 'a', kind: 'function', name: 'f' })],
      [toolCall(0, '{"x"')],
      [toolCall(0, ':1}')],
      [toolCall(1, 'raw', { id: 'b', kind: 'custom', name: 'g' })],
    ]);
  });

  test('tells an id and a name that come late when they come', () => {
    const { deltas } = read([
      calls({ index: 0 }),
      calls({ index: 0, function: { arguments: '{' } }),
      calls({ index: 0, id: 'late', function: { name: 'f', arguments: '}' } }),
    ]);
    assert.deepEqual(
      deltas.slice(0, 3).map(([delta]) => delta?.type === 'toolCall' && [delta.id, delta.kind, delta.name]),
      [
        [undefined, undefined, undefined],
        [undefined, 'function', undefined],
        ['late', undefined, 'f'],
      ],
    );
  });

  test('adds up to what the message says, whatever a server does with ids, indexes and names', () => {
    const piece = fc.record(
      {
        index: fc.constantFrom<unknown>(0, 1, 2, 7, -1, '0', null),
        id: fc.constantFrom<unknown>('a', 'b', '', null, 5),
        type: fc.constantFrom<unknown>('function', 'custom', '', null),
        function: fc.record(
          {
            name: fc.constantFrom<unknown>('f', 'g', '', null),
            arguments: fc.constantFrom<unknown>('{', '}', '', null, { x: 1 }),
          },
          { requiredKeys: [] },
        ),
        custom: fc.record({ name: fc.constant('c'), input: fc.constant('in') }),
        extra_content: fc.constantFrom<unknown>({ s: 1 }, null),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(fc.array(piece, { maxLength: 3 }), { maxLength: 8 }), (all) => {
        read([...all.map((pieces) => calls(...pieces)), finish, '[DONE]']);
      }),
      { numRuns: sized(2000) },
    );
  });
});

describe('The message of a choice', () => {
  const ends: Readonly<Record<string, readonly unknown[]>> = {
    'a finish': [finish],
    '[DONE]': ['[DONE]'],
    'nothing at all': [],
    'an error': [{ error: { message: 'broke' } }],
    'no JSON': ['broke'],
  };
  for (const [end, last] of Object.entries(ends)) {
    test(`is told once where a reply ends with ${end}`, () => {
      const { deltas } = read([chunk({ content: 'x', annotations: [{ a: 1 }] }), ...last]);
      const [message] = deltas.flat().filter((it) => it.type === 'message');
      assert.deepEqual(message?.message, { role: 'assistant', content: 'x', annotations: [{ a: 1 }] });
    });
  }

  test('has the log probabilities of its choice beside it', () => {
    const logprobs = (key: string, token: string): Fields =>
      chunk({ content: token }, { logprobs: { [key]: [{ token }] } });
    const { deltas } = read([logprobs('content', 'a'), logprobs('refusal', 'b'), logprobs('content', 'c')]);
    const message = deltas.flat().find((it) => it.type === 'message');
    assert.deepEqual(message?.logprobs, {
      content: [{ token: 'a' }, { token: 'c' }],
      refusal: [{ token: 'b' }],
    });
  });

  test('holds sound and transcript joined, and the id and the expiry as they came', () => {
    const { reply } = read([
      chunk({ audio: { id: 'audio_1', transcript: 'Go', data: 'AAAA' } }),
      chunk({ audio: { transcript: 'od', data: 'BBBB', expires_at: 0, format: 'pcm16' } }),
      chunk({ audio: { id: null, expires_at: 5 } }),
      '[DONE]',
    ]);
    const audio = { id: 'audio_1', transcript: 'Good', data: 'AAAABBBB', expires_at: 5, format: 'pcm16' };
    assert.deepEqual(reply.choices[0]?.message.audio, audio);
  });

  test('is not doubled where a server says it all once more', () => {
    const call = { index: 0, id: 'a', function: { name: 'f', arguments: '{}' } };
    const message = {
      content: 'Hello, you',
      reasoning_content: 'hm',
      refusal: 'no',
      tool_calls: [call],
      annotations: [1, 2],
    };
    const { reply } = read([
      chunk({ content: 'Hello', reasoning_content: 'hm', annotations: [1] }),
      calls(call),
      { choices: [{ index: 0, message, finish_reason: 'stop' }] },
      '[DONE]',
    ]);
    const said = reply.choices[0]?.message;
    assert.deepEqual(
      [said?.content, said?.reasoning, said?.refusal, said?.tool_calls?.length, said?.annotations],
      ['Hello, you', 'hm', 'no', 1, [1]],
    );
  });

  test('is added up where a server calls every piece a message', () => {
    const piece = { choices: [{ message: { content: 'ha' } }] };
    assert.equal(read([piece, piece, finish]).reply.choices[0]?.message.content, 'haha');
  });
});

describe('A field that nobody knows', () => {
  test('is kept with its last value that is not null', () => {
    const { reply } = read([
      { ...chunk({ a: 1 }, { b: [1] }), c: 'x' },
      { ...chunk({ a: null }, { b: [2] }), c: 'y', d: false },
    ]);
    const [choice] = reply.choices;
    assert.deepEqual(
      [choice?.message.extra, choice?.extra, reply.extra],
      [{ a: 1 }, { b: [2] }, { c: 'y', d: false }],
    );
  });

  test('may be called __proto__', () => {
    const text =
      '{"__proto__":{"x":1},"choices":[{"__proto__":{"x":1},"delta":{"__proto__":{"x":1},"content":"a"}}]}';
    const { reply } = read([text]);
    for (const extra of [reply.extra, reply.choices[0]?.extra, reply.choices[0]?.message.extra]) {
      assert.deepEqual(Object.getOwnPropertyNames(extra), ['__proto__']);
      assert.equal(Object.getPrototypeOf(extra), Object.prototype);
    }
    assert.equal('x' in {}, false);
  });

  test('is dropped beyond 64 names and a million characters', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`f${i}`, i]));
    assert.equal(Object.keys(read([chunk(many)]).reply.choices[0]?.message.extra ?? {}).length, 64);
    const big = 'x'.repeat(400_000);
    const { reply } = read(['a', 'b', 'c', 'a'].map((name) => chunk({ [name]: big })));
    assert.deepEqual(Object.keys(reply.choices[0]?.message.extra ?? {}), ['a', 'b']);
  });
});
