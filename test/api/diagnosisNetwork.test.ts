import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { describe, test } from 'node:test';
import tls from 'node:tls';
import type { Clock } from '../../src/api/stopping.ts';
import type { ProxyRoute } from '../../src/core/proxy.ts';
import { stageNames, type StageName } from '../../src/shared/diagnosis.ts';
import * as at from './clientServer.ts';
import { openBlackHole } from './blackHole.ts';
import { key, lookupOf, models, reply, run, said, serveApi } from './diagnosisRun.ts';
import { listening, pem, portOf, openTunnel } from './networkServer.ts';

/** An API behind TLS, with a certificate of the fixtures. */
async function serveTls(certificate: string, more: tls.TlsOptions = {}) {
  const server = tls.createServer(
    { cert: pem(`${certificate}.pem`), key: pem(`${certificate}.key`), ...more },
    (socket) => {
      socket.on('error', () => {});
      socket.once('data', (bytes) => {
        const isList = bytes.toString().startsWith('GET');
        socket.end(isList ? at.plainAnswer(200, models, { connection: 'close' }) : reply);
      });
    },
  );
  server.on('tlsClientError', () => {});
  return listening(server);
}

const ca = { certificates: () => Promise.resolve({ ca: [pem('ca.pem')] }) };
const home = (server: net.Server, host = 'localhost') =>
  at.endpointAt(`https://${host}:${portOf(server)}/v1`);

describe('Encryption', () => {
  test('with a trusted certificate passes, with protocol and chain', async () => {
    await using server = await serveTls('good');
    const { stages, states } = await run(home(server), ca);
    assert.equal(stages.tls?.state, 'passed');
    assert.match(stages.tls.facts?.[0] ?? '', /^TLSv1\.3, /);
    assert.match(
      stages.tls.facts?.[1] ?? '',
      /^Certificate 1: ".+", issued by ".+", valid 20\d\d-\d\d-\d\d to 21\d\d-\d\d-\d\d$/,
    );
    assert.equal(states.at(-1), 'completion passed');
  });

  test('with an authority that nobody knows names it, and nothing is sent', async () => {
    await using server = await serveTls('good');
    const { stages, states } = await run(home(server));
    assert.equal(stages.tls?.state, 'failed');
    const issuer = /issued by "([^"]+)"/.exec(stages.tls.facts?.at(-1) ?? '')?.[1] ?? 'none';
    assert.ok(
      stages.tls.found.includes(`The certificate authority "${issuer}" is not known`),
      stages.tls.found,
    );
    assert.match(stages.tls.advice ?? '', /caFile/);
    assert.deepEqual(states.slice(5), [
      'path skipped',
      'key skipped',
      'models skipped',
      'completion skipped',
    ]);
  });

  for (const [certificate, host, words, advice] of [
    ['expired', 'localhost', /expired on 2020-\d\d-\d\d/, /renew/],
    ['other', 'localhost', /is for another host: .*DNS:/, /in place of localhost/],
    ['selfSigned', 'localhost', /made its certificate ".+" itself/, /caFile/],
  ] as const) {
    test(`with the certificate "${certificate}" says what is wrong with it`, async () => {
      await using server = await serveTls(certificate);
      const { stages } = await run(home(server, host), ca);
      assert.equal(stages.tls?.state, 'failed');
      assert.match(stages.tls.found, words);
      assert.match(stages.tls.advice ?? '', advice);
    });
  }

  test('that is none is told from one that is too old', async () => {
    await using plain = await at.serveRaw((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    // A plain server waits for a line; this one answers whatever comes.
    await using talker = await listening(
      net.createServer((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))),
    );
    const none = await run(home(talker), ca);
    assert.equal(none.stages.tls?.state, 'failed');
    assert.match(none.stages.tls.found, /does not speak TLS/);
    assert.match(none.stages.tls.advice ?? '', /http:\/\//);
    assert.equal(plain.requests.length, 0);
    await using old = await serveTls('good', {
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    const { stages } = await run(home(old), ca);
    assert.equal(stages.tls?.state, 'failed');
    assert.match(stages.tls.found, /too old/);
  });

  test('that wants a client certificate works with it and names what is missing without', async () => {
    const options = { requestCert: true, rejectUnauthorized: true, ca: [pem('clientCa.pem')] };
    await using server = await serveTls('good', options);
    const client = { ca: [pem('ca.pem')], cert: pem('client.pem'), key: pem('client.key') };
    const shown = await run(home(server), { certificates: () => Promise.resolve(client) });
    assert.equal(shown.states.at(-1), 'completion passed', said(shown));
    const { stages } = await run(home(server), ca);
    // TLS 1.3 tells only with the first answer.
    assert.equal(stages.path?.state, 'failed');
    assert.match(stages.path.found, /wants a client certificate/);
    assert.match(stages.path.advice ?? '', /clientCertFile/);
    assert.ok(!said(shown).includes('PRIVATE'));
  });

  test('with a file that cannot be read names the file, and nothing is sent', async () => {
    await using server = await serveTls('good');
    const { CompletionError } = await import('../../src/core/completionError.ts');
    const certificates = () =>
      Promise.reject(new CompletionError({ kind: 'certificate', detail: 'The file /x.pem cannot be read' }));
    const { stages, states } = await run(home(server), { certificates });
    assert.match(stages.tls?.found ?? '', /\/x\.pem cannot be read/);
    assert.equal(states[5], 'path skipped');
  });
});

describe('A proxy', () => {
  interface ProxyOptions {
    readonly status?: number;
    readonly headers?: string;
    /** Is spoken to by TLS. */
    readonly certificate?: string;
  }

  /** Opens tunnels, or answers with a status of its own. */
  async function serveProxy(
    seen: http.IncomingMessage[],
    { status, headers = '', certificate }: ProxyOptions = {},
  ) {
    const answer: http.RequestListener = (request, response) => {
      seen.push(request);
      response.writeHead(status ?? 501).end();
    };
    const server =
      certificate === undefined
        ? http.createServer(answer)
        : https.createServer({ cert: pem(`${certificate}.pem`), key: pem(`${certificate}.key`) }, answer);
    server.on('connect', (request: http.IncomingMessage, socket: net.Socket) => {
      seen.push(request);
      socket.on('error', () => {});
      if (status !== undefined) {
        socket.end(`HTTP/1.1 ${status} No\r\n${headers}content-length: 0\r\n\r\n`);
        return;
      }
      openTunnel(request, socket);
    });
    return listening(server);
  }

  const through = (proxy: net.Server, more: Partial<ProxyRoute> = {}, user = '') => ({
    ...ca,
    proxyFor: () =>
      Promise.resolve({ url: `http://${user}127.0.0.1:${portOf(proxy)}`, strictSsl: true, ...more }),
  });

  test('opens a tunnel, through which the certificates are looked at and everything is asked', async () => {
    const seen: http.IncomingMessage[] = [];
    await using proxy = await serveProxy(seen);
    await using server = await serveTls('good');
    const options = { ...through(proxy), explainProxy: () => 'from the setting http.proxy' };
    const { stages, states } = await run(home(server), options);
    assert.match(
      stages.proxy?.found ?? '',
      /through http:\/\/127\.0\.0\.1:\d+ \(from the setting http\.proxy\)/,
    );
    assert.match(stages.dns?.found ?? '', /The proxy looks up localhost itself/);
    assert.deepEqual(states.slice(2), [
      'proxy passed',
      'tcp skipped',
      'tls passed',
      'path passed',
      'key passed',
      'models passed',
      'completion passed',
    ]);
    assert.ok(seen.every(({ url }) => url === `localhost:${portOf(server)}`));
  });

  test('that is spoken to by TLS itself is one too, and its certificate is checked', async () => {
    await using server = await serveTls('good');
    for (const [certificate, host, words] of [
      ['good', 'localhost', /opened a tunnel/],
      ['good', '127.0.0.1', /opened a tunnel/],
      ['expired', 'localhost', /the encrypted connection to it did not come about \(CERT_HAS_EXPIRED\)/],
    ] as const) {
      await using proxy = await serveProxy([], { certificate });
      const url = `https://${host}:${portOf(proxy)}`;
      const { stages, states } = await run(home(server), {
        ...ca,
        proxyFor: () => Promise.resolve({ url, strictSsl: true }),
      });
      assert.match(stages.proxy?.found ?? '', words);
      assert.equal(states.at(-1), `completion ${certificate === 'good' ? 'passed' : 'skipped'}`);
    }
  });

  test('that wants a password, or another one, is told with the status and what it takes', async () => {
    for (const [user, authorization, words] of [
      ['', undefined, /wants a user name and a password \(Basic\), and none is configured \(407\)/],
      ['me:proxy-canary-77@', undefined, /refused the user name and password that are configured \(Basic\)/],
      ['', 'Basic cHJveHktY2FuYXJ5LTg4', /refused the user name/],
    ] as const) {
      const seen: http.IncomingMessage[] = [];
      await using proxy = await serveProxy(seen, {
        status: 407,
        headers: 'Proxy-Authenticate: Basic realm="cHJveHktY2FuYXJ5LTg4 proxy-canary-77"\r\n',
      });
      const result = await run(home(proxy), through(proxy, { authorization }, user));
      assert.equal(result.stages.proxy?.state, 'failed');
      assert.match(result.stages.proxy.found, words);
      assert.match(result.stages.proxy.advice ?? '', /http\.proxyAuthorization/);
      assert.equal(
        seen[0]?.headers['proxy-authorization'] !== undefined,
        user !== '' || authorization !== undefined,
      );
      for (const secret of ['proxy-canary-77', 'cHJveHktY2FuYXJ5LTg4'])
        assert.ok(!said(result).includes(secret));
      assert.equal(result.states[5], 'path skipped');
    }
  });

  test('is told the user name and password that requests tell it, where two are configured', async () => {
    const seen: http.IncomingMessage[] = [];
    await using proxy = await serveProxy(seen);
    await using server = await serveTls('good');
    await run(home(server), through(proxy, { authorization: 'Basic c2V0dGluZzp3aW5z' }, 'url:loses@'));
    assert.ok(seen.length > 1);
    for (const { headers } of seen) {
      assert.equal(headers['proxy-authorization'], 'Basic c2V0dGluZzp3aW5z');
    }
  });

  test('that wants Kerberos is left to VS Code where it can sign in', async () => {
    await using proxy = await serveProxy([], { status: 407, headers: 'Proxy-Authenticate: Negotiate\r\n' });
    const alone = await run(home(proxy), through(proxy));
    assert.match(alone.stages.proxy?.advice ?? '', /colloquy\.network\.transport/);
    const helped = await run(home(proxy), { ...through(proxy), hostFindsProxies: () => true });
    assert.equal(helped.stages.proxy?.state, 'warning');
    assert.match(helped.stages.proxy.found, /VS Code signs in/);
  });

  test('that forbids the host, that is gone and that is no proxy are told apart', async () => {
    await using strict = await serveProxy([], { status: 403 });
    const forbidden = await run(home(strict), through(strict));
    assert.match(forbidden.stages.proxy?.found ?? '', /answered 403 when it was asked for a tunnel/);
    await using talker = await listening(
      net.createServer((socket) => socket.once('data', () => socket.end('220 mail.example ESMTP\r\n'))),
    );
    const mail = await run(home(talker), through(talker));
    assert.match(mail.stages.proxy?.found ?? '', /did not answer like a proxy/);
    const gone = await run(at.endpointAt('https://example.test/v1'), {
      proxyFor: () => Promise.resolve({ url: 'http://127.0.0.1:1', strictSsl: true }),
    });
    assert.match(
      gone.stages.proxy?.found ?? '',
      /cannot be reached\. Nothing listens at 127\.0\.0\.1, port 1/,
    );
    const odd = await run(at.endpointAt('https://example.test/v1'), {
      proxyFor: () => Promise.resolve({ url: 'me:proxy-canary-77@', strictSsl: true }),
    });
    assert.match(odd.stages.proxy?.found ?? '', /not written as a URL/);
    assert.ok(!said(odd).includes('proxy-canary-77'));
  });

  test('whose name is not known is told, and nothing of the server is looked up', async () => {
    const asked: string[] = [];
    const lookup: net.LookupFunction = (host, options, done) => {
      asked.push(host);
      lookupOf('ENOTFOUND')(host, options, done);
    };
    const { stages } = await run(at.endpointAt('https://example.test/v1'), {
      lookup,
      proxyFor: () => Promise.resolve({ url: 'http://proxy.test:3128', strictSsl: true }),
    });
    assert.deepEqual(asked, ['proxy.test']);
    assert.equal(stages.dns?.state, 'failed');
    assert.equal(stages.proxy?.state, 'failed');
  });

  test('with http.proxyStrictSSL off makes an unknown authority a warning', async () => {
    await using proxy = await serveProxy([]);
    await using server = await serveTls('good');
    const { stages, states } = await run(home(server), {
      ...through(proxy, { strictSsl: false }),
      ...noAuthority,
    });
    assert.equal(stages.tls?.state, 'warning');
    assert.match(stages.tls.found, /http\.proxyStrictSSL is off/);
    assert.equal(states.at(-1), 'completion passed');
  });
  const noAuthority = { certificates: () => Promise.resolve(undefined) };
});

describe('Stop', () => {
  type OnStage = (stage: { readonly name: StageName; readonly state: string }) => void;

  /** Something that falls silent. */
  interface Silence extends AsyncDisposable {
    readonly run: (signal: AbortSignal, onStage: OnStage) => ReturnType<typeof run>;
    /** Ends when no connection is open. */
    readonly quiet: () => Promise<unknown>;
  }

  const silences: Partial<Record<StageName, () => Promise<Silence>>> = {
    dns: async () => ({
      run: (signal, onStage) =>
        run(at.endpointAt('https://slow.test/v1'), { signal, onStage, lookup: () => {} }),
      quiet: async () => {},
      [Symbol.asyncDispose]: async () => {},
    }),
    proxy: () => silent('https', (url) => ({ proxyFor: async () => ({ url, strictSsl: true }) })),
    tcp: async () => {
      const hole = await openBlackHole();
      return {
        run: (signal, onStage) => run(at.endpointAt(`http://127.0.0.1:${hole.port}/v1`), { signal, onStage }),
        // Nothing ever was open.
        quiet: async () => {},
        [Symbol.asyncDispose]: async () => hole[Symbol.dispose](),
      };
    },
    tls: () => silent('https', () => ({})),
    path: () => silent('http', () => ({})),
    completion: async () => {
      const server = await serveApi(
        () => {},
        ({ line }) => line.startsWith('POST'),
      );
      return {
        run: (signal, onStage) => run(at.endpointAt(server.baseUrl), { signal, onStage }),
        quiet: server.quiet,
        [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
      };
    },
  };

  async function silent(
    scheme: 'http' | 'https',
    more: (url: string) => Parameters<typeof run>[1],
  ): Promise<Silence> {
    const closed: Promise<unknown>[] = [];
    const server = await listening(
      net.createServer((socket) => {
        closed.push(once(socket, 'close'));
        // Reads on, so that it hears of the end.
        socket.resume();
      }),
    );
    const port = portOf(server);
    return {
      run: (signal, onStage) =>
        run(at.endpointAt(`${scheme}://127.0.0.1:${port}/v1`), {
          signal,
          onStage,
          ...more(`http://127.0.0.1:${port}`),
        }),
      quiet: async () => {
        assert.ok(closed.length > 0);
        await Promise.all(closed);
      },
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  }

  for (const stage of stageNames) {
    const open = silences[stage];
    if (open === undefined) continue;
    test(`while "${stage}" waits for an answer ends within 100 ms and closes every connection`, async () => {
      await using server = await open();
      const stop = new AbortController();
      let stoppedAt = 0;
      const { states, stages } = await server.run(stop.signal, ({ name, state }) => {
        if (name !== stage || state !== 'running') return;
        // Half-way: the stage has begun to wait.
        setTimeout(() => {
          stoppedAt = performance.now();
          stop.abort();
        }, 50);
      });
      assert.ok(performance.now() - stoppedAt < 100, `${performance.now() - stoppedAt} ms`);
      assert.equal(states.at(-1), `${stage} skipped`);
      assert.equal(stages[stage]?.found, 'Stopped.');
      await server.quiet();
    });
  }

  test('before the beginning does nothing at all', async () => {
    await using server = await serveApi();
    const { states } = await run(at.endpointAt(server.baseUrl), { signal: AbortSignal.abort() });
    assert.deepEqual(states, ['settings skipped']);
    assert.equal(server.requests.length, 0);
  });
});

describe('A stage that gets no answer', () => {
  /** A clock whose waits of a second and more are over at once, where the test says so. */
  const hasty = (isDue: () => boolean): Clock => ({
    now: () => Date.now(),
    random: () => 0,
    wait: (ms, signal) =>
      new Promise<void>((resolve) => {
        if (ms > 0 && isDue()) setTimeout(resolve, 20);
        signal.addEventListener('abort', () => resolve(), { once: true });
      }),
  });

  test('fails at its own limit with what to do, and the stages that need it are skipped', async () => {
    using hole = await openBlackHole();
    for (const [name, words] of [
      ['dns', /name server did not answer in time/],
      ['proxy', /proxy did not answer in time/],
      ['tcp', /does not answer at all/],
      ['tls', /did not shake hands in time/],
      ['path', /did not answer in time/],
    ] as const) {
      await using server = await listening(net.createServer(() => {}));
      let now = '';
      const port = name === 'tcp' ? hole.port : portOf(server);
      const url = `${name === 'path' ? 'http' : 'https'}://silent.internal:${port}/v1`;
      const lookup = name === 'dns' ? (): void => {} : lookupOf([{ address: '127.0.0.1', family: 4 }]);
      const proxy = { url: `http://127.0.0.1:${portOf(server)}`, strictSsl: true };
      const { stages, states } = await run(at.endpointAt(url, { timeouts: { connectMs: 100 } }), {
        lookup,
        proxyFor: () => Promise.resolve(name === 'proxy' ? proxy : undefined),
        clock: hasty(() => now === name),
        onStage: (stage) => {
          now = stage.state === 'running' ? stage.name : '';
        },
      });
      assert.equal(stages[name]?.state, 'failed', name);
      assert.match(stages[name]?.found ?? '', words);
      assert.ok(stages[name]?.advice);
      assert.equal(states.at(-1), 'completion skipped', JSON.stringify(stages));
    }
  });

  test('fails as the last one too: a reply that never comes', async () => {
    await using server = await serveApi(
      () => {},
      ({ line }) => line.startsWith('POST'),
    );
    let now = '';
    const { stages } = await run(at.endpointAt(server.baseUrl), {
      clock: hasty(() => now === 'completion'),
      onStage: (stage) => {
        now = stage.state === 'running' ? stage.name : '';
      },
    });
    assert.equal(stages.completion?.found, 'No reply came in time.');
    await server.quiet();
  });
});

test('The key of the endpoint never goes to the proxy, nor into its CONNECT', async () => {
  const heads: string[] = [];
  await using proxy = await listening(
    net.createServer((socket) =>
      socket.on('data', (bytes) => {
        heads.push(bytes.toString('latin1'));
        socket.end('HTTP/1.1 502 No\r\n\r\n');
      }),
    ),
  );
  await run(at.endpointAt('https://example.test/v1'), {
    proxyFor: () => Promise.resolve({ url: `http://127.0.0.1:${portOf(proxy)}`, strictSsl: true }),
  });
  assert.equal(heads.length, 1);
  assert.ok(heads.every((head) => !head.includes(key)));
});
