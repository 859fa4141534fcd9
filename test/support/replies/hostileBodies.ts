import { constants, createBrotliCompress, createDeflate, createGzip } from 'node:zlib';
import { Readable, type Transform } from 'node:stream';

/** A body that means harm, or that is only very large. */
export interface HostileBody {
  readonly headers?: Readonly<Record<string, string>>;
  /** Its pieces, made while they are sent. `size` is 1 for the full size; less for a taste of it. */
  readonly pieces: (size: number) => Iterable<string | Uint8Array> | AsyncIterable<Uint8Array>;
  /** How the client has to end: `done`, or the kind of its failure and a word of its detail. */
  readonly ends: string;
}

const megabyte = 1024 * 1024;
const textEvent = (content: string, more = ''): string =>
  `data: {"choices":[{"index":0,"delta":{"content":"${content}"}}]${more}}\n\n`;
const end = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';

function* times(count: number, piece: string | Uint8Array): Generator<string | Uint8Array> {
  for (let left = Math.ceil(count); left > 0; left--) yield piece;
}

function* joined(...parts: readonly Iterable<string | Uint8Array>[]): Generator<string | Uint8Array> {
  for (const part of parts) yield* part;
}

function compressed(pieces: Iterable<string | Uint8Array>, by: Transform): AsyncIterable<Uint8Array> {
  // Made of pieces that are not objects, so what comes out are bytes.
  return Readable.from(pieces, { objectMode: false }).pipe(by) as AsyncIterable<Uint8Array>;
}

function bomb(encoding: string, create: () => Transform, piece: string, ends: string): HostileBody {
  const filler = Buffer.from(piece.repeat(Math.ceil(megabyte / piece.length)));
  return {
    headers: { 'content-encoding': encoding },
    pieces: (size) => compressed(joined(['data: '], times(1024 * size, filler)), create()),
    ends,
  };
}

const brotli = (): Transform => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
const deep = (open: string, close: string): string => open.repeat(100_000) + close.repeat(100_000);

function toolCalls(count: number): string {
  const calls = Array.from({ length: count }, (_, index) => `{"index":${index},"id":"c${index}"}`);
  return `data: {"choices":[{"index":0,"delta":{"tool_calls":[${calls.join(',')}]}}]}\n\n`;
}

/** Bodies and how reading them has to end; the full size of each is in its name. */
export const hostileBodies: Readonly<Record<string, HostileBody>> = {
  'a line of 1 GB': {
    pieces: (size) => joined(['data: {"x":"'], times(1024 * size, 'x'.repeat(megabyte))),
    ends: 'tooLarge event',
  },
  'an event of a million lines of 1 kB': {
    pieces: (size) => times(1000 * size, `data: ${'x'.repeat(1000)}\n`.repeat(1000)),
    ends: 'tooLarge event',
  },
  'ten million events': {
    pieces: (size) => times(10_000 * size, textEvent('x').repeat(1000)),
    ends: 'tooLarge events',
  },
  'ten million events without a text': {
    pieces: (size) => times(10_000 * size, 'data: 1\n\n'.repeat(1000)),
    ends: 'tooLarge events',
  },
  'a text of 1 GB': {
    pieces: (size) => times(1024 * size, textEvent('x'.repeat(megabyte))),
    ends: 'tooLarge reply',
  },
  'a text of 1 GB with two bytes for a character': {
    pieces: (size) => times(1024 * size, textEvent('€'.repeat(megabyte / 3))),
    ends: 'tooLarge reply',
  },
  'a JSON answer of 1 GB': {
    headers: { 'content-type': 'application/json' },
    pieces: (size) => joined(['{"x":"'], times(1024 * size, 'x'.repeat(megabyte))),
    ends: 'tooLarge answer',
  },
  'a page of 1 GB': {
    headers: { 'content-type': 'text/html' },
    pieces: (size) => joined(['<!doctype html><title>No</title>'], times(1024 * size, 'x'.repeat(megabyte))),
    ends: 'notAnApi No',
  },
  'stray lines without end': {
    pieces: (size) => joined([': hi\n\n'], times(100_000 * size, 'x\n'.repeat(1000))),
    ends: 'tooLarge lines',
  },
  'comments without end': {
    pieces: (size) => joined(times(100_000 * size, ':\n'.repeat(1000)), [end]),
    ends: 'tooLarge lines',
  },
  '100,000 choices at once': {
    pieces: () => {
      const choices = Array.from(
        { length: 100_000 },
        (_, index) => `{"index":${index},"delta":{"content":"x"}}`,
      );
      return [`data: {"choices":[${choices.join(',')}]}\n\n`];
    },
    ends: 'tooLarge choices',
  },
  '100,000 choices one by one': {
    pieces: () =>
      Array.from(
        { length: 100_000 },
        (_, i) => `data: {"choices":[{"index":${i},"delta":{"content":"x"}}]}\n\n`,
      ),
    ends: 'tooLarge choices',
  },
  'a million tool calls': {
    pieces: (size) => times(10 * size, toolCalls(100_000)),
    ends: 'tooLarge tool calls',
  },
  'JSON 100,000 deep': {
    pieces: () => [
      `data: {"choices":[{"index":0,"delta":{"content":${deep('[', ']')},"vendor":${deep('{"a":', '0')}}}]}\n\n`.replace(
        /0{100000}/,
        `0${'}'.repeat(100_000)}`,
      ),
      `data: {"choices":[{"index":0,"delta":{"tool_calls":[{"function":{"arguments":${deep('[', ']')}}}]}}]}\n\n`,
      end,
    ],
    ends: 'done',
  },
  'names of the prototype': {
    pieces: () => [
      'data: {"__proto__":{"polluted":1},"choices":[{"__proto__":{"polluted":1},"delta":{"content":"x","__proto__":{"polluted":1}}}]}\n\n',
      end,
    ],
    ends: 'done',
  },
  'a million unknown fields': {
    pieces: () => {
      const fields = Array.from({ length: 1_000_000 }, (_, index) => `"f${index}":1`);
      return [`data: {"choices":[{"index":0,"delta":{${fields.join(',')}}}]}\n\n`.slice(0, 9_000_000)];
    },
    ends: 'tooLarge event',
  },
  '100,000 pieces of 1 byte': {
    pieces: (size) => {
      const event = textEvent('x');
      return joined(...Array.from({ length: Math.ceil((100_000 / event.length) * size) }, () => [...event]), [
        end,
      ]);
    },
    ends: 'done',
  },
  'a gzip bomb of 1 GB': bomb('gzip', () => createGzip(), 'x', 'tooLarge event'),
  'a deflate bomb of 1 GB': bomb('deflate', () => createDeflate(), 'x', 'tooLarge event'),
  'a brotli bomb of 1 GB': bomb('br', brotli, 'x', 'tooLarge event'),
  'a gzip bomb of a hundred million small events': bomb(
    'gzip',
    () => createGzip(),
    '1\n\ndata: ',
    'tooLarge events',
  ),
  'a bomb in a bomb': {
    headers: { 'content-encoding': 'gzip, gzip' },
    pieces: (size) => {
      const inner = compressed(times(1024 * size, Buffer.alloc(megabyte)), createGzip());
      return Readable.from(inner, { objectMode: false }).pipe(createGzip()) as AsyncIterable<Uint8Array>;
    },
    ends: 'cut the content encoding gzip, gzip is not known',
  },
  '500 MB as fast as possible': {
    pieces: (size) =>
      joined(times(500 * size, textEvent('x', `,"obfuscation":"${'x'.repeat(950)}"`).repeat(1000)), [end]),
    ends: 'done',
  },
};
