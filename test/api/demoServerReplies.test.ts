import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import type { Json } from '../support/demoServer/json.ts';
import { tokenize } from '../support/demoServer/tokens.ts';
import { schemaInstance } from '../support/demoServer/schemaInstance.ts';
import { startDemoServer, type DemoServer } from '../support/demoServer/server.ts';
import {
  at,
  chunksOf,
  complete,
  events,
  finishReasons,
  streamed,
  textAt,
} from '../support/demoServer/testClient.ts';

let server: DemoServer;
before(async () => {
  server = await startDemoServer({ tokenDelayMs: 0 });
});
after(() => server.close());

const question = { messages: [{ role: 'user', content: 'How do I debounce a search box?' }] };
const content = async (fields: Readonly<Record<string, unknown>>) =>
  textAt((await complete(server, fields)).json, 'choices.0.message.content');

describe('a reply', () => {
  test('is the same text streamed and at once', async () => {
    const whole = await complete(server, question);
    const stream = await complete(server, { ...question, stream: true });
    assert.match(String(whole.headers['content-type']), /^application\/json/u);
    assert.match(String(stream.headers['content-type']), /^text\/event-stream/u);
    assert.equal(streamed(stream, 'content'), at(whole.json, 'choices.0.message.content'));
    assert.deepEqual(finishReasons(stream), ['stop']);
    assert.equal(events(stream).at(-1), '[DONE]');
    assert.equal(at(whole.json, 'choices.0.finish_reason'), 'stop');
  });

  test('streams the role first and then tokens of 3 to 8 characters', async () => {
    const chunks = chunksOf(await complete(server, { ...question, stream: true }));
    assert.deepEqual(at(chunks[0], 'choices.0.delta'), { role: 'assistant', content: '', refusal: null });
    const tokens = chunks.slice(1, -2).map((chunk) => textAt(chunk, 'choices.0.delta.content'));
    for (const token of tokens) assert.ok(token.length >= 3 && token.length <= 8, token);
    assert.equal(new Set(chunks.map((chunk) => at(chunk, 'id'))).size, 1);
    assert.equal(new Set(chunks.map((chunk) => at(chunk, 'created'))).size, 1);
  });

  test('is the same for the same request, and opens differently with another seed', async () => {
    const seeds = [1, 2, 3, 4, 5].map((seed) => content({ ...question, seed }));
    assert.equal(await content({ ...question, seed: 3 }), await seeds[2]);
    assert.equal(await content(question), await content(question));
    assert.ok(new Set(await Promise.all(seeds)).size > 1);
  });

  test('has an id of its own', async () => {
    const ids = await Promise.all([complete(server), complete(server)]);
    assert.notEqual(at(ids[0]?.json, 'id'), at(ids[1]?.json, 'id'));
  });

  test('says what the test tells it to', async () => {
    const told = await startDemoServer({
      tokenDelayMs: 0,
      answer: (request) => (request.messages.length === 1 ? 'As you like it.' : undefined),
    });
    const answer = await complete(told);
    assert.equal(at(answer.json, 'choices.0.message.content'), 'As you like it.');
    const own = await complete(told, {
      messages: [
        { role: 'system', content: 'x' },
        { role: 'user', content: 'Hi' },
      ],
    });
    assert.match(textAt(own.json, 'choices.0.message.content'), /^H/u);
    await told.close();
  });

  test('of the echo is the last thing the user said', async () => {
    const messages = [
      { role: 'user', content: '<b>1</b>' },
      { role: 'assistant', content: 'x' },
      { role: 'user', content: 'a\n\nb ' },
    ];
    assert.equal(await content({ model: 'colloquy-echo', messages }), 'a\n\nb ');
  });

  test('comes at the pace that the server was started with', async () => {
    const paced = await startDemoServer({ tokenDelayMs: 20 });
    const started = performance.now();
    const answer = await complete(paced, { stream: true, max_completion_tokens: 5 });
    assert.ok(performance.now() - started >= 5 * 20);
    assert.equal(chunksOf(answer).length, 7);
    await paced.close();
  });
});

describe('usage', () => {
  test('adds up, counts what was streamed, and comes in a chunk of its own when it was asked for', async () => {
    const asked = { ...question, stream: true, stream_options: { include_usage: true } };
    const chunks = chunksOf(await complete(server, asked));
    const last = chunks.at(-1);
    assert.deepEqual(at(last, 'choices'), []);
    for (const chunk of chunks.slice(0, -1)) assert.equal(at(chunk, 'usage'), null);
    const usage = at(last, 'usage') as {
      prompt_tokens: number;
      completion_tokens: number;
      total_tokens: number;
    };
    assert.equal(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens);
    assert.equal(usage.completion_tokens, chunks.length - 3);
    const whole = await complete(server, question);
    assert.deepEqual(at(whole.json, 'usage'), usage);

    const silent = chunksOf(await complete(server, { ...question, stream: true }));
    assert.ok(silent.every((chunk) => !Object.hasOwn(chunk, 'usage')));
  });

  test('counts every choice, every tool, every picture and reasoning', async () => {
    const count = async (fields: Readonly<Record<string, unknown>>, path: string) =>
      Number(at((await complete(server, fields)).json, `usage.${path}`));
    const limited = { ...question, max_completion_tokens: 4 };
    assert.equal(await count(limited, 'completion_tokens'), 4);
    assert.equal(await count({ ...limited, n: 3 }, 'completion_tokens'), 12);
    const plain = await count(question, 'prompt_tokens');
    const tools = [{ type: 'function', function: { name: 'unrelated', parameters: { type: 'object' } } }];
    assert.ok((await count({ ...question, tools }, 'prompt_tokens')) > plain);
    const image = (detail: string) => ({
      messages: [
        {
          role: 'user',
          content: [{ type: 'image_url', image_url: { url: 'https://example.com/a.png', detail } }],
        },
      ],
    });
    assert.equal(
      (await count(image('high'), 'prompt_tokens')) - (await count(image('low'), 'prompt_tokens')),
      765 - 85,
    );
    assert.ok((await count({ model: 'fault-reasoning' }, 'completion_tokens_details.reasoning_tokens')) > 5);
  });
});

describe('limits', () => {
  test('of tokens cut the reply and the reason is length', async () => {
    const whole = await content(question);
    for (const name of ['max_completion_tokens', 'max_tokens']) {
      const limited = { ...question, [name]: 6 };
      const answer = await complete(server, limited);
      assert.equal(at(answer.json, 'choices.0.finish_reason'), 'length');
      assert.equal(at(answer.json, 'choices.0.message.content'), tokenize(whole).slice(0, 6).join(''));
      const stream = await complete(server, { ...limited, stream: true });
      assert.deepEqual(finishReasons(stream), ['length']);
      assert.equal(streamed(stream, 'content'), at(answer.json, 'choices.0.message.content'));
    }
    const enough = await complete(server, { ...question, max_completion_tokens: tokenize(whole).length });
    assert.equal(at(enough.json, 'choices.0.finish_reason'), 'stop');
  });

  test('of tokens also cut calls and reasoning', async () => {
    const tools = [
      {
        type: 'function',
        function: {
          name: 'find_weather',
          parameters: { type: 'object', properties: { location: { type: 'string' } } },
        },
      },
    ];
    const messages = [{ role: 'user', content: 'Weather in San Francisco?' }];
    const call = await complete(server, { tools, messages, max_completion_tokens: 3 });
    assert.equal(at(call.json, 'choices.0.finish_reason'), 'length');
    assert.throws(() => JSON.parse(textAt(call.json, 'choices.0.message.tool_calls.0.function.arguments')));
    const reasoning = await complete(server, { model: 'fault-reasoning', max_completion_tokens: 3 });
    assert.equal(at(reasoning.json, 'choices.0.message.content'), '');
    assert.equal(at(reasoning.json, 'choices.0.finish_reason'), 'length');
  });

  test('by stop sequences end the reply before the first of them', async () => {
    const whole = await content(question);
    assert.ok(whole.includes('\n## ') && whole.includes('| Way'));
    assert.equal(await content({ ...question, stop: '\n## ' }), whole.slice(0, whole.indexOf('\n## ')));
    assert.equal(
      await content({ ...question, stop: ['| Way', '\n## '] }),
      whole.slice(0, whole.indexOf('\n## ')),
    );
    assert.equal(await content({ ...question, stop: ['never said'] }), whole);
    const answer = await complete(server, { ...question, stop: '\n## ' });
    assert.equal(at(answer.json, 'choices.0.finish_reason'), 'stop');
  });
});

describe('several choices', () => {
  test('come in turn in a stream, each with its own end', async () => {
    const whole = await complete(server, { ...question, n: 3 });
    const stream = await complete(server, { ...question, n: 3, stream: true });
    const indexes = chunksOf(stream).map((chunk) => at(chunk, 'choices.0.index'));
    assert.deepEqual(indexes.slice(0, 6), [0, 1, 2, 0, 1, 2]);
    assert.deepEqual(finishReasons(stream), ['stop', 'stop', 'stop']);
    const texts = [0, 1, 2].map((index) => at(whole.json, `choices.${index}.message.content`));
    assert.deepEqual(
      [0, 1, 2].map((index) => streamed(stream, 'content', index)),
      texts,
    );
    assert.equal(new Set(texts).size, 3);
  });
});

describe('log probabilities', () => {
  test('are absent unless asked for', async () => {
    assert.equal(at((await complete(server)).json, 'choices.0.logprobs'), null);
  });

  test('tell of every token its bytes, a probability below 1 and as many others as asked for', async () => {
    for (const top of [0, 1, 5, 20]) {
      const answer = await complete(server, { logprobs: true, top_logprobs: top });
      const tokens = at(answer.json, 'choices.0.logprobs.content') as readonly {
        token: string;
        logprob: number;
        bytes: number[];
        top_logprobs: readonly { token: string; logprob: number }[];
      }[];
      assert.equal(tokens.map((one) => one.token).join(''), at(answer.json, 'choices.0.message.content'));
      for (const one of tokens) {
        assert.ok(one.logprob <= 0 && one.logprob > -1);
        assert.equal(Buffer.from(one.bytes).toString('utf8'), one.token);
        assert.equal(one.top_logprobs.length, top);
        assert.equal(new Set(one.top_logprobs.map((other) => other.token)).size, top);
        const total = one.top_logprobs.reduce((sum, other) => sum + Math.exp(other.logprob), 0);
        assert.ok(total <= 1 + 1e-9, `${total}`);
        if (top > 0) assert.equal(one.top_logprobs[0]?.token, one.token);
      }
      const stream = chunksOf(await complete(server, { logprobs: true, top_logprobs: top, stream: true }));
      assert.deepEqual(
        stream.flatMap((chunk) => (at(chunk, 'choices.0.logprobs.content') ?? []) as Json[]),
        tokens,
      );
    }
  });
});

describe('tools', () => {
  const weather = {
    type: 'function',
    function: {
      name: 'get_current_weather',
      description: 'Get the current weather in a given location',
      parameters: {
        type: 'object',
        properties: {
          location: { type: 'string' },
          unit: { type: 'string', enum: ['celsius', 'fahrenheit'] },
        },
        required: ['location'],
      },
    },
  };
  const email = {
    type: 'function',
    function: {
      name: 'send_email',
      parameters: { type: 'object', properties: { subject: { type: 'string' } } },
    },
  };
  const ask = (text: string, fields: Readonly<Record<string, unknown>> = {}) =>
    complete(server, { messages: [{ role: 'user', content: text }], tools: [weather, email], ...fields });
  const calls = (answer: Awaited<ReturnType<typeof ask>>) =>
    (
      (at(answer.json, 'choices.0.message.tool_calls') ?? []) as readonly {
        id: string;
        function: { name: string; arguments: string };
      }[]
    ).map((call) => [call.function.name, JSON.parse(call.function.arguments)] as const);

  test('are called when the question is about them, with arguments from the question', async () => {
    const answer = await ask('What is the weather like in San Francisco?');
    assert.deepEqual(calls(answer), [
      ['get_current_weather', { location: 'San Francisco', unit: 'celsius' }],
    ]);
    assert.equal(at(answer.json, 'choices.0.finish_reason'), 'tool_calls');
    assert.equal(at(answer.json, 'choices.0.message.content'), null);
    assert.deepEqual(calls(await ask('Hello!')), []);
  });

  test('are called several times at once unless that is forbidden', async () => {
    const text = 'What is the weather in Boston, Paris and Rome?';
    assert.deepEqual(
      calls(await ask(text)).map(([, input]) => input.location),
      ['Boston', 'Paris', 'Rome'],
    );
    assert.equal(calls(await ask(text, { parallel_tool_calls: false })).length, 1);
    const both = await ask('Send an email about the weather in Rome');
    assert.deepEqual(
      calls(both).map(([name]) => name),
      ['get_current_weather', 'send_email'],
    );
  });

  test('are called as tool_choice says', async () => {
    assert.deepEqual(calls(await ask('The weather in Rome?', { tool_choice: 'none' })), []);
    assert.equal(calls(await ask('Hello!', { tool_choice: 'required' })).length, 1);
    const named = await ask('The weather in Rome?', {
      tool_choice: { type: 'function', function: { name: 'send_email' } },
    });
    assert.deepEqual(
      calls(named).map(([name]) => name),
      ['send_email'],
    );
    const allowed = {
      type: 'allowed_tools',
      allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'send_email' } }] },
    };
    assert.deepEqual(calls(await ask('The weather in Rome?', { tool_choice: allowed })), []);
  });

  test('are streamed as a named call and pieces of its arguments', async () => {
    const answer = await ask('The weather in Boston and Paris?', { stream: true });
    const deltas = chunksOf(answer).map((chunk) => at(chunk, 'choices.0.delta') as Record<string, Json>);
    assert.deepEqual(deltas[0], { role: 'assistant', content: null, refusal: null });
    const pieces = deltas.flatMap((delta) => (delta['tool_calls'] ?? []) as readonly Record<string, Json>[]);
    const joined = [0, 1].map((index) =>
      pieces
        .filter((piece) => piece['index'] === index)
        .map((piece) => at(piece, 'function.arguments') ?? '')
        .filter((text) => typeof text === 'string')
        .join(''),
    );
    assert.deepEqual(
      joined.map((input) => JSON.parse(input).location),
      ['Boston', 'Paris'],
    );
    const starts = pieces.filter((piece) => piece['id'] !== undefined);
    assert.equal(new Set(starts.map((piece) => piece['id'])).size, 2);
    assert.ok(starts.every((piece) => at(piece, 'function.name') === 'get_current_weather'));
    assert.deepEqual(finishReasons(answer), ['tool_calls']);
  });

  test('that have answered are quoted in the reply', async () => {
    const asked = await ask('What is the weather in Rome?');
    const call = at(asked.json, 'choices.0.message') as { tool_calls: { id: string }[] };
    const messages = [
      { role: 'user', content: 'What is the weather in Rome?' },
      call,
      { role: 'tool', tool_call_id: call.tool_calls[0]?.id, content: '21 degrees' },
    ];
    const answer = await complete(server, { messages, tools: [weather, email] });
    assert.match(
      textAt(answer.json, 'choices.0.message.content'),
      /`get_current_weather` answered `21 degrees`/u,
    );
  });

  test('of the custom kind get a text', async () => {
    const tools = [{ type: 'custom', custom: { name: 'run_code', description: 'Runs code' } }];
    const answer = await complete(server, { tools, tool_choice: 'required' });
    assert.deepEqual(at(answer.json, 'choices.0.message.tool_calls.0.custom'), {
      name: 'run_code',
      input: 'Hello!',
    });
  });
});

describe('response_format', () => {
  const schema = {
    type: 'object',
    properties: {
      title: { type: 'string', maxLength: 12 },
      tags: { type: 'array', items: { type: 'string' }, minItems: 3, uniqueItems: true },
      score: { type: 'number', minimum: 0, maximum: 1 },
      kind: { enum: ['a', 'b'] },
      code: { type: 'string', pattern: '^[A-Z]{2}-\\d{4}$' },
      when: { type: 'string', format: 'date-time' },
      parent: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] },
    },
    required: ['title', 'tags', 'score', 'kind', 'code', 'when', 'parent'],
    additionalProperties: false,
    $defs: {
      node: {
        type: 'object',
        properties: {
          name: { type: 'string' },
          next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] },
        },
        required: ['name', 'next'],
        additionalProperties: false,
      },
    },
  };

  test('json_object gives an object', async () => {
    const text = await content({ response_format: { type: 'json_object' } });
    assert.equal(JSON.parse(text).question, 'Hello!');
  });

  test('json_schema gives a value that the schema accepts, streamed or not', async () => {
    const fields = {
      response_format: { type: 'json_schema', json_schema: { name: 'thing', schema, strict: true } },
    };
    const text = await content(fields);
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
    assert.ok(validate(JSON.parse(text)), JSON.stringify(validate.errors));
    assert.equal(streamed(await complete(server, { ...fields, stream: true }), 'content'), text);
  });

  test('text gives markdown', async () => {
    assert.match(await content({ ...question, response_format: { type: 'text' } }), /^You asked:/u);
  });

  test('fits schemas of every make', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const texts = fc.record(
      {
        type: fc.constant('string'),
        minLength: fc.integer({ min: 0, max: 5 }),
        maxLength: fc.integer({ min: 5, max: 300 }),
      },
      { requiredKeys: ['type'] },
    );
    const numbers = fc.record(
      {
        type: fc.constantFrom('integer', 'number'),
        minimum: fc.integer({ min: -50, max: 0 }),
        maximum: fc.integer({ min: 20, max: 60 }),
        multipleOf: fc.constantFrom(1, 2, 5),
      },
      { requiredKeys: ['type'] },
    );
    const patterns = fc.record({
      type: fc.constant('string'),
      pattern: fc.constantFrom('^a+b?$', '^(?:x|y){2,3}\\.z$', '[0-9a-f]{8}', '^\\w+@\\w+\\.com$', '^$'),
    });
    const others = fc.constantFrom<Json>(
      { type: 'boolean' },
      { type: 'null' },
      { enum: [1, 'two', null] },
      { const: { a: 1 } },
      {},
      true,
    );
    const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        texts as fc.Arbitrary<Json>,
        numbers as fc.Arbitrary<Json>,
        patterns as fc.Arbitrary<Json>,
        others,
        fc.record({
          type: fc.constant('array'),
          items: tie('tree'),
          minItems: fc.integer({ min: 0, max: 4 }),
        }) as fc.Arbitrary<Json>,
        fc
          .dictionary(fc.constantFrom('path', 'query', 'city', 'count', 'x'), tie('tree'))
          .map((properties): Json => ({
            type: 'object',
            properties,
            required: Object.keys(properties),
            additionalProperties: false,
          })),
        fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((anyOf): Json => ({ anyOf })),
        tie('tree').map((other): Json => ({ allOf: [other] })),
      ),
    }));
    fc.assert(
      fc.property(tree, (schema) => {
        const validate = ajv.compile(schema as object | boolean);
        const value = schemaInstance(schema, { question: 'What is the weather in Rome?' });
        assert.ok(validate(value), `${JSON.stringify(value)} ${JSON.stringify(validate.errors)}`);
      }),
      { numRuns: 150 },
    );
  });
});

describe('attachments', () => {
  const png = `data:image/png;base64,${Buffer.from('89504e470d0a1a0a0000000d494844520000012c000000c8', 'hex').toString('base64')}`;
  const say = (...parts: readonly object[]) =>
    content({ messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello!' }, ...parts] }] });

  test('are acknowledged by what can be known of them', async () => {
    assert.match(
      await say({ type: 'image_url', image_url: { url: png, detail: 'low' } }),
      /an image \(PNG, 24 bytes, 300 × 200 pixels, low detail\)/u,
    );
    assert.match(
      await say({ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }),
      /an image on example\.com, which this server does not fetch/u,
    );
    const wav = Buffer.alloc(44 + 16_000);
    wav.write('RIFF', 0, 'latin1');
    wav.writeUInt32LE(8000, 28);
    const audio = { type: 'input_audio', input_audio: { data: wav.toString('base64'), format: 'wav' } };
    assert.match(await say(audio), /an audio recording \(wav, 16\.0 kB, 2\.0 seconds\)/u);
    const file = {
      type: 'file',
      file: { filename: 'report.pdf', file_data: 'data:application/pdf;base64,AAAA' },
    };
    assert.match(await say(audio, file), / and the file `report\.pdf` \(3 bytes\)/u);
    assert.doesNotMatch(await say(), /attached/u);
  });
});

describe('tokens', () => {
  const characters = fc.oneof(
    fc.constantFrom(' ', '\n', 'é', '東', '🙂', '\u200d'),
    fc.integer({ min: 32, max: 126 }).map((code) => String.fromCodePoint(code)),
  );

  test('joined are the text, whatever it is, and no longer than 8 nor shorter than 3 units', () => {
    fc.assert(
      fc.property(
        fc.array(characters).map((list) => list.join('')),
        (text) => {
          const tokens = tokenize(text);
          assert.equal(tokens.join(''), text);
          for (const [index, token] of tokens.entries()) {
            assert.ok(token.length <= 8 && (token.length >= 3 || index === tokens.length - 1));
            assert.doesNotMatch(token, /\p{Cs}/u);
          }
        },
      ),
    );
  });
});
