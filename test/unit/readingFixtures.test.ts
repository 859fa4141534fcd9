import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ReplyReader } from '../../src/api/replyReader.ts';
import type { Delta } from '../../src/core/completion.ts';
import type { Reply } from '../../src/core/reading.ts';
import type { Thoughts } from '../../src/core/readingThoughts.ts';
import { assertDeltasAddUp } from '../support/replies/addUp.ts';
import { type Fixture, fixtureNames, loadFixture } from '../support/replies/fixtures.ts';
import { seeded } from '../support/replies/seeded.ts';

/* Recorded habits of servers: each stream with the message that it stands for. */

function readIn(
  fixture: Fixture,
  pieces: Iterable<Uint8Array>,
  thoughts: Thoughts = 'fields',
): { reply: Reply; deltas: readonly Delta[] } {
  const reader = new ReplyReader(fixture.http.headers['content-type'], fixture.request.n ?? 1, thoughts);
  const deltas: Delta[] = [];
  for (const piece of pieces) deltas.push(...reader.push(piece));
  deltas.push(...reader.end().deltas);
  return { reply: reader.reply(), deltas };
}

/** The reply in the words of the fixtures, which know nothing of fields that are only passed on. */
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
    choices: reply.choices.map((choice) => {
      const { reasoning_field: _, extra: __, ...message } = choice.message;
      return {
        index: choice.index,
        message,
        finish_reason: choice.finishReason,
        raw_finish_reason: choice.rawFinishReason,
      };
    }),
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

function* cut(bytes: Uint8Array, nextSize: () => number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length;) {
    const size = nextSize();
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

test('there are streams to read', () => {
  assert.ok(fixtureNames.length >= 60, `${fixtureNames.length} fixtures`);
});

for (const name of fixtureNames) {
  describe(name, () => {
    const { fixture, bytes } = loadFixture(name);

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

    const split = fixture.expected['think_split'];
    if (split !== undefined) {
      test('gives the thoughts apart where that is asked for, however it is cut', () => {
        const thoughts = name.includes('missing-open') ? 'closingTag' : 'tags';
        for (let size = 1; size <= bytes.length; size = size * 2 + 1) {
          const { reply, deltas } = readIn(
            fixture,
            cut(bytes, () => size),
            thoughts,
          );
          const { content, reasoning } = reply.choices[0]?.message ?? {};
          assert.deepEqual({ content, reasoning }, split, `in pieces of ${size}`);
          assertDeltasAddUp(deltas, reply);
        }
      });
    }

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

describe('What the fixtures do not expect is passed on', () => {
  const replyTo = (name: string): Reply => {
    const { fixture, bytes } = loadFixture(name);
    return readIn(fixture, [bytes]).reply;
  };

  test('from the reply, its choice, its message and its tool calls', () => {
    const unknown = replyTo('unknown-finish-and-extra-fields');
    assert.deepEqual(unknown.extra, { vendor_y: 1 });
    assert.deepEqual(unknown.choices[0]?.message.extra, { vendor_x: { a: [1] } });
    assert.deepEqual(replyTo('vllm-reasoning-stop-reason').choices[0]?.extra, { stop_reason: 151_645 });
    const azure = replyTo('azure-prompt-filter-first');
    assert.ok(Array.isArray(azure.extra?.['prompt_filter_results']));
    assert.ok('content_filter_results' in (azure.choices[0]?.extra ?? {}));
    const [call] = replyTo('gemini-tool-no-index-signature').choices[0]?.message.tool_calls ?? [];
    assert.ok(call?.['extra_content']);
  });

  test('except for padding', () => {
    const { extra, created, service_tier, system_fingerprint } = replyTo('openai-text-usage');
    assert.deepEqual(
      [extra, created, service_tier, system_fingerprint],
      [undefined, 1_760_000_000, 'default', 'fp_a'],
    );
  });

  test('with the name of the field that the thoughts came in', () => {
    const fieldOf = (name: string) => replyTo(name).choices[0]?.message.reasoning_field;
    assert.equal(fieldOf('deepseek-reasoning-tool'), 'reasoning_content');
    assert.equal(fieldOf('vllm-reasoning-stop-reason'), 'reasoning');
    assert.equal(fieldOf('openai-text-usage'), undefined);
  });
});
