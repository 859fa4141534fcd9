import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import * as v from 'valibot';
import { checkRequest } from '../../src/core/api/checkRequest.ts';
import { CreateChatCompletionRequest } from '../../src/core/api/request.ts';
import { CreateChatCompletionResponse } from '../../src/core/api/response.ts';
import { carriedFields, merged } from '../support/apiSpec/fields.ts';
import { everything } from '../support/apiSpec/fullRequest.ts';
import { pathsOf, replace } from '../support/apiSpec/mutations.ts';
import { isObject, type Json } from '../support/demoServer/json.ts';
import { sized } from '../support/sized.ts';

const valid = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] };

function paramOf(fields: Readonly<Record<string, unknown>>): string | undefined {
  return checkRequest({ ...valid, ...fields })?.param;
}

describe('a request is checked before it is sent', () => {
  test('a field of another JSON type is named with what it should be', () => {
    const cases: readonly (readonly [Readonly<Record<string, unknown>>, string])[] = [
      [{ temperature: '0.7' }, 'temperature must be a number, but it is a string'],
      [{ n: 1.5 }, 'n must be a whole number, but it is a number with a fraction'],
      [{ n: [1] }, 'n must be a number, but it is an array'],
      [{ logprobs: 'true' }, 'logprobs must be true or false, but it is a string'],
      [{ store: 1 }, 'store must be true or false, but it is a number'],
      [{ reasoning_effort: 3 }, 'reasoning_effort must be a string, but it is a number'],
      [{ stop: { text: 'x' } }, 'stop must be a string or an array, but it is an object'],
      [{ stop: ['a', 5] }, 'stop[1] must be a string, but it is a number'],
      [{ metadata: 'x' }, 'metadata must be an object, but it is a string'],
      [{ response_format: 'json' }, 'response_format must be an object, but it is a string'],
      [{ tools: { type: 'function' } }, 'tools must be an array, but it is an object'],
      [
        { tools: [{ type: 'function', function: { name: 'f', parameters: '{}' } }] },
        'tools[0].function.parameters must be an object, but it is a string',
      ],
      [{ tools: [{ type: 7 }] }, 'tools[0].type must be a string, but it is a number'],
      [{ tool_choice: true }, 'tool_choice must be a string or an object, but it is true'],
      [{ web_search_options: true }, 'web_search_options must be an object, but it is true'],
      [
        { web_search_options: { user_location: { approximate: { country: 49 } } } },
        'web_search_options.user_location.approximate.country must be a string, but it is a number',
      ],
      [
        { audio: { voice: [], format: 'wav' } },
        'audio.voice must be a string or an object, but it is an array',
      ],
      [{ web_search_options: [] }, 'web_search_options must be an object, but it is an array'],
      [{ metadata: ['x'] }, 'metadata must be an object, but it is an array'],
      [{ response_format: [] }, 'response_format must be an object, but it is an array'],
      [
        { tools: [{ type: 'function', function: [] }] },
        'tools[0].function must be an object, but it is an array',
      ],
      [{ messages: [['Hello']] }, 'messages[0] must be an object, but it is an array'],
      [{ messages: 'Hello' }, 'messages must be an array, but it is a string'],
      [{ messages: ['Hello'] }, 'messages[0] must be an object, but it is a string'],
      [{ messages: [null] }, 'messages[0] must be an object, but it is null'],
      [
        { messages: [{ role: 'user', content: 5 }] },
        'messages[0].content must be a string or an array, but it is a number',
      ],
      [
        { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: 'https://a/b' }] }] },
        'messages[0].content[0].image_url must be an object, but it is a string',
      ],
      [
        { messages: [{ role: 'assistant', content: [{ type: 'new' }, { type: 'text', text: false }] }] },
        'messages[0].content[1].text must be a string, but it is false',
      ],
    ];
    for (const [fields, detail] of cases) {
      const misfit = checkRequest({ ...valid, ...fields });
      assert.equal(misfit?.detail, detail);
      assert.ok(detail.startsWith(`${misfit.param} must`), misfit.param);
    }
  });

  test('what servers differ in is left to them', () => {
    const cases: readonly Readonly<Record<string, unknown>>[] = [
      { top_k: 40, thinking: { type: 'enabled' }, chat_template_kwargs: { enable_thinking: null } },
      { temperature: 99, n: 0, top_logprobs: -1, messages: [] },
      { reasoning_effort: 'ultra', service_tier: 'on_demand', verbosity: '', modalities: ['text', 'image'] },
      { tools: [{ type: 'builtin_function', function: { name: 5 } }, { google_search: {} }, {}] },
      { tool_choice: 'any', response_format: { type: 'regex', pattern: 5 } },
      { tool_choice: { type: 'mcp', mcp: 1 } },
      { tools: [{ type: 'function' }], response_format: {}, audio: {}, prediction: {}, stream_options: {} },
      {
        temperature: null,
        tools: null,
        stop: null,
        response_format: null,
        messages: [{ role: 'user', content: null }],
      },
      { metadata: { tags: ['a'], deep: {} }, logit_bias: { Hello: -0.5, '7': false } },
      { messages: [{ role: 'user', content: [{ type: 'video_url', video_url: 5 }] }] },
      { messages: [{ role: 'ipython', content: 5 }, { content: 'x' }, { role: 'tool', content: 'no id' }] },
      { messages: [{ role: 'assistant', content: null, reasoning_content: 'x', reasoning_details: [{}] }] },
      { model: undefined, messages: undefined },
    ];
    for (const fields of cases) assert.equal(paramOf(fields), undefined, JSON.stringify(fields));
  });

  test('any JSON is answered, never thrown at, and the place exists in it', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('messages', 'tools', 'stop', 'audio', 'n', '__proto__', 'x'),
          fc.jsonValue(),
        ),
        (body) => {
          const misfit = checkRequest(body);
          if (misfit === undefined) return;
          const first = /^[^.[]+/u.exec(misfit.param)?.[0] ?? '';
          assert.ok(Object.hasOwn(body, first), misfit.param);
        },
      ),
      { numRuns: sized(2000) },
    );
  });
});

test('every field that is known is named when it holds anything of another type', () => {
  const known = merged(carriedFields(CreateChatCompletionRequest));
  const document = JSON.parse(JSON.stringify(everything)) as Json;
  let checked = 0;
  for (const path of pathsOf(document)) {
    const [first = '', ...steps] = path;
    const place = first + steps.map((step) => (/^\d+$/u.test(step) ? `[${step}]` : `.${step}`)).join('');
    const types = known.get(place.replaceAll(/\[\d+\]/gu, '[]'))?.types;
    // What servers add, the insides of a JSON Schema, and entries of the user's own maps.
    if (types === undefined || path.length === 0) continue;
    for (const odd of ['x', 5, 1.5, true, [], ['x'], {}, { x: 1 }]) {
      if (fits(odd, types)) continue;
      const body = replace(document, path, odd);
      assert.ok(isObject(body));
      checked += 1;
      assert.equal(checkRequest(body)?.param, place, `${place} ${JSON.stringify(odd)}`);
    }
  }
  assert.ok(checked > 1000, `${checked} were checked`);
});

function fits(value: unknown, types: ReadonlySet<string>): boolean {
  if (Array.isArray(value)) return types.has('array');
  if (typeof value === 'number') {
    return types.has('number') || (types.has('integer') && Number.isInteger(value));
  }
  return types.has(typeof value);
}

test('fields that nobody knows pass through the schemas, at any depth and in both directions', () => {
  // Maps hold nothing but the user's own names.
  const { metadata: _, logit_bias: __, ...rest } = everything;
  const request = planted(JSON.parse(JSON.stringify(rest)) as Json);
  assert.deepEqual(v.parse(CreateChatCompletionRequest, request), request);
  const token = { token: 'H', logprob: -0.1, bytes: [72] };
  const response = planted({
    id: 'c1',
    object: 'chat.completion.of.another.kind',
    created: 1,
    model: 'm',
    service_tier: 'turbo',
    choices: [
      {
        index: 0,
        finish_reason: 'eos',
        logprobs: { content: [{ ...token, top_logprobs: [token] }], refusal: null },
        message: {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: '', type: 'function', function: { name: 'f', arguments: '' } }],
          annotations: [
            { type: 'url_citation', url_citation: { url: 'u', title: '', start_index: 0, end_index: 1 } },
          ],
          audio: { id: 'a', expires_at: 1, data: '', transcript: '' },
        },
      },
    ],
    usage: { prompt_tokens: 1, prompt_tokens_details: { cached_tokens: 1 }, completion_tokens_details: {} },
  });
  assert.deepEqual(v.parse(CreateChatCompletionResponse, response), response);
});

/** A copy with one more field in every object. */
function planted(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(planted);
  if (!isObject(value)) return value;
  const fields = Object.entries(value).map(([name, inner]): [string, Json] => [name, planted(inner)]);
  return { ...Object.fromEntries(fields), x_planted: { deep: [null, 1] } };
}
