import { Readable, type Transform } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Answer } from './exchange.ts';
import { NetworkError, toNetworkError } from './networkError.ts';

/*
 * `identity` is asked for, but some gateways compress whatever was asked. Two things matter then: a body that breaks
 * off gives everything that had arrived (hence the flush at its end), and a bomb gives its output in pieces that are
 * bounded where they are read.
 */
const flushed = { finishFlush: constants.Z_SYNC_FLUSH };
const decompressors: ReadonlyMap<string, () => Transform> = new Map([
  ['gzip', () => createGunzip(flushed)],
  ['x-gzip', () => createGunzip(flushed)],
  ['deflate', () => createInflate(flushed)],
  ['br', () => createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH })],
]);

/** The body of an answer without its content coding. Raises `NetworkError`. */
export function decoded(answer: Answer): AsyncIterable<Uint8Array> {
  const coding = (answer.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (coding === '' || coding === 'identity') return answer.body;
  return decompress(answer, coding);
}

async function* decompress(answer: Answer, coding: string): AsyncGenerator<Uint8Array, void, undefined> {
  const create = decompressors.get(coding);
  if (create === undefined) {
    answer.release();
    throw new NetworkError('CONTENT_ENCODING', `the content encoding ${coding} is not known`, 'body');
  }
  let broken: NetworkError | undefined;
  // The decompressor must not hear of it: it would throw away what it has ready.
  async function* untilBroken(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* answer.body;
    } catch (error) {
      broken = toNetworkError(error, 'body');
    }
  }
  const source = Readable.from(untilBroken(), { objectMode: true, highWaterMark: 1 });
  const output = create();
  try {
    for await (const bytes of source.pipe(output)) {
      // A decompressor that was given no encoding gives buffers.
      yield bytes as Uint8Array;
    }
  } catch (error) {
    throw toNetworkError(error, 'body');
  } finally {
    source.destroy();
    output.destroy();
  }
  if (broken !== undefined) throw broken;
}
