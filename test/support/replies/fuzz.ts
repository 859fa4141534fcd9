import assert from 'node:assert/strict';
import { ReplyReader } from '../../../src/api/replyReader.ts';
import type { Delta } from '../../../src/core/completion.ts';
import { assertDeltasAddUp } from './addUp.ts';
import { fixtureNames, loadFixture } from './fixtures.ts';
import { mutate } from './mutate.ts';
import { seeded } from './seeded.ts';

export interface FuzzResult {
  readonly streams: number;
  /** How many ended in which way. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** What went wrong, ready to be read; at most ten. */
  readonly failures: readonly string[];
  /** The slowest, in milliseconds for 64 kB. */
  readonly slowest: number;
}

/** Milliseconds for 64 kB. */
const slow = 50;
/** Every so many streams one is looked at in full: what its deltas add up to, and that its pieces do not matter. */
const sample = 32;

/**
 * Reads damaged streams, the same ones for the same `seed`. Nothing may be thrown, nothing may take long, and every
 * one has to end in an outcome that is true: complete only where it said so, an error only with its problem named.
 */
export function fuzzReplies(seed: number, streams: number): FuzzResult {
  const recorded = fixtureNames.map((name) => loadFixture(name).bytes);
  const random = seeded(seed);
  const outcomes: Record<string, number> = {};
  const failures: string[] = [];
  let slowest = 0;
  const { stackTraceLimit } = Error;
  // Half of the time would go into the stacks of what JSON.parse throws.
  Error.stackTraceLimit = 0;
  for (let count = 0; count < streams && failures.length < 10; count++) {
    const stream = mutate(recorded[count % recorded.length] ?? Buffer.alloc(0), recorded, random);
    const wanted = count % 5 === 0 ? 2 : 1;
    try {
      const started = performance.now();
      const outcome = check(stream, wanted);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      if (performance.now() - started > slow) {
        const ms = (fastest(stream, wanted) * 65_536) / Math.max(65_536, stream.length);
        slowest = Math.max(slowest, ms);
        if (ms > slow) failures.push(`${ms.toFixed(0)} ms for ${quoted(stream)}`);
      }
      if (count % sample === 0) checkInFull(stream, wanted, random);
    } catch (error) {
      failures.push(
        `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n${quoted(stream)}`,
      );
    }
  }
  Error.stackTraceLimit = stackTraceLimit;
  return { streams, outcomes, failures, slowest };
}

function check(stream: Uint8Array, wanted: number): string {
  const reader = new ReplyReader(undefined, wanted);
  const deltas = reader.push(stream);
  const { outcome, deltas: last } = reader.end();
  const { problem, sawDone, choices } = reader.reply();
  assert.equal(outcome === 'error', problem !== undefined);
  const finished = choices.length > 0 && choices.every((choice) => choice.rawFinishReason !== null);
  const isAll = choices.length >= wanted || isDocument(stream);
  assert.equal(
    outcome === 'complete' || outcome === 'empty',
    problem === undefined && (sawDone || (finished && isAll)),
  );
  let told = 0;
  for (const delta of [...deltas, ...last]) if (delta.type === 'content') told += delta.text.length;
  const kept = choices.reduce((sum, { message }) => sum + (message.content?.length ?? 0), 0);
  // What nobody asked for and never carried anything is told to nobody either.
  assert.equal(told, kept);
  return outcome;
}

/** Whether it is read as one JSON document, in which nothing that was asked for can be missing yet. */
function isDocument(stream: Uint8Array): boolean {
  return /^[ \t\r\n\u{FEFF}]*[{[]/u.test(new TextDecoder().decode(stream));
}

function checkInFull(stream: Uint8Array, wanted: number, random: () => number): void {
  const [whole, reply] = read([stream], wanted);
  assertDeltasAddUp(whole, reply);
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < stream.length;) {
    const size = 1 + Math.floor(random() * 50);
    pieces.push(stream.subarray(at, at + size));
    at += size;
  }
  const [, same] = read(pieces, wanted);
  assert.deepEqual(same, reply);
}

function read(
  pieces: readonly Uint8Array[],
  wanted: number,
): readonly [readonly Delta[], ReturnType<ReplyReader['reply']>] {
  const reader = new ReplyReader('text/event-stream', wanted);
  const deltas = pieces.flatMap((piece) => reader.push(piece));
  deltas.push(...reader.end().deltas);
  return [deltas, reader.reply()];
}

/** Something else may have taken the processor: the best of three counts. */
function fastest(stream: Uint8Array, wanted: number): number {
  const times = [1, 2, 3].map(() => {
    const started = performance.now();
    check(stream, wanted);
    return performance.now() - started;
  });
  return Math.min(...times);
}

function quoted(stream: Uint8Array): string {
  return JSON.stringify(Buffer.from(stream).toString('latin1')).slice(0, 4000);
}
