import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { streamChatCompletion } from '../../src/api/client.ts';
import { failureOf } from '../../src/core/completionError.ts';
import * as at from './clientServer.ts';
import {
  canary as key,
  type Kind,
  noWaiting,
  portOf,
  serveTls,
  trustingTests,
  whole,
} from './networkServer.ts';

/** Numbers from 0 up to 1 that are the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a request may keep alive in this process: how many of each kind. The pipes are the test runner's. */
function handles(): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) {
    if (!/^(?:Pipe|TTY|Process|FS)/.test(name)) counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/**
 * Starts requests and stops each at a random time, twenty at once, to a server that is silent, begins, breaks off or
 * answers. Afterwards nothing may be left: no connection, no timer, no listener on a signal, and no error raised.
 */
export async function cancelStorm(kind: Kind, count: number, seed: number): Promise<void> {
  const random = randomFrom(seed);
  const before = handles();
  {
    await using plain = await at.serveRaw((socket, _, turn) => {
      if (turn % 5 === 0) socket.write(at.chunkedHead);
      if (turn % 5 === 1) socket.write(at.chunkedHead + at.chunk(at.textEvent('so far')).toString());
      if (turn % 5 === 2) socket.end(at.streamHead + whole);
      if (turn % 5 === 3) socket.resetAndDestroy();
    });
    await using secure = await serveTls('good');
    const places = [at.endpointAt(plain.baseUrl), at.endpointAt(`https://localhost:${portOf(secure)}/v1`)];
    let started = 0;
    await at.withTransport(
      async (transport) => {
        const worker = async (): Promise<void> => {
          while (started < count) {
            started++;
            const endpoint = places[random() < 0.9 ? 0 : 1];
            assert.ok(endpoint);
            const abort = new AbortController();
            const when = random();
            const timer = when < 0.4 ? undefined : setTimeout(() => abort.abort(), Math.floor(random() * 8));
            if (when < 0.1) abort.abort();
            else if (when < 0.25) queueMicrotask(() => abort.abort());
            else if (when < 0.4) setImmediate(() => abort.abort());
            const connection = { endpoint, key, transport };
            const reply = streamChatCompletion(connection, at.request, abort.signal, noWaiting);
            const { error } = await at.collect(reply);
            clearTimeout(timer);
            // A reset may be faster than the stop; any other error would be one of ours.
            if (error !== undefined) assert.match(failureOf(error).kind, /^(?:cannotConnect|cut)$/);
            assert.deepEqual(getEventListeners(abort.signal, 'abort'), []);
          }
        };
        await Promise.all(Array.from({ length: 20 }, worker));
      },
      { kind: () => kind, ...trustingTests },
    );
    await plain.quiet();
  }
  // The system closes what was destroyed within a few turns of the loop.
  for (let turn = 0; turn < 100 && !isSame(handles(), before); turn++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.deepEqual(handles(), before);
}

function isSame(one: Readonly<Record<string, number>>, other: Readonly<Record<string, number>>): boolean {
  return JSON.stringify(Object.entries(one).toSorted()) === JSON.stringify(Object.entries(other).toSorted());
}
