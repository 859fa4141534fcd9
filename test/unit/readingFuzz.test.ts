import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzReplies } from '../support/replies/fuzz.ts';
import { sized } from '../support/sized.ts';

test('Damaged streams raise nothing, take no time, and end in a true outcome, however they are cut', () => {
  const { failures, outcomes } = fuzzReplies(1, sized(30_000));
  assert.deepEqual(failures, []);
  // Damage of every strength: it would prove little if nothing were readable any more, or everything.
  assert.deepEqual(Object.keys(outcomes).toSorted(), ['complete', 'empty', 'error', 'truncated']);
});
