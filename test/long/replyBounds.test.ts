import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hostileBodies } from '../support/replies/hostileBodies.ts';
import { readHostile } from '../support/replies/readHostile.ts';

// The full sizes of test/api/replyBounds.test.ts, each in a process of its own.

describe('L20: a hostile reply ends in a named error, with less than 150 MB more, and nothing freezes', () => {
  for (const [name, body] of Object.entries(hostileBodies)) {
    test(name, async (t) => {
      const [result] = await readHostile([body], 1);
      assert.ok(result);
      const { ended, grownMb, longestGapMs, ms } = result;
      t.diagnostic(
        `${ended}: ${grownMb.toFixed(0)} MB, ${ms.toFixed(0)} ms, longest pause ${longestGapMs.toFixed(0)} ms`,
      );
      assert.ok(ended.startsWith(body.ends), ended);
      assert.ok(grownMb < 150, `${grownMb} MB`);
      assert.ok(longestGapMs < 1000, `nothing else for ${longestGapMs} ms`);
    });
  }
});
