import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Delta } from '../../src/core/completion.ts';
import { Reading, type Reply } from '../../src/core/reading.ts';
import { RepeatedEvents } from '../../src/core/readingRepeat.ts';
import { sized } from '../support/sized.ts';

const event = (delta: unknown, more: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    id: 'c',
    model: 'm',
    choices: [{ index: 0, delta, finish_reason: null }],
    usage: null,
    ...more,
  });

/** What is made of the second event by one that has parsed the first. */
function second(first: string, next: string): unknown {
  const repeated = new RepeatedEvents();
  repeated.learn(first, JSON.parse(first));
  return repeated.read(next);
}

describe('An event that repeats the one before', () => {
  const text = (field: string, of: string, choice: unknown = 0): unknown => ({ field, choice, text: of });

  test('is read without parsing it, whichever field its text is in', () => {
    assert.deepEqual(second(event({ content: 'a' }), event({ content: 'b' })), text('content', 'b'));
    for (const field of ['reasoning', 'reasoning_content']) {
      const of = (it: string): string => event({ [field]: it, content: '' });
      assert.deepEqual(second(of('a'), of('b')), text(field, 'b'));
    }
  });

  test('may hold escaped characters, another padding and a space after the colon', () => {
    const odd = 'q"\\/\b\f\n\r\té\u{2028}';
    assert.deepEqual(
      second(event({ content: odd }), event({ content: `${odd}!` })),
      text('content', `${odd}!`),
    );
    const padded = (it: string, obfuscation: string): string => event({ content: it }, { obfuscation });
    assert.deepEqual(second(padded('a', 'xy'), padded('b', '')), text('content', 'b'));
    const python = (it: string): string => `{"choices": [{"index": 1, "delta": {"content": "${it}"}}]}`;
    assert.deepEqual(second(python('a'), python('\\u00e9')), text('content', 'é', 1));
  });

  test('is one whose difference is the text and nothing else', () => {
    const first = event({ content: 'a' });
    const others = [
      event({ content: 'b' }, { id: 'd' }),
      event({ content: 'b', tool_calls: [] }),
      first.replace('"finish_reason":null', '"finish_reason":"stop"'),
      first.replace('"a"', '"b\u{1}"'),
      first.replace('"a"', String.raw`"\x"`),
      first.replace('"a"', String.raw`"\u00g0"`),
      first.replace('"a"', '5'),
      first.replace('"a"', '"b","content":"c"'),
      `${first} `,
      first.slice(0, -1),
    ];
    for (const other of others) assert.equal(second(first, other), undefined, other);
  });

  test('is not learnt from one that says more than a text', () => {
    const more = [
      event({ content: 'a' }, { usage: { total_tokens: 1 } }),
      event({ content: 'a', reasoning: 'b' }),
      event({ content: 'a' }, { error: 'x' }),
      event({ content: 'a' }, { object: 'error' }),
      event({ content: 'filling' }),
      event({ content: 'a' }, { prompt: { content: 'a' } }),
      event({ content: ['a'] }),
      event({ tool_calls: [{ index: 0, function: { arguments: 'a' } }] }),
      event({ content: 'a' }, { choices: [1, 2] }),
      '{"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}',
      '{"choices":[{"delta":{"content":"a"},"logprobs":{"content":[]}}]}',
    ];
    for (const it of more) assert.equal(second(it, it), undefined, it);
  });

  test('is parsed once more after anything else: of some fields the last value counts', () => {
    const of = (service_tier: string, delta: unknown): string =>
      event(delta, { service_tier, vendor: service_tier });
    const between: readonly (readonly [string | undefined, string])[] = [
      [undefined, of('flex', { refusal: 'no' })],
      [undefined, `${of('flex', { refusal: 'no' })}\n${of('flex', { refusal: 'no' })}`],
      ['message', of('flex', { content: 'b' })],
    ];
    for (const [type, other] of between) {
      const reading = new Reading();
      const first = of('default', { content: 'a' });
      reading.event(undefined, first);
      reading.event(type, other);
      reading.event(undefined, first);
      assert.equal(reading.reply().service_tier, 'default', other);
      assert.deepEqual(reading.reply().extra, { vendor: 'default' }, other);
    }
  });

  test('is not looked for for ever where nothing repeats', () => {
    const repeated = new RepeatedEvents();
    const of = (id: number, content: string): string => event({ content }, { id });
    for (let id = 0; id < 1000; id++) repeated.learn(of(id, 'a'), JSON.parse(of(id, 'a')));
    assert.equal(repeated.read(of(999, 'b')), undefined);
  });
});

test('A stream is read the same whether or not its events repeat each other', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 4 }),
    fc.constantFrom('filling', '"', '\\', '\n', '","content":"', 'content', '\u{D800}', '</think>'),
  );
  const delta = fc.oneof(
    fc.record({ content: piece }),
    fc.record({ role: fc.constant('assistant'), content: piece }),
    fc.record({ content: fc.constant(''), reasoning: piece }),
    fc.record({ content: fc.constant(null), reasoning_content: piece }),
    fc.record({ refusal: piece }),
    fc.record({ content: piece, vendor: piece }),
  );
  const chunk = fc
    .tuple(
      delta,
      fc.constantFrom(
        {},
        { obfuscation: 'x' },
        { obfuscation: '' },
        { usage: { total_tokens: 1 } },
        { service_tier: 'a', vendor: 1 },
        { service_tier: 'b', vendor: 2 },
      ),
      fc.nat(1),
    )
    .map(([it, more, index]) => JSON.stringify({ id: 'c', choices: [{ index, delta: it }], ...more }));
  // Damaged in one place, or written in another way.
  const data = fc.oneof(
    { weight: 8, arbitrary: chunk },
    fc.tuple(chunk, fc.nat(200), piece).map(([it, at, junk]) => it.slice(0, at) + junk + it.slice(at)),
    chunk.map((it) =>
      it
        .replaceAll(':', ': ')
        .replaceAll(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
    ),
  );
  fc.assert(
    fc.property(fc.array(data, { maxLength: 24 }), (events) => {
      const read = (type: string | undefined): readonly [readonly Delta[], Reply] => {
        const reading = new Reading(2);
        for (const it of events) reading.event(type, it);
        reading.end();
        return [reading.take(), reading.reply()];
      };
      // An event that has a name is always parsed.
      assert.deepEqual(read(undefined), read('message'));
    }),
    { numRuns: sized(3000) },
  );
});
