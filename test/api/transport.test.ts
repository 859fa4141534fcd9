import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import { describe, test } from 'node:test';
import { streamChatCompletion } from '../../src/api/client.ts';
import { createTransport, type TransportOptions } from '../../src/api/transport.ts';
import { failureOf } from '../../src/core/completionError.ts';
import * as at from './clientServer.ts';
import {
  ask,
  canary as key,
  listening,
  never,
  noWaiting,
  pem,
  portOf,
  serveTls,
  trustingTests as ca,
  whole,
} from './networkServer.ts';

describe('A proxy', () => {
  interface Seen {
    readonly line: string;
    readonly authorization: string | undefined;
  }

  /** An HTTP proxy that opens tunnels and passes plain requests on, or answers with a status of its own. */
  async function serveProxy(seen: Seen[], status?: number): Promise<net.Server & AsyncDisposable> {
    const server = http.createServer((request, response) => {
      seen.push({
        line: `${request.method} ${request.url}`,
        authorization: request.headers['proxy-authorization'],
      });
      if (status !== undefined) {
        response.writeHead(status).end();
        return;
      }
      const { 'proxy-authorization': _, ...headers } = request.headers;
      const onward = http.request(
        request.url ?? '',
        { method: request.method ?? 'GET', headers },
        (answer) => {
          response.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(response);
        },
      );
      onward.on('error', () => response.destroy());
      request.pipe(onward);
    });
    server.on('connect', (request: http.IncomingMessage, socket: net.Socket) => {
      seen.push({ line: `CONNECT ${request.url}`, authorization: request.headers['proxy-authorization'] });
      socket.on('error', () => {});
      if (status !== undefined) {
        socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
        return;
      }
      const onward = net.connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        onward.pipe(socket);
        socket.pipe(onward);
      });
      onward.on('error', () => socket.destroy());
      socket.on('close', () => onward.destroy());
    });
    return listening(server);
  }

  const through = (proxy: net.Server, user = ''): Partial<TransportOptions> => ({
    ...ca,
    proxyFor: () => Promise.resolve({ url: `http://${user}127.0.0.1:${portOf(proxy)}`, strictSsl: true }),
  });

  test('is used for the origin it is named for: a tunnel for https, a plain request for http', async () => {
    const seen: Seen[] = [];
    await using proxy = await serveProxy(seen);
    await using secure = await serveTls('good');
    const tunnel = await ask(at.endpointAt(`https://localhost:${portOf(secure)}/v1`), through(proxy));
    assert.equal(tunnel.text, 'Hello', JSON.stringify(tunnel.failure));
    await using plain = await at.serveRaw((socket) => socket.end(at.streamHead + whole));
    const passed = await ask(at.endpointAt(plain.baseUrl), through(proxy));
    assert.equal(passed.text, 'Hello', JSON.stringify(passed.failure));
    assert.deepEqual(
      seen.map(({ line }) => line),
      [`CONNECT localhost:${portOf(secure)}`, `POST ${plain.baseUrl}/chat/completions`],
    );
  });

  test('gets the user name and password of its URL, and the server does not', async () => {
    const seen: Seen[] = [];
    await using proxy = await serveProxy(seen);
    await using server = await at.serveRaw((socket) => socket.end(at.streamHead + whole));
    const { text } = await ask(at.endpointAt(server.baseUrl), through(proxy, 'me:p%40ss@'));
    assert.equal(text, 'Hello');
    assert.equal(seen[0]?.authorization, `Basic ${Buffer.from('me:p@ss').toString('base64')}`);
    assert.equal(server.requests[0]?.headers['proxy-authorization'], undefined);
  });

  test('that refuses is named, is not asked again, and its password is not in the error', async () => {
    for (const status of [407, 502]) {
      const seen: Seen[] = [];
      await using proxy = await serveProxy(seen, status);
      const { failure, error } = await ask(
        at.endpointAt('https://localhost:9/v1'),
        through(proxy, 'me:hunter22@'),
      );
      assert.equal(failure?.kind, 'cannotConnect');
      assert.equal(failure.code, 'PROXY_REFUSED');
      assert.equal(failure.detail, `the proxy answered with status ${status}`);
      assert.equal(seen.length, 1);
      assert.equal(JSON.stringify(failure).includes('hunter22') || String(error).includes('hunter22'), false);
    }
    const seen: Seen[] = [];
    await using proxy = await serveProxy(seen, 407);
    const plain = await ask(at.endpointAt('http://example.test/v1'), through(proxy));
    assert.equal(plain.failure?.kind, 'cannotConnect');
    assert.equal(seen.length, 1);
  });

  test('that is silent, resets or answers with a page cannot be connected through', async () => {
    const timeouts = { connectMs: 200 };
    const answers: readonly ((socket: net.Socket) => void)[] = [
      () => {},
      (socket) => void socket.resetAndDestroy(),
      (socket) => void socket.end('<html>hello</html>'),
    ];
    for (const answer of answers) {
      await using proxy = await listening(
        net.createServer((socket) => socket.once('data', () => answer(socket))),
      );
      const started = performance.now();
      const { failure } = await ask(at.endpointAt('https://localhost:9/v1', { timeouts }), through(proxy));
      assert.ok(failure?.kind === 'cannotConnect' || failure?.kind === 'notAnApi', JSON.stringify(failure));
      assert.ok(performance.now() - started < 3000);
    }
  });

  test('that is none is refused by name', async () => {
    for (const proxy of ['not a url', 'ftp://proxy:21', 'socks4://proxy:1080']) {
      const { failure } = await ask(at.endpointAt('https://localhost:9/v1'), {
        proxyFor: () => Promise.resolve({ url: proxy, strictSsl: true }),
      });
      assert.equal(failure?.code, 'PROXY_INVALID');
    }
  });
});

describe('The transport', () => {
  test('asks for the proxy and the certificates of the endpoint that a request is for', async () => {
    await using server = await serveTls('good');
    const asked: unknown[] = [];
    const endpoint = at.endpointAt(`https://localhost:${portOf(server)}/v1`, { caFile: '/ca.pem' });
    await ask(endpoint, {
      proxyFor: (origin) => {
        asked.push(origin);
        return Promise.resolve(undefined);
      },
      certificates: ({ caFile }) => {
        asked.push(caFile);
        return Promise.resolve({ ca: [pem('ca.pem')] });
      },
    });
    assert.deepEqual(asked, [`https://localhost:${portOf(server)}`, '/ca.pem']);
  });

  test('turns what those functions raise into a failure, and a stop while they work into an end', async () => {
    const broken = await ask(at.endpointAt('https://localhost:9/v1'), {
      proxyFor: () => Promise.reject(new Error('no proxy resolver')),
    });
    assert.equal(broken.failure?.kind, 'cannotConnect');
    const transport = createTransport({ ...at.transportOptions, proxyFor: () => new Promise(() => {}) });
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 10);
    const connection = { endpoint: at.endpointAt('http://127.0.0.1:9/v1'), key, transport };
    const { error, deltas } = await at.collect(streamChatCompletion(connection, at.request, abort.signal));
    assert.deepEqual([error, deltas], [undefined, []]);
    await transport.dispose();
  });

  test('gives up a connection that does not come about within its limit', async () => {
    // A listener whose backlog is never taken: TLS gets no answer.
    await using silent = await listening(net.createServer(() => {}));
    const started = performance.now();
    const { failure } = await ask(
      at.endpointAt(`https://127.0.0.1:${portOf(silent)}/v1`, { timeouts: { connectMs: 150 } }),
    );
    assert.equal(failure?.kind, 'cannotConnect');
    assert.equal(failure.code, 'CONNECT_TIMEOUT');
    assert.ok(performance.now() - started < 2000);
  });

  test('makes a server wait whose reply nobody reads', async () => {
    let written = 0;
    const body = Buffer.from(at.textEvent('x'.repeat(1000)).repeat(64));
    await using server = await at.serveRaw((socket) => {
      socket.write(at.streamHead);
      const more = (): void => {
        while (socket.writable && written < 512 * 1024 * 1024) {
          written += body.length;
          if (!socket.write(body)) return void socket.once('drain', more);
        }
      };
      more();
    });
    await at.withTransport(async (transport) => {
      const connection = { endpoint: at.endpointAt(server.baseUrl), key, transport };
      for await (const delta of streamChatCompletion(connection, at.request, never)) {
        if (delta.type !== 'content') continue;
        // While we do not read, the server's writes come to rest.
        let before = -1;
        while (before !== written) {
          before = written;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        break;
      }
    });
    assert.ok(written < 64 * 1024 * 1024, `${written} bytes`);
  });

  test('disposed in the middle of a reply ends it and closes every connection', async () => {
    await using server = await at.serveRaw((socket) => socket.write(at.streamHead + at.textEvent('so far')));
    const transport = createTransport(at.transportOptions);
    const connection = { endpoint: at.endpointAt(server.baseUrl), key, transport };
    const { text, error } = await at.collect(
      (async function* () {
        for await (const delta of streamChatCompletion(connection, at.request, never)) {
          yield delta;
          void transport.dispose();
        }
      })(),
    );
    assert.equal(text, 'so far');
    assert.equal(failureOf(error).kind, 'cut');
    await server.quiet();
    const after = await at.collect(streamChatCompletion(connection, at.request, never, noWaiting));
    assert.equal(failureOf(after.error).code, 'STOPPED');
    await server.quiet();
  });
});
