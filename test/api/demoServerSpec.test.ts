import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { missing, validator } from '../support/apiSpec/description.ts';
import { mutationsOf } from '../support/apiSpec/mutations.ts';
import { faults } from '../support/demoServer/faults.ts';
import type { JsonObject } from '../support/demoServer/json.ts';
import { requestShapeA } from '../support/demoServer/requestShapeA.ts';
import { startDemoServer, type DemoServer } from '../support/demoServer/server.ts';
import { checkShape } from '../support/demoServer/shape.ts';
import { call, chunksOf, complete } from '../support/demoServer/testClient.ts';

/* Holds the server against the API descriptions themselves, which are not part of this repository. */

let server: DemoServer;
before(async () => {
  server = await startDemoServer({ tokenDelayMs: 0 });
});
after(() => server.close());

const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    parameters: { type: 'object', properties: { location: { type: 'string' } }, required: ['location'] },
  },
};

/** Requests that bring every kind of answer out of the server. */
const requests: readonly Readonly<Record<string, unknown>>[] = [
  {},
  { n: 3 },
  { logprobs: true, top_logprobs: 3 },
  { max_completion_tokens: 2 },
  { stop: 'e' },
  { tools: [weather], tool_choice: 'required' },
  { tools: [weather], messages: [{ role: 'user', content: 'The weather in Boston and Paris?' }] },
  { response_format: { type: 'json_schema', json_schema: { name: 'x', schema: { type: 'object' } } } },
  { messages: [{ role: 'user', content: 'Explain this\n\n```ts\nfunction a(b: number) { return b }\n```' }] },
  { model: 'fault-refusal' },
  { model: 'fault-refusal', logprobs: true },
  { model: 'fault-empty' },
  { model: 'fault-length' },
  { model: 'fault-content-filter' },
  { model: 'fault-reasoning' },
  { stream_options: { include_usage: true, include_obfuscation: false } },
  { modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'pcm16' }, n: 2 },
  { prediction: { type: 'content', content: 'Hello there, this is a prediction.' } },
  { store: true, metadata: { purpose: 'spec' } },
];

/** Answers of forms that edition A does not know. */
const newer: readonly Readonly<Record<string, unknown>>[] = [
  { functions: [weather.function], function_call: { name: 'get_weather' } },
  {
    functions: [weather.function],
    messages: [{ role: 'user', content: 'How is the weather in Boston?' }],
    stream_options: { include_usage: true },
  },
];

/** A call of a custom tool: whole only, because the description of a chunk forgets that there are any. */
const custom: Readonly<Record<string, unknown>> = {
  tools: [{ type: 'custom', custom: { name: 'note', description: 'Takes a note' } }],
  tool_choice: { type: 'custom', custom: { name: 'note' } },
};

describe('against the API descriptions', { skip: missing }, () => {
  test('every completion is a CreateChatCompletionResponse of both', async () => {
    const schemas = [
      validator('a', 'CreateChatCompletionResponse'),
      validator('openai', 'CreateChatCompletionResponse'),
    ];
    for (const { stream_options: _, ...fields } of requests) {
      const answer = await complete(server, fields);
      assert.equal(answer.status, 200, answer.text);
      for (const validate of schemas)
        assert.ok(validate(answer.json), `${answer.text} ${JSON.stringify(validate.errors)}`);
    }
    const validate = validator('openai', 'CreateChatCompletionResponse');
    for (const { stream_options: _, ...fields } of [...newer, custom]) {
      const answer = await complete(server, fields);
      assert.ok(validate(answer.json), `${answer.text} ${JSON.stringify(validate.errors)}`);
    }
  });

  test('every answer about stored completions is what the description says', async () => {
    const path = '/v1/chat/completions';
    const { id } = (await complete(server, { store: true, metadata: { a: 'b' } })).json as {
      readonly id: string;
    };
    const answers = [
      ['ChatCompletionList', await call(server, { method: 'GET', path: `${path}?limit=1` })],
      ['ChatCompletionList', await call(server, { method: 'GET', path: `${path}?model=none` })],
      ['CreateChatCompletionResponse', await call(server, { method: 'GET', path: `${path}/${id}` })],
      [
        'CreateChatCompletionResponse',
        await call(server, { path: `${path}/${id}`, body: { metadata: { a: 'c' } } }),
      ],
      [
        'CreateChatCompletionResponse',
        await call(server, { path: `${path}/${id}`, body: { metadata: null } }),
      ],
      ['ChatCompletionMessageList', await call(server, { method: 'GET', path: `${path}/${id}/messages` })],
      ['ChatCompletionDeleted', await call(server, { method: 'DELETE', path: `${path}/${id}` })],
    ] as const;
    for (const [name, answer] of answers) {
      const validate = validator('openai', name);
      assert.equal(answer.status, 200, answer.text);
      // The description has it that every stored message is an assistant's; its own example and the servers do not.
      const json: unknown = JSON.parse(answer.text.replaceAll('"role":"user"', '"role":"assistant"'));
      assert.ok(validate(json), `${answer.text} ${JSON.stringify(validate.errors)}`);
    }
  });

  test('every chunk is a CreateChatCompletionStreamResponse', async () => {
    const validate = validator('openai', 'CreateChatCompletionStreamResponse');
    let seen = 0;
    for (const fields of [...requests, ...newer]) {
      const answer = await complete(server, { ...fields, stream: true });
      assert.equal(answer.status, 200, answer.text);
      for (const chunk of chunksOf(answer)) {
        seen += 1;
        assert.ok(validate(chunk), `${JSON.stringify(chunk)} ${JSON.stringify(validate.errors)}`);
      }
    }
    assert.ok(seen > 200, String(seen));
    assert.ok(
      !validate({
        id: 'x',
        object: 'chat.completion.chunk',
        created: 1,
        model: 'm',
        choices: [{ index: 0 }],
      }),
    );
  });

  test('every error is an ErrorResponse of both', async () => {
    const schemas = [validator('a', 'ErrorResponse'), validator('openai', 'ErrorResponse')];
    const answers = await Promise.all([
      complete(server, { temperature: 5 }),
      complete(server, { model: 'none' }),
      call(server, { body: '{' }),
      call(server, { path: '/v1/none' }),
      call(server, { method: 'PUT' }),
      call(server, { method: 'GET', path: '/v1/chat/completions/none' }),
      call(server, { headers: { authorization: '' } }),
      ...faults
        .filter((fault) => /^\d{3}/u.test(fault.says) && !fault.id.startsWith('fault-html'))
        .map((fault) => complete(server, { model: fault.example ?? fault.id, temperature: 1 })),
    ]);
    assert.ok(answers.length > 20);
    for (const answer of answers) {
      assert.ok(answer.status >= 300, answer.text);
      for (const validate of schemas)
        assert.ok(validate(answer.json), `${answer.text} ${JSON.stringify(validate.errors)}`);
    }
  });

  test('the list of models is a ListModelsResponse', async () => {
    const validate = validator('openai', 'ListModelsResponse');
    const list = await call(server, { method: 'GET', path: '/v1/models' });
    assert.ok(validate(list.json), JSON.stringify(validate.errors));
  });

  test('a request has the shape of CreateChatCompletionRequest exactly when the schema says so', () => {
    const validate = validator('a', 'CreateChatCompletionRequest');
    let fitting = 0;
    let misfitting = 0;
    fc.assert(
      fc.property(mutated, (request) => {
        const complaint = checkShape(request, requestShapeA);
        const fits = validate(request);
        if (fits) fitting += 1;
        else misfitting += 1;
        assert.equal(
          complaint === undefined,
          fits,
          `${JSON.stringify(complaint)} ${JSON.stringify(validate.errors)}`,
        );
      }),
      { numRuns: 3000 },
    );
    assert.ok(fitting > 300 && misfitting > 300, `${fitting} fit, ${misfitting} do not`);
  });
});

/** A request that uses every field of the description, to be damaged in one or two places. */
const full: JsonObject = {
  model: 'colloquy-demo',
  messages: [
    { role: 'system', content: 'Be brief.', name: 'rules' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Look.' },
        { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'low' } },
        { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
      ],
    },
    {
      role: 'assistant',
      content: null,
      refusal: null,
      tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{}' } }],
    },
    { role: 'tool', tool_call_id: 'call_1', content: '20' },
  ],
  frequency_penalty: 0.5,
  logit_bias: { '50256': -100, '7': 3 },
  logprobs: true,
  top_logprobs: 3,
  max_completion_tokens: 100,
  n: 2,
  presence_penalty: -0.5,
  response_format: {
    type: 'json_schema',
    json_schema: { name: 'x', description: 'y', schema: {}, strict: true },
  },
  seed: 7,
  stop: ['a', 'b'],
  stream: true,
  stream_options: { include_usage: true },
  temperature: 1,
  top_p: 1,
  tools: [
    {
      type: 'function',
      function: {
        name: 'get_weather',
        description: 'Weather',
        parameters: { type: 'object' },
        strict: false,
      },
    },
  ],
  tool_choice: { type: 'function', function: { name: 'get_weather' } },
  parallel_tool_calls: true,
  user: 'u',
  store: false,
  metadata: { a: 'b' },
};

const mutated = mutationsOf(full);
