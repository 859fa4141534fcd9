import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import * as v from 'valibot';
import * as contentParts from '../../src/core/api/contentParts.ts';
import * as errorResponse from '../../src/core/api/errorResponse.ts';
import * as models from '../../src/core/api/models.ts';
import * as moderation from '../../src/core/api/moderation.ts';
import * as request from '../../src/core/api/request.ts';
import * as requestMessages from '../../src/core/api/requestMessages.ts';
import * as requestOptions from '../../src/core/api/requestOptions.ts';
import * as response from '../../src/core/api/response.ts';
import { object, word } from '../../src/core/api/shape.ts';
import * as storedCompletions from '../../src/core/api/storedCompletions.ts';
import * as streamResponse from '../../src/core/api/streamResponse.ts';
import * as toolCalls from '../../src/core/api/toolCalls.ts';
import * as tools from '../../src/core/api/tools.ts';
import * as usage from '../../src/core/api/usage.ts';
import { type Description, missing, schemasOf } from '../support/apiSpec/description.ts';
import { carriedFields, describedFields, type Fields, lacking, merged } from '../support/apiSpec/fields.ts';
import { isObject, type Json, type JsonObject } from '../support/demoServer/json.ts';

/* Walks the API descriptions and holds our schemas against them. */

const schemas = new Map<string, v.GenericSchema>(
  [
    contentParts,
    errorResponse,
    models,
    moderation,
    request,
    requestMessages,
    requestOptions,
    response,
    storedCompletions,
    streamResponse,
    toolCalls,
    tools,
    usage,
  ].flatMap((module) =>
    Object.entries(module).flatMap(([name, value]): [string, v.GenericSchema][] =>
      'kind' in value && value.kind === 'schema' ? [[name, value]] : [],
    ),
  ),
);

/** Every example of the API descriptions, and of an older edition. */
const examples = JSON.parse(
  readFileSync(new URL('../support/fixtures/examples.json', import.meta.url), 'utf8'),
) as Json;

/** The bodies of the API by the names of their schemas. */
const bodies = [
  'CreateChatCompletionRequest',
  'CreateChatCompletionResponse',
  'CreateChatCompletionStreamResponse',
  'ErrorResponse',
  'ListModelsResponse',
  'Model',
  'DeleteModelResponse',
  'ChatCompletionList',
  'ChatCompletionMessageList',
  'ChatCompletionDeleted',
];

/** Fields that are real and in no description. */
const beyond = [/^choices\[\]\.delta\.audio/u, /^choices\[\]\.delta\.tool_calls\[\]\.custom/u];

function ours(name: string): Fields {
  const schema = schemas.get(name);
  assert.ok(schema, `there is no schema ${name}`);
  return carriedFields(schema);
}

describe('our schemas against the API descriptions', { skip: missing }, () => {
  test('carry every field of every body, at any depth, with its types and words', () => {
    const described = schemasOf('openai');
    let seen = 0;
    for (const name of bodies) {
      const fields = describedFields(described, name);
      seen += fields.size;
      // The names of models are no list that anybody could close.
      fields.get('model')?.words.clear();
      assert.deepEqual(lacking(fields, ours(name)), [], name);
    }
    assert.ok(seen > 400, `${seen} fields were seen`);
  });

  test('carry every field of the older description too', () => {
    const described = schemasOf('a');
    for (const name of ['CreateChatCompletionRequest', 'CreateChatCompletionResponse', 'ErrorResponse']) {
      assert.deepEqual(lacking(describedFields(described, name), merged(ours(name))), [], name);
    }
  });

  test('bear the names that the description gives to its parts, and mean the same by them', () => {
    const described = schemasOf('openai');
    const shared = [...schemas.keys()].filter((name) => Object.hasOwn(described, name));
    assert.ok(shared.length > 50, shared.join(' '));
    for (const name of shared) {
      const fields = describedFields(described, name);
      if (name === 'CreateChatCompletionRequest' || name === 'CreateChatCompletionResponse') {
        fields.get('model')?.words.clear();
      }
      assert.deepEqual(lacking(fields, ours(name)), [], name);
    }
  });

  test('carry no field that no description has, but for those that are known to be real', () => {
    const described: readonly JsonObject[] = (['openai', 'a'] satisfies Description[]).map(schemasOf);
    for (const name of bodies) {
      const known = described.flatMap((one) =>
        Object.hasOwn(one, name) ? [...merged(describedFields(one, name)).keys()] : [],
      );
      const invented = [...merged(ours(name)).keys()].filter(
        (path) => !known.includes(path) && !beyond.some((real) => real.test(path)),
      );
      assert.deepEqual(invented, [], name);
    }
  });

  test('are found to lack a field that is planted into the description', () => {
    const described = schemasOf('openai');
    const planted = (name: string): JsonObject => {
      const schema = described[name];
      assert.ok(isObject(schema) && isObject(schema['properties']));
      const properties = { ...schema['properties'], planted: { type: 'string' } };
      return { ...described, [name]: { ...schema, properties } };
    };
    const lacks = (part: string, body: string): readonly string[] =>
      lacking(describedFields(planted(part), body), ours(body)).filter((line) => line.endsWith('planted'));
    assert.deepEqual(lacks('ChatCompletionRequestMessageContentPartAudio', 'CreateChatCompletionRequest'), [
      'messages[]<user>.content[]<input_audio>.planted',
    ]);
    assert.deepEqual(lacks('CompletionUsage', 'CreateChatCompletionStreamResponse'), ['usage.planted']);
    assert.deepEqual(lacks('ChatCompletionTokenLogprob', 'ChatCompletionList'), [
      'data[].choices[].logprobs.content[].planted',
      'data[].choices[].logprobs.refusal[].planted',
    ]);
    assert.deepEqual(lacks('Model', 'ListModelsResponse'), ['data[].planted']);
  });

  test('the update of a stored completion has the one field that its operation takes', () => {
    assert.deepEqual([...ours('UpdateChatCompletionRequest').keys()], ['', 'metadata', 'metadata{}']);
  });
});

describe('the examples of the descriptions', () => {
  test('are accepted by our schemas', () => {
    let seen = 0;
    for (const example of allBodies(examples)) {
      const name = nameOf(example);
      const schema = name === undefined ? undefined : schemas.get(name);
      if (schema === undefined) continue;
      seen += 1;
      const result = v.safeParse(schema, example);
      const text = JSON.stringify(example);
      // One example gives a picture as a bare text, which its own schema forbids.
      if (text.includes('"image_url":"')) assert.ok(!result.success);
      else assert.ok(result.success, `${JSON.stringify(result.issues)} in ${text}`.slice(0, 2000));
    }
    assert.ok(seen > 20, `${seen} examples were seen`);
  });
});

describe('the comparison itself', () => {
  const described: JsonObject = {
    Body: {
      type: 'object',
      properties: {
        a: { type: 'string', enum: ['x', 'y'] },
        list: {
          type: 'array',
          items: {
            oneOf: [
              {
                type: 'object',
                properties: { type: { type: 'string', enum: ['one'] }, one: { $ref: '#/c/Part' } },
              },
              {
                type: 'object',
                properties: { type: { type: 'string', enum: ['two'] }, two: { type: 'number' } },
              },
            ],
          },
        },
      },
    },
    Part: { anyOf: [{ type: 'object', properties: { deep: { type: 'integer' } } }, { type: 'null' }] },
  };
  const fields = describedFields(described, 'Body');
  const option = <T extends string>(type: T, rest: v.ObjectEntries) =>
    object({ type: v.literal(type), ...rest });
  const body = (one: v.ObjectEntries, two: v.ObjectEntries, words: v.GenericSchema = word('x', 'y')) =>
    carriedFields(
      object({ a: words, list: v.array(v.variant('type', [option('one', one), option('two', two)])) }),
    );
  const deep = { one: v.nullable(object({ deep: v.number() })) };

  test('finds a planted field in the depth, and where it belongs to another alternative', () => {
    const a = { one: v.nullable(object({})) };
    assert.deepEqual(lacking(fields, body(deep, { two: v.number() })), []);
    assert.deepEqual(lacking(fields, body(a, { two: v.number() })), ['list[]<one>.one.deep']);
    assert.deepEqual(lacking(fields, body({ ...deep, two: v.number() }, {})), ['list[]<two>.two']);
  });

  test('finds a wrong type, a missing null and a missing word', () => {
    const one = { one: object({ deep: v.string() }) };
    assert.deepEqual(lacking(fields, body(one, { two: v.number() }, v.literal('y'))), [
      'a: "x"',
      'list[]<one>.one: null',
      'list[]<one>.one.deep: integer',
    ]);
  });
});

/** Every object in a document that could be a body. */
function* allBodies(value: Json): Generator<JsonObject> {
  if (Array.isArray(value)) for (const item of value as readonly Json[]) yield* allBodies(item);
  if (!isObject(value)) return;
  yield value;
  for (const inner of Object.values(value)) yield* allBodies(inner);
}

function nameOf(example: JsonObject): string | undefined {
  if (Array.isArray(example['messages']) && typeof example['model'] === 'string') {
    return 'CreateChatCompletionRequest';
  }
  switch (example['object']) {
    case 'chat.completion':
      return 'CreateChatCompletionResponse';
    case 'chat.completion.chunk':
      return 'CreateChatCompletionStreamResponse';
    case 'chat.completion.deleted':
      return 'ChatCompletionDeleted';
    case 'model':
      return 'Model';
    default:
      return isObject(example['error']) ? 'ErrorResponse' : undefined;
  }
}
