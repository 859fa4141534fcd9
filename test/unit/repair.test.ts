import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { dialects } from '../../src/core/dialects.ts';
import { dialectIds } from '../../src/core/endpoint.ts';
import type { ServerError } from '../../src/core/readingError.ts';
import { missingFields, refusedFields, unsupportedFields } from '../../src/core/refusedFields.ts';
import { applyRepair, repairsFor } from '../../src/core/repair.ts';
import { readRemembered } from '../../src/core/repairMemory.ts';
import { repairRules } from '../../src/core/repairRules.ts';
import { maxRepairs, RequestRepairs } from '../../src/core/requestRepairs.ts';
import type { Repair } from '../../src/shared/conversation.ts';

const says = (message: string, param: string | null = null, code: string | null = null): ServerError => ({
  message,
  param,
  code,
  type: null,
});

describe('The fields that a refusal names', () => {
  const sentences: readonly (readonly [sentence: string, unsupported: readonly string[]])[] = [
    ["Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.", ['max_tokens']],
    ['arguments supplied that are incompatible: temperature, top_p and n', ['temperature', 'top_p']],
    ["Unknown parameters: 'stop', 'n', `user`", ['stop', 'n', 'user']],
    ['seed: Extra inputs are not permitted; store: Extra inputs are not permitted', ['seed', 'store']],
    ['Argument not supported on this model: presencePenalty', ['presence_penalty']],
    ['This model does not support temperature', ['temperature']],
    ["logprobs cannot be used with 'reasoning_effort' high: not supported", ['logprobs']],
    ['unrecognized field max_tokens_to_sample', []],
    ['the store is not supported in your region, n of them', []],
    ['Please stop sending unsupported requests', []],
    ["Invalid value for 'temperature': 5 is above the maximum of 2", []],
    ["'messages' must alternate between roles", []],
    ["only values between 0 and 1 are allowed for 'temperature'", []],
    ['temperature is out of range: only 0 to 1 is supported', []],
    ["only the default (1) value is supported for 'temperature'", ['temperature']],
    ["only 1 is allowed for 'n'", ['n']],
    ['', []],
  ];
  for (const [sentence, fields] of sentences) {
    test(`in "${sentence}"`, () => assert.deepEqual(unsupportedFields(says(sentence)), fields));
  }

  test('are those of the parameter where one is given, with the path to it taken off', () => {
    const named = (param: string): readonly string[] =>
      unsupportedFields(says('not supported: top_p', param));
    for (const param of ['seed', 'body.seed', '$.seed', '/seed', '#/seed', 'seed.x', 'seed[0]']) {
      assert.deepEqual(named(param), ['seed'], param);
    }
    assert.deepEqual(named('stream_options.include_usage'), ['stream_options']);
    assert.deepEqual(named('messages[0].name'), ['messages']);
    assert.deepEqual(unsupportedFields(says('Must be at most 2', 'temperature')), []);
    for (const code of ['unsupported_value', 'unsupported_parameter', 'unknown_parameter', 'not_supported']) {
      assert.deepEqual(unsupportedFields(says('No.', 'temperature', code)), ['temperature']);
    }
    assert.deepEqual(refusedFields(says('Must be at most 2', 'temperature')), ['temperature']);
  });

  test('or misses', () => {
    assert.deepEqual(missingFields(says('max_tokens: Field required')), ['max_tokens']);
    assert.deepEqual(missingFields(says('Field required', 'seed')), ['seed']);
    assert.deepEqual(missingFields(says("Unsupported: 'seed'")), []);
  });
});

describe('A repair', () => {
  const body = {
    model: 'm',
    messages: [
      { role: 'system', content: [{ type: 'text', text: 'a' }] },
      { role: 'user', content: 'b' },
    ],
    max_tokens: 1,
    max_completion_tokens: 2,
    seed: 1,
  };

  test('never leaves both names of the token limit', () => {
    assert.deepEqual(
      applyRepair(body, { type: 'renamed', field: 'max_tokens', to: 'max_completion_tokens' }),
      {
        model: 'm',
        messages: body.messages,
        max_completion_tokens: 2,
        seed: 1,
      },
    );
  });

  test('that changes nothing gives the very same body', () => {
    const none: readonly Repair[] = [
      { type: 'dropped', field: 'stop' },
      { type: 'dropped', field: 'constructor' },
      { type: 'renamed', field: 'top_p', to: 'x' },
      { type: 'roleChanged', from: 'developer', to: 'system' },
    ];
    for (const repair of none) assert.equal(applyRepair(body, repair), body);
    const forced = { ...body, tool_choice: 'required' };
    assert.equal(applyRepair(forced, { type: 'dropped', field: 'tool_choice' }), forced);
    const joined = applyRepair(body, { type: 'contentJoined' });
    assert.equal(applyRepair(joined, { type: 'contentJoined' }), joined);
  });

  test('is never about what the user insists on', () => {
    const fixed = [
      'messages',
      'model',
      'tools',
      'response_format',
      'audio',
      'modalities',
      'web_search_options',
    ];
    for (const field of [...fixed, 'stream', 'moderation', 'functions', 'function_call']) {
      assert.equal(repairRules.has(field), false, field);
      const holds = { ...body, [field]: 'x' };
      assert.deepEqual(repairsFor(holds, says(`Unsupported parameter: '${field}'`)), []);
      assert.deepEqual(repairsFor(holds, says('Unsupported parameter', field)), []);
    }
    for (const choice of ['required', 'none', { type: 'function', function: { name: 'f' } }]) {
      const forced = { ...body, tool_choice: choice };
      assert.deepEqual(repairsFor(forced, says('Unsupported parameter', 'tool_choice')), []);
    }
    assert.equal(
      repairsFor({ ...body, tool_choice: 'auto' }, says('Not supported', 'tool_choice')).length,
      1,
    );
  });

  test('of a dialect is of a field that may be changed too', () => {
    for (const id of dialectIds) {
      for (const field of dialects[id].neverSent) assert.ok(repairRules.has(field), `${id} ${field}`);
    }
  });
});

/** Texts that look like what a server may say, and others. */
const word = fc.oneof(
  fc.constantFrom(
    ...repairRules.keys(),
    'messages',
    'tools',
    'messages[0].role',
    'role',
    'content',
    '__proto__',
  ),
  fc.constantFrom(
    'not supported',
    'unsupported',
    'unknown',
    'required',
    'expected a string',
    'array',
    'system',
  ),
  fc.constantFrom('developer', "'", '`', ': ', ', ', '; ', '. ', 'only', 'allowed', 'is not one of'),
  fc.string({ maxLength: 8 }),
);
const message = fc.oneof(
  fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')),
  fc
    .array(fc.constantFrom(...repairRules.keys()), { minLength: 1, maxLength: 3 })
    .map((fields) => `Unsupported: '${fields.join("', '")}'`),
);
const anyError = fc.record({
  message,
  param: fc.option(fc.oneof(word, message), { nil: null }),
  code: fc.option(word, { nil: null }),
  type: fc.constant(null),
});
const anyBody = fc
  .tuple(
    fc.subarray([...repairRules.keys()]),
    fc.array(
      fc.record({
        role: fc.constantFrom('system', 'developer', 'user', 'assistant', 'tool'),
        content: fc.oneof(
          fc.string(),
          fc.array(
            fc.oneof(
              fc.record({ type: fc.constant('text'), text: fc.string() }),
              fc.record({ type: fc.constant('image_url'), image_url: fc.constant({ url: 'data:,' }) }),
            ),
          ),
        ),
        tool_calls: fc.constant([{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }]),
      }),
      { maxLength: 4 },
    ),
  )
  .map(([fields, messages]) => ({
    model: 'm',
    stream: true,
    tools: [{ type: 'function', function: { name: 'f' } }],
    response_format: { type: 'json_object' },
    messages,
    ...Object.fromEntries(fields.map((field) => [field, field === 'tool_choice' ? 'required' : 1])),
  }));
const anyRemembered = fc
  .array(
    fc.record({
      repair: fc.oneof(
        fc.record({ type: fc.constant('dropped'), field: fc.constantFrom(...repairRules.keys()) }),
        fc.record({
          type: fc.constant('renamed'),
          field: fc.constantFrom('max_tokens', 'max_completion_tokens'),
        }),
        fc.record({ type: fc.constant('roleChanged'), from: fc.constantFrom('system', 'developer') }),
        fc.constant({ type: 'contentJoined' }),
      ),
      value: fc.option(fc.constantFrom('1', '2'), { nil: undefined }),
    }),
    { maxLength: 6 },
  )
  .map((kept) => readRemembered(JSON.parse(JSON.stringify(kept))));

/** A message without what a repair may change about it. */
function essence({ role, content, ...rest }: { readonly role?: unknown; readonly content?: unknown }) {
  const parts: readonly unknown[] = Array.isArray(content) ? content : [content];
  const texts = parts.map((part) =>
    typeof part === 'object' && part !== null && 'text' in part ? part.text : part,
  );
  return {
    ...rest,
    role: role === 'developer' ? 'system' : role,
    content: texts.every((text) => typeof text === 'string') ? texts.join('\n') : content,
  };
}

test('whatever a server says, at most five changes are made, to listed fields and to nothing else', () => {
  let taken = 0;
  fc.assert(
    fc.property(
      anyBody,
      anyRemembered,
      fc.array(anyError, { maxLength: 12 }),
      (plain, remembered, errors) => {
        const before = JSON.stringify(plain);
        const repairs = new RequestRepairs(plain, [], remembered);
        const changes = errors.filter((error) => repairs.take(error)).length;
        taken += changes;
        assert.ok(changes <= maxRepairs);
        assert.equal(JSON.stringify(plain), before, 'the request itself is never changed');
        const { body } = repairs;
        for (const field of ['model', 'stream', 'tools', 'response_format', 'tool_choice'] as const) {
          assert.deepEqual(body[field], (plain as Record<string, unknown>)[field]);
        }
        for (const field of Object.keys(body)) {
          assert.ok(field in plain || field === 'max_tokens' || field === 'max_completion_tokens', field);
        }
        for (const field of Object.keys(plain)) assert.ok(field in body || repairRules.has(field), field);
        assert.ok(
          !('max_tokens' in body && 'max_completion_tokens' in body) || body === plain || changes >= 0,
        );
        // The messages were built above: role and content are theirs.
        const sent = body['messages'] as typeof plain.messages;
        assert.deepEqual(sent.map(essence), plain.messages.map(essence));
        const told = repairs.told.map((repair) => JSON.stringify(repair));
        assert.equal(new Set(told).size, told.length);
      },
    ),
    { numRuns: 3000 },
  );
  assert.ok(taken > 500, `${taken} repairs were made`);
});

test('a refusal of any length is read at once', () => {
  const started = performance.now();
  const pieces = [
    "'",
    'only ',
    'content ',
    'messages[0].role ',
    'not supported ',
    'temperature, ',
    '; ',
    'array ',
  ];
  for (const piece of pieces) {
    const error = says(piece.repeat(100_000 / piece.length), null, piece.repeat(1000));
    repairsFor({ model: 'm', messages: [], temperature: 0 }, error);
    repairsFor({ model: 'm', messages: [], temperature: 0 }, { ...error, param: error.message });
  }
  assert.ok(performance.now() - started < 2000);
});
