import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startDemoServer, type DemoServer } from '../support/demoServer/server.ts';
import { at, call, complete, textAt } from '../support/demoServer/testClient.ts';
import examples from '../support/fixtures/examples.json' with { type: 'json' };

let server: DemoServer;
before(async () => {
  server = await startDemoServer({ tokenDelayMs: 0, models: ['gpt-4o'], contextTokens: 20_000 });
});
after(() => server.close());

const user = { role: 'user', content: 'Hello!' };
const tool = {
  type: 'function',
  function: { name: 'get_weather', parameters: { type: 'object', properties: {} } },
};
const asked = {
  role: 'assistant',
  content: null,
  tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{}' } }],
};

/** Fields that are refused, the `param` and the `code` that the error then has. */
const refused: readonly (readonly [string, Readonly<Record<string, unknown>>, string, string?])[] = [
  ['no model', { model: undefined }, 'model', 'missing_required_parameter'],
  ['a model that is no text', { model: 7 }, 'model', 'invalid_type'],
  ['no messages', { messages: undefined }, 'messages', 'missing_required_parameter'],
  ['an empty list of messages', { messages: [] }, 'messages', 'empty_array'],
  ['messages that are no list', { messages: 'Hello' }, 'messages', 'invalid_type'],
  [
    'a message without a role',
    { messages: [{ content: 'x' }] },
    'messages[0].role',
    'missing_required_parameter',
  ],
  ['an unknown role', { messages: [{ role: 'robot', content: 'x' }] }, 'messages[0].role', 'invalid_value'],
  [
    'a user message without content',
    { messages: [{ role: 'user' }] },
    'messages[0].content',
    'missing_required_parameter',
  ],
  [
    'a user message with null',
    { messages: [{ role: 'user', content: null }] },
    'messages[0].content',
    'invalid_type',
  ],
  [
    'an assistant message with neither text nor calls',
    { messages: [user, { role: 'assistant', content: null }, user] },
    'messages[1].content',
    'invalid_type',
  ],
  [
    'content that is a number',
    { messages: [user, { role: 'user', content: 5 }] },
    'messages[1].content',
    'invalid_type',
  ],
  [
    'an empty list of parts',
    { messages: [{ role: 'user', content: [] }] },
    'messages[0].content',
    'empty_array',
  ],
  [
    'a part of an unknown type',
    { messages: [{ role: 'user', content: [{ type: 'video' }] }] },
    'messages[0].content[0].type',
    'invalid_value',
  ],
  [
    'a text part without text',
    { messages: [{ role: 'user', content: [{ type: 'text' }] }] },
    'messages[0].content[0].text',
    'missing_required_parameter',
  ],
  [
    'an image part without an address',
    { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }] },
    'messages[0].content[0].image_url.url',
    'missing_required_parameter',
  ],
  [
    'an image address that is none',
    { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'picture.png' } }] }] },
    'messages[0].content[0].image_url.url',
    'invalid_image_url',
  ],
  [
    'an image of broken base64',
    {
      messages: [
        { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,A*' } }] },
      ],
    },
    'messages[0].content[0].image_url.url',
    'invalid_image_url',
  ],
  [
    'an image of another media type',
    {
      messages: [
        { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:text/html;base64,AAAA' } }] },
      ],
    },
    'messages[0].content[0].image_url.url',
    'invalid_image_url',
  ],
  [
    'an unknown image detail',
    {
      messages: [
        {
          role: 'user',
          content: [{ type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'huge' } }],
        },
      ],
    },
    'messages[0].content[0].image_url.detail',
    'invalid_value',
  ],
  [
    'audio in another format',
    {
      messages: [
        { role: 'user', content: [{ type: 'input_audio', input_audio: { data: 'AAAA', format: 'ogg' } }] },
      ],
    },
    'messages[0].content[0].input_audio.format',
    'invalid_value',
  ],
  [
    'audio without data',
    { messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: { format: 'wav' } }] }] },
    'messages[0].content[0].input_audio.data',
    'missing_required_parameter',
  ],
  [
    'audio that is no base64',
    {
      messages: [
        { role: 'user', content: [{ type: 'input_audio', input_audio: { data: '!', format: 'wav' } }] },
      ],
    },
    'messages[0].content[0].input_audio.data',
    'invalid_base64',
  ],
  [
    'an image in a system message',
    {
      messages: [
        { role: 'system', content: [{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }] },
        user,
      ],
    },
    'messages[0].content[0].type',
    'invalid_value',
  ],
  [
    'a call without an id',
    {
      messages: [
        user,
        { role: 'assistant', tool_calls: [{ type: 'function', function: { name: 'f', arguments: '{}' } }] },
      ],
    },
    'messages[1].tool_calls[0].id',
    'missing_required_parameter',
  ],
  [
    'a call without arguments',
    {
      messages: [
        user,
        { role: 'assistant', tool_calls: [{ id: 'c', type: 'function', function: { name: 'f' } }] },
      ],
    },
    'messages[1].tool_calls[0].function.arguments',
    'missing_required_parameter',
  ],
  [
    'calls in a user message',
    { messages: [{ ...asked, role: 'user', content: 'x' }] },
    'messages[0].tool_calls',
    'invalid_value',
  ],
  [
    'a tool message without an id',
    { messages: [user, asked, { role: 'tool', content: '20' }] },
    'messages[2].tool_call_id',
    'missing_required_parameter',
  ],
  [
    'a result that nobody asked for',
    { messages: [user, { role: 'tool', tool_call_id: 'call_9', content: '20' }] },
    'messages[1].tool_call_id',
    'invalid_value',
  ],
  [
    'a result that comes twice',
    {
      messages: [
        user,
        asked,
        { role: 'tool', tool_call_id: 'call_1', content: '20' },
        { role: 'tool', tool_call_id: 'call_1', content: '20' },
      ],
    },
    'messages[3].tool_call_id',
    'invalid_value',
  ],
  ['a call without a result', { messages: [user, asked, user] }, 'messages[1].tool_calls', 'invalid_value'],
  [
    'a call without a result at the end',
    { messages: [user, asked] },
    'messages[1].tool_calls',
    'invalid_value',
  ],
  ['temperature above 2', { temperature: 2.01 }, 'temperature', 'decimal_above_max_value'],
  ['temperature below 0', { temperature: -0.1 }, 'temperature', 'decimal_below_min_value'],
  ['temperature as text', { temperature: '1' }, 'temperature', 'invalid_type'],
  ['temperature null', { temperature: null }, 'temperature', 'invalid_type'],
  ['top_p above 1', { top_p: 1.5 }, 'top_p', 'decimal_above_max_value'],
  ['n of 0', { n: 0 }, 'n', 'integer_below_min_value'],
  ['n of 129', { n: 129 }, 'n', 'integer_above_max_value'],
  ['n of one and a half', { n: 1.5 }, 'n', 'invalid_type'],
  ['frequency_penalty above 2', { frequency_penalty: 3 }, 'frequency_penalty', 'decimal_above_max_value'],
  ['presence_penalty below -2', { presence_penalty: -3 }, 'presence_penalty', 'decimal_below_min_value'],
  ['a bias above 100', { logit_bias: { '5': 101 } }, 'logit_bias.5', 'integer_above_max_value'],
  ['a bias of a word', { logit_bias: { word: 1 } }, 'logit_bias', 'invalid_value'],
  ['logprobs as a number', { logprobs: 5 }, 'logprobs', 'invalid_type'],
  ['top_logprobs of 21', { logprobs: true, top_logprobs: 21 }, 'top_logprobs', 'integer_above_max_value'],
  ['top_logprobs without logprobs', { top_logprobs: 2 }, 'top_logprobs', 'invalid_parameter_combination'],
  ['max_completion_tokens as text', { max_completion_tokens: '10' }, 'max_completion_tokens', 'invalid_type'],
  [
    'max_completion_tokens of 0',
    { max_completion_tokens: 0 },
    'max_completion_tokens',
    'integer_below_min_value',
  ],
  [
    'two token limits',
    { max_completion_tokens: 5, max_tokens: 5 },
    'max_tokens',
    'invalid_parameter_combination',
  ],
  ['a seed that is no integer', { seed: 1.5 }, 'seed', 'invalid_type'],
  ['five stop sequences', { stop: ['a', 'b', 'c', 'd', 'e'] }, 'stop', 'array_above_max_length'],
  ['no stop sequence in a list', { stop: [] }, 'stop', 'empty_array'],
  ['a stop sequence that is a number', { stop: [5] }, 'stop[0]', 'invalid_type'],
  ['stream as text', { stream: 'yes' }, 'stream', 'invalid_type'],
  [
    'stream_options without a stream',
    { stream_options: { include_usage: true } },
    'stream_options',
    'invalid_parameter_combination',
  ],
  [
    'include_usage as text',
    { stream: true, stream_options: { include_usage: 'yes' } },
    'stream_options.include_usage',
    'invalid_type',
  ],
  [
    'a tool without a function',
    { tools: [{ type: 'function' }] },
    'tools[0].function',
    'missing_required_parameter',
  ],
  ['a tool of an unknown type', { tools: [{ type: 'plugin' }] }, 'tools[0].type', 'invalid_value'],
  [
    'a function without a name',
    { tools: [{ type: 'function', function: {} }] },
    'tools[0].function.name',
    'missing_required_parameter',
  ],
  [
    'a function name of 65 characters',
    { tools: [{ type: 'function', function: { name: 'x'.repeat(65) } }] },
    'tools[0].function.name',
    'string_above_max_length',
  ],
  [
    'a function name with a space',
    { tools: [{ type: 'function', function: { name: 'get weather' } }] },
    'tools[0].function.name',
    'invalid_value',
  ],
  [
    'parameters that are a list',
    { tools: [{ type: 'function', function: { name: 'f', parameters: [] } }] },
    'tools[0].function.parameters',
    'invalid_type',
  ],
  ['tool_choice without tools', { tool_choice: 'auto' }, 'tool_choice', 'invalid_parameter_combination'],
  [
    'parallel_tool_calls without tools',
    { parallel_tool_calls: false },
    'parallel_tool_calls',
    'invalid_parameter_combination',
  ],
  ['an unknown tool_choice', { tools: [tool], tool_choice: 'always' }, 'tool_choice', 'invalid_value'],
  [
    'a tool_choice of a tool that is not there',
    { tools: [tool], tool_choice: { type: 'function', function: { name: 'other' } } },
    'tool_choice',
    'invalid_value',
  ],
  [
    'an unknown response format',
    { response_format: { type: 'xml' } },
    'response_format.type',
    'invalid_value',
  ],
  [
    'a response format without a type',
    { response_format: {} },
    'response_format.type',
    'missing_required_parameter',
  ],
  [
    'a JSON schema format without a schema',
    { response_format: { type: 'json_schema' } },
    'response_format.json_schema',
    'missing_required_parameter',
  ],
  [
    'a JSON schema without a name',
    { response_format: { type: 'json_schema', json_schema: { schema: {} } } },
    'response_format.json_schema.name',
    'missing_required_parameter',
  ],
  [
    'seventeen entries of metadata',
    { metadata: Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`k${index}`, 'v'])) },
    'metadata',
    'object_above_max_properties',
  ],
  ['metadata that is no text', { metadata: { a: 1 } }, 'metadata.a', 'invalid_type'],
  ['a long metadata value', { metadata: { a: 'x'.repeat(513) } }, 'metadata.a', 'string_above_max_length'],
  ['user as a number', { user: 5 }, 'user', 'invalid_type'],
  ['store as text', { store: 'no' }, 'store', 'invalid_type'],
  [
    'more than the context holds',
    { messages: [{ role: 'user', content: 'word '.repeat(21_000) }] },
    'messages',
    'context_length_exceeded',
  ],
];

/** Fields that look odd and are right all the same. */
const accepted: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  [
    'null for everything that may be null',
    {
      logit_bias: null,
      logprobs: null,
      top_logprobs: null,
      max_completion_tokens: null,
      seed: null,
      stop: null,
      stream: null,
      stream_options: null,
      store: null,
      metadata: null,
    },
  ],
  [
    'every number at its limit',
    {
      temperature: 2,
      top_p: 0,
      n: 1,
      frequency_penalty: -2,
      presence_penalty: 2,
      logit_bias: { '50256': -100 },
      logprobs: true,
      top_logprobs: 20,
    },
  ],
  ['128 choices', { n: 128 }],
  ['four stop sequences', { stop: ['a', 'b', 'c', 'd'] }],
  ['an empty list of tools', { tools: [] }],
  [
    'a name of 64 characters',
    { tools: [{ type: 'function', function: { name: 'x'.repeat(64), strict: null } }] },
  ],
  [
    'sixteen entries of metadata',
    {
      metadata: Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`k${index}`, 'v'.repeat(512)])),
    },
  ],
  [
    'a whole exchange with a tool',
    { messages: [user, asked, { role: 'tool', tool_call_id: 'call_1', content: '20' }], tools: [tool] },
  ],
  [
    'an assistant refusal in the history',
    { messages: [user, { role: 'assistant', content: null, refusal: 'No.' }, user] },
  ],
  [
    'text parts in every role',
    {
      messages: ['system', 'developer', 'user', 'assistant'].map((role) => ({
        role,
        content: [{ type: 'text', text: 'x' }],
      })),
    },
  ],
  ['fields that the server does not know', { top_k: 5, provider: { order: ['a'] } }],
  [
    'the newer fields',
    {
      max_tokens: 5,
      reasoning_effort: 'low',
      verbosity: 'high',
      service_tier: 'auto',
      safety_identifier: 'x',
    },
  ],
];

describe('a request', () => {
  for (const [name, fields, param, code] of refused) {
    test(`with ${name} is refused and the error names ${param}`, async () => {
      const answer = await complete(server, fields);
      assert.equal(answer.status, 400);
      assert.equal(at(answer.json, 'error.type'), 'invalid_request_error');
      assert.equal(at(answer.json, 'error.param'), param);
      assert.equal(at(answer.json, 'error.code'), code);
      assert.match(textAt(answer.json, 'error.message'), /\S/u);
    });
  }

  for (const [name, fields] of accepted) {
    test(`with ${name} is accepted`, async () => {
      const answer = await complete(server, fields);
      assert.equal(answer.status, 200, answer.text);
    });
  }

  test('to the strict model may use the fields of the API description only', async () => {
    const strict = { model: 'colloquy-demo-strict' };
    assert.equal((await complete(server, { ...strict, temperature: 1 })).status, 200);
    const unknown = await complete(server, { ...strict, messages: [{ ...user, mood: 'good' }] });
    assert.equal(unknown.status, 400);
    assert.equal(at(unknown.json, 'error.param'), 'messages[0].mood');
    assert.equal(at(unknown.json, 'error.code'), 'unknown_parameter');
    const newer = await complete(server, {
      ...strict,
      messages: [{ role: 'developer', content: 'x' }, user],
    });
    assert.equal(at(newer.json, 'error.param'), 'messages[0].role');
  });

  test('whose body is no JSON, no object or missing is refused', async () => {
    for (const body of ['{"model":', '"text"', '[]', '']) {
      const answer = await call(server, { body });
      assert.equal(answer.status, 400, body);
      assert.match(textAt(answer.json, 'error.message'), /could not parse the JSON body/u);
      assert.equal(at(answer.json, 'error.param'), null);
    }
  });

  test('for an unknown model is answered with 404', async () => {
    for (const model of ['gpt-99', 'fault-', 'fault-cut-', 'fault-cut-x', 'fault-unknown']) {
      const answer = await complete(server, { model });
      assert.equal(answer.status, 404, model);
      assert.equal(at(answer.json, 'error.code'), 'model_not_found');
      assert.ok(textAt(answer.json, 'error.message').includes(`\`${model}\``));
    }
  });
});

describe('an example of the API descriptions', () => {
  const requests = examples.examples.filter((example) => example.kind === 'request');
  const models = [...new Set(requests.flatMap((example) => (example.body as { model: string }).model))];

  test('that is a request is answered by a server that knows its model, and by no other', async () => {
    assert.equal(requests.length, 10);
    const knowing = await startDemoServer({ tokenDelayMs: 0, models });
    for (const example of requests) {
      const answer = await call(knowing, { body: example.body });
      // The schema wants an object where this example has a bare text.
      if (example.id === 'b/image-input/request-string-image-url') {
        assert.equal(answer.status, 400);
        assert.equal(at(answer.json, 'error.param'), 'messages[0].content[1].image_url');
        continue;
      }
      assert.equal(answer.status, 200, `${example.id}: ${answer.text}`);
      const other = await call(server, { body: { ...(example.body as object), model: 'VAR_model_id' } });
      assert.equal(other.status, 404, example.id);
    }
    await knowing.close();
  });

  test('of a single field is accepted or refused as its note says', async () => {
    // The note looks at the schema alone; this name breaks what the description says in words.
    const inWords = ['FunctionDefinition.name'];
    const place: Readonly<
      Record<string, (property: string, example: unknown) => Readonly<Record<string, unknown>>>
    > = {
      CreateChatCompletionRequest: (property, example) => ({
        ...(property === 'top_logprobs' ? { logprobs: true } : {}),
        ...(property === 'parallel_tool_calls' ? { tools: [tool] } : {}),
        ...(property === 'model' ? {} : { [property]: example }),
      }),
      FunctionDefinition: (property, example) => ({
        tools: [{ type: 'function', function: { name: 'f', [property]: example } }],
      }),
      ResponseFormat: (property, example) => ({
        response_format: { type: 'json_object', [property]: example },
      }),
    };
    let tried = 0;
    for (const { schema, property, example, problem } of examples.propertyExamplesA) {
      const fields = place[schema]?.(property, example);
      if (fields === undefined) continue;
      tried += 1;
      const answer = await complete(server, fields);
      const fits =
        (problem === null || problem.startsWith('legal')) && !inWords.includes(`${schema}.${property}`);
      assert.equal(answer.status, fits ? 200 : 400, `${schema}.${property}: ${answer.text}`);
    }
    assert.equal(tried, 34);
  });
});

describe('the key', () => {
  test('is asked for on every path', async () => {
    for (const path of ['/v1/chat/completions', '/v1/models', '/v1/models/colloquy-demo']) {
      const method = path.endsWith('completions') ? 'POST' : 'GET';
      const none = await call(server, { method, path, headers: { authorization: '' } });
      assert.equal(none.status, 401, path);
      assert.match(textAt(none.json, 'error.message'), /didn't provide an API key/u);
      const wrong = await call(server, { method, path, headers: { authorization: 'Bearer wrong-key' } });
      assert.equal(wrong.status, 401, path);
      assert.equal(at(wrong.json, 'error.code'), 'invalid_api_key');
      assert.ok(!wrong.text.includes('wrong-key'));
    }
  });

  test('in api-key or x-api-key opens the paths of Azure and no other', async () => {
    const body = { messages: [user] };
    const azure = '/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21';
    for (const name of ['api-key', 'x-api-key']) {
      const headers = { authorization: '', [name]: server.key };
      assert.equal((await call(server, { path: azure, headers, body })).status, 200, name);
      assert.equal(
        (
          await call(server, {
            path: '/openai/v1/chat/completions',
            headers,
            body: { ...body, model: 'gpt-4o' },
          })
        ).status,
        200,
        name,
      );
      assert.equal((await call(server, { headers, body: { ...body, model: 'gpt-4o' } })).status, 401, name);
      assert.equal(
        (await call(server, { path: azure, headers: { ...headers, [name]: 'wrong' }, body })).status,
        401,
        name,
      );
    }
  });
});

describe('a path', () => {
  test('that leads nowhere is answered with 404', async () => {
    for (const path of [
      '/',
      '/v1',
      '/v1/embeddings',
      '/chat/completions',
      '/openai/deployments/gpt-4o/embeddings',
    ]) {
      const answer = await call(server, { path, body: {} });
      assert.equal(answer.status, 404, path);
      assert.match(textAt(answer.json, 'error.message'), /Invalid URL \(POST/u);
    }
  });

  test('of Azure needs its api-version, and takes the model from its deployment', async () => {
    const path = '/openai/deployments/gpt-4o/chat/completions';
    assert.equal((await call(server, { path, body: { messages: [user] } })).status, 404);
    const answer = await call(server, {
      path: `${path}?api-version=2024-10-21`,
      body: { messages: [user], model: 'other' },
    });
    assert.equal(at(answer.json, 'model'), 'gpt-4o');
    const unknown = await call(server, {
      path: '/openai/deployments/none/chat/completions?api-version=1',
      body: { messages: [user] },
    });
    assert.equal(unknown.status, 404);
  });

  test('used with the wrong method is answered with 405 and the right ones', async () => {
    for (const [method, path, allow] of [
      ['PUT', '/v1/chat/completions', 'POST, GET'],
      ['PUT', '/v1/chat/completions/x', 'GET, POST, DELETE'],
      ['DELETE', '/v1/chat/completions/x/messages', 'GET'],
      ['DELETE', '/v1/models', 'GET'],
      ['POST', '/v1/models/x', 'GET'],
    ] as const) {
      const answer = await call(server, { method, path });
      assert.equal(answer.status, 405, path);
      assert.equal(answer.headers.allow, allow);
    }
  });
});

describe('the list of models', () => {
  test('begins with the ordinary one and has a sentence for each', async () => {
    const answer = await call(server, { method: 'GET', path: '/v1/models' });
    assert.equal(at(answer.json, 'object'), 'list');
    const models = at(answer.json, 'data') as readonly { id: string; object: string; description: string }[];
    assert.equal(models[0]?.id, 'colloquy-demo');
    assert.equal(new Set(models.map((model) => model.id)).size, models.length);
    for (const model of models) {
      assert.equal(model.object, 'model');
      assert.match(model.description, /^\S.*\.$/u, model.id);
    }
  });

  test('describes one model, also a fault with a number of its own', async () => {
    const get = (id: string) => call(server, { method: 'GET', path: `/v1/models/${id}` });
    assert.equal(at((await get('colloquy-demo')).json, 'id'), 'colloquy-demo');
    assert.equal(at((await get('fault-cut-17')).json, 'id'), 'fault-cut-17');
    assert.equal((await get('gpt-99')).status, 404);
  });
});

describe('the log', () => {
  test('keeps what arrived and how it ended', async () => {
    const own = await startDemoServer({ tokenDelayMs: 0, keepRequests: 2 });
    await call(own, { method: 'GET', path: '/v1/models?x=1', headers: { 'X-Mine': 'yes' } });
    const [listed] = own.requests;
    assert.equal(listed?.method, 'GET');
    assert.equal(listed?.path, '/v1/models');
    assert.equal(listed?.query, 'x=1');
    assert.equal(listed?.headers['x-mine'], 'yes');
    assert.ok(listed?.rawHeaders.includes('X-Mine'));
    await listed?.closed;
    assert.equal(listed?.status, 200);
    assert.equal(listed?.finished, true);
    assert.ok((listed?.closedAt ?? 0) >= (listed?.answeredAt ?? Infinity));
    assert.ok((listed?.answeredAt ?? 0) >= (listed?.receivedAt ?? Infinity));

    const waiting = own.waitForRequest((request) => request.text.includes('Hello!'));
    await complete(own);
    assert.deepEqual(at((await waiting).body, 'messages'), [user]);
    await complete(own);
    assert.equal(own.requests.length, 2);
    await assert.rejects(
      own.waitForRequest(() => false, AbortSignal.abort()),
      /No such request/u,
    );
    await own.close();
    await own.close();
  });

  test('tells when the client hangs up in the middle of an answer', async () => {
    const own = await startDemoServer({ tokenDelayMs: 5 });
    await complete(
      own,
      { stream: true, model: 'colloquy-demo-slow' },
      { watch: (_piece, length) => length > 300 },
    ).catch(() => undefined);
    const record = await own.waitForRequest((request) => request.closedAt !== undefined);
    assert.equal(record.finished, false);
    await own.close();
  });

  test('closing the server ends answers that are under way', async () => {
    const own = await startDemoServer({ tokenDelayMs: 0 });
    const stalled = complete(own, { model: 'fault-stall-10', stream: true });
    const silent = complete(own, { model: 'fault-stall-headers' });
    const failed = assert.rejects(silent);
    await own.waitForRequest((request) => request.status === 200);
    await own.waitForRequest((request) => request.text.includes('stall-headers'));
    await own.close();
    assert.equal((await stalled).broken, 'ECONNRESET');
    await failed;
  });

  test('a port that is taken is reported', async () => {
    await assert.rejects(startDemoServer({ port: server.port }), { code: 'EADDRINUSE' });
  });
});
