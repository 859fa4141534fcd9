import assert from 'node:assert/strict';
import { test } from 'node:test';
import { streamChatCompletion } from '../../src/api/client.ts';
import { failureOf } from '../../src/core/completionError.ts';
import { hostileBodies } from '../support/replies/hostileBodies.ts';
import { readHostile } from '../support/replies/readHostile.ts';
import * as at from './clientServer.ts';

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

test('A chunk whose head never ends is silence, and what was there before it is kept', async () => {
  const filler = 'x'.repeat(64 * 1024);
  await using server = await at.serveRaw((socket) => {
    const fill = (): void => {
      while (!socket.destroyed && socket.write(filler));
    };
    socket.on('drain', fill);
    socket.write(at.chunkedHead);
    socket.write(at.chunk(at.textEvent('so far')));
    socket.write('1;');
    fill();
  });
  await at.withTransport(async (transport) => {
    const endpoint = at.endpointAt(server.baseUrl, { timeouts: { idleMs: 300 } });
    const { text, error } = await at.collect(
      streamChatCompletion({ endpoint, key: undefined, transport }, at.request, new AbortController().signal),
    );
    assert.equal(text, 'so far');
    assert.equal(failureOf(error).kind, 'stalled');
  });
});
