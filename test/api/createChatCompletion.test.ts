import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as v from 'valibot';
import { streamChatCompletion } from '../../src/api/client.ts';
import { createChatCompletion, type RequestNotice } from '../../src/api/createChatCompletion.ts';
import { createTransport, type Transport } from '../../src/api/transport.ts';
import { CreateChatCompletionResponse } from '../../src/core/api/response.ts';
import { failureOf } from '../../src/core/completionError.ts';
import type { Endpoint } from '../../src/core/endpoint.ts';
import type { Failure } from '../../src/shared/failure.ts';
import { describeFailure } from '../../webview/view/failureText.ts';
import { isObject, type JsonObject } from '../support/demoServer/json.ts';
import { type DemoServer, ordinaryModel, startDemoServer } from '../support/demoServer/server.ts';
import { complete } from '../support/demoServer/testClient.ts';
import * as at from './clientServer.ts';

const never = new AbortController().signal;
const key = 'sk-canary-0123456789';
const noWaiting = { now: () => Date.now(), random: () => 0, wait: () => Promise.resolve() };

const weather = {
  name: 'get_weather',
  description: 'The weather at a place',
  parameters: { type: 'object', properties: { location: { type: 'string' } }, required: ['location'] },
};

/** One request against a server of our own; what came of it. */
async function run(
  answer: at.RawAnswer,
  more: Partial<Endpoint> & {
    readonly request?: Readonly<Record<string, unknown>>;
    readonly signal?: AbortSignal;
  } = {},
) {
  await using server = await at.serveRaw(answer);
  const { request, signal = never, ...endpoint } = more;
  const notices: RequestNotice[] = [];
  return await at.withTransport(async (transport) => {
    const connection = { endpoint: at.endpointAt(server.baseUrl, endpoint), key, transport };
    const asked = { ...at.request, ...request };
    let failure: Failure | undefined;
    const reply = await createChatCompletion(connection, asked, signal, noWaiting, (notice) =>
      notices.push(notice),
    ).catch((error: unknown) => {
      failure = failureOf(error);
      return undefined;
    });
    return { reply, failure, notices, requests: server.requests, origin: new URL(server.baseUrl).origin };
  });
}

const whole = (more: JsonObject = {}, message: JsonObject = {}, choice: JsonObject = {}): string =>
  JSON.stringify({
    id: 'c1',
    object: 'chat.completion',
    created: 5,
    model: 'm',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'Hello', ...message },
        finish_reason: 'stop',
        ...choice,
      },
    ],
    ...more,
  });

describe('A reply in one piece, from the demo server', () => {
  let server: DemoServer;
  let transport: Transport;
  before(async () => {
    server = await startDemoServer();
    transport = createTransport(at.transportOptions);
  });
  after(async () => {
    await transport.dispose();
    await server.close();
  });

  test('is handed on as it was sent, whatever it holds', async () => {
    const cases: readonly JsonObject[] = [
      {},
      { n: 3 },
      { logprobs: true, top_logprobs: 2 },
      { tools: [{ type: 'function', function: weather }], tool_choice: 'required' },
      {
        tools: [{ type: 'custom', custom: { name: 'note' } }],
        tool_choice: { type: 'custom', custom: { name: 'note' } },
      },
      { functions: [weather], function_call: { name: 'get_weather' } },
      { modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'wav' } },
      { prediction: { type: 'content', content: 'Hello there' } },
      { response_format: { type: 'json_schema', json_schema: { name: 'x', schema: { type: 'object' } } } },
      { model: 'fault-refusal', logprobs: true },
      { model: 'fault-reasoning' },
      { model: 'fault-length' },
      { stop: 'e', store: true, metadata: { a: 'b' } },
    ];
    const connection = { endpoint: at.endpointAt(server.url), key: server.key, transport };
    for (const fields of cases) {
      const request = { ...at.request, model: ordinaryModel, ...fields };
      const reply = await createChatCompletion(connection, request, never);
      const { json } = await complete(server, request);
      assert.ok(isObject(json) && reply !== undefined);
      const { id, created, ...sent } = json;
      const { id: ownId, created: ownCreated, ...got } = reply;
      assert.notEqual(ownId, id);
      assert.ok(Math.abs(ownCreated - Number(created)) < 100);
      assert.deepEqual(withoutIds(got), withoutIds(sent), JSON.stringify(fields));
      assert.ok(v.is(CreateChatCompletionResponse, reply));
    }
  });
});

/** Ids of speech and its end hold the id and the time of the reply. */
function withoutIds(reply: object): unknown {
  return JSON.parse(
    JSON.stringify(reply, (name, value: unknown) => (name === 'id' || name === 'expires_at' ? 'x' : value)),
  );
}

describe('A reply in one piece', () => {
  test('asks for no stream and sends nothing that nobody set', async () => {
    const { requests } = await run((socket) => socket.end(at.plainAnswer(200, whole())), {
      request: { stream: true, stream_options: { include_usage: true }, temperature: null, tools: [] },
      extraBody: { top_k: 5, stream: true },
    });
    assert.deepEqual(JSON.parse(requests[0]?.body ?? ''), { ...at.request, top_k: 5 });
    assert.match(requests[0]?.line ?? '', /^POST \/v1\/chat\/completions HTTP/u);
    assert.equal(requests[0]?.headers['accept'], 'application/json');
  });

  test('keeps the fields that the API does not know where they were', async () => {
    const body = whole(
      { provider: 'p', citations: ['https://a.example'], usage: { prompt_tokens: 1, cost: 0.5 } },
      { reasoning_content: 'Hm.', images: [{ type: 'image_url' }], x: { y: null } },
      { native_finish_reason: 'STOP' },
    );
    const { reply } = await run((socket) => socket.end(at.plainAnswer(200, body)));
    assert.deepEqual(reply, {
      ...JSON.parse(body),
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: 'Hello',
            refusal: null,
            reasoning_content: 'Hm.',
            images: [{ type: 'image_url' }],
            x: { y: null },
          },
          finish_reason: 'stop',
          logprobs: null,
          native_finish_reason: 'STOP',
        },
      ],
    });
  });

  test('has every field that the description promises, whatever the server left out', async () => {
    const body = JSON.stringify({
      choices: [{ message: { content: [{ type: 'text', text: 'Hi' }] }, finish_reason: 'eos' }],
    });
    const { reply } = await run((socket) => socket.end(at.plainAnswer(200, body)));
    const message = { role: 'assistant', content: 'Hi', refusal: null };
    const choices = [{ index: 0, message, finish_reason: 'stop', logprobs: null }];
    assert.deepEqual(reply, { id: '', object: 'chat.completion', created: 0, model: '', choices });
    assert.ok(v.is(CreateChatCompletionResponse, reply));
  });

  test('keeps to the description where the server does not: calls without ids, counts that are none, other words', async () => {
    const body = whole(
      {
        usage: { prompt_tokens: 'many', completion_tokens: 3 },
        service_tier: 'turbo',
        moderation: { odd: true },
      },
      {
        content: null,
        tool_calls: [
          {
            function: { name: 'f', arguments: { a: 1 } },
            extra_content: { google: { thought_signature: 's' } },
          },
          { id: 'c', type: 'custom', custom: { name: 'g', input: 'x' } },
        ],
        annotations: [{ type: 'file', file: 'f1' }],
      },
      { finish_reason: 'model_said_so', logprobs: { content: [{ token: 'a', logprob: -1 }] } },
    );
    const { reply } = await run((socket) => socket.end(at.plainAnswer(200, body)));
    const [choice] = reply?.choices ?? [];
    assert.equal(choice?.finish_reason, 'model_said_so');
    assert.deepEqual(choice.message.tool_calls, [
      {
        id: '',
        type: 'function',
        function: { name: 'f', arguments: '{"a":1}' },
        extra_content: { google: { thought_signature: 's' } },
      },
      { id: 'c', type: 'custom', custom: { name: 'g', input: 'x' } },
    ]);
    assert.deepEqual(choice.message.annotations, [{ type: 'file', file: 'f1' }]);
    assert.deepEqual(choice.logprobs, { content: [{ token: 'a', logprob: -1 }], refusal: null });
    assert.deepEqual([reply?.usage, reply?.service_tier], [{ completion_tokens: 3 }, 'turbo']);
    assert.deepEqual(reply?.moderation, { odd: true });
  });

  test('is understood where the server streams all the same', async () => {
    const stream = at.streamHead + at.textEvent('Hel') + at.textEvent('lo') + at.finishEvent + at.doneEvent;
    const { reply } = await run((socket) => socket.end(stream));
    assert.equal(reply?.choices[0]?.message.content, 'Hello');
    assert.deepEqual([reply.id, reply.model], ['c1', 'm']);
  });

  test('is none where it did not come to its end, or is something else', async () => {
    const cases: readonly (readonly [string, string, Failure['kind']])[] = [
      ['cut JSON', at.plainAnswer(200, whole()).slice(0, -20), 'cut'],
      [
        'a page',
        at.plainAnswer(200, '<html><title>Sign in</title></html>', { 'content-type': 'text/html' }),
        'notAnApi',
      ],
      [
        'an error inside 200',
        at.plainAnswer(200, '{"error":{"message":"boom","type":"server_error"}}'),
        'errorInStream',
      ],
      ['no reply', at.plainAnswer(200, '{"ok":true}'), 'notAnApi'],
      ['a cut stream', at.streamHead + at.textEvent('Hel'), 'cut'],
      [
        'a refusal',
        at.plainAnswer(401, '{"error":{"message":"Incorrect API key provided: sk-canary-0123456789"}}'),
        'unauthorized',
      ],
    ];
    for (const [name, text, kind] of cases) {
      const { reply, failure, origin } = await run((socket) => socket.end(text));
      assert.equal(reply, undefined, name);
      assert.equal(failure?.kind, kind, name);
      assert.equal(failure.origin, origin, name);
      assert.ok(!JSON.stringify(failure).includes('canary'), name);
    }
  });

  test('is asked for again where that may help, and never in silence', async () => {
    const { reply, notices, requests } = await run((socket, _, count) => {
      socket.end(
        count < 3 ? at.plainAnswer(503, '{"error":{"message":"busy"}}') : at.plainAnswer(200, whole()),
      );
    });
    assert.equal(reply?.choices[0]?.message.content, 'Hello');
    assert.equal(requests.length, 3);
    assert.deepEqual(
      notices.map((notice) => notice.type === 'retry' && [notice.attempt, notice.failure.kind]),
      [
        [2, 'serverError'],
        [3, 'serverError'],
      ],
    );
  });

  test('is waited for in sight, and where nobody looks not for long', async () => {
    const asks = at.plainAnswer(429, '{}', { 'retry-after': '3600' });
    const seen = await run((socket) => socket.write(asks));
    assert.deepEqual([seen.notices.length, seen.requests.length, seen.failure?.kind], [2, 3, 'rateLimited']);
    await using server = await at.serveRaw((socket) => socket.write(asks));
    await at.withTransport(async (transport) => {
      const connection = { endpoint: at.endpointAt(server.baseUrl), key, transport };
      await assert.rejects(
        createChatCompletion(connection, at.request, never, noWaiting),
        (error: unknown) => failureOf(error).retryAfterMs === 3_600_000,
      );
    });
    assert.equal(server.requests.length, 1);
  });

  test('is asked for in the form that the server takes, and that is told', async () => {
    const refusal = {
      message:
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      param: 'max_tokens',
      code: 'unsupported_parameter',
    };
    const { reply, notices, requests } = await run(
      (socket, _, count) => {
        socket.end(
          count === 1
            ? at.plainAnswer(400, JSON.stringify({ error: refusal }))
            : at.plainAnswer(200, whole()),
        );
      },
      { request: { max_tokens: 10 } },
    );
    assert.equal(reply?.choices.length, 1);
    assert.equal(JSON.parse(requests[1]?.body ?? '{}').max_completion_tokens, 10);
    assert.ok(notices.some((notice) => notice.type === 'repair'));
  });

  test('is nothing after a stop', async () => {
    const stop = new AbortController();
    const { reply, failure } = await run(() => stop.abort(), { signal: stop.signal });
    assert.deepEqual([reply, failure], [undefined, undefined]);
    const before = await run((socket) => socket.end(at.plainAnswer(200, whole())), {
      signal: AbortSignal.abort(),
    });
    assert.deepEqual([before.reply, before.failure, before.requests.length], [undefined, undefined, 0]);
  });
});

describe('A field of the wrong type', () => {
  test('is named with the endpoint before anything is sent, wherever it was set', async () => {
    await using server = await at.serveRaw((socket) => socket.end(at.plainAnswer(200, whole())));
    await at.withTransport(async (transport) => {
      const { origin } = new URL(server.baseUrl);
      const cases = [
        [{ temperature: '0.7' }, {}, 'temperature', 'temperature must be a number, but it is a string'],
        [{}, { stop: [5] }, 'stop[0]', 'stop[0] must be a string, but it is a number'],
        [
          {},
          { messages: [{ role: 'user', content: 5 }] },
          'messages[0].content',
          'messages[0].content must be a string or an array',
        ],
      ] as const;
      for (const [parameters, extraBody, param, detail] of cases) {
        const connection = { endpoint: at.endpointAt(server.baseUrl, { extraBody }), key, transport };
        // A cast, because a setting may hold anything.
        const request = { ...at.request, ...parameters } as typeof at.request;
        const streamed = await at.collect(streamChatCompletion(connection, request, never, noWaiting));
        const created = await createChatCompletion(connection, request, never, noWaiting).catch(
          (error: unknown) => error,
        );
        for (const error of [streamed.error, created]) {
          const failure = failureOf(error);
          assert.deepEqual(
            [failure.kind, failure.param, failure.code, failure.origin],
            ['badRequest', param, 'INVALID_FIELD', origin],
          );
          assert.ok(failure.detail?.startsWith(detail), failure.detail);
          const { why } = describeFailure(failure);
          assert.ok(why.startsWith(`Nothing was sent to ${origin}, because the field ${param} `), why);
        }
      }
    });
    assert.equal(server.requests.length, 0);
  });
});
