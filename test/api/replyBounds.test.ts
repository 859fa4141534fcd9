import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostileBodies } from '../support/replies/hostileBodies.ts';
import { readHostile } from '../support/replies/readHostile.ts';

// The full sizes are in test/long/replyBounds.test.ts. What has a limit is cut off at it here too.

const size = 0.06;
/** Bodies that this size ends before the limit, so that they are only as long as they are. */
const endsEarlier = new Set(['ten million events', 'ten million events without a text']);

/** What one process reads after another's text would be counted with that text. */
const large = new Set(Object.keys(hostileBodies).filter((name) => name.includes('a text of')));

const bodies = Object.entries(hostileBodies).filter(([name]) => !endsEarlier.has(name));
const groups = [
  ...bodies.filter(([name]) => large.has(name)).map((it) => [it]),
  bodies.filter(([name]) => !large.has(name)),
];
for (const group of groups) {
  const alone = group.length === 1 ? group[0]?.[0] : undefined;
  test(`${alone ?? 'Other hostile replies'}: a named error, bounded memory, no freeze`, async () => {
    const results = await readHostile(
      group.map(([, body]) => body),
      size,
    );
    for (const [index, [name, { ends }]] of group.entries()) {
      const result = results[index];
      assert.ok(result, name);
      assert.ok(result.ended.startsWith(ends), `${name}: ${result.ended}`);
      assert.ok(result.longestGapMs < 2000, `${name}: nothing else for ${result.longestGapMs} ms`);
      assert.ok(result.grownMb < 150, `${name}: ${result.grownMb} MB`);
    }
  });
}
