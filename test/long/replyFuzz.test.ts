import assert from 'node:assert/strict';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import type { FuzzResult } from '../support/replies/fuzz.ts';
import { sized } from '../support/sized.ts';

// The full size of test/unit/readingFuzz.test.ts.

const streams = sized(1_000_000);
const workers = availableParallelism();

test(`L3: ${streams} damaged streams raise nothing, take no time, and end in a true outcome`, async (t) => {
  const started = performance.now();
  const results = await Promise.all(
    Array.from({ length: workers }, async (_, index): Promise<FuzzResult> => {
      const worker = new Worker(new URL('../support/replies/fuzzWorker.ts', import.meta.url), {
        workerData: { seed: 1000 + index, streams: Math.ceil(streams / workers) },
      });
      const [result] = (await once(worker, 'message')) as [FuzzResult];
      return result;
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  t.diagnostic(
    `${streams} streams in ${seconds.toFixed(1)} s: ${JSON.stringify(results.map((it) => it.outcomes))}`,
  );
  assert.deepEqual(
    results.flatMap((it) => it.failures),
    [],
  );
});
