import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as at from '../api/clientServer.ts';
import { ask, kinds, whole } from '../api/networkServer.ts';

/** Longer than the limit of Node's own agent (5 s), which is about connections that wait and about no other. */
const silenceMs = 7000;

describe('A silence that is longer than the limits of others', { concurrency: 4 }, () => {
  for (const kind of kinds) {
    for (const place of ['before the answer', 'after its head', 'within the reply'] as const) {
      test(`${place} is waited for over ${kind}`, async () => {
        await using server = await at.serveRaw((socket) => {
          const head = place === 'before the answer' ? '' : at.chunkedHead;
          const first = place === 'within the reply' ? at.chunk(at.textEvent('Oh. ')).toString() : '';
          socket.write(head + first);
          setTimeout(() => {
            socket.write((head === '' ? at.chunkedHead : '') + at.chunk(whole).toString() + at.lastChunk);
          }, silenceMs);
        });
        const { text, failure } = await ask(at.endpointAt(server.baseUrl), { kind: () => kind });
        assert.equal(failure, undefined);
        assert.match(text, /Hello$/);
      });
    }
  }
});
