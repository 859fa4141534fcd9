import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { ReplyReader } from '../../src/api/replyReader.ts';
import type { Delta } from '../../src/core/completion.ts';
import type { Reply } from '../../src/core/reading.ts';

/* Recorded habits of servers: each stream with the message that it stands for. */

const folder = new URL('../support/fixtures/streams/', import.meta.url);

interface Fixture {
  readonly name: string;
  readonly request: { readonly n?: number };
  readonly http: { readonly headers: Readonly<Record<string, string>> };
  readonly expected: Readonly<Record<string, unknown>> & {
    readonly error: Readonly<Record<string, unknown>> | null;
  };
}

const names = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length));

function load(name: string): { readonly fixture: Fixture; readonly bytes: Uint8Array } {
  // The fixtures are ours and their shape is checked by every test below.
  const fixture = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as Fixture;
  return { fixture, bytes: readFileSync(new URL(`${name}.sse`, folder)) };
}

function readIn(fixture: Fixture, pieces: Iterable<Uint8Array>): { reply: Reply; deltas: readonly Delta[] } {
  const reader = new ReplyReader(fixture.http.headers['content-type'], fixture.request.n ?? 1);
  const deltas: Delta[] = [];
  for (const piece of pieces) deltas.push(...reader.push(piece));
  deltas.push(...reader.end().deltas);
  return { reply: reader.reply(), deltas };
}

/** The reply in the words of the fixtures. */
function inFixtureWords(reply: Reply): Record<string, unknown> {
  const error = reply.problem?.type === 'server' ? reply.problem.error : undefined;
  return {
    outcome: reply.outcome,
    done_sentinel: reply.sawDone,
    id: reply.id,
    model: reply.model,
    usage: reply.usage,
    error:
      error === undefined
        ? null
        : { message: error.message, type: error.type, code: error.code, param: error.param },
    choices: reply.choices.map((choice) => ({
      index: choice.index,
      message: choice.message,
      finish_reason: choice.finishReason,
      raw_finish_reason: choice.rawFinishReason,
    })),
  };
}

function expectedWords({ expected }: Fixture): Record<string, unknown> {
  const { outcome, done_sentinel, id, model, usage, choices, error } = expected;
  const plain = error && {
    message: error['message'],
    type: error['type'],
    code: error['code'],
    param: error['param'],
  };
  return { outcome, done_sentinel, id, model, usage, error: plain, choices };
}

/** What the deltas add up to has to be what the reply holds. */
function assertDeltasAddUp(deltas: readonly Delta[], reply: Reply): void {
  for (const { index, message, finishReason } of reply.choices) {
    const text = (type: Delta['type']): string =>
      deltas.map((it) => (it.type === type && 'text' in it && it.choice === index ? it.text : '')).join('');
    assert.equal(text('content'), message.content ?? '');
    assert.equal(text('reasoning'), message.reasoning ?? '');
    assert.equal(text('refusal'), message.refusal ?? '');
    const finishes = deltas.filter((it) => it.type === 'finish' && it.choice === index);
    const last = finishes.at(-1);
    assert.equal(last?.type === 'finish' ? last.finishReason : null, finishReason);
  }
  const over = reply.outcome === 'complete' || reply.outcome === 'empty';
  assert.equal(deltas.filter((it) => it.type === 'done').length, over ? 1 : 0);
  assert.equal(deltas.at(-1)?.type === 'done', over);
}

function* cut(bytes: Uint8Array, nextSize: () => number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length;) {
    const size = nextSize();
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

/** The same numbers in every run: mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test('there are streams to read', () => {
  assert.ok(names.length >= 60, `${names.length} fixtures`);
});

for (const name of names) {
  describe(name, () => {
    const { fixture, bytes } = load(name);

    test('gives the expected message whole, byte by byte and in random pieces', () => {
      const expected = expectedWords(fixture);
      const whole = readIn(fixture, [bytes]);
      assert.deepEqual(inFixtureWords(whole.reply), expected);
      assertDeltasAddUp(whole.deltas, whole.reply);
      const single = readIn(
        fixture,
        cut(bytes, () => 1),
      );
      assert.deepEqual(inFixtureWords(single.reply), expected);
      assertDeltasAddUp(single.deltas, single.reply);
      for (let seed = 1; seed <= 20; seed++) {
        const random = seeded(seed);
        const pieces = readIn(
          fixture,
          cut(bytes, () => 1 + Math.floor(random() * 60)),
        );
        assert.deepEqual(inFixtureWords(pieces.reply), expected, `seed ${seed}`);
        assertDeltasAddUp(pieces.deltas, pieces.reply);
      }
    });

    if (fixture.expected['moderation'] !== undefined) {
      test('keeps the moderation results', () => {
        assert.deepEqual(readIn(fixture, [bytes]).reply.moderation, fixture.expected['moderation']);
      });
    }

    const extra = Object.keys(fixture.expected.error ?? {}).filter((key) => key === 'failed_generation');
    if (extra.length > 0) {
      test('keeps what the model wrote wrongly', () => {
        const { problem } = readIn(fixture, [bytes]).reply;
        assert.equal(
          problem?.type === 'server' && problem.error.cause,
          fixture.expected.error?.['failed_generation'],
        );
        assert.equal(problem?.type === 'server' && problem.error.status, fixture.expected.error?.['status']);
      });
    }
  });
}
