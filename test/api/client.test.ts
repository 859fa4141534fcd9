import assert from 'node:assert/strict';
import { test } from 'node:test';
import { streamChatCompletion } from '../../src/api/client.ts';
import * as at from './clientServer.ts';

const never = new AbortController().signal;

test('streams a reply and says how it ended', async () => {
  await using server = await at.serveRaw((socket) => {
    socket.end(at.streamHead + at.textEvent('Hel') + at.textEvent('lo') + at.finishEvent + at.doneEvent);
  });
  await at.withTransport(async (transport) => {
    const connection = { endpoint: at.endpointAt(server.baseUrl), key: 'sk-test-1234', transport };
    const { deltas, text, error } = await at.collect(streamChatCompletion(connection, at.request, never));
    assert.equal(error, undefined);
    assert.equal(text, 'Hello');
    assert.deepEqual(deltas.slice(-2), [
      { type: 'finish', choice: 0, finishReason: 'stop' },
      { type: 'done' },
    ]);
  });
});
