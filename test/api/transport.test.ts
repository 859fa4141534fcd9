import assert from 'node:assert/strict';
import net from 'node:net';
import { describe, test } from 'node:test';
import { streamChatCompletion } from '../../src/api/client.ts';
import { createTransport } from '../../src/api/transport.ts';
import { CompletionError, failureOf } from '../../src/core/completionError.ts';
import type { TlsSettings } from '../../src/core/tlsSettings.ts';
import * as at from './clientServer.ts';
import {
  ask,
  canary as key,
  kinds,
  listening,
  never,
  noWaiting,
  pem,
  portOf,
  secureAt,
  serveTls,
} from './networkServer.ts';

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

  test('tells of a certificate file that cannot be used in its own words, once', async () => {
    const detail = 'The file /me.pem of the endpoint "Work" holds no private key.';
    for (const kind of kinds) {
      const { failure, deltas } = await ask(at.endpointAt('https://localhost:9/v1'), {
        kind: () => kind,
        certificates: () => Promise.reject(new CompletionError({ kind: 'certificate', detail })),
      });
      assert.deepEqual(
        [failure?.kind, failure?.code, failure?.detail, failure?.origin],
        ['certificate', 'CERT_FILE', detail, 'https://localhost:9'],
      );
      assert.deepEqual(deltas, []);
    }
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

  for (const kind of kinds) {
    test(`makes a server wait over ${kind} whose reply nobody reads`, async () => {
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
      await at.withTransport(
        async (transport) => {
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
        },
        { kind: () => kind },
      );
      assert.ok(written < 64 * 1024 * 1024, `${written} bytes`);
    });
  }

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

  test('renewed closes connections that wait, lets a running reply end, and opens new ones', async () => {
    let held: net.Socket | undefined;
    await using server = await at.serveRaw((socket, _, count) => {
      if (count === 2) held = socket;
      else socket.write(at.plainAnswer(200, at.textEvent('Hi') + at.finishEvent + at.doneEvent));
    });
    const transport = createTransport(at.transportOptions);
    const connection = { endpoint: at.endpointAt(server.baseUrl), key, transport };
    const reply = () => at.collect(streamChatCompletion(connection, at.request, never, noWaiting));
    assert.equal((await reply()).text, 'Hi');
    assert.equal(server.open.size, 1);
    transport.renew();
    await server.quiet();
    const running = reply();
    await server.requested(2);
    transport.renew();
    assert.equal((await reply()).text, 'Hi');
    assert.equal(server.open.size, 2);
    held?.write(at.plainAnswer(200, at.textEvent('Ho') + at.finishEvent + at.doneEvent));
    assert.equal((await running).text, 'Ho');
    await transport.dispose();
    await server.quiet();
  });

  test('uses another connection where the client certificate, the authorities or the checks are others', async () => {
    await using server = await serveTls(
      'good',
      { requestCert: true, ca: pem('clientCa.pem'), rejectUnauthorized: false },
      (socket) => socket.write(at.plainAnswer(200, at.textEvent('Hi') + at.finishEvent + at.doneEvent)),
    );
    const ca = [pem('ca.pem')];
    let tls: TlsSettings = { ca };
    const transport = createTransport({ ...at.transportOptions, certificates: () => Promise.resolve(tls) });
    const connection = { endpoint: secureAt(server), key, transport };
    const client = { cert: pem('client.pem'), key: pem('client.key') };
    for (const next of [{ ca }, { ca, ...client }, { ca: [...ca, pem('clientCa.pem')], ...client }]) {
      tls = next;
      const { text, error } = await at.collect(streamChatCompletion(connection, at.request, never));
      assert.equal(text, 'Hi', String(error));
    }
    assert.deepEqual(server.clients, [undefined, 'client', 'client']);
    tls = { ca: [pem('clientCa.pem')] };
    const { error } = await at.collect(streamChatCompletion(connection, at.request, never));
    assert.equal(failureOf(error).kind, 'certificate');
    await transport.dispose();
  });
});
