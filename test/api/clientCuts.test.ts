import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { streamChatCompletion } from '../../src/api/client.ts';
import { ReplyReader } from '../../src/api/replyReader.ts';
import { failureOf } from '../../src/core/completionError.ts';
import type { Delta } from '../../src/core/completion.ts';
import { asList, asRecord, parseJson } from '../../src/core/readingRecord.ts';
import * as at from './clientServer.ts';

/*
 * A reply that is cut off anywhere: what had arrived is there, once; and nothing is called complete that is not.
 */

const recorded = [
  'openai-text-usage',
  'openai-tools-parallel',
  'openai-n2-interleaved',
  'openai-refusal',
  'azure-prompt-filter-first',
  'vllm-reasoning-stop-reason',
  'llamacpp-text-timings',
  'ollama-parallel-index0',
  'lmstudio-role-each-reasoning-content',
  'openrouter-annotations-images',
  'deepseek-reasoning-keepalive',
  'mistral-thinking-array',
  'gemini-indexless-continuation',
  'sse-cr-only',
  'sse-bom-event-id-retry',
  'usage-chunk-choices-null',
];

const streams = recorded.map((name) => {
  const bytes = readFileSync(new URL(`../support/fixtures/streams/${name}.sse`, import.meta.url));
  return { name, bytes, wanted: name.includes('n2') ? 2 : 1 };
});
// The same with the line ends of other servers.
const openai = streams[0]?.bytes.toString() ?? '';
streams.push({ name: 'with CRLF', bytes: Buffer.from(openai.replaceAll('\n', '\r\n')), wanted: 1 });

/** What has to be there: read in the plainest way, from the lines that arrived whole. */
function expected(prefix: Uint8Array, wanted: number): { readonly text: string; readonly over: boolean } {
  let text = '';
  const finished = new Map<number, boolean>();
  for (const line of Buffer.from(prefix)
    .toString()
    .split(/\r\n|\n|\r/)) {
    if (/^data: ?\[DONE\]$/.test(line)) return { text, over: true };
    for (const item of asList(asRecord(parseJson(line.replace(/^data: ?/, '')))?.['choices'])) {
      const choice = asRecord(item);
      const index = Number(choice?.['index'] ?? 0);
      finished.set(index, finished.get(index) === true || typeof choice?.['finish_reason'] === 'string');
      const content = asRecord(choice?.['delta'])?.['content'];
      const parts = asList(content).map((part) => asRecord(part)?.['text']);
      for (const part of [content, ...parts]) if (typeof part === 'string') text += part;
    }
  }
  return { text, over: finished.size >= Math.min(wanted, 1) && [...finished.values()].every(Boolean) };
}

const contentOf = (deltas: readonly Delta[]): string =>
  deltas.map((delta) => (delta.type === 'content' ? delta.text : '')).join('');

describe('A stream cut at every byte', () => {
  for (const { name, bytes, wanted } of streams) {
    test(`keeps its text and is complete only where it said so: ${name}`, () => {
      for (let length = 0; length <= bytes.length; length++) {
        const prefix = bytes.subarray(0, length);
        const reader = new ReplyReader('text/event-stream', wanted);
        const deltas = [...reader.push(prefix)];
        const last = reader.end();
        deltas.push(...last.deltas);
        const { text, over } = expected(prefix, wanted);
        assert.equal(contentOf(deltas), text, `cut at ${length}`);
        const is = last.outcome === 'complete' || last.outcome === 'empty';
        assert.equal(is, over, `cut at ${length}: ${last.outcome}`);
        assert.equal(last.outcome === 'error', false, `cut at ${length}`);
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

test('a stream that is cut, cut again, mixed with others and damaged raises nothing and hangs nowhere', () => {
  const words = [
    'data: ',
    '\n\n',
    '\r',
    'event: error\n',
    '[DONE]',
    '{"choices":',
    'null',
    '\u{FEFF}',
    ':',
    '}',
    '\0',
    '"__proto__":',
  ];
  const piece = fc.oneof(
    fc.tuple(fc.nat(streams.length - 1), fc.nat(3000), fc.nat(400)).map(([which, from, size]) => {
      const { bytes } = streams[which] ?? { bytes: Buffer.alloc(0) };
      return bytes.subarray(from % bytes.length, (from % bytes.length) + size);
    }),
    fc.constantFrom(...words).map((word) => Buffer.from(word)),
    fc.uint8Array({ maxLength: 20 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.integer({ min: 1, max: 64 }), (pieces, size) => {
      const bytes = Buffer.concat(pieces);
      const read = (step: number): readonly unknown[] => {
        const reader = new ReplyReader(undefined);
        const deltas: Delta[] = [];
        for (let start = 0; start < bytes.length; start += step)
          deltas.push(...reader.push(bytes.subarray(start, start + step)));
        const { outcome, deltas: rest } = reader.end();
        return [outcome, contentOf([...deltas, ...rest]), reader.reply().problem, reader.reply().choices];
      };
      assert.deepEqual(read(size), read(Math.max(1, bytes.length)));
    }),
    { numRuns: Number(process.env['COLLOQUY_FUZZ_RUNS'] ?? 3000) },
  );
});

describe('A connection cut while a stream arrives', { concurrency: 8 }, () => {
  const never = new AbortController().signal;
  const ways = ['FIN', 'RST', 'silence'] as const;
  /** Some places of every stream, never the same distance apart. */
  const places = (length: number): readonly number[] =>
    [0, 1, 2, 3, 4, 5, 6].map((n) => Math.floor((length * n) / 6.05 + n));

  for (const { name, bytes, wanted } of streams) {
    for (const way of ways) {
      test(`by ${way} keeps what had arrived: ${name}`, async () => {
        for (const length of places(bytes.length)) {
          await using server = await at.serveRaw((socket) => {
            const sent = bytes.subarray(0, length);
            // Within a chunk that promises more, so that no end looks like a good one.
            socket.write(`${at.chunkedHead}${bytes.length.toString(16)}\r\n`);
            socket.write(sent, () => {
              if (way === 'FIN') socket.end();
              // Given time to arrive: a reset throws away what the other side has not read.
              if (way === 'RST') setTimeout(() => socket.resetAndDestroy(), 15);
            });
          });
          await at.withTransport(async (transport) => {
            // Until the first piece of the body it is the other limit that holds.
            const limitMs = way === 'silence' ? 60 : 5000;
            const endpoint = at.endpointAt(server.baseUrl, {
              timeouts: { firstByteMs: limitMs, idleMs: limitMs },
            });
            const request = { ...at.request, n: wanted };
            const connection = { endpoint, key: undefined, transport };
            const { text, deltas, error } = await at.collect(
              streamChatCompletion(connection, request, never),
            );
            const must = expected(bytes.subarray(0, length), wanted);
            assert.equal(text, must.text, `after ${length} bytes`);
            assert.equal(
              deltas.some(({ type }) => type === 'done'),
              must.over,
              `after ${length} bytes`,
            );
            if (must.over) assert.equal(error, undefined);
            else assert.equal(failureOf(error).kind, way === 'silence' ? 'stalled' : 'cut');
          });
        }
      });
    }
  }
});
