import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { EventStream } from '../../src/api/eventStream.ts';

/* The event-stream vectors of the web platform tests, the HTML standard and Chromium. */

interface SseCase {
  readonly name: string;
  readonly wire: string;
  readonly events: readonly { readonly t?: string; readonly d: string }[];
}

// The file is ours; a wrong shape fails below.
const cases = JSON.parse(
  readFileSync(new URL('../support/fixtures/sse-cases.json', import.meta.url), 'utf8'),
) as readonly SseCase[];

interface Seen {
  readonly events: { readonly t?: string; readonly d: string }[];
  readonly unknown: string[];
  tooLong: number;
}

function read(pieces: readonly string[], { end = false, limit = 1_000_000 } = {}): Seen {
  const seen: Seen = { events: [], unknown: [], tooLong: 0 };
  const stream = new EventStream(limit, {
    onEvent: (t, d) => seen.events.push(t === undefined ? { d } : { t, d }),
    onSign: () => {},
    onUnknown: (field, value) => seen.unknown.push(`${field}=${value}`),
    onTooLong: () => seen.tooLong++,
  });
  for (const piece of pieces) stream.push(piece);
  if (end) stream.end();
  return seen;
}

test('there are 25 vectors', () => {
  assert.equal(cases.length, 25);
});

for (const { name, wire, events } of cases) {
  test(`${name} gives the events of the standard, however it is cut`, () => {
    const wanted = events.map(({ t, d }) => (t === undefined ? { d } : { t, d }));
    assert.deepEqual(read([wire]).events, wanted);
    assert.deepEqual(read([...wire]).events, wanted);
    for (let place = 1; place < wire.length; place++) {
      assert.deepEqual(read([wire.slice(0, place), wire.slice(place)]).events, wanted, `cut at ${place}`);
    }
  });
}

describe('Different from the standard', () => {
  test('the last event counts although the body ends before its blank line', () => {
    for (const tail of ['data:b', 'data:b\n', 'data:b\r', 'data:b\r\n']) {
      assert.deepEqual(read([`data:a\n\n${tail}`], { end: true }).events, [{ d: 'a' }, { d: 'b' }]);
    }
  });

  test('a field that nobody knows is reported whole, however its line is cut', () => {
    const wire = 'error: {"code":400}\n\ndata: x\n\n';
    for (let place = 1; place < wire.length; place++) {
      const seen = read([wire.slice(0, place), wire.slice(place)]);
      assert.deepEqual([seen.unknown, seen.events], [['error={"code":400}'], [{ d: 'x' }]]);
    }
  });
});

test('a line and an event have a limit, after which nothing is read', () => {
  const long = 'x'.repeat(60);
  for (const pieces of [
    [`data:${long}${long}`],
    [`data:${long}`, long],
    [`data:${long}\n`, `data:${long}\n`],
  ]) {
    const seen = read([...pieces, '\n\ndata:after\n\n'], { limit: 100, end: true });
    assert.deepEqual([seen.tooLong, seen.events], [1, []]);
  }
});
