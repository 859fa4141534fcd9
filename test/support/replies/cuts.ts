import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type net from 'node:net';
import { streamChatCompletion } from '../../../src/api/client.ts';
import type { Transport } from '../../../src/api/transport.ts';
import { failureOf } from '../../../src/core/completionError.ts';
import { asList, asRecord, parseJson } from '../../../src/core/readingRecord.ts';
import * as at from '../../api/clientServer.ts';

/** One recorded stream; `wanted` is the request's `n`. */
export interface RecordedStream {
  readonly name: string;
  readonly bytes: Buffer;
  readonly wanted: number;
}

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

const plain = recorded.map((name): RecordedStream => {
  const bytes = readFileSync(new URL(`../fixtures/streams/${name}.sse`, import.meta.url));
  return { name, bytes, wanted: name.includes('n2') ? 2 : 1 };
});
const openai = plain[0]?.bytes.toString() ?? '';

/** Streams of many servers; the first also with other line ends, comments and characters of several bytes. */
export const recordedStreams: readonly RecordedStream[] = [
  ...plain,
  { name: 'with CRLF', bytes: Buffer.from(openai.replaceAll('\n', '\r\n')), wanted: 1 },
  {
    name: 'with comments and emoji',
    bytes: Buffer.from(openai.replaceAll('"lo"', '"lö 👩‍🚀€"').replaceAll('\n\n', '\n\n: waiting 👋\n\n')),
    wanted: 1,
  },
];

/** What has to be there: read in the plainest way, from the lines that arrived whole. */
export function expectedOf(
  prefix: Uint8Array,
  wanted: number,
): { readonly text: string; readonly over: boolean } {
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

/** How a connection ends in the middle: orderly, by a reset, or never. */
export const endings = ['FIN', 'RST', 'silence'] as const;
export type CutBy = (typeof endings)[number];

/** Milliseconds. */
const idle = 60;

/** Answers with the first bytes of a stream and ends as asked: `/<stream>/<length>/<ending>/<wait>/v1/...`. */
export function serveCut(socket: net.Socket, { line }: at.SeenRequest): void {
  const [, stream = '', length = '', by, wait = ''] = (line.split(' ')[1] ?? '').split('/');
  const bytes = recordedStreams[Number(stream)]?.bytes ?? Buffer.alloc(0);
  // Within a chunk that promises more, so that no end looks like a good one.
  socket.write(`${at.chunkedHead}${bytes.length.toString(16)}\r\n`);
  socket.write(bytes.subarray(0, Number(length)), () => {
    if (by === 'FIN') socket.end();
    // Given time to arrive: a reset throws away what the other side has not read.
    if (by === 'RST') setTimeout(() => socket.resetAndDestroy(), Number(wait));
  });
}

/** Reads a stream that is cut after `length` bytes from `serveCut`, and looks at all that came of it. */
export async function checkCut(
  transport: Transport,
  server: at.RawServer,
  stream: number,
  length: number,
  by: CutBy,
): Promise<void> {
  const { bytes, wanted, name } = recordedStreams[stream] ?? assert.fail('There is no such stream.');
  const must = expectedOf(bytes.subarray(0, length), wanted);
  // On a busy machine a reset may overtake what was sent before it: the second time it waits for longer.
  for (const wait of by === 'RST' ? [10, 500] : [0]) {
    const baseUrl = `http://127.0.0.1:${server.port}/${stream}/${length}/${by}/${wait}/v1`;
    const isSilent = by === 'silence';
    // Until the first byte of the body another limit holds.
    const timeouts = { idleMs: isSilent ? idle : 5000, firstByteMs: isSilent && length === 0 ? idle : 5000 };
    const endpoint = at.endpointAt(baseUrl, { timeouts });
    const { text, deltas, error } = await at.collect(
      streamChatCompletion(
        { endpoint, key: undefined, transport },
        { ...at.request, n: wanted },
        new AbortController().signal,
      ),
    );
    if (text !== must.text && wait === 10) continue;
    const where = `${name} after ${length} bytes by ${by}`;
    assert.equal(text, must.text, where);
    assert.equal(
      deltas.some(({ type }) => type === 'done'),
      must.over,
      where,
    );
    // The messages come before the error is raised, and hold what was told before.
    const told = deltas
      .map((delta) => (delta.type === 'message' ? (delta.message.content ?? '') : ''))
      .join('');
    assert.equal(told.length, text.length, where);
    if (must.over) assert.equal(error, undefined, where);
    else assert.equal(failureOf(error).kind, isSilent ? 'stalled' : 'cut', where);
    return;
  }
}
