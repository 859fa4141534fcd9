import assert from 'node:assert/strict';
import net from 'node:net';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { streamChatCompletion } from '../../src/api/client.ts';
import { failureOf } from '../../src/core/completionError.ts';
import type { Transport } from '../../src/api/transport.ts';
import type { Endpoint } from '../../src/core/endpoint.ts';
import type { FailureKind } from '../../src/shared/failure.ts';
import * as at from './clientServer.ts';

/*
 * Everything that a server or a network can do to a reply, one row each: what must be kept, what must be said. No
 * fault takes longer than a second to be told once it can be known.
 */

const never = new AbortController().signal;
const key = 'sk-canary-0123456789';
const noWaiting = { now: () => 0, random: () => 0, wait: () => Promise.resolve() };
/** Generous, so that a busy machine is not taken for a silent server; the rows about silence have their own. */
const timeouts = { connectMs: 10_000, firstByteMs: 10_000, idleMs: 10_000 };

const two = at.textEvent('Hel') + at.textEvent('lo');
const whole = two + at.finishEvent + at.doneEvent;
const chunked = (text: string): string => at.chunkedHead + at.chunk(text).toString();

interface Fault {
  readonly does: at.RawAnswer;
  /** `undefined`: the reply is complete. */
  readonly kind: FailureKind | undefined;
  readonly text: string;
  /** As undici calls it. */
  readonly code?: string;
  /** As Node calls it, where that is another word. */
  readonly nodeCode?: string;
  /** Requests that the server sees. */
  readonly attempts?: number;
  readonly timeouts?: Endpoint['timeouts'];
}

const faults: Readonly<Record<string, Fault>> = {
  'a complete chunked reply': {
    does: (socket) => socket.write(chunked(whole) + at.lastChunk),
    kind: undefined,
    text: 'Hello',
  },
  'a complete reply without a length': {
    does: (socket) => socket.end(at.streamHead + whole),
    kind: undefined,
    text: 'Hello',
  },
  'FIN within a chunk': {
    does: (socket) => socket.end(`${chunked(two)}ff\r\ndata: {"cho`),
    kind: 'cut',
    text: 'Hello',
    code: 'UND_ERR_SOCKET',
    nodeCode: 'ECONNRESET',
  },
  'FIN before the announced length': {
    does: (socket) => socket.end(`HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n${two}`),
    kind: 'cut',
    text: 'Hello',
    code: 'UND_ERR_SOCKET',
    nodeCode: 'ECONNRESET',
  },
  'RST within a chunk': {
    does: (socket) =>
      socket.write(`${chunked(two)}ff\r\nda`, () => setTimeout(() => socket.resetAndDestroy(), 20)),
    kind: 'cut',
    text: 'Hello',
    code: 'ECONNRESET',
  },
  'FIN on a reply without a length, which looks like its end': {
    does: (socket) => socket.end(at.streamHead + two),
    kind: 'cut',
    text: 'Hello',
  },
  'FIN within an event': {
    does: (socket) => socket.end(at.streamHead + two + at.textEvent('never').slice(0, 30)),
    kind: 'cut',
    text: 'Hello',
  },
  'FIN after the finish reason, without [DONE]': {
    does: (socket) => socket.end(at.streamHead + two + at.finishEvent),
    kind: undefined,
    text: 'Hello',
  },
  'RST after the finish reason': {
    does: (socket) =>
      socket.write(chunked(two + at.finishEvent), () => setTimeout(() => socket.resetAndDestroy(), 20)),
    kind: undefined,
    text: 'Hello',
  },
  'a truncated gzip body, which looks like its end': {
    does: (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n');
      socket.end(gzipSync(two + at.finishEvent + at.doneEvent).subarray(0, -30));
    },
    kind: 'cut',
    text: 'Hello',
  },
  'a chunk size that is none': {
    does: (socket) => socket.write(`${at.chunkedHead}zz\r\n`),
    kind: 'notAnApi',
    text: '',
    code: 'HPE_INVALID',
  },
  'a chunk size that is none after some text': {
    does: (socket) => socket.write(`${chunked(two)}zz\r\n`),
    kind: 'cut',
    text: 'Hello',
    code: 'HPE_INVALID',
  },
  'garbage in place of an answer': {
    does: (socket) => socket.write('\u{1}\u{2}hello\r\n\r\n'),
    kind: 'notAnApi',
    text: '',
    code: 'HPE_INVALID',
  },
  'an HTTP/2 preface': {
    does: (socket) => socket.write(Buffer.from([0, 0, 18, 4, 0, 0, 0, 0, 0])),
    kind: 'notAnApi',
    text: '',
  },
  'silence before the answer': {
    does: () => {},
    kind: 'stalled',
    text: '',
    code: 'FIRST_BYTE_TIMEOUT',
    timeouts: { firstByteMs: 150 },
  },
  'silence after the head': {
    does: (socket) => socket.write(at.chunkedHead),
    kind: 'stalled',
    text: '',
    code: 'FIRST_BYTE_TIMEOUT',
    timeouts: { firstByteMs: 150 },
  },
  'silence after some text': {
    does: (socket) => socket.write(chunked(two)),
    kind: 'stalled',
    text: 'Hello',
    code: 'IDLE_TIMEOUT',
    timeouts: { idleMs: 150 },
  },
  'a drip of single bytes, which is slow and well': {
    does: (socket) => {
      socket.write(at.streamHead);
      const bytes = Buffer.from(whole);
      let sent = 0;
      const timer = setInterval(() => {
        if (sent < bytes.length) socket.write(bytes.subarray(sent, ++sent));
        else socket.end();
      }, 1);
      socket.on('close', () => clearInterval(timer));
    },
    kind: undefined,
    text: 'Hello',
  },
  'comments that keep a waiting connection alive': {
    does: (socket) => {
      socket.write(at.chunkedHead);
      let sent = 0;
      const timer = setInterval(() => {
        if (++sent < 15) socket.write(at.chunk(': keep-alive\n\n'));
        else if (sent === 15) socket.write(at.chunk(whole).toString() + at.lastChunk);
      }, 60);
      socket.on('close', () => clearInterval(timer));
    },
    kind: undefined,
    text: 'Hello',
    timeouts: { idleMs: 700 },
  },
  'RST at once': {
    does: (socket) => void socket.resetAndDestroy(),
    kind: 'cannotConnect',
    text: '',
    code: 'ECONNRESET',
    attempts: 3,
  },
  'FIN at once': {
    does: (socket) => socket.end(),
    kind: 'cannotConnect',
    text: '',
    code: 'UND_ERR_SOCKET',
    nodeCode: 'ECONNRESET',
    attempts: 3,
  },
  'a header of 70 kB': {
    does: (socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(70_000)}\r\n\r\n`),
    kind: 'tooLarge',
    text: '',
    code: 'UND_ERR_HEADERS_OVERFLOW',
    nodeCode: 'HPE_HEADER_OVERFLOW',
  },
  'endless interim answers': {
    does: (socket) => socket.write('HTTP/1.1 100 Continue\r\n\r\n'.repeat(100)),
    kind: 'notAnApi',
    text: '',
    code: 'UND_ERR_SOCKET',
    nodeCode: 'INTERIM_ANSWERS',
  },
  'a page with status 200': {
    does: (socket) =>
      socket.end(
        at.plainAnswer(200, '<html><title>It works</title></html>', { 'content-type': 'text/html' }),
      ),
    kind: 'notAnApi',
    text: '',
  },
  'a text that is no event stream': {
    does: (socket) => socket.end(at.plainAnswer(200, 'hello world', { 'content-type': 'text/plain' })),
    kind: 'notAnApi',
    text: '',
  },
  'nothing at all with status 200': {
    does: (socket) => socket.end(at.plainAnswer(200, '')),
    kind: 'cut',
    text: '',
  },
  '[DONE] twice, and data after it': {
    does: (socket) => socket.write(chunked(whole + at.doneEvent + at.textEvent('late')) + at.lastChunk),
    kind: undefined,
    text: 'Hello',
  },
  'a finish reason and then more text': {
    does: (socket) =>
      socket.write(
        chunked(at.textEvent('Hel') + at.finishEvent + at.textEvent('lo') + at.doneEvent) + at.lastChunk,
      ),
    kind: undefined,
    text: 'Hello',
  },
  'usage in a last chunk without choices': {
    does: (socket) =>
      socket.write(
        chunked(`${two}${at.finishEvent}data: {"choices":[],"usage":{"total_tokens":3}}\n\n${at.doneEvent}`),
      ),
    kind: undefined,
    text: 'Hello',
  },
};

type Kind = 'undici' | 'node';
const kinds: readonly Kind[] = ['undici', 'node'];

async function stream(endpoint: Endpoint, kind: Kind) {
  const use = async (transport: Transport) => {
    const started = performance.now();
    const connection = { endpoint, key, transport };
    const result = await at.collect(streamChatCompletion(connection, at.request, never, noWaiting));
    const failure = result.error === undefined ? undefined : failureOf(result.error);
    return { ...result, failure, tookMs: performance.now() - started };
  };
  return at.withTransport(use, { kind: () => kind });
}

for (const kind of kinds) {
  describe(`Over ${kind} a server that does this is met so:`, { concurrency: 4 }, () => {
    for (const [name, fault] of Object.entries(faults)) {
      test(`${name}: ${fault.kind ?? 'complete'}`, async () => {
        await using server = await at.serveRaw(fault.does);
        const { failure, text, deltas, tookMs } = await stream(
          at.endpointAt(server.baseUrl, { timeouts: { ...timeouts, ...fault.timeouts } }),
          kind,
        );
        assert.equal(failure?.kind, fault.kind, JSON.stringify(failure));
        assert.equal(text, fault.text);
        assert.equal(
          deltas.some(({ type }) => type === 'done'),
          fault.kind === undefined,
        );
        const code = kind === 'node' ? (fault.nodeCode ?? fault.code) : fault.code;
        if (code !== undefined) assert.equal(failure?.code, code);
        assert.equal(server.requests.length, fault.attempts ?? 1);
        assert.ok(tookMs < 5000, `${tookMs} ms`);
        assert.equal(JSON.stringify(failure ?? {}).includes('canary'), false);
      });
    }
  });

  describe(`Over ${kind} a place where there is no server`, () => {
    test('is named with the address and the code of the system', async () => {
      const server = net.createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close();
      await once(server, 'close');
      const dead = await stream(at.endpointAt(`http://localhost:${port}/v1`, { timeouts }), kind);
      assert.equal(dead.failure?.kind, 'cannotConnect');
      assert.equal(dead.failure.code, 'ECONNREFUSED');
      assert.match(dead.failure.detail ?? '', /ECONNREFUSED/);
      assert.equal(dead.deltas.filter(({ type }) => type === 'retry').length, 2);
    });
  });
}

test('an idle limit after the finish reason is short: a server that never says [DONE] does not keep anybody waiting', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  await using server = await at.serveRaw((socket) => socket.write(chunked(two + at.finishEvent)));
  await at.withTransport(async (transport) => {
    const connection = { endpoint: at.endpointAt(server.baseUrl), key, transport };
    const all = [];
    for await (const delta of streamChatCompletion(connection, at.request, never)) {
      all.push(delta.type);
      if (delta.type === 'finish') setImmediate(() => t.mock.timers.tick(10_000));
    }
    assert.equal(all.at(-1), 'done');
  });
});
