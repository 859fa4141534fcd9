import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { listModels, streamChatCompletion } from '../../src/api/client.ts';
import { failureOf } from '../../src/core/completionError.ts';
import * as at from './clientServer.ts';

/*
 * A canary key, and a server that says it back in every place it can: no error, no warning and no delta may hold it.
 */

const never = new AbortController().signal;
const noWaiting = { now: () => 0, random: () => 0, wait: () => Promise.resolve() };
const canary = 'sk-canary+/=0123456789abcdef';
const headerSecret = 'header-canary-987654321';
const endpointSecrets = { headers: { 'X-Gateway-Token': headerSecret } };

const long = 'x'.repeat(295);
const echoes: Readonly<Record<string, at.RawAnswer>> = {
  'a message': (socket) =>
    socket.end(at.plainAnswer(401, JSON.stringify({ error: { message: `bad key ${canary}` } }))),
  'a message just at the cut': (socket) =>
    socket.end(at.plainAnswer(401, JSON.stringify({ error: { message: `${long}${canary}` } }))),
  'code, type and param': (socket) =>
    socket.end(
      at.plainAnswer(
        400,
        JSON.stringify({ error: { message: 'm', code: canary, type: canary, param: canary } }),
      ),
    ),
  'plain text': (socket) =>
    socket.end(at.plainAnswer(500, `authorization: Bearer ${canary}`, { 'x-should-retry': 'false' })),
  'plain text, encoded': (socket) => socket.end(at.plainAnswer(400, `key=${encodeURIComponent(canary)}`)),
  'a page': (socket) => socket.end(at.plainAnswer(403, `<html><title>${canary}</title></html>`)),
  'a redirect': (socket) =>
    socket.end(at.plainAnswer(302, '', { location: `https://evil.example/?k=${canary}` })),
  'a page with status 200': (socket) =>
    socket.end(at.plainAnswer(200, `<html><title>${canary}</title></html>`)),
  'an error in the stream': (socket) =>
    socket.end(`${at.streamHead}data: ${JSON.stringify({ error: { message: canary, code: canary } })}\n\n`),
  'data that is no JSON': (socket) => socket.end(`${at.streamHead}data: ${canary}\n\n`),
  'a line that is no event': (socket) =>
    socket.end(at.plainAnswer(200, canary, { 'content-type': 'text/plain' })),
  'a finish reason': (socket) =>
    socket.end(
      `${at.streamHead}data: ${JSON.stringify({ choices: [{ finish_reason: 'error', native_finish_reason: canary }] })}\n\n`,
    ),
  "a gateway's other secret": (socket) => socket.end(at.plainAnswer(400, `token ${headerSecret} refused`)),
  'a content encoding': (socket) => socket.end(`HTTP/1.1 200 OK\r\ncontent-encoding: ${canary}\r\n\r\n`),
};

function everything(...values: readonly unknown[]): string {
  return values
    .map((value) => {
      const stack = value instanceof Error ? `${value.stack}` : '';
      return inspect(value, { depth: Infinity, showHidden: true }) + JSON.stringify(value) + stack;
    })
    .join('\n');
}

const leaks = (text: string): boolean =>
  [canary, encodeURIComponent(canary), headerSecret].some((secret) => text.includes(secret));

for (const [place, answer] of Object.entries(echoes)) {
  test(`a key that comes back in ${place} is shown to nobody`, async () => {
    const warnings: unknown[] = [];
    const warned = (warning: Error): void => void warnings.push(warning);
    process.on('warning', warned);
    try {
      await using server = await at.serveRaw(answer);
      await at.withTransport(async (transport) => {
        const connection = {
          endpoint: at.endpointAt(server.baseUrl, endpointSecrets),
          key: canary,
          transport,
        };
        const { deltas, error } = await at.collect(
          streamChatCompletion(connection, at.request, never, noWaiting),
        );
        assert.ok(error !== undefined, 'the request fails');
        assert.equal(server.requests[0]?.headers['authorization'], `Bearer ${canary}`);
        const list: unknown = await listModels(connection, never).catch((raised: unknown) => raised);
        const all = everything(error, failureOf(error), deltas, list, warnings);
        assert.equal(leaks(all), false, all);
        for (const text of Object.values(failureOf(error))) {
          if (typeof text === 'string') assert.ok(text.length <= 300);
        }
      });
    } finally {
      process.off('warning', warned);
    }
  });
}
