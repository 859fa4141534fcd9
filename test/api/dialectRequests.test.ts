import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { streamChatCompletion } from '../../src/api/client.ts';
import type { CreateChatCompletionRequest } from '../../src/core/completion.ts';
import { dialects } from '../../src/core/dialects.ts';
import { dialectIds, type DialectId } from '../../src/core/endpoint.ts';
import type { Repair } from '../../src/shared/conversation.ts';
import * as at from './clientServer.ts';

/*
 * What each server is sent for one and the same request, with everything in it that any of them treats differently.
 * Written out, so that a change of the table shows in what goes over the wire.
 */

const never = new AbortController().signal;
const key = 'sk-canary-0123456789';
const call = { id: 'call_abcdefghijkl', type: 'function', function: { name: 'f', arguments: '{}' } } as const;
const tools = [{ type: 'function', function: { name: 'f' } }] as const;
const parts = [
  { type: 'text', text: 'one' },
  { type: 'text', text: 'two' },
] as const;

const asked: CreateChatCompletionRequest = {
  model: 'some/model',
  messages: [
    { role: 'developer', content: 'Be brief.' },
    { role: 'user', content: [...parts], name: 'kim' },
    { role: 'assistant', content: null, tool_calls: [call] },
    { role: 'tool', content: 'sunny', tool_call_id: call.id },
  ],
  max_tokens: 10,
  temperature: 0,
  seed: 7,
  logprobs: true,
  top_logprobs: 2,
  logit_bias: { 5: 1 },
  user: 'u',
  tools: [...tools],
};

/** The request as any server gets it where nothing else is known. */
const common = {
  model: 'some/model',
  stream: true,
  stream_options: { include_usage: true },
  messages: [
    { role: 'developer', content: 'Be brief.' },
    { role: 'user', content: parts, name: 'kim' },
    { role: 'assistant', tool_calls: [call] },
    { role: 'tool', content: 'sunny', tool_call_id: call.id },
  ],
  max_tokens: 10,
  temperature: 0,
  seed: 7,
  logprobs: true,
  top_logprobs: 2,
  logit_bias: { 5: 1 },
  user: 'u',
  tools,
};

interface Golden {
  readonly path?: string;
  readonly modelsPath?: string;
  readonly keyHeader?: string;
  /** Fields that differ from `common`; `undefined` for one that is not sent. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** Messages that differ, by their position. */
  readonly messages?: Readonly<Record<number, unknown>>;
  readonly repairs?: readonly Repair[];
}

const dropped = (...fields: readonly string[]): readonly Repair[] =>
  fields.map((field) => ({ type: 'dropped', field }));
const asSystem: Repair = { type: 'roleChanged', from: 'developer', to: 'system' };
const system = { role: 'system', content: 'Be brief.' };
const newLimit: Golden = {
  body: { max_tokens: undefined, max_completion_tokens: 10 },
  repairs: [{ type: 'renamed', field: 'max_tokens', to: 'max_completion_tokens' }],
};
const shortId = 'AbCdEfGhI';

const golden: Readonly<Record<DialectId, Golden>> = {
  openai: newLimit,
  azure: { ...newLimit, keyHeader: 'api-key' },
  azureDeployment: {
    ...newLimit,
    path: '/v1/deployments/some%2Fmodel/chat/completions?api-version=2024-10-21',
    keyHeader: 'api-key',
  },
  anthropic: {},
  gemini: {
    body: { logit_bias: undefined, logprobs: undefined, top_logprobs: undefined },
    repairs: dropped('logit_bias', 'logprobs', 'top_logprobs'),
  },
  deepseek: {
    messages: { 0: system, 1: { role: 'user', content: 'one\ntwo', name: 'kim' } },
    repairs: [asSystem, { type: 'contentJoined' }],
  },
  mistral: {
    body: {
      stream_options: undefined,
      seed: undefined,
      random_seed: 7,
      logprobs: undefined,
      top_logprobs: undefined,
      logit_bias: undefined,
      user: undefined,
    },
    messages: {
      0: system,
      2: { role: 'assistant', tool_calls: [{ ...call, id: shortId }] },
      3: { role: 'tool', content: 'sunny', tool_call_id: shortId },
    },
    repairs: [
      { type: 'renamed', field: 'seed', to: 'random_seed' },
      ...dropped('logprobs', 'top_logprobs', 'logit_bias', 'user'),
      asSystem,
    ],
  },
  groq: {
    body: { logit_bias: undefined, logprobs: undefined, top_logprobs: undefined },
    messages: { 1: { role: 'user', content: parts } },
    repairs: dropped('logprobs', 'top_logprobs', 'logit_bias', 'messages[].name'),
  },
  openrouter: {},
  xai: {},
  together: {},
  fireworks: { messages: { 0: system }, repairs: [asSystem] },
  cerebras: {},
  ollama: {},
  lmstudio: {},
  llamacpp: {},
  vllm: {},
  litellm: {},
  cloudflare: {
    messages: { 1: { role: 'user', content: 'one\ntwo', name: 'kim' } },
    repairs: [{ type: 'contentJoined' }],
  },
  generic: {},
};

async function send(
  request: CreateChatCompletionRequest,
  dialect: DialectId,
  extraBody?: Record<string, unknown>,
) {
  const whole = at.streamHead + at.textEvent('ok') + at.finishEvent + at.doneEvent;
  await using server = await at.serveRaw((socket) => socket.end(whole));
  return await at.withTransport(async (transport) => {
    const endpoint = at.endpointAt(server.baseUrl, { dialect, ...(extraBody && { extraBody }) });
    const { deltas, error } = await at.collect(
      streamChatCompletion({ endpoint, key, transport }, request, never),
    );
    assert.equal(error, undefined);
    const [seen] = server.requests;
    assert.ok(seen);
    // The client wrote it; what it holds is looked at below.
    const body = JSON.parse(seen.body) as Record<string, unknown> & { messages: unknown[] };
    const [first] = deltas;
    return { seen, body, repairs: first?.type === 'repair' ? first.repairs : [] };
  });
}

describe('One request in every dialect', () => {
  for (const id of dialectIds) {
    test(`${dialects[id].displayName} (${id})`, async () => {
      const {
        path = '/v1/chat/completions',
        keyHeader,
        body: differs,
        messages = {},
        repairs = [],
      } = golden[id];
      const { seen, repairs: told } = await send(asked, id);
      assert.equal(seen.line, `POST ${path} HTTP/1.1`);
      const { 'api-key': azureKey, authorization } = seen.headers;
      assert.deepEqual(
        [azureKey, authorization],
        keyHeader === 'api-key' ? [key, undefined] : [undefined, `Bearer ${key}`],
      );
      const expected = {
        ...common,
        ...differs,
        messages: common.messages.map((message, index) => messages[index] ?? message),
      };
      // Which short id it is does not matter, as long as it is the same in both places.
      const given = /"tool_call_id":"([A-Za-z0-9]{9})"/.exec(seen.body)?.[1];
      assert.equal(given !== undefined, dialects[id].toolCallIds === 'nineCharacters');
      const known = given === undefined ? seen.body : seen.body.replaceAll(given, shortId);
      assert.deepEqual(JSON.parse(known), JSON.parse(JSON.stringify(expected)));
      assert.deepEqual(told, repairs);
    });
  }

  test('adds nothing to a request that sets nothing, and tells nothing', async () => {
    for (const id of dialectIds) {
      const { body, repairs } = await send({ ...at.request, messages: [...at.request.messages] }, id);
      const options = id === 'mistral' ? {} : { stream_options: { include_usage: true } };
      assert.deepEqual(body, { ...at.request, stream: true, ...options }, id);
      assert.deepEqual(repairs, [], id);
    }
  });
});

describe('The limit of tokens', () => {
  const plain = { ...at.request, messages: [...at.request.messages] };
  const limits = ({ max_tokens: old, max_completion_tokens: now }: Record<string, unknown>) => [old, now];

  test('goes out under the one name that the server knows, whichever the user wrote', async () => {
    for (const id of dialectIds) {
      const isNew = dialects[id].tokenLimitField === 'max_completion_tokens';
      for (const field of ['max_tokens', 'max_completion_tokens']) {
        const { body, repairs } = await send({ ...plain, [field]: 9 }, id);
        assert.deepEqual(limits(body), isNew ? [undefined, 9] : [9, undefined], `${id} ${field}`);
        assert.equal(repairs.length, field === dialects[id].tokenLimitField ? 0 : 1);
      }
    }
  });

  test("is the one by the server's name where both are set", async () => {
    const both = { ...plain, max_tokens: 1, max_completion_tokens: 2 };
    const openai = await send(both, 'openai');
    assert.deepEqual(limits(openai.body), [undefined, 2]);
    assert.deepEqual(openai.repairs, dropped('max_tokens'));
    assert.deepEqual(limits((await send(both, 'ollama')).body), [1, undefined]);
  });

  test("is what the endpoint's own body says, under that name", async () => {
    const forced = await send({ ...plain, max_completion_tokens: 2 }, 'openai', { max_tokens: 3 });
    assert.deepEqual(limits(forced.body), [3, undefined]);
    const kept = await send({ ...plain, seed: 1 }, 'mistral', { user: 'me', seed: 2 });
    assert.deepEqual([kept.body['user'], kept.body['seed'], kept.body['random_seed']], ['me', 2, undefined]);
  });
});
