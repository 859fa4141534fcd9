import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ReplyReader } from '../../src/api/replyReader.ts';
import type { Delta } from '../../src/core/completion.ts';
import type { Reply } from '../../src/core/reading.ts';
import { assertDeltasAddUp } from '../support/replies/addUp.ts';
import { checkCut, endings, expectedOf, recordedStreams, serveCut } from '../support/replies/cuts.ts';
import { seeded } from '../support/replies/seeded.ts';
import * as at from './clientServer.ts';

/*
 * A reply that is cut off anywhere: what had arrived is there, once; and nothing is called complete that is not.
 */

const contentOf = (deltas: readonly Delta[]): string =>
  deltas.map((delta) => (delta.type === 'content' ? delta.text : '')).join('');

/** Everything in a reply that grows, as one text for each choice and field. */
function textsIn({ choices }: Reply): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { index, message } of choices) {
    for (const field of ['content', 'reasoning', 'refusal'] as const) {
      texts.set(`${index} ${field}`, message[field] ?? '');
    }
    for (const [place, { function: called, custom }] of (message.tool_calls ?? []).entries()) {
      texts.set(`${index} call ${place}`, called?.arguments ?? custom?.input ?? '');
    }
  }
  return texts;
}

describe('A stream cut at every byte', () => {
  for (const { name, bytes, wanted } of recordedStreams) {
    test(`keeps its text and is complete only where it said so: ${name}`, () => {
      let before: ReadonlyMap<string, string> = new Map();
      for (let length = 0; length <= bytes.length; length++) {
        const prefix = bytes.subarray(0, length);
        const reader = new ReplyReader('text/event-stream', wanted);
        const deltas = [...reader.push(prefix)];
        const last = reader.end();
        deltas.push(...last.deltas);
        const { text, over } = expectedOf(prefix, wanted);
        assert.equal(contentOf(deltas), text, `cut at ${length}`);
        const is = last.outcome === 'complete' || last.outcome === 'empty';
        assert.equal(is, over, `cut at ${length}: ${last.outcome}`);
        assert.equal(last.outcome === 'error', false, `cut at ${length}`);
        assertDeltasAddUp(deltas, reader.reply());
        // A byte more never takes anything away: thoughts and calls too are there once, as far as they came.
        const now = textsIn(reader.reply());
        for (const [what, earlier] of before) {
          assert.ok(now.get(what)?.startsWith(earlier), `cut at ${length}: ${what}`);
        }
        before = now;
      }
    });

    test(`is read the same at every split into two: ${name}`, () => {
      const read = (...pieces: readonly Uint8Array[]): string => {
        const reader = new ReplyReader('text/event-stream', wanted);
        for (const piece of pieces) reader.push(piece);
        reader.end();
        return JSON.stringify(reader.reply());
      };
      const whole = read(bytes);
      for (let place = 1; place < bytes.length; place++) {
        assert.equal(read(bytes.subarray(0, place), bytes.subarray(place)), whole, `split at ${place}`);
      }
    });
  }
});

// Every place is tried in test/long/replyCuts.test.ts.
describe('A connection cut while a stream arrives', { concurrency: 8 }, () => {
  for (const [stream, { name, bytes }] of recordedStreams.entries()) {
    test(`keeps what had arrived, however it is cut: ${name}`, async () => {
      await using server = await at.serveRaw(serveCut);
      await at.withTransport(async (transport) => {
        const random = seeded(stream);
        for (const by of endings) {
          const places = Array.from({ length: 6 }, () => Math.floor(random() * (bytes.length + 1)));
          for (const length of [0, ...places]) await checkCut(transport, server, stream, length, by);
        }
      });
    });
  }
});
