import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { streamChatCompletion } from '../../src/api/client.ts';
import type { Clock } from '../../src/api/stopping.ts';
import type { CreateChatCompletionRequest } from '../../src/core/completion.ts';
import { failureOf } from '../../src/core/completionError.ts';
import type { DialectId } from '../../src/core/endpoint.ts';
import { afterLesson, type RememberedRepair, type RepairMemory } from '../../src/core/repairMemory.ts';
import type { Repair } from '../../src/shared/conversation.ts';
import * as at from './clientServer.ts';

const never = new AbortController().signal;
const fixtures = new URL('../support/fixtures/errors/', import.meta.url);
const whole = at.streamHead + at.textEvent('Hello') + at.finishEvent + at.doneEvent;
const good: at.RawAnswer = (socket) => socket.end(whole);
const clock: Clock = { now: () => 0, random: () => 0.5, wait: () => Promise.resolve() };

/** A memory that can be looked into. */
function memory(known: readonly RememberedRepair[] = []) {
  const kept = new Map<string, readonly RememberedRepair[]>();
  const repairs: RepairMemory = {
    recall: (origin, model) => kept.get(`${origin} ${model}`) ?? known,
    learn: (origin, model, lesson) => {
      const place = `${origin} ${model}`;
      kept.set(place, afterLesson(kept.get(place) ?? known, lesson));
    },
  };
  return { repairs, kept };
}

type Parameters = Partial<CreateChatCompletionRequest> & { readonly [name: string]: unknown };

interface Options {
  readonly parameters: Parameters;
  readonly dialect?: DialectId;
  readonly extraBody?: Record<string, unknown>;
  readonly memory?: ReturnType<typeof memory>;
}

/** Sends one request; `bodies` are the requests on the wire, without what every one of them holds. */
async function run(answer: at.RawAnswer, { parameters, memory: known = memory(), ...endpoint }: Options) {
  await using server = await at.serveRaw(answer);
  return await at.withTransport(async (transport) => {
    const connection = {
      endpoint: at.endpointAt(server.baseUrl, endpoint),
      key: 'sk-canary-0123456789',
      transport,
      repairs: known.repairs,
    };
    const asked: CreateChatCompletionRequest = { ...at.request, ...parameters };
    const result = await at.collect(streamChatCompletion(connection, asked, never, clock));
    const origin = new URL(server.baseUrl).origin;
    return {
      ...result,
      bodies: server.requests.map(({ body }) => fieldsOf(body)),
      told: result.deltas.flatMap((delta) => (delta.type === 'repair' ? [delta.repairs] : [])),
      retries: result.deltas.filter((delta) => delta.type === 'retry').length,
      failure: result.error === undefined ? undefined : failureOf(result.error),
      remembered: known.kept.get(`${origin} m`) ?? [],
    };
  });
}

function fieldsOf(text: string): Record<string, unknown> {
  const body: unknown = JSON.parse(text);
  assert.ok(typeof body === 'object' && body !== null);
  const { model: _, stream: __, messages, ...fields } = body as Record<string, unknown>;
  return JSON.stringify(messages) === JSON.stringify(at.request.messages) ? fields : { ...fields, messages };
}

/** Refuses the first `times` requests. */
function refusing(body: string, times = 1, status = 400): at.RawAnswer {
  return (socket, seen, count) => {
    if (count <= times) socket.write(at.plainAnswer(status, body));
    else good(socket, seen, count);
  };
}

const usage = { stream_options: { include_usage: true } };
const dropped = (field: string): Repair => ({ type: 'dropped', field });

interface Case {
  /** A recorded refusal, or one by its status and body. */
  readonly refusal: string | readonly [status: number, body: string];
  readonly parameters: Parameters;
  readonly first?: Record<string, unknown>;
  readonly second: Record<string, unknown>;
  readonly repairs: readonly Repair[];
  readonly dialect?: DialectId;
}

const text = (role: string, content: unknown) => ({ role, content });
const parts = [
  { type: 'text', text: 'one' },
  { type: 'text', text: 'two' },
] as const;
const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } } as const;

const cases: Readonly<Record<string, Case>> = {
  'OpenAI: max_tokens is renamed': {
    refusal: 'openai-400-max-tokens',
    parameters: { max_tokens: 5 },
    second: { max_completion_tokens: 5, ...usage },
    repairs: [{ type: 'renamed', field: 'max_tokens', to: 'max_completion_tokens' }],
  },
  'a proxy that names no parameter: max_tokens is renamed': {
    refusal: [
      400,
      `{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.","code":"invalid_request_body"}}`,
    ],
    parameters: { max_tokens: 5 },
    second: { max_completion_tokens: 5, ...usage },
    repairs: [{ type: 'renamed', field: 'max_tokens', to: 'max_completion_tokens' }],
  },
  'an old api-version: max_completion_tokens is renamed back': {
    refusal: [400, '{"error":{"message":"Unrecognized request argument supplied: max_completion_tokens"}}'],
    parameters: { max_tokens: 5 },
    dialect: 'openai',
    first: { max_completion_tokens: 5, ...usage },
    second: { max_tokens: 5, ...usage },
    repairs: [],
  },
  'OpenAI: a temperature that is not 1 is left out': {
    refusal: 'openai-400-temperature-value',
    parameters: { temperature: 0.2 },
    second: usage,
    repairs: [dropped('temperature')],
  },
  'OpenAI: the parameter temperature is left out': {
    refusal: [
      400,
      `{"error":{"message":"Unsupported parameter: 'temperature' is not supported with this model.","type":"invalid_request_error","param":"temperature","code":"unsupported_parameter"}}`,
    ],
    parameters: { temperature: 1, top_p: 0.5 },
    second: { top_p: 0.5, ...usage },
    repairs: [dropped('temperature')],
  },
  'OpenAI: four fields are refused at once': {
    refusal: 'openai-400-search-preview',
    parameters: { temperature: 0, top_p: 1, frequency_penalty: 0, presence_penalty: 0, seed: 3 },
    second: { seed: 3, ...usage },
    repairs: ['frequency_penalty', 'presence_penalty', 'temperature', 'top_p'].map(dropped),
  },
  'Moonshot: only temperature 1': {
    refusal: 'kimi-400-temperature',
    parameters: { temperature: 0.7, stop: ['x'] },
    second: { stop: ['x'], ...usage },
    repairs: [dropped('temperature')],
  },
  'Mistral: stream_options is extra': {
    refusal: 'mistral-422-extra-forbidden',
    parameters: { temperature: 0.5 },
    second: { temperature: 0.5 },
    repairs: [dropped('stream_options')],
  },
  'Mistral: seed is extra, in a JSON text': {
    refusal: 'mistral-422-extra-forbidden-string',
    parameters: { seed: 1 },
    second: usage,
    repairs: [dropped('seed')],
  },
  'Databricks: stream_options, without a wrapper': {
    refusal: 'databricks-flat',
    parameters: {},
    second: {},
    repairs: [dropped('stream_options')],
  },
  'xAI: a name in camel case': {
    refusal: [
      400,
      '{"code":"Client specified an invalid argument","error":"Model m does not support parameter reasoningEffort."}',
    ],
    parameters: { reasoning_effort: 'high' },
    second: usage,
    repairs: [dropped('reasoning_effort')],
  },
  'LiteLLM: a list of one': {
    refusal: [
      400,
      `{"error":{"message":"litellm.UnsupportedParamsError: openai does not support parameters: ['parallel_tool_calls'], for model=o3","type":"None","param":"None","code":"400"}}`,
    ],
    parameters: {
      parallel_tool_calls: false,
      tools: [{ type: 'function', function: { name: 'f' } }],
    },
    second: { tools: [{ type: 'function', function: { name: 'f' } }], ...usage },
    repairs: [dropped('parallel_tool_calls')],
  },
  'Gemini: an unknown name': {
    refusal: [
      400,
      '[{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \\"store\\": Cannot find field.","status":"INVALID_ARGUMENT"}}]',
    ],
    parameters: { store: true },
    second: usage,
    repairs: [dropped('store')],
  },
  'logprobs take what depends on them along': {
    refusal: [400, '{"error":{"message":"logprobs is not supported with this model","param":"logprobs"}}'],
    parameters: { logprobs: true, top_logprobs: 3 },
    second: usage,
    repairs: [dropped('logprobs'), dropped('top_logprobs')],
  },
  'DeepSeek: the role developer becomes system': {
    refusal: 'deepseek-developer-role',
    parameters: { messages: [text('developer', 'Be brief.'), text('user', 'Hi')] as never },
    first: { messages: [text('developer', 'Be brief.'), text('user', 'Hi')], ...usage },
    second: { messages: [text('system', 'Be brief.'), text('user', 'Hi')], ...usage },
    repairs: [{ type: 'roleChanged', from: 'developer', to: 'system' }],
  },
  'DashScope: the role developer becomes system': {
    refusal: [
      400,
      `{"error":{"message":"developer is not one of ['system', 'assistant', 'user', 'tool', 'function'] - 'messages.0.role'","type":"invalid_request_error","param":null,"code":null}}`,
    ],
    parameters: { messages: [text('developer', 'Be brief.'), text('user', 'Hi')] as never },
    first: { messages: [text('developer', 'Be brief.'), text('user', 'Hi')], ...usage },
    second: { messages: [text('system', 'Be brief.'), text('user', 'Hi')], ...usage },
    repairs: [{ type: 'roleChanged', from: 'developer', to: 'system' }],
  },
  'o1: the role system becomes developer': {
    refusal: [
      400,
      `{"error":{"message":"Unsupported value: 'messages[0].role' does not support 'system' with this model.","type":"invalid_request_error","param":"messages[0].role","code":"unsupported_value"}}`,
    ],
    parameters: { messages: [text('system', 'Be brief.'), text('user', 'Hi')] as never },
    first: { messages: [text('system', 'Be brief.'), text('user', 'Hi')], ...usage },
    second: { messages: [text('developer', 'Be brief.'), text('user', 'Hi')], ...usage },
    repairs: [{ type: 'roleChanged', from: 'system', to: 'developer' }],
  },
  'DeepSeek: parts that are all text are joined, others are left alone': {
    refusal: 'deepseek-content-array',
    parameters: { messages: [text('system', parts), text('user', [...parts, image])] as never },
    first: { messages: [text('system', parts), text('user', [...parts, image])], ...usage },
    second: { messages: [text('system', 'one\ntwo'), text('user', [...parts, image])], ...usage },
    repairs: [{ type: 'contentJoined' }],
  },
  'Workers AI: parts that are all text are joined': {
    refusal: [
      400,
      `{"errors":[{"message":"AiError: Bad input: Error: oneOf at '/' not met: Type mismatch of '/messages/0/content', 'array' not in 'string'","code":5006}],"success":false}`,
    ],
    parameters: { messages: [text('user', parts)] as never },
    first: { messages: [text('user', parts)], ...usage },
    second: { messages: [text('user', 'one\ntwo')], ...usage },
    repairs: [{ type: 'contentJoined' }],
  },
};

function answerOf(refusal: Case['refusal']): readonly [status: number, body: string] {
  if (typeof refusal !== 'string') return refusal;
  // The fixtures are ours; a wrong shape fails below.
  const { http } = JSON.parse(readFileSync(new URL(`${refusal}.json`, fixtures), 'utf8')) as {
    readonly http: { readonly status: number; readonly body: string };
  };
  return [http.status, http.body];
}

describe('A refused field', () => {
  for (const [name, { refusal, parameters, first, second, repairs, dialect }] of Object.entries(cases)) {
    test(`is repaired once. ${name}`, async () => {
      const [status, body] = answerOf(refusal);
      const known = memory();
      const options = { parameters, memory: known, ...(dialect && { dialect }) };
      const refused = await run(refusing(body, 1, status), options);
      assert.equal(refused.failure, undefined, JSON.stringify(refused.failure));
      assert.equal(refused.text, 'Hello');
      assert.deepEqual(refused.bodies, [first ?? { ...parameters, ...usage }, second]);
      assert.deepEqual(refused.told.at(-1), repairs);
      assert.equal(refused.retries, 0);

      // The same server refuses the repaired request too: nothing is learnt, and nothing goes round in circles.
      const stubborn = await run(refusing(body, 9, status), { ...options, memory: memory() });
      assert.ok(stubborn.bodies.length <= 2, `${stubborn.bodies.length} requests`);
      assert.equal(stubborn.failure?.kind, 'badRequest');
      assert.deepEqual(stubborn.remembered, []);

      // And it is known from then on.
      const later = await run(good, {
        ...options,
        memory: memory(refused.remembered),
      });
      assert.deepEqual(later.bodies, [second]);
      assert.deepEqual(later.told, repairs.length === 0 ? [] : [repairs]);
    });
  }

  test('is none where the value is wrong, or where nobody may change it', async () => {
    const tools = [{ type: 'function', function: { name: 'f' } }] as const;
    const untouched: readonly (readonly [parameters: Parameters, body: string])[] = [
      [
        { temperature: 5 },
        `{"error":{"message":"Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 5 instead.","param":"temperature","code":"decimal_above_max_value"}}`,
      ],
      [
        { max_tokens: 1e6 },
        '{"error":{"message":"max_tokens is too large: 1000000. This model supports at most 16384 completion tokens.","param":"max_tokens","code":"invalid_value"}}',
      ],
      [{ tools: [...tools] }, '{"error":{"message":"tools is not supported","param":"tools"}}'],
      [{ tools: [...tools] }, `{"error":{"message":"'tools' is not supported with this model"}}`],
      [
        { tools: [...tools], tool_choice: 'required' },
        '{"error":{"message":"Unsupported parameter: tool_choice","param":"tool_choice"}}',
      ],
      [
        { response_format: { type: 'json_object' } },
        `{"error":{"message":"'response_format' is not supported","param":"response_format"}}`,
      ],
      [{ temperature: 0 }, '{"error":{"message":"Unsupported parameter","param":"messages"}}'],
      [{ temperature: 0 }, '{"error":{"message":"Unsupported parameter","param":"__proto__"}}'],
      [{ temperature: 0 }, '{"error":{"message":"Unsupported parameter","param":"constructor"}}'],
      [{ temperature: 0 }, '{"error":{"message":"Unsupported parameter: top_p","param":null}}'],
      [{ temperature: 0 }, '{"error":{"message":"Unsupported parameter","param":"model"}}'],
      [{ stop: ['a'] }, '{"error":{"message":"Unsupported request, stop sending it"}}'],
      [
        { user: 'me' },
        `{"error":{"message":"'messages.0' : for 'role:user' property 'name' is unsupported"}}`,
      ],
      [{ n: 2 }, '{"error":{"message":"Please reduce n, the value must be 1"}}'],
    ];
    for (const [parameters, body] of untouched) {
      const { bodies, told, failure } = await run(refusing(body, 9), { parameters });
      assert.deepEqual([bodies.length, told], [1, []], body);
      assert.ok(failure !== undefined && failure.status === 400, body);
    }
  });

  test('is told from every other refusal on record: they change nothing', async () => {
    const repaired = Object.values(cases).map(({ refusal }) => refusal);
    const others = readdirSync(fixtures)
      .map((file) => file.replace('.json', ''))
      .filter((name) => !repaired.includes(name) && !name.startsWith('html-200'));
    assert.ok(others.length > 25, `${others.length} fixtures`);
    // All that may be changed is in the request, so that a repair would find something.
    const parameters = {
      max_tokens: 1,
      temperature: 0,
      stop: 'x',
      user: 'u',
      n: 1,
      metadata: {},
      tools: [{ type: 'function', function: { name: 'f' } }] as never,
      messages: [text('developer', parts), text('user', parts)] as never,
    };
    for (const name of others) {
      const [status, body] = answerOf(name);
      const { bodies, told, failure } = await run(refusing(body, 9, status), { parameters });
      assert.deepEqual(told, [], name);
      assert.equal(new Set(bodies.map((sent) => JSON.stringify(sent))).size, 1, name);
      assert.equal(failure?.status, status, name);
    }
  });

  test('is left to the user where the status says something else', async () => {
    const body = `{"error":{"message":"Unsupported parameter: 'temperature'","param":"temperature"}}`;
    for (const status of [401, 402, 403, 500]) {
      const { told, failure } = await run(refusing(body, 9, status), { parameters: { temperature: 0 } });
      assert.deepEqual([told, failure?.status], [[], status]);
    }
  });

  test('counts as no attempt: three failures are still answered by three attempts', async () => {
    const refusal = `{"error":{"message":"Unsupported parameter: 'temperature'","param":"temperature"}}`;
    const {
      bodies,
      retries,
      text: said,
    } = await run(
      (socket, seen, count) => {
        if (count === 1) socket.write(at.plainAnswer(503, '{}'));
        else if (count === 2) socket.write(at.plainAnswer(400, refusal));
        else if (count === 3) socket.write(at.plainAnswer(503, '{}'));
        else good(socket, seen, count);
      },
      { parameters: { temperature: 0 } },
    );
    assert.deepEqual([bodies.length, retries, said], [4, 2, 'Hello']);
    assert.deepEqual(bodies.at(-1), usage);
  });

  test('is repaired at most five times a request, however many fields the server objects to', async () => {
    const fields = ['top_p', 'top_k', 'min_p', 'seed', 'stop', 'user', 'store'];
    const parameters = Object.fromEntries(fields.map((field) => [field, field === 'store' ? true : 1]));
    const { bodies, failure, remembered } = await run(
      (socket, _seen, count) => {
        const message = `Unsupported parameter: '${fields[count - 1]}'`;
        socket.write(at.plainAnswer(400, JSON.stringify({ error: { message } })));
      },
      { parameters: { ...parameters, stop: ['x'], user: 'u' } },
    );
    assert.equal(bodies.length, 6);
    assert.deepEqual(Object.keys(bodies.at(-1) ?? {}).toSorted(), ['store', 'stream_options', 'user']);
    assert.equal(failure?.kind, 'badRequest');
    assert.deepEqual(remembered, []);
  });

  test('in text that is built to confuse changes nothing else and takes no time', async () => {
    const long = `Unsupported parameter: ${"'".repeat(30_000)}temperature ${'messages[0].role '.repeat(2000)}`;
    const started = performance.now();
    for (const param of [long, null, 'temperature; messages', 'messages[0].role']) {
      const { bodies, failure } = await run(
        refusing(JSON.stringify({ error: { message: long, param } }), 9),
        {
          parameters: { temperature: 0 },
        },
      );
      assert.ok(bodies.length <= 2);
      assert.equal(failure?.kind, 'badRequest');
    }
    assert.ok(performance.now() - started < 5000);
  });

  test('is repaired too where the refusal comes with HTTP 200, as long as nothing else has come', async () => {
    const refusal =
      '{"code":"Client specified an invalid argument","error":"Argument not supported on this model: stop"}';
    for (const answer of [at.plainAnswer(200, refusal), `${at.streamHead}data: ${refusal}\n\n`]) {
      const { bodies, told, failure, remembered } = await run(
        (socket, seen, count) => (count === 1 ? void socket.end(answer) : good(socket, seen, count)),
        { parameters: { stop: 'x' } },
      );
      assert.equal(failure, undefined);
      assert.deepEqual(bodies, [{ stop: 'x', ...usage }, usage]);
      assert.deepEqual([told, remembered], [[[dropped('stop')]], [{ repair: dropped('stop') }]]);
    }
    const other = await run((socket) => socket.write(at.plainAnswer(200, '{"error":{"message":"Oops"}}')), {
      parameters: { stop: 'x' },
    });
    assert.deepEqual([other.bodies.length, other.failure?.kind], [1, 'errorInStream']);
  });

  test('is not repaired once something has streamed', async () => {
    const error = `data: ${JSON.stringify({ error: { message: "Unsupported parameter: 'temperature'", code: 400 } })}\n\n`;
    const { bodies, failure } = await run((socket) => socket.end(at.streamHead + at.textEvent('a') + error), {
      parameters: { temperature: 0 },
    });
    assert.equal(bodies.length, 1);
    assert.equal(failure?.kind, 'errorInStream');
  });
});

describe('What was repaired', () => {
  test('is remembered for the value that was refused, where it was the value', async () => {
    const known = memory();
    const effort = (level: string) =>
      `{"error":{"message":"Unsupported value: 'reasoning_effort' does not support '${level}' with this model.","param":"reasoning_effort","code":"unsupported_value"}}`;
    const { remembered } = await run(refusing(effort('minimal')), {
      parameters: { reasoning_effort: 'minimal' },
      memory: known,
    });
    assert.deepEqual(remembered, [{ repair: dropped('reasoning_effort'), value: '"minimal"' }]);
    const other = await run(good, {
      parameters: { reasoning_effort: 'high' },
      memory: memory(remembered),
    });
    assert.deepEqual(other.bodies, [{ reasoning_effort: 'high', ...usage }]);
    const same = await run(good, {
      parameters: { reasoning_effort: 'minimal' },
      memory: memory(remembered),
    });
    assert.deepEqual(same.bodies, [usage]);
    assert.deepEqual(same.told, [[dropped('reasoning_effort')]]);
  });

  test('is remembered for every value where only the default one is taken', async () => {
    for (const name of ['openai-400-temperature-value', 'kimi-400-temperature']) {
      const { remembered } = await run(refusing(answerOf(name)[1]), { parameters: { temperature: 0.2 } });
      assert.deepEqual(remembered, [{ repair: dropped('temperature') }]);
      const other = await run(good, { parameters: { temperature: 0.7 }, memory: memory(remembered) });
      assert.deepEqual(other.bodies, [usage]);
    }
  });

  test('is undone where the request fails because of it', async () => {
    const renamed: Repair = { type: 'renamed', field: 'max_tokens', to: 'max_completion_tokens' };
    const known = memory([{ repair: renamed }, { repair: dropped('seed') }]);
    const refusal = '{"error":{"message":"Unrecognized request argument supplied: max_completion_tokens"}}';
    const {
      bodies,
      told,
      remembered,
      text: said,
    } = await run(refusing(refusal), {
      parameters: { max_tokens: 5 },
      memory: known,
    });
    assert.equal(said, 'Hello');
    assert.deepEqual(bodies, [
      { max_completion_tokens: 5, ...usage },
      { max_tokens: 5, ...usage },
    ]);
    assert.deepEqual(told, [[renamed], []]);
    assert.deepEqual(remembered, [{ repair: dropped('seed') }]);
  });

  test('is undone where the server wants back what was left out, or parts in place of a text', async () => {
    const required = await run(
      refusing('{"detail":[{"loc":["body","temperature"],"msg":"Field required","type":"missing"}]}', 1, 422),
      { parameters: { temperature: 0 }, memory: memory([{ repair: dropped('temperature') }]) },
    );
    assert.deepEqual(required.bodies, [usage, { temperature: 0, ...usage }]);
    assert.deepEqual(required.remembered, []);
    const wants = await run(
      refusing('{"error":{"message":"messages[0].content must be an array of content parts"}}'),
      {
        parameters: { messages: [text('user', parts)] as never },
        memory: memory([{ repair: { type: 'contentJoined' } }]),
      },
    );
    assert.deepEqual(
      wants.bodies.map(({ messages }) => messages),
      [[text('user', 'one\ntwo')], [text('user', parts)]],
    );
    assert.deepEqual(wants.remembered, []);
  });

  test('is remembered for its model and its origin only', async () => {
    const known = memory();
    await run(refusing('{"error":{"message":"x","param":"seed","code":"unsupported_parameter"}}'), {
      parameters: { seed: 1 },
      memory: known,
    });
    assert.equal(known.kept.size, 1);
    const [place = ''] = known.kept.keys();
    assert.match(place, /^http:\/\/127\.0\.0\.1:\d+ m$/);
    assert.deepEqual(known.repairs.recall(place.split(' ')[0] ?? '', 'other'), []);
    assert.deepEqual(known.repairs.recall('http://other.example', 'm'), []);
  });
});
