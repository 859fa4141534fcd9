import assert from 'node:assert/strict';
import type dns from 'node:dns';
import net, { type LookupFunction } from 'node:net';
import { describe, test } from 'node:test';
import { streamChatCompletion } from '../../src/api/client.ts';
import { createTransport } from '../../src/api/transport.ts';
import { failureOf } from '../../src/core/completionError.ts';
import { openBlackHole, startChild } from './blackHole.ts';
import * as at from './clientServer.ts';
import { ask, canary as key, kinds, listening, never, noWaiting, portOf, whole } from './networkServer.ts';

/** Names that are looked up nowhere: each has the addresses that it is given here. */
function lookupOf(names: Readonly<Record<string, readonly dns.LookupAddress[]>>): LookupFunction {
  return (name, options, done) => {
    const found = names[name];
    if (found === undefined) {
      const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' });
      process.nextTick(done, error, '');
    } else if (options.all === true) {
      process.nextTick(done, null, [...found]);
    } else {
      process.nextTick(done, null, found[0]?.address, found[0]?.family);
    }
  };
}

for (const kind of kinds) {
  const over = { kind: () => kind };

  describe(`Over ${kind}`, () => {
    test('a name that does not exist is told as such', async () => {
      const { failure, deltas } = await ask(at.endpointAt('http://nowhere.invalid/v1'), {
        ...over,
        lookup: lookupOf({}),
      });
      assert.equal(failure?.kind, 'cannotConnect');
      assert.equal(failure.code, 'ENOTFOUND');
      assert.match(failure.detail ?? '', /nowhere\.invalid/);
      assert.equal(deltas.filter(({ type }) => type === 'retry').length, 2);
    });

    test('a name that is never resolved is given up within the connect limit', async () => {
      const started = performance.now();
      const { failure } = await ask(
        at.endpointAt('http://slow.invalid/v1', { timeouts: { connectMs: 150 } }),
        {
          ...over,
          lookup: () => {},
        },
      );
      assert.equal(failure?.code, 'CONNECT_TIMEOUT');
      assert.ok(performance.now() - started < 2000);
    });

    test('several dead addresses of one name are one error with its code', async () => {
      const server = await listening(net.createServer());
      const port = portOf(server);
      await server[Symbol.asyncDispose]();
      const lookup = lookupOf({
        'two.invalid': [
          { address: '::1', family: 6 },
          { address: '127.0.0.1', family: 4 },
        ],
      });
      const { failure } = await ask(at.endpointAt(`http://two.invalid:${port}/v1`), { ...over, lookup });
      assert.equal(failure?.kind, 'cannotConnect');
      assert.equal(failure.code, 'ECONNREFUSED');
      assert.match(failure.detail ?? '', /ECONNREFUSED/);
    });

    test('an IPv6 address that swallows everything does not hide a live IPv4 one', async (t) => {
      let hole: Awaited<ReturnType<typeof openBlackHole>>;
      try {
        hole = await openBlackHole('::1');
      } catch {
        t.skip('no IPv6 on this machine');
        return;
      }
      using _hole = hole;
      await using _live = await listening(
        net.createServer((socket) => socket.once('data', () => socket.end(at.streamHead + whole))),
        hole.port,
      );
      const lookup = lookupOf({
        'both.invalid': [
          { address: '::1', family: 6 },
          { address: '127.0.0.1', family: 4 },
        ],
      });
      const started = performance.now();
      const timeouts = { connectMs: 5000, firstByteMs: 5000, idleMs: 5000 };
      const { text, failure } = await ask(
        at.endpointAt(`http://both.invalid:${hole.port}/v1`, { timeouts }),
        { ...over, lookup },
      );
      assert.equal(text, 'Hello', JSON.stringify(failure));
      assert.ok(performance.now() - started < 2000);
    });

    test('an address that swallows everything is given up within the connect limit, and at once by Stop', async () => {
      using hole = await openBlackHole();
      const started = performance.now();
      const endpoint = at.endpointAt(`http://127.0.0.1:${hole.port}/v1`, { timeouts: { connectMs: 200 } });
      const { failure } = await ask(endpoint, over);
      assert.equal(failure?.code, 'CONNECT_TIMEOUT');
      assert.ok(performance.now() - started < 2500);

      const connecting = (): number =>
        process.getActiveResourcesInfo().filter((name) => name === 'ConnectWrap').length;
      // The one that filled the queue.
      const before = 1;
      while (connecting() > before) await new Promise((resolve) => setTimeout(resolve, 5));
      const abort = new AbortController();
      await at.withTransport(async (transport) => {
        const patient = at.endpointAt(`http://127.0.0.1:${hole.port}/v1`);
        const reply = at.collect(
          streamChatCompletion({ endpoint: patient, key, transport }, at.request, abort.signal),
        );
        while (connecting() === before) await new Promise((resolve) => setTimeout(resolve, 5));
        const stopped = performance.now();
        abort.abort();
        assert.equal((await reply).error, undefined);
        assert.ok(performance.now() - stopped < 100);
        // The attempt is over too, though the transport lives on.
        while (connecting() > before) await new Promise((resolve) => setTimeout(resolve, 5));
        assert.ok(performance.now() - stopped < 250, `${performance.now() - stopped} ms`);
      }, over);
    });

    test('a server that is stopped in the middle of a reply is reported within the idle limit, and what came is kept', async () => {
      const code = `
        import http from 'node:http';
        const event = (text) => 'data: ' + JSON.stringify({ choices: [{ index: 0, delta: { content: text } }] }) + '\\n\\n';
        const server = http.createServer((request, response) => {
          response.writeHead(200, { 'content-type': 'text/event-stream' });
          let sent = 0;
          setInterval(() => response.write(event(String(sent++ % 10))), 5);
        });
        server.listen(0, process.argv[1], () => console.log(server.address().port));
      `;
      using server = await startChild(code, '127.0.0.1');
      const transport = createTransport({ ...at.transportOptions, ...over });
      const timeouts = { connectMs: 5000, firstByteMs: 5000, idleMs: 300 };
      const endpoint = at.endpointAt(`http://127.0.0.1:${server.port}/v1`, { timeouts });
      let shown = '';
      let stoppedAt = 0;
      let error: unknown;
      try {
        for await (const delta of streamChatCompletion({ endpoint, key, transport }, at.request, never)) {
          if (delta.type === 'content') shown += delta.text;
          if (shown.length > 20 && stoppedAt === 0) {
            server.child.kill('SIGSTOP');
            stoppedAt = performance.now();
          }
        }
      } catch (raised) {
        error = raised;
      }
      const told = performance.now() - stoppedAt;
      await transport.dispose();
      assert.equal(failureOf(error).kind, 'stalled');
      assert.equal(failureOf(error).code, 'IDLE_TIMEOUT');
      assert.ok(shown.length > 20 && '01234567890123456789'.repeat(10).startsWith(shown), shown);
      assert.ok(told >= 250 && told < 1500, `${told} ms`);
    });

    test('an extension host that stood still does not take for silence what came meanwhile', async () => {
      const code = `
        import http from 'node:http';
        const event = (delta, more) => 'data: ' + JSON.stringify({ choices: [{ index: 0, delta, ...more }] }) + '\\n\\n';
        const server = http.createServer((request, response) => {
          response.writeHead(200, { 'content-type': 'text/event-stream' });
          let sent = 0;
          const timer = setInterval(() => {
            if (++sent <= 20) return void response.write(event({ content: '.' }));
            clearInterval(timer);
            response.end(event({}, { finish_reason: 'stop' }) + 'data: [DONE]\\n\\n');
          }, 50);
        });
        server.listen(0, process.argv[1], () => console.log(server.address().port));
      `;
      using server = await startChild(code, '127.0.0.1');
      const timeouts = { connectMs: 5000, firstByteMs: 5000, idleMs: 400 };
      const endpoint = at.endpointAt(`http://127.0.0.1:${server.port}/v1`, { timeouts });
      let shown = '';
      await at.withTransport(async (transport) => {
        for await (const delta of streamChatCompletion({ endpoint, key, transport }, at.request, never)) {
          if (delta.type !== 'content') continue;
          shown += delta.text;
          // The whole process, timers included.
          if (shown.length === 2) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600);
        }
      }, over);
      assert.equal(shown, '.'.repeat(20));
    });

    test('Stop ends a request within 100 ms and its connection within 250 ms, however far it had come', async () => {
      const places: Readonly<Record<string, at.RawAnswer>> = {
        'before the answer': () => {},
        'after the head': (socket) => socket.write(at.chunkedHead),
        'within the reply': (socket) =>
          socket.write(at.chunkedHead + at.chunk(at.textEvent('so far')).toString()),
      };
      for (const [place, answer] of Object.entries(places)) {
        await using server = await at.serveRaw(answer);
        await at.withTransport(async (transport) => {
          const abort = new AbortController();
          const connection = { endpoint: at.endpointAt(server.baseUrl), key, transport };
          const reply = at.collect(streamChatCompletion(connection, at.request, abort.signal, noWaiting));
          await server.requested(1);
          await new Promise((resolve) => setTimeout(resolve, 30));
          const started = performance.now();
          abort.abort();
          const { error } = await reply;
          const ended = performance.now() - started;
          await server.quiet();
          const closed = performance.now() - started;
          assert.equal(error, undefined);
          assert.ok(ended < 100, `${place}: ended after ${ended} ms`);
          assert.ok(closed < 250, `${place}: closed after ${closed} ms`);
        }, over);
      }
    });

    test('a redirect is an answer: nobody is asked but the server that was meant', async () => {
      await using elsewhere = await at.serveRaw((socket) => socket.end(at.streamHead + whole));
      for (const status of [301, 302, 303, 307, 308]) {
        const location = `http://127.0.0.1:${elsewhere.port}/v1/chat/completions`;
        await using server = await at.serveRaw((socket) =>
          socket.end(at.plainAnswer(status, '', { location })),
        );
        const { failure } = await ask(at.endpointAt(server.baseUrl), over);
        assert.equal(failure?.kind, 'redirected');
        assert.equal(failure.status, status);
      }
      assert.equal(elsewhere.requests.length, 0);
    });

    test('what goes out is the request and nothing that tells who sent it', async () => {
      await using server = await at.serveRaw((socket) => socket.end(at.streamHead + whole));
      assert.equal((await ask(at.endpointAt(server.baseUrl), over)).text, 'Hello');
      const [seen] = server.requests;
      assert.equal(seen?.line, 'POST /v1/chat/completions HTTP/1.1');
      const { connection: _, ...headers } = seen.headers;
      assert.deepEqual(headers, {
        host: `127.0.0.1:${server.port}`,
        accept: 'text/event-stream, application/json',
        'accept-encoding': 'identity',
        authorization: `Bearer ${key}`,
        'content-length': String(Buffer.byteLength(seen.body)),
        'content-type': 'application/json',
        'user-agent': 'Colloquy',
      });
    });

    test('limits of 0 are none: a day is waited for, before the head, after it and within the reply', async (t) => {
      let open: net.Socket | undefined;
      await using server = await at.serveRaw((socket) => {
        open = socket;
      });
      const timeouts = { connectMs: 0, firstByteMs: 0, idleMs: 0 };
      const settle = async (): Promise<void> => {
        for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      };
      t.mock.timers.enable({ apis: ['setTimeout'] });
      await at.withTransport(async (transport) => {
        const endpoint = at.endpointAt(server.baseUrl, { timeouts });
        const reply = at.collect(streamChatCompletion({ endpoint, key, transport }, at.request, never));
        await server.requested(1);
        const first = at.chunk(at.textEvent('Oh. ')).toString();
        for (const piece of [at.chunkedHead, first, at.chunk(whole).toString() + at.lastChunk]) {
          await settle();
          t.mock.timers.tick(24 * 3600_000);
          open?.write(piece);
        }
        const { text, error } = await reply;
        assert.equal(error, undefined);
        assert.equal(text, 'Oh. Hello');
      }, over);
      t.mock.timers.reset();
    });

    test('a model that thinks for ten minutes, before the head or after it, is waited for in silence', async (t) => {
      const answers: readonly at.RawAnswer[] = [() => {}, (socket) => socket.write(at.chunkedHead)];
      for (const answer of answers) {
        let open: net.Socket | undefined;
        await using server = await at.serveRaw((socket, request, count) => {
          open = socket;
          answer(socket, request, count);
        });
        t.mock.timers.enable({ apis: ['setTimeout'] });
        await at.withTransport(async (transport) => {
          const connection = { endpoint: at.endpointAt(server.baseUrl), key, transport };
          const reply = at.collect(streamChatCompletion(connection, at.request, never));
          await server.requested(1);
          for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
          t.mock.timers.tick(10 * 60_000 + 30_000);
          for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
          const isHeadOut = answer !== answers[0];
          const rest = at.chunk(whole).toString() + at.lastChunk;
          open?.write(isHeadOut ? rest : at.chunkedHead + rest);
          const { text, error, deltas } = await reply;
          assert.equal(error, undefined);
          assert.equal(text, 'Hello');
          assert.equal(
            deltas.some(({ type }) => type === 'retry'),
            false,
          );
        }, over);
        t.mock.timers.reset();
      }
    });
  });
}
