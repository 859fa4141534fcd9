import assert from 'node:assert/strict';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { describe, test } from 'node:test';
import tls from 'node:tls';
import { streamChatCompletion } from '../../src/api/client.ts';
import { createTransport, type TransportOptions } from '../../src/api/transport.ts';
import * as at from './clientServer.ts';
import {
  ask,
  canary as key,
  type Listening,
  listening,
  never,
  noWaiting,
  pem,
  portOf,
  secureAt,
  serveTls,
  trustingTests as ca,
  whole,
  openTunnel,
} from './networkServer.ts';

describe('A proxy', () => {
  interface Seen {
    readonly line: string;
    readonly authorization: string | undefined;
    /** The common name in the client's certificate, where it showed one. */
    readonly certificate?: string | undefined;
  }

  /** An HTTP proxy that opens tunnels and passes plain requests on, or answers with a status of its own. */
  async function serveProxy(seen: Seen[], status?: number, secure?: https.ServerOptions): Promise<Listening> {
    const server = secure === undefined ? http.createServer() : https.createServer(secure);
    server.on('tlsClientError', () => {});
    server.on('request', (request: http.IncomingMessage, response: http.ServerResponse) => {
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
      const shown = socket instanceof tls.TLSSocket ? socket.getPeerCertificate().subject?.CN : undefined;
      seen.push({
        line: `CONNECT ${request.url}`,
        authorization: request.headers['proxy-authorization'],
        certificate: typeof shown === 'string' ? shown : undefined,
      });
      socket.on('error', () => {});
      if (status !== undefined) {
        socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
        return;
      }
      openTunnel(request, socket);
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

  test('that is silent is left at once by Stop, and its connection closed within 250 ms', async () => {
    const open = new Set<net.Socket>();
    let asked = (): void => {};
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    await using proxy = await listening(
      net.createServer((socket) => {
        open.add(socket);
        socket.on('close', () => open.delete(socket));
        socket.once('data', asked);
      }),
    );
    const abort = new AbortController();
    await at.withTransport(async (transport) => {
      const connection = { endpoint: at.endpointAt('https://api.invalid/v1'), key, transport };
      const reply = at.collect(streamChatCompletion(connection, at.request, abort.signal));
      await isAsked;
      const stopped = performance.now();
      abort.abort();
      assert.equal((await reply).error, undefined);
      assert.ok(performance.now() - stopped < 100);
      while (open.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
      assert.ok(performance.now() - stopped < 250);
    }, through(proxy));
  });

  test('that is none is refused by name', async () => {
    for (const proxy of ['not a url', 'ftp://proxy:21', 'socks4://proxy:1080']) {
      const { failure } = await ask(at.endpointAt('https://localhost:9/v1'), {
        proxyFor: () => Promise.resolve({ url: proxy, strictSsl: true }),
      });
      assert.equal(failure?.code, 'PROXY_INVALID');
    }
  });

  test('gets http.proxyAuthorization in place of what is in its URL, and the server does not', async () => {
    const authorization = 'Negotiate c2VzYW1lLW9wZW4=';
    const seen: Seen[] = [];
    await using proxy = await serveProxy(seen);
    const proxyFor = () =>
      Promise.resolve({ url: `http://me:x@127.0.0.1:${portOf(proxy)}`, authorization, strictSsl: true });
    await using plain = await at.serveRaw((socket) => socket.end(at.streamHead + whole));
    assert.equal((await ask(at.endpointAt(plain.baseUrl), { ...ca, proxyFor })).text, 'Hello');
    let received = '';
    await using secure = await serveTls('good', {}, (socket) => socket.end(at.streamHead + whole));
    secure.on('secureConnection', (socket: tls.TLSSocket) =>
      socket.on('data', (bytes) => {
        received += bytes.toString();
      }),
    );
    assert.equal((await ask(secureAt(secure), { ...ca, proxyFor })).text, 'Hello');
    assert.deepEqual(
      seen.map(({ authorization: told }) => told),
      [authorization, authorization],
    );
    assert.match(received, /authorization: Bearer/);
    assert.equal(received.includes('c2VzYW1l'), false);
    assert.equal(plain.requests[0]?.headers['proxy-authorization'], undefined);
  });

  test('is not asked with an authorization that is no header, and the setting is named', async () => {
    const proxyFor = () =>
      Promise.resolve({ url: 'http://127.0.0.1:9', authorization: 'Basic a\r\nx: y', strictSsl: true });
    const { failure } = await ask(at.endpointAt('http://api.invalid/v1'), { proxyFor });
    assert.equal(failure?.code, 'PROXY_INVALID');
    assert.match(failure.detail ?? '', /http\.proxyAuthorization/);
    assert.equal(JSON.stringify(failure).includes('x: y'), false);
  });

  describe('that is spoken to by TLS', () => {
    const certificateOf = (name: string) => ({ cert: pem(`${name}.pem`), key: pem(`${name}.key`) });
    const overTls = (proxy: net.Server, strictSsl = true): Partial<TransportOptions> => ({
      ...ca,
      proxyFor: () => Promise.resolve({ url: `https://localhost:${portOf(proxy)}`, strictSsl }),
    });

    test('opens tunnels for https and http, and its certificate is checked', async () => {
      const seen: Seen[] = [];
      await using proxy = await serveProxy(seen, undefined, certificateOf('good'));
      await using server = await serveTls('good');
      const tunnel = await ask(secureAt(server), overTls(proxy));
      assert.equal(tunnel.text, 'Hello', JSON.stringify(tunnel.failure));
      await using plain = await at.serveRaw((socket) => socket.end(at.streamHead + whole));
      const passed = await ask(at.endpointAt(plain.baseUrl), overTls(proxy));
      assert.equal(passed.text, 'Hello', JSON.stringify(passed.failure));
      assert.equal(seen.length, 2);
      await using bad = await serveProxy(seen, undefined, certificateOf('selfSigned'));
      const refused = await ask(secureAt(server), overTls(bad));
      assert.equal(refused.failure?.kind, 'certificate');
      assert.equal(seen.length, 2);
    });

    test('is never shown the client certificate, which the server gets through the tunnel', async () => {
      const seen: Seen[] = [];
      const wanting = { requestCert: true, rejectUnauthorized: false, ca: pem('clientCa.pem') };
      await using proxy = await serveProxy(seen, undefined, { ...certificateOf('good'), ...wanting });
      await using server = await serveTls('good', { ...wanting, rejectUnauthorized: true });
      const client = { ca: [pem('ca.pem')], cert: pem('client.pem'), key: pem('client.key') };
      const { text, failure } = await ask(secureAt(server), {
        ...overTls(proxy),
        certificates: () => Promise.resolve(client),
      });
      assert.equal(text, 'Hello', JSON.stringify(failure));
      assert.deepEqual(server.clients, ['client']);
      assert.deepEqual(
        seen.map(({ certificate }) => certificate),
        [undefined],
      );
    });
  });

  test('for which checks are off may replace certificates; a direct connection is checked all the same', async () => {
    await using proxy = await serveProxy([]);
    await using server = await serveTls('selfSigned');
    const by = (strictSsl: boolean) => ({
      ...ca,
      proxyFor: () => Promise.resolve({ url: `http://127.0.0.1:${portOf(proxy)}`, strictSsl }),
    });
    assert.equal((await ask(secureAt(server), by(true))).failure?.kind, 'certificate');
    assert.equal((await ask(secureAt(server), by(false))).text, 'Hello');
    assert.equal((await ask(secureAt(server), ca)).failure?.kind, 'certificate');
  });
});

describe('Where VS Code finds proxies by itself', () => {
  const hostFindsProxies = () => true;

  /** A proxy that answers everything with a status, and counts. */
  async function refusing(status: number): Promise<Listening & { readonly asked: readonly string[] }> {
    const asked: string[] = [];
    const refuse = (line: string, socket: net.Socket): void => {
      asked.push(line);
      socket.end(`HTTP/1.1 ${status} No\r\nproxy-authenticate: Basic realm="p"\r\ncontent-length: 0\r\n\r\n`);
    };
    const server = http.createServer((request) => refuse(`${request.method} ${request.url}`, request.socket));
    server.on('connect', (request: http.IncomingMessage, socket: net.Socket) =>
      refuse(`CONNECT ${request.url}`, socket),
    );
    return Object.assign(await listening(server), { asked });
  }
  const by = (proxy: net.Server) => ({
    ...ca,
    hostFindsProxies,
    proxyFor: () => Promise.resolve({ url: `http://127.0.0.1:${portOf(proxy)}`, strictSsl: true }),
  });

  test('a proxy that asks for a password (407) leads to node:https once, and is remembered', async () => {
    await using proxy = await refusing(407);
    await using secure = await serveTls('good');
    await using plain = await at.serveRaw((socket) => socket.end(at.streamHead + whole));
    const transport = createTransport({ ...at.transportOptions, ...by(proxy) });
    for (const endpoint of [secureAt(secure), secureAt(secure), at.endpointAt(plain.baseUrl)]) {
      const connection = { endpoint, key, transport };
      const { text, error } = await at.collect(
        streamChatCompletion(connection, at.request, never, noWaiting),
      );
      assert.equal(text, 'Hello', JSON.stringify(error));
    }
    assert.deepEqual(proxy.asked, [`CONNECT localhost:${portOf(secure)}`]);
    assert.deepEqual([secure.answered, plain.requests.length], [2, 1]);
    // After a change of the settings it is tried anew.
    transport.renew();
    const connection = { endpoint: at.endpointAt(plain.baseUrl), key, transport };
    assert.equal((await at.collect(streamChatCompletion(connection, at.request, never))).text, 'Hello');
    assert.equal(proxy.asked.length, 2);
    await transport.dispose();
  });

  test('any other refusal does not, and neither does a transport that was chosen', async () => {
    const cases: readonly (readonly [number, Partial<TransportOptions>])[] = [
      [502, {}],
      [403, {}],
      [407, { kind: () => 'undici' }],
      [407, { hostFindsProxies: () => false }],
    ];
    for (const [status, more] of cases) {
      await using proxy = await refusing(status);
      await using secure = await serveTls('good');
      const { failure } = await ask(secureAt(secure), { ...by(proxy), ...more });
      assert.equal(failure?.code, 'PROXY_REFUSED');
      assert.equal(failure.detail, `the proxy answered with status ${status}`);
      assert.deepEqual([proxy.asked.length, secure.answered], [1, 0]);
    }
  });

  test('a proxy that speaks SOCKS is left to node:https, of whatever version', async () => {
    await using server = await at.serveRaw((socket) => socket.end(at.streamHead + whole));
    for (const url of ['socks://127.0.0.1:9', 'socks5://127.0.0.1:9', 'socks4a://127.0.0.1:9']) {
      const proxyFor = () => Promise.resolve({ url, strictSsl: true });
      const { text, failure } = await ask(at.endpointAt(server.baseUrl), { proxyFor, hostFindsProxies });
      assert.equal(text, 'Hello', JSON.stringify(failure));
    }
  });

  test('a 407 that the host could not settle either is told as the refusal that it is', async () => {
    await using server = await at.serveRaw((socket) =>
      socket.end(at.plainAnswer(407, '', { 'proxy-authenticate': 'Basic' })),
    );
    for (const kind of ['undici', 'node'] as const) {
      const { failure, deltas } = await ask(at.endpointAt(server.baseUrl), { kind: () => kind });
      assert.equal(failure?.kind, 'cannotConnect');
      assert.equal(failure.code, 'PROXY_REFUSED');
      assert.deepEqual(deltas, []);
    }
  });
});

test('A proxy is not gone round where node:https is chosen but would not find it', async () => {
  await using server = await at.serveRaw((socket) => socket.end(at.streamHead + whole));
  const asked: string[] = [];
  const refuse: http.RequestListener = (request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(403).end();
  };
  await using proxy = await listening(http.createServer(refuse));
  const proxyFor = () => Promise.resolve({ url: `http://127.0.0.1:${portOf(proxy)}`, strictSsl: true });
  const { failure } = await ask(at.endpointAt(server.baseUrl), { proxyFor, kind: () => 'node' });
  assert.equal(failure?.status, 403);
  assert.deepEqual([asked.length, server.requests.length], [1, 0]);
});

test('A proxy that speaks SOCKS is used by undici where nobody else finds it', async () => {
  const asked: string[] = [];
  await using server = await at.serveRaw((socket) => socket.end(at.streamHead + whole));
  await using proxy = await listening(
    net.createServer((socket) => {
      socket.once('data', () => {
        socket.write(Buffer.from([5, 0]));
        socket.once('data', (request) => {
          asked.push(request.subarray(5, 5 + (request[4] ?? 0)).toString());
          const onward = net.connect(server.port, '127.0.0.1', () => {
            socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
            socket.pipe(onward);
            onward.pipe(socket);
          });
          onward.on('error', () => socket.destroy());
        });
      });
    }),
  );
  const proxyFor = () => Promise.resolve({ url: `socks5://127.0.0.1:${portOf(proxy)}`, strictSsl: true });
  const { text, failure } = await ask(at.endpointAt('http://api.invalid/v1'), { proxyFor });
  assert.equal(text, 'Hello', JSON.stringify(failure));
  assert.deepEqual(asked, ['api.invalid']);
});
