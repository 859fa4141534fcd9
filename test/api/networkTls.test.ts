import assert from 'node:assert/strict';
import net from 'node:net';
import { describe, test } from 'node:test';
import { networkFailure } from '../../src/api/failures.ts';
import { toNetworkError } from '../../src/api/networkError.ts';
import { createTransport } from '../../src/api/transport.ts';
import type { TlsSettings } from '../../src/core/tlsSettings.ts';
import * as at from './clientServer.ts';
import {
  ask,
  fixture,
  kinds,
  listening,
  never,
  pem,
  portOf,
  secureAt,
  serveTls,
  trustingTests,
} from './networkServer.ts';

for (const kind of kinds) {
  const over = { kind: () => kind };
  const trusting = { ...over, ...trustingTests };

  describe(`Over ${kind} a TLS server`, () => {
    test('is trusted with the authority that the endpoint brings, and not without it', async () => {
      await using server = await serveTls('good');
      const endpoint = secureAt(server);
      assert.equal((await ask(endpoint, trusting)).text, 'Hello');
      const { failure, deltas } = await ask(endpoint, over);
      assert.equal(failure?.kind, 'certificate');
      assert.equal(failure.code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE');
      assert.deepEqual(deltas, []);
    });

    for (const [certificate, code] of [
      ['expired', 'CERT_HAS_EXPIRED'],
      ['other', 'ERR_TLS_CERT_ALTNAME_INVALID'],
      ['selfSigned', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ] as const) {
      test(`is refused where its certificate is "${certificate}": ${code}, once, with no byte of the request`, async () => {
        let received = 0;
        await using server = await serveTls(certificate, {}, () => received++);
        const { failure } = await ask(secureAt(server), trusting);
        assert.equal(failure?.kind, 'certificate');
        assert.equal(failure.code, code);
        assert.equal(received, 0);
      });
    }

    test('with a certificate of its own making is trusted where the endpoint brings that one', async () => {
      await using server = await serveTls('selfSigned');
      const certificates = () => Promise.resolve({ ca: [pem('selfSigned.pem')] });
      const endpoint = secureAt(server);
      assert.equal((await ask(endpoint, { ...over, certificates })).text, 'Hello');
    });

    for (const [version, options] of [
      ['TLS 1.0', { minVersion: 'TLSv1', maxVersion: 'TLSv1' }],
      ['TLS 1.1', { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' }],
    ] as const) {
      test(`that speaks ${version} only cannot be connected to`, async () => {
        await using server = await serveTls('good', { ...options, ciphers: 'DEFAULT@SECLEVEL=0' });
        const { failure } = await ask(secureAt(server), trusting);
        assert.equal(failure?.kind, 'cannotConnect');
        assert.match(failure.code ?? '', /^(?:ERR_SSL_|EPROTO|ECONNRESET)/);
      });
    }

    test('that is none is named, and one that never answers is given up in time', async () => {
      await using plain = await at.serveRaw((socket) => socket.end());
      await using wrong = await listening(
        net.createServer((socket) => {
          socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
        }),
      );
      const timeouts = { connectMs: 400 };
      const silent = await ask(at.endpointAt(`https://127.0.0.1:${plain.port}/v1`, { timeouts }), over);
      assert.equal(silent.failure?.kind, 'cannotConnect');
      const { failure } = await ask(secureAt(wrong), over);
      assert.equal(failure?.kind, 'cannotConnect');
      assert.match(failure.code ?? '', /^(?:ERR_SSL_|EPROTO)/);
    });

    test('that sends an alert in the middle of a reply has cut it, and what came is kept', async () => {
      await using server = await serveTls('good', {}, (socket) =>
        socket.write(at.chunkedHead + at.chunk(at.textEvent('so far')).toString()),
      );
      // Whoever sits in between puts a record of plain text where ciphertext must stand.
      await using between = await listening(
        net.createServer((socket) => {
          const onward = net.connect(portOf(server), '127.0.0.1');
          onward.on('error', () => {});
          socket.on('close', () => onward.destroy());
          socket.pipe(onward);
          onward.on('data', (bytes) => {
            socket.write(bytes);
            if (server.answered > 0) setTimeout(() => socket.write(Buffer.from([21, 3, 3, 0, 2, 2, 40])), 50);
          });
        }),
      );
      const { text, failure } = await ask(secureAt(between), trusting);
      assert.equal(text, 'so far');
      assert.equal(failure?.kind, 'cut');
      assert.match(failure.code ?? '', /^(?:ERR_SSL_|EPROTO|ECONNRESET)/);
    });

    test('raises plain errors: nothing in them refers to itself', async () => {
      await using server = await serveTls('other');
      const transport = createTransport({ ...at.transportOptions, ...trusting });
      const timeouts = { connectMs: 1000, firstByteMs: 1000, idleMs: 1000 };
      const url = new URL(`https://localhost:${portOf(server)}/v1`);
      const endpoint = at.endpointAt(url.href);
      const error: unknown = await transport
        .request({ endpoint, url, method: 'GET', headers: {}, timeouts }, never)
        .catch((raised: unknown) => raised);
      await transport.dispose();
      assert.ok(error instanceof Error);
      assert.doesNotThrow(() => JSON.stringify(error));
      assert.deepEqual(Object.keys(error).toSorted(), ['code', 'name', 'phase']);
      assert.equal(error.cause, undefined);
    });
  });

  describe(`Over ${kind} a server that wants a client certificate`, () => {
    const wanting = { requestCert: true, rejectUnauthorized: true, ca: pem('clientCa.pem') };
    const showing = (more: TlsSettings) => ({
      ...over,
      certificates: () => Promise.resolve({ ca: [pem('ca.pem')], ...more }),
    });

    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const only = { ...wanting, minVersion: version, maxVersion: version };

      test(`answers over ${version} to the one it knows, as PEM and as PKCS #12`, async () => {
        await using server = await serveTls('good', only);
        const endpoint = secureAt(server);
        const asPem = await ask(endpoint, showing({ cert: pem('client.pem'), key: pem('client.key') }));
        assert.equal(asPem.text, 'Hello', JSON.stringify(asPem.failure));
        const asPfx = await ask(endpoint, showing({ pfx: fixture('client.pfx'), passphrase: 'open sesame' }));
        assert.equal(asPfx.text, 'Hello', JSON.stringify(asPfx.failure));
        assert.deepEqual(server.clients, ['client', 'client']);
      });

      test(`refuses over ${version} whoever shows none or a stranger's, and sees no request`, async () => {
        await using server = await serveTls('good', only);
        const stranger = showing({ cert: pem('stranger.pem'), key: pem('stranger.key') });
        const none = (await ask(secureAt(server), trusting)).failure;
        // TLS 1.2 has no word for a missing certificate, and Node's server just hangs up on a stranger.
        assert.equal(none?.kind, version === 'TLSv1.3' ? 'certificate' : 'cannotConnect');
        assert.match(none.detail ?? '', /alert (?:certificate required|handshake failure)/);
        assert.equal((await ask(secureAt(server), stranger)).failure?.kind, 'cannotConnect');
        assert.equal(server.answered, 0);
      });
    }
  });
}

describe('A server that refuses a certificate says so in an alert, which', () => {
  const context = { origin: 'https://a.example', secrets: [] };
  for (const words of [
    'tlsv13 alert certificate required:../deps/openssl/ssl/record/rec_layer_s3.c:918:SSL alert number 116',
    'sslv3 alert bad certificate:../deps/openssl/ssl/record/rec_layer_s3.c:918:SSL alert number 42',
    'sslv3 alert certificate expired',
    'sslv3 alert certificate revoked',
    'sslv3 alert certificate unknown',
    'sslv3 alert unsupported certificate',
    'tlsv1 alert unknown ca',
    'tlsv1 alert access denied',
    'error:10000412:SSL routines:OPENSSL_internal:SSLV3_ALERT_BAD_CERTIFICATE',
    'error:1000045c:SSL routines:OPENSSL_internal:TLSV1_CERTIFICATE_REQUIRED',
  ]) {
    test(`is told as a matter of certificates: ${words.slice(0, 70)}`, () => {
      const error = toNetworkError(Object.assign(new Error(words), { code: 'EPROTO' }), 'connect');
      assert.equal(networkFailure(error, context, false).kind, 'certificate');
    });
  }

  test('is not when it is about something else', () => {
    for (const words of [
      'sslv3 alert handshake failure',
      'tlsv1 alert protocol version',
      'alert decode error',
    ]) {
      const error = toNetworkError(Object.assign(new Error(words), { code: 'EPROTO' }), 'connect');
      assert.equal(networkFailure(error, context, false).kind, 'cannotConnect');
    }
  });
});
