import assert from 'node:assert/strict';
import net from 'node:net';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import { listModels } from '../../src/api/client.ts';
import { createTransport, type TransportOptions } from '../../src/api/transport.ts';
import type { Endpoint } from '../../src/core/endpoint.ts';
import * as at from './clientServer.ts';
import {
  ask,
  canary as key,
  kinds,
  listening,
  never,
  noWaiting,
  portOf,
  secureAt,
  serveTls,
} from './networkServer.ts';

/** All that is told of a failed list of models, hidden parts and the stack included. */
async function toldOf(endpoint: Endpoint, options: Partial<TransportOptions>): Promise<string> {
  const transport = createTransport({ ...at.transportOptions, ...options });
  const error: unknown = await listModels({ endpoint, key, transport }, never, noWaiting).then(
    () => assert.fail('it succeeded'),
    (raised: unknown) => raised,
  );
  await transport.dispose();
  return inspect(error, { depth: 20, showHidden: true, maxStringLength: null }) + JSON.stringify(error);
}

for (const kind of kinds) {
  describe(`Over ${kind} nothing that is told of a failure holds the key or the password of a proxy:`, () => {
    const over = { kind: () => kind };

    /** Streams and lists models; both must fail. */
    async function search(endpoint: Endpoint, options: Partial<TransportOptions> = over): Promise<void> {
      // `ask` searches what it gets by itself.
      const { failure } = await ask(endpoint, options);
      assert.ok(failure);
      const told = await toldOf(endpoint, options);
      for (const secret of [key, encodeURIComponent(key), btoa(key), 'hunter22', btoa('me:hunter22')]) {
        assert.equal(told.includes(secret), false);
      }
    }

    test('a dead port', async () => {
      const server = await listening(net.createServer());
      const baseUrl = `http://127.0.0.1:${portOf(server)}/v1`;
      await server[Symbol.asyncDispose]();
      await search(at.endpointAt(baseUrl));
    });

    test('a certificate that is not accepted', async () => {
      await using server = await serveTls('selfSigned');
      await search(secureAt(server));
    });

    test('a proxy that refuses, is gone, or is none', async () => {
      await using proxy = await listening(
        net.createServer((socket) => socket.once('data', () => socket.end('HTTP/1.1 407 No\r\n\r\n'))),
      );
      for (const place of [`127.0.0.1:${portOf(proxy)}`, '127.0.0.1:1', 'bad host:1']) {
        for (const url of ['http://api.invalid/v1', 'https://api.invalid/v1']) {
          // No proxy is found by Node itself here, so both are led by undici.
          await search(at.endpointAt(url), {
            ...over,
            proxyFor: () => Promise.resolve({ url: `http://me:hunter22@${place}`, strictSsl: true }),
          });
        }
      }
    });

    test('an answer that repeats the key in its headers, its body and its redirect', async () => {
      for (const status of [302, 400, 401, 403, 404, 418, 500]) {
        await using server = await at.serveRaw((socket, request) => {
          const echo = request.headers['authorization'] ?? '';
          socket.end(
            at.plainAnswer(status, JSON.stringify({ error: { message: `you sent ${echo}`, code: echo } }), {
              location: `/elsewhere?key=${echo}`,
              'x-request-id': echo,
            }),
          );
        });
        await search(at.endpointAt(server.baseUrl));
        // The key is in a header and nowhere else.
        for (const { line, body } of server.requests) assert.equal(`${line}${body}`.includes(key), false);
      }
    });

    test('garbage that repeats the request', async () => {
      await using server = await at.serveRaw((socket, request) =>
        socket.end(`${request.headers['authorization'] ?? ''}\r\n\r\n`),
      );
      await search(at.endpointAt(server.baseUrl));
    });
  });
}
