import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { listModels, streamChatCompletion } from '../../src/api/client.ts';
import type { Clock } from '../../src/api/stopping.ts';
import type { Delta } from '../../src/core/completion.ts';
import { failureOf } from '../../src/core/completionError.ts';
import type { Endpoint } from '../../src/core/endpoint.ts';
import type { Failure } from '../../src/shared/failure.ts';
import * as at from './clientServer.ts';

const never = new AbortController().signal;
const key = 'sk-canary-0123456789';

/** A clock that does not wait and remembers for how long it should have. */
function fakeClock(random = 0.5): Clock & { readonly waits: number[] } {
  const waits: number[] = [];
  return {
    waits,
    now: () => Date.parse('Fri, 21 Nov 2026 10:00:00 GMT'),
    random: () => random,
    wait: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
  };
}

async function run(
  answer: at.RawAnswer,
  more: Partial<Endpoint> & { readonly clock?: Clock; readonly request?: Record<string, unknown> } = {},
) {
  await using server = await at.serveRaw(answer);
  const { clock = fakeClock(), request, ...endpoint } = more;
  return await at.withTransport(async (transport) => {
    const connection = { endpoint: at.endpointAt(server.baseUrl, endpoint), key, transport };
    const asked = { ...at.request, ...request };
    const result = await at.collect(streamChatCompletion(connection, asked, never, clock));
    return {
      ...result,
      requests: server.requests,
      failure: result.error === undefined ? undefined : failureOf(result.error),
    };
  });
}

const whole = at.streamHead + at.textEvent('Hel') + at.textEvent('lo') + at.finishEvent + at.doneEvent;
const good: at.RawAnswer = (socket) => socket.end(whole);

describe('A request', () => {
  test('streams a reply and says how it ended', async () => {
    const { deltas, text, error } = await run(good);
    assert.equal(error, undefined);
    assert.equal(text, 'Hello');
    assert.deepEqual(deltas.slice(-3), [
      { type: 'finish', choice: 0, finishReason: 'stop' },
      { type: 'message', choice: 0, message: { role: 'assistant', content: 'Hello' } },
      { type: 'done' },
    ]);
  });

  test('takes thoughts out of the text where the endpoint says that they stand there', async () => {
    const thoughtful =
      at.streamHead + at.textEvent('<thi') + at.textEvent('nk>plan</think>\n\ntext') + at.doneEvent;
    const answer: at.RawAnswer = (socket) => socket.end(thoughtful);
    const of = async (endpoint: Partial<Endpoint>): Promise<unknown> => {
      const { deltas } = await run(answer, endpoint);
      const message = deltas.find(({ type }) => type === 'message');
      return message?.type === 'message' ? { ...message.message, role: undefined } : undefined;
    };
    const divided = { role: undefined, content: 'text', reasoning: 'plan' };
    const left = { role: undefined, content: '<think>plan</think>\n\ntext' };
    assert.deepEqual(await of({ dialect: 'ollama' }), divided);
    assert.deepEqual(await of({ dialect: 'ollama', thoughts: 'fields' }), left);
    assert.deepEqual(await of({ dialect: 'openai' }), left);
    assert.deepEqual(await of({ dialect: 'openai', thoughts: 'tags' }), divided);
  });

  test('carries what was asked, the key as a bearer token, and nothing that nobody set', async () => {
    const { requests } = await run(good, {
      headers: { 'X-Team': 'red' },
      query: { 'api-version': '1' },
      extraBody: { top_k: 5, seed: null },
      request: { temperature: 0, seed: 1, tools: [], tool_choice: 'auto', stop: null },
    });
    const [seen] = requests;
    assert.equal(seen?.line, 'POST /v1/chat/completions?api-version=1 HTTP/1.1');
    assert.equal(seen.headers['authorization'], `Bearer ${key}`);
    assert.equal(seen.headers['x-team'], 'red');
    assert.equal(seen.headers['accept-encoding'], 'identity');
    assert.equal(seen.headers['content-type'], 'application/json');
    assert.equal(seen.headers['accept'], 'text/event-stream, application/json');
    assert.deepEqual(JSON.parse(seen.body), {
      ...at.request,
      temperature: 0,
      top_k: 5,
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  test('goes to a deployment in the way of Azure', async () => {
    const { requests } = await run(good, { dialect: 'azureDeployment', request: { model: 'my gpt/4' } });
    assert.equal(
      requests[0]?.line,
      'POST /v1/deployments/my%20gpt%2F4/chat/completions?api-version=2024-10-21 HTTP/1.1',
    );
    assert.equal(requests[0].headers['api-key'], key);
    assert.equal(requests[0].headers['authorization'], undefined);
  });

  test('puts the key where the endpoint says, and only there', async () => {
    const { requests } = await run(good, { headers: { 'X-Key': 'k ${apiKey}' } });
    assert.equal(requests[0]?.headers['x-key'], `k ${key}`);
    assert.equal(requests[0].headers['authorization'], undefined);
  });

  test('asks for usage only where that is understood, and again without where it is refused', async () => {
    const plain = await run(good, { dialect: 'mistral' });
    assert.equal('stream_options' in JSON.parse(plain.requests[0]?.body ?? ''), false);
    const body = JSON.stringify({ error: { message: "Unknown parameter: 'stream_options'." } });
    const { text, deltas, requests } = await run((socket, seen, count) => {
      if (count === 1) socket.write(at.plainAnswer(400, body));
      else good(socket, seen, count);
    });
    assert.equal(text, 'Hello');
    assert.equal('stream_options' in JSON.parse(requests[1]?.body ?? ''), false);
    assert.deepEqual(deltas[0], {
      type: 'repair',
      repairs: [{ type: 'dropped', field: 'stream_options' }],
    });
  });

  test('with a key or header that cannot be sent leaves nothing on the wire and no text of it in the error', async () => {
    await using server = await at.serveRaw(good);
    await at.withTransport(async (transport) => {
      const keys = ['sk-canary\nx', 'sk-canary\u{43A}', 'sk-canary\u{0}', `sk-canary${'x'.repeat(65_536)}`];
      for (const bad of keys) {
        const connection = { endpoint: at.endpointAt(server.baseUrl), key: bad, transport };
        const { error } = await at.collect(streamChatCompletion(connection, at.request, never));
        assert.equal(failureOf(error).kind, 'unauthorized');
        assert.equal(failureOf(error).code, 'INVALID_KEY');
        assert.equal(inspectAll(error).includes('canary'), false);
      }
      for (const headers of [
        { 'x-a': 'canary\r\nx: y' },
        { 'x-a': 'canary\0' },
        { 'x b': 'canary' },
        { host: 'canary' },
      ]) {
        const connection = { endpoint: at.endpointAt(server.baseUrl, { headers }), key, transport };
        const { error } = await at.collect(streamChatCompletion(connection, at.request, never));
        assert.equal(failureOf(error).code, 'INVALID_HEADER');
        assert.equal(inspectAll(error).includes('canary'), false);
      }
      const wrong = { endpoint: at.endpointAt('ftp://host/v1'), key, transport };
      const { error } = await at.collect(streamChatCompletion(wrong, at.request, never));
      assert.equal(failureOf(error).kind, 'wrongPath');
    });
    assert.equal(server.requests.length, 0);
  });
});

describe('An answer', () => {
  test('that is a redirect is not followed', async () => {
    await using other = await at.serveRaw(good);
    for (const status of [301, 302, 303, 307, 308]) {
      const location = `http://127.0.0.1:${other.port}/v1/chat/completions`;
      const { failure } = await run((socket) => socket.write(at.plainAnswer(status, '', { location })));
      assert.equal(failure?.kind, 'redirected');
      assert.equal(failure.status, status);
      assert.equal(failure.detail, `to ${location}`);
    }
    assert.equal(other.requests.length, 0);
  });

  test('that is a page is no API, with at most 300 characters of it', async () => {
    const page = `<!doctype html><title>Sign in \u{1B}[31m ${'x'.repeat(1000)}</title>`;
    const { failure } = await run((socket) =>
      socket.write(at.plainAnswer(200, page, { 'content-type': 'text/html' })),
    );
    assert.equal(failure?.kind, 'notAnApi');
    assert.match(failure.detail ?? '', /^Sign in \\u\{1B\}\[31m x+…$/);
    assert.equal(failure.detail?.length, 300);
  });

  test('in JSON in place of a stream is the whole reply', async () => {
    const body = JSON.stringify({ choices: [{ message: { content: 'all' }, finish_reason: 'stop' }] });
    const { text, deltas } = await run((socket) => socket.write(at.plainAnswer(200, body)));
    assert.equal(text, 'all');
    assert.deepEqual(deltas.at(-1), { type: 'done' });
  });

  test('is read although it is compressed, and truncated where its compression is', async () => {
    const body = gzipSync(at.textEvent('Hel') + at.textEvent('lo') + at.finishEvent + at.doneEvent);
    const head = 'HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n';
    const send = (length: number) =>
      run((socket) => {
        socket.write(head);
        socket.end(body.subarray(0, length));
      });
    assert.equal((await send(body.length)).text, 'Hello');
    const cut = await send(body.length - 20);
    assert.equal(cut.failure?.kind, 'cut');
    const odd = await run((socket) => socket.end(head.replace('gzip', 'exi') + whole));
    assert.equal(odd.failure?.code, 'CONTENT_ENCODING');
  });

  test('that unpacks to gigabytes is given up', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, 'x'));
    const head = 'HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n';
    const { failure } = await run((socket) => {
      socket.write(head);
      socket.write(gzipSync(`data: `));
      socket.end(bomb);
    });
    assert.ok(failure?.kind === 'tooLarge' || failure?.kind === 'notAnApi', JSON.stringify(failure));
  });

  test('with an error inside its stream keeps the text and names what went wrong', async () => {
    const error = `data: ${JSON.stringify({ error: { message: 'The server had an error', type: 'server_error' } })}\n\n`;
    const { text, failure, requests } = await run((socket) =>
      socket.end(at.streamHead + at.textEvent('so far') + error),
    );
    assert.equal(text, 'so far');
    assert.equal(failure?.kind, 'errorInStream');
    assert.equal(failure.detail, 'The server had an error');
    assert.equal(requests.length, 1);
    const context = `data: ${JSON.stringify({ error: { code: 'context_length_exceeded', message: 'm' } })}\n\n`;
    assert.equal(
      (await run((socket) => socket.end(at.streamHead + context))).failure?.kind,
      'contextTooLong',
    );
  });

  test('is complete with [DONE] although the server keeps the connection open, which is then closed', async () => {
    await using server = await at.serveRaw((socket) => socket.write(whole));
    await at.withTransport(async (transport) => {
      const connection = { endpoint: at.endpointAt(server.baseUrl), key, transport };
      const { deltas, error } = await at.collect(streamChatCompletion(connection, at.request, never));
      assert.equal(error, undefined);
      assert.deepEqual(deltas.at(-1), { type: 'done' });
      await server.quiet();
    });
  });

  test('leaves a connection that the next request uses', async () => {
    const ports = new Set<number | undefined>();
    const body = at.textEvent('Hi') + at.finishEvent + at.doneEvent;
    await using server = await at.serveRaw((socket) => {
      ports.add(socket.remotePort);
      socket.write(at.chunkedHead + at.chunk(body).toString());
      setTimeout(() => socket.write(at.lastChunk), 20);
    });
    await at.withTransport(async (transport) => {
      const connection = { endpoint: at.endpointAt(server.baseUrl), key, transport };
      for (let turn = 0; turn < 3; turn++) {
        const { text } = await at.collect(streamChatCompletion(connection, at.request, never));
        assert.equal(text, 'Hi');
        await new Promise((resolve) => setTimeout(resolve, 60));
      }
    });
    assert.equal(ports.size, 1);
  });
});

describe('A request that failed before its first delta', () => {
  const failing =
    (status: number, headers: Record<string, string> = {}, body = '{}'): at.RawAnswer =>
    (socket) =>
      void socket.write(at.plainAnswer(status, body, headers));

  test('is sent again twice, with the pauses of the official SDK, and every time is told', async () => {
    for (const status of [408, 409, 429, 500, 502, 503, 529]) {
      const clock = fakeClock(0.5);
      const { requests, deltas, failure } = await run(failing(status), { clock });
      assert.equal(requests.length, 3);
      assert.deepEqual(clock.waits, [437.5, 875]);
      assert.deepEqual(
        deltas.map((delta) =>
          delta.type === 'retry' ? [delta.attempt, delta.waitMs, delta.failure.status] : delta,
        ),
        [
          [2, 437.5, status],
          [3, 875, status],
        ],
      );
      assert.equal(failure?.status, status);
    }
  });

  test('goes on as if nothing had been once an answer comes', async () => {
    const { text, deltas, error } = await run((socket, seen, count) =>
      count === 1 ? failing(503)(socket, seen, count) : good(socket, seen, count),
    );
    assert.equal(error, undefined);
    assert.equal(text, 'Hello');
    assert.equal(deltas[0]?.type, 'retry');
    assert.equal(deltas.at(-1)?.type, 'done');
  });

  test('is not sent again where that is no use', async () => {
    const once: readonly (readonly [number, Record<string, string>, string])[] = [
      [400, {}, '{}'],
      [401, {}, '{}'],
      [403, {}, '{}'],
      [404, {}, '{}'],
      [422, {}, '{}'],
      [500, { 'x-should-retry': 'false' }, '{}'],
      [402, {}, '{"error":{"message":"Insufficient Balance"}}'],
      [429, {}, '{"error":{"code":"insufficient_quota","message":"You exceeded your current quota"}}'],
      [429, { 'x-should-retry': 'true' }, '{"error":{"code":"insufficient_quota"}}'],
      [429, { 'retry-after': '86401' }, '{}'],
    ];
    for (const [status, headers, body] of once) {
      const { requests, failure } = await run(failing(status, headers, body));
      assert.equal(requests.length, 1, `${status} ${body}`);
      assert.equal(failure?.status, status);
    }
    const { failure } = await run(failing(429, { 'retry-after': '86401' }));
    assert.equal(failure?.retryAfterMs, 86_401_000);
  });

  test('is sent again where the server says so', async () => {
    assert.equal((await run(failing(400, { 'x-should-retry': 'true' }))).requests.length, 3);
  });

  test('waits as long as the server asks', async () => {
    const asked: readonly (readonly [Record<string, string>, number])[] = [
      [{ 'retry-after-ms': '50', 'retry-after': '9' }, 50],
      [{ 'retry-after': '0.2' }, 200],
      [{ 'retry-after': '60' }, 60_000],
      [{ 'retry-after': '61' }, 61_000],
      [{ 'retry-after': '86400' }, 86_400_000],
      [{ 'retry-after': 'Sat, 21 Nov 2026 11:00:00 GMT' }, 3_600_000],
      [{ 'retry-after': 'Fri, 21 Nov 2026 10:00:02 GMT' }, 2000],
    ];
    for (const [headers, ms] of asked) {
      const clock = fakeClock();
      await run(failing(429, headers), { clock });
      assert.deepEqual(clock.waits, [ms, ms]);
    }
  });

  test('can be sent at once, or not at all, while it waits for an hour, and leaves no timer behind', async () => {
    for (const end of ['proceed', 'stop'] as const) {
      await using server = await at.serveRaw((socket, seen, count) => {
        if (count === 1) failing(429, { 'retry-after': '3600' })(socket, seen, count);
        else good(socket, seen, count);
      });
      await at.withTransport(async (transport) => {
        const stop = new AbortController();
        let isWaiting = (): void => {};
        const waiting = new Promise<void>((resolve) => {
          isWaiting = resolve;
        });
        const ended: boolean[] = [];
        const clock: Clock = {
          ...fakeClock(),
          wait: async (_ms, signal) => {
            isWaiting();
            await new Promise<void>((resolve) =>
              signal.addEventListener('abort', () => resolve(), { once: true }),
            );
            ended.push(signal.aborted);
          },
        };
        const connection = { endpoint: at.endpointAt(server.baseUrl), key, transport };
        const deltas: Delta[] = [];
        const reply = (async () => {
          for await (const delta of streamChatCompletion(connection, at.request, stop.signal, clock)) {
            deltas.push(delta);
          }
        })();
        await waiting;
        const [wait] = deltas;
        assert.equal(wait?.type === 'retry' && wait.waitMs, 3_600_000);
        if (end === 'stop') stop.abort();
        else if (wait?.type === 'retry') wait.proceed();
        await reply;
        assert.deepEqual(ended, [true], 'the wait itself has ended');
        assert.equal(server.requests.length, end === 'stop' ? 1 : 2);
        assert.equal(deltas.at(-1)?.type, end === 'stop' ? 'retry' : 'done');
      });
    }
  });

  test('does not wait at all where it was hurried before the wait began', async () => {
    const clock = fakeClock();
    await using server = await at.serveRaw((socket, seen, count) => {
      if (count === 1) failing(429, { 'retry-after': '3600' })(socket, seen, count);
      else good(socket, seen, count);
    });
    await at.withTransport(async (transport) => {
      const connection = { endpoint: at.endpointAt(server.baseUrl), key, transport };
      for await (const delta of streamChatCompletion(connection, at.request, never, clock)) {
        if (delta.type === 'retry') delta.proceed();
      }
    });
    assert.deepEqual([clock.waits, server.requests.length], [[], 2]);
  });

  test('is sent again after a connection that broke before the answer, and not after one that broke within it', async () => {
    const reset = await run((socket) => void socket.resetAndDestroy());
    assert.equal(reset.requests.length, 3);
    assert.equal(reset.failure?.kind, 'cannotConnect');
    const closed = await run((socket) => void socket.end());
    assert.equal(closed.requests.length, 3);
    const within = await run((socket) => void socket.end(at.streamHead));
    assert.equal(within.requests.length, 1);
    assert.equal(within.failure?.kind, 'cut');
  });

  test('is never sent again once something was shown', async () => {
    const { requests, text, failure } = await run((socket) => {
      socket.write(at.chunkedHead + at.chunk(at.textEvent('shown')).toString(), () =>
        socket.resetAndDestroy(),
      );
    });
    assert.equal(requests.length, 1);
    assert.equal(text, 'shown');
    assert.equal(failure?.kind, 'cut');
  });
});

describe('A stop', () => {
  async function stopDuring(answer: at.RawAnswer, when: 'request' | 'text') {
    await using server = await at.serveRaw(answer);
    return await at.withTransport(async (transport) => {
      const connection = { endpoint: at.endpointAt(server.baseUrl), key, transport };
      const abort = new AbortController();
      const iteration = streamChatCompletion(connection, at.request, abort.signal);
      const ended = at.collect(
        (async function* () {
          for await (const delta of iteration) {
            yield delta;
            if (when === 'text' && delta.type === 'content') setImmediate(() => abort.abort());
          }
        })(),
      );
      await server.requested(1);
      if (when === 'request') abort.abort();
      else await once(abort.signal, 'abort');
      const stopped = performance.now();
      const result = await ended;
      const latency = performance.now() - stopped;
      await server.quiet();
      return { ...result, latency, closed: performance.now() - stopped };
    });
  }

  /** The middle one of five, because the machine may be busy with something else for once. */
  async function stopFiveTimes(answer: at.RawAnswer, when: 'request' | 'text') {
    const runs = [];
    for (let count = 0; count < 5; count++) runs.push(await stopDuring(answer, when));
    const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[2] ?? Number.NaN;
    for (const { error } of runs) assert.equal(error, undefined);
    const latency = middle(runs.map((run) => run.latency));
    const closed = middle(runs.map((run) => run.closed));
    assert.ok(latency < 100, `${latency} ms`);
    assert.ok(closed < 250, `${closed} ms`);
    return runs;
  }

  test('while waiting for the answer ends the iteration within 100 ms and the connection within 250 ms', async () => {
    const runs = await stopFiveTimes(() => {}, 'request');
    for (const { deltas } of runs) assert.deepEqual(deltas, []);
  });

  test('within the text does the same, and the text stays', async () => {
    const runs = await stopFiveTimes((socket) => {
      socket.write(at.chunkedHead + at.chunk(at.textEvent('some')).toString());
    }, 'text');
    for (const { text } of runs) assert.equal(text, 'some');
  });

  test('while waiting for another attempt ends at once', async () => {
    await using server = await at.serveRaw((socket) =>
      socket.write(at.plainAnswer(503, '{}', { 'retry-after': '50' })),
    );
    await at.withTransport(async (transport) => {
      const connection = { endpoint: at.endpointAt(server.baseUrl), key, transport };
      const abort = new AbortController();
      const started = performance.now();
      for await (const delta of streamChatCompletion(connection, at.request, abort.signal)) {
        assert.equal(delta.type, 'retry');
        setTimeout(() => abort.abort(), 10);
      }
      assert.ok(performance.now() - started < 5000);
    });
  });

  test('before the beginning sends nothing', async () => {
    await using server = await at.serveRaw(good);
    await at.withTransport(async (transport) => {
      const connection = { endpoint: at.endpointAt(server.baseUrl), key, transport };
      const { deltas, error } = await at.collect(
        streamChatCompletion(connection, at.request, AbortSignal.abort()),
      );
      assert.deepEqual([deltas, error], [[], undefined]);
    });
    assert.equal(server.requests.length, 0);
  });

  test('is what leaving the loop does to the connection', async () => {
    await using server = await at.serveRaw((socket) => socket.write(at.streamHead + at.textEvent('a')));
    await at.withTransport(async (transport) => {
      const connection = { endpoint: at.endpointAt(server.baseUrl), key, transport };
      for await (const delta of streamChatCompletion(connection, at.request, never))
        if (delta.type === 'content') break;
      await server.quiet();
    });
  });
});

describe('The list of models', () => {
  async function list(answer: at.RawAnswer, more: Partial<Endpoint> = {}) {
    await using server = await at.serveRaw(answer);
    return await at.withTransport(async (transport) => {
      const connection = { endpoint: at.endpointAt(server.baseUrl, more), key, transport };
      const told: number[] = [];
      const result = await listModels(connection, never, fakeClock(), ({ waitMs }) =>
        told.push(waitMs),
      ).catch((error: unknown): Failure => failureOf(error));
      return { result, told, requests: server.requests };
    });
  }

  test('is asked for with the key and read', async () => {
    const body = JSON.stringify({ data: [{ id: 'a' }, { id: 'b', name: 'B' }] });
    const { result, requests } = await list((socket) => socket.write(at.plainAnswer(200, body)));
    assert.deepEqual(result, [{ id: 'a' }, { id: 'b', name: 'B' }]);
    assert.equal(requests[0]?.line, 'GET /v1/models HTTP/1.1');
    assert.equal(requests[0].headers['authorization'], `Bearer ${key}`);
  });

  test("has Anthropic's own headers there", async () => {
    const { requests } = await list((socket) => socket.write(at.plainAnswer(200, '[]')), {
      dialect: 'anthropic',
    });
    assert.equal(requests[0]?.headers['x-api-key'], key);
    assert.equal(requests[0].headers['anthropic-version'], '2023-06-01');
  });

  test('fails with what a person can act on', async () => {
    const failures: readonly (readonly [number, string, Failure['kind']])[] = [
      [401, '{"error":{"message":"no"}}', 'unauthorized'],
      [404, '<html><title>404</title></html>', 'wrongPath'],
      [200, '<html><title>Sign in</title></html>', 'notAnApi'],
      [200, '{"error":"Unexpected endpoint or method. (GET /models)"}', 'wrongPath'],
      [200, '{"hello":"world"}', 'notAnApi'],
      [200, '{"data":[', 'notAnApi'],
      [307, '', 'redirected'],
      [500, 'oops', 'serverError'],
    ];
    for (const [status, body, kind] of failures) {
      const { result, requests } = await list((socket) => socket.write(at.plainAnswer(status, body)));
      assert.equal('kind' in result && result.kind, kind, body);
      assert.equal(requests.length, status === 500 ? 3 : 1);
    }
    const cut = await list((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"data":'));
    assert.equal('kind' in cut.result && cut.result.kind, 'cut');
  });

  test('is asked for again as a reply is, but nobody is kept waiting for long', async () => {
    const body = JSON.stringify({ data: [{ id: 'a' }] });
    const flaky = await list((socket, _seen, count) => {
      socket.write(count === 1 ? at.plainAnswer(503, '{}') : at.plainAnswer(200, body));
    });
    assert.deepEqual([flaky.result, flaky.told], [[{ id: 'a' }], [437.5]]);
    const patient = await list((socket) => socket.write(at.plainAnswer(429, '{}', { 'retry-after': '10' })));
    assert.deepEqual(patient.told, [10_000, 10_000]);
    const asked = await list((socket) => socket.write(at.plainAnswer(429, '{}', { 'retry-after': '11' })));
    assert.deepEqual(asked.told, []);
    assert.equal('kind' in asked.result && asked.result.retryAfterMs, 11_000);
  });

  test('is not read beyond its limit', async () => {
    const { result } = await list((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{"data":["');
      const more = (): void => void (socket.writable && socket.write('x'.repeat(1024 * 1024), more));
      more();
    });
    assert.equal('kind' in result && result.kind, 'tooLarge');
  });
});

/** Everything that an error holds, in every way of printing it. */
function inspectAll(error: unknown): string {
  const text =
    error instanceof Error ? `${error.stack} ${error.message} ${JSON.stringify(error)}` : String(error);
  return `${text} ${JSON.stringify(failureOf(error))}`;
}
