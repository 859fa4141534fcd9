import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import * as vscode from 'vscode';
import { NetworkError } from '../../src/api/networkError.ts';
import { createTransport } from '../../src/api/transport.ts';
import type { Endpoint } from '../../src/core/endpoint.ts';
import type { FindPassphrase } from '../../src/platform/certificateFiles.ts';
import { tlsFor } from '../../src/platform/certificates.ts';
import {
  hostFindsProxies,
  onDidChangeNetwork,
  proxyForOrigin,
  transportKind,
} from '../../src/platform/network.ts';
import { createFindPassphrase } from '../../src/platform/passphrases.ts';
import { KeyStore } from '../../src/platform/secrets.ts';
import { clearSecrets, companionContext } from './companionContext.ts';

const settings = ['proxy', 'noProxy', 'proxySupport', 'proxyStrictSSL', 'proxyAuthorization'];
const setHttp = (name: string, value: unknown) =>
  vscode.workspace.getConfiguration('http').update(name, value, vscode.ConfigurationTarget.Global);
const setKind = (value: unknown, target = vscode.ConfigurationTarget.Global) =>
  vscode.workspace.getConfiguration('colloquy').update('network.transport', value, target);

const fixture = (name: string): string => {
  const folder = vscode.extensions.getExtension('colloquy.colloquy')?.extensionPath ?? '';
  return path.join(folder, 'test', 'support', 'fixtures', 'tls', name);
};

/** A server of Node's own kinds on loopback; `close` ends everything that is connected to it. */
async function listening(server: net.Server): Promise<{ port: number; close: () => void }> {
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket: net.Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const close = (): void => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { port: address.port, close };
}

interface Seen {
  readonly line: string;
  readonly authorization: string | undefined;
}

/** A proxy that leads every name to one port of this machine, if it is told the password that it wants. */
function proxyTo(port: () => number, seen: Seen[], wanted?: string): http.Server {
  const isLetIn = (request: http.IncomingMessage): boolean => {
    const authorization = request.headers['proxy-authorization'];
    seen.push({ line: `${request.method} ${request.url}`, authorization });
    return wanted === undefined || authorization === wanted;
  };
  const refusal = 'HTTP/1.1 407 No\r\nproxy-authenticate: Basic realm="p"\r\ncontent-length: 0\r\n\r\n';
  const server = http.createServer((request, response) => {
    if (!isLetIn(request)) {
      request.socket.end(refusal);
      return;
    }
    const { 'proxy-authorization': _, ...headers } = request.headers;
    const onward = { host: '127.0.0.1', port: port(), path: new URL(request.url ?? '').pathname, headers };
    // Past VS Code's patch: this is the proxy's own request.
    const sent = http.request({ ...onward, agent: new http.Agent() }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    request.pipe(sent);
  });
  server.on('connect', (request: http.IncomingMessage, socket: net.Socket) => {
    socket.on('error', () => {});
    if (!isLetIn(request)) {
      socket.end(refusal);
      return;
    }
    const onward = net.connect(port(), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket);
      socket.pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
  });
  return server;
}

describe('the network as VS Code has it', () => {
  const answer = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\nHello';
  const requests: string[] = [];
  let plain: Awaited<ReturnType<typeof listening>>;
  let secure: Awaited<ReturnType<typeof listening>>;

  before(async () => {
    const serve = (socket: net.Socket): void => {
      socket.on('error', () => {});
      socket.once('data', (bytes) => {
        requests.push(bytes.toString());
        socket.end(answer);
      });
    };
    plain = await listening(net.createServer(serve));
    const options = { cert: readFileSync(fixture('other.pem')), key: readFileSync(fixture('other.key')) };
    secure = await listening(tls.createServer(options, serve));
  });
  after(() => {
    plain.close();
    secure.close();
  });
  beforeEach(() => requests.splice(0));
  afterEach(async () => {
    for (const name of settings) await setHttp(name, undefined);
    await setKind(undefined);
  });

  async function get(
    url: string,
    kind: 'auto' | 'undici' | 'node',
    files: Partial<Endpoint> = { caFile: fixture('ca.pem') },
    findPassphrase: FindPassphrase = () => Promise.resolve(undefined),
  ): Promise<string> {
    const transport = createTransport({
      proxyFor: proxyForOrigin,
      certificates: (endpoint) => tlsFor(endpoint, findPassphrase),
      kind: () => kind,
      hostFindsProxies,
    });
    try {
      const answered = await transport.request(
        {
          endpoint: { id: 'a', name: 'A', baseUrl: url, ...files },
          url: new URL(url),
          method: 'GET',
          headers: { authorization: 'Bearer sk-canary-0123456789' },
          timeouts: { connectMs: 10_000, firstByteMs: 10_000, idleMs: 10_000 },
        },
        new AbortController().signal,
      );
      const decoder = new TextDecoder();
      let text = '';
      for await (const bytes of answered.body) text += decoder.decode(bytes, { stream: true });
      return text;
    } catch (error) {
      assert.ok(error instanceof NetworkError, String(error));
      assert.equal(`${error.message}${error.stack ?? ''}`.includes('canary'), false);
      assert.equal(`${error.message}${error.stack ?? ''}`.includes('hunter22'), false);
      return `${error.code}: ${error.message}`;
    } finally {
      await transport.dispose();
    }
  }

  it('has patched node:https, and lends its resolver of proxies', async () => {
    assert.equal(hostFindsProxies(), true);
    assert.equal(await proxyForOrigin('https://api.example'), undefined);
    // It reads `socks5h:` as `socks:`; our own reading would leave it as it is.
    await setHttp('proxy', 'socks5h://proxy.example:1080');
    assert.deepEqual(await proxyForOrigin('https://api.example'), {
      url: 'socks://proxy.example:1080',
      strictSsl: true,
    });
  });

  it("names the user's proxy with what belongs to it, and none for loopback or where it is off", async () => {
    await setHttp('proxy', 'http://proxy.example:3128');
    await setHttp('noProxy', ['internal.example']);
    await setHttp('proxyAuthorization', 'Basic bWU6aHVudGVyMjI=');
    await setHttp('proxyStrictSSL', false);
    assert.deepEqual(await proxyForOrigin('https://api.example'), {
      url: 'http://proxy.example:3128',
      authorization: 'Basic bWU6aHVudGVyMjI=',
      strictSsl: false,
    });
    assert.equal(await proxyForOrigin('https://api.internal.example'), undefined);
    assert.equal(await proxyForOrigin('http://localhost:11434'), undefined);
    assert.equal(await proxyForOrigin('http://[::1]:11434'), undefined);
    await setHttp('proxySupport', 'off');
    assert.equal(await proxyForOrigin('https://api.example'), undefined);
  });

  it('takes the transport from the user alone, and tells of a change', async () => {
    assert.equal(transportKind(), 'auto');
    let told = 0;
    const listener = onDidChangeNetwork(() => told++);
    await setKind('node');
    assert.equal(transportKind(), 'node');
    await setHttp('proxy', 'http://proxy.example:3128');
    assert.ok(told >= 2, String(told));
    listener.dispose();
    await setKind('nonsense');
    assert.equal(transportKind(), 'auto');
    await assert.rejects(Promise.resolve(setKind('undici', vscode.ConfigurationTarget.Workspace)));
  });

  for (const kind of ['undici', 'node'] as const) {
    it(`leads ${kind} through the proxy, with the user name and password of its URL`, async () => {
      const seen: Seen[] = [];
      let port = plain.port;
      const wanted = `Basic ${btoa('me:hunter22')}`;
      const proxy = await listening(proxyTo(() => port, seen, wanted));
      try {
        await setHttp('proxy', `http://me:hunter22@127.0.0.1:${proxy.port}`);
        assert.equal(await get('http://api.invalid/v1', kind), 'Hello');
        port = secure.port;
        // The fixture's certificate is for this name.
        assert.equal(await get('https://other.example/v1', kind), 'Hello');
        assert.ok(seen.every(({ authorization }) => authorization === wanted));
        assert.equal(requests.length, 2);
        for (const request of requests) {
          assert.match(request, /authorization: Bearer sk-canary/i);
          assert.doesNotMatch(request, /proxy-authorization/i);
        }
      } finally {
        proxy.close();
      }
    });

    it(`checks over ${kind} the certificate behind a proxy`, async () => {
      const proxy = await listening(proxyTo(() => secure.port, []));
      try {
        await setHttp('proxy', `http://127.0.0.1:${proxy.port}`);
        assert.match(await get('https://api.invalid/v1', kind), /^ERR_TLS_CERT_ALTNAME_INVALID/);
        assert.equal(requests.length, 0);
      } finally {
        proxy.close();
      }
    });

    it(`tells over ${kind} of a proxy that is not there, without its password`, async () => {
      const gone = await listening(net.createServer());
      gone.close();
      await setHttp('proxy', `http://me:hunter22@127.0.0.1:${gone.port}`);
      for (const url of ['https://api.invalid/v1', 'http://api.invalid/v1']) {
        assert.match(await get(url, kind), /^ECONNREFUSED/);
      }
    });
  }

  it('leaves a proxy that speaks SOCKS to VS Code, for http and https', async () => {
    const asked: string[] = [];
    let port = plain.port;
    const proxy = await listening(
      net.createServer((socket) => {
        socket.once('data', () => {
          socket.write(Buffer.from([5, 0]));
          socket.once('data', (request) => {
            asked.push(request.subarray(5, 5 + (request[4] ?? 0)).toString());
            const onward = net.connect(port, '127.0.0.1', () => {
              socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
              socket.pipe(onward);
              onward.pipe(socket);
            });
            onward.on('error', () => socket.destroy());
          });
        });
      }),
    );
    try {
      await setHttp('proxy', `socks5://127.0.0.1:${proxy.port}`);
      assert.equal(await get('http://api.invalid/v1', 'auto'), 'Hello');
      port = secure.port;
      assert.equal(await get('https://other.example/v1', 'auto'), 'Hello');
      assert.deepEqual(asked, ['api.invalid', 'other.example']);
    } finally {
      proxy.close();
    }
  });

  it('shows a client certificate whose passphrase was asked for once, over both transports', async () => {
    const { secrets } = await companionContext();
    await clearSecrets(secrets);
    const names: unknown[] = [];
    const server = await listening(
      tls.createServer(
        {
          cert: readFileSync(fixture('good.pem')),
          key: readFileSync(fixture('good.key')),
          ca: readFileSync(fixture('clientCa.pem')),
          requestCert: true,
        },
        (socket) => {
          names.push(socket.getPeerCertificate().subject.CN);
          socket.on('error', () => {});
          socket.once('data', () => socket.end(answer));
        },
      ),
    );
    const questions: string[] = [];
    const find = createFindPassphrase(new KeyStore(secrets), (_, file) => {
      questions.push(path.basename(file));
      return Promise.resolve('open sesame');
    });
    const files = {
      caFile: fixture('ca.pem'),
      clientCertFile: fixture('client.pem'),
      clientKeyFile: fixture('clientEncrypted.key'),
    };
    try {
      for (const kind of ['undici', 'node'] as const) {
        assert.equal(await get(`https://localhost:${server.port}/v1`, kind, files, find), 'Hello');
      }
      assert.deepEqual(names, ['client', 'client']);
      assert.deepEqual(questions, ['clientEncrypted.key']);
    } finally {
      server.close();
      await clearSecrets(secrets);
    }
  });

  it('leaves a proxy that asks for a password to VS Code, and tells of the refusal', async () => {
    const seen: Seen[] = [];
    const proxy = await listening(proxyTo(() => secure.port, seen, 'Basic bm9ib2R5OmtuIG93cw=='));
    try {
      await setHttp('proxy', `http://127.0.0.1:${proxy.port}`);
      for (const url of ['https://api.invalid/v1', 'http://api.invalid/v1']) {
        seen.splice(0);
        assert.equal(await get(url, 'auto'), 'PROXY_REFUSED: the proxy answered with status 407');
        // Once by us, at least once by VS Code; nothing of the request went on.
        assert.ok(seen.length >= 2, String(seen.length));
      }
      assert.equal(requests.length, 0);
    } finally {
      proxy.close();
    }
  });
});
