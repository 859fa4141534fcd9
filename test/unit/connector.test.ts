import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreateChatCompletionRequest } from '../../src/core/completion.ts';
import { failureOf } from '../../src/core/completionError.ts';
import type { Endpoint } from '../../src/core/endpoint.ts';
import { createConnector, type ConnectorPorts } from '../../src/panel/connector.ts';
import type { Failure } from '../../src/shared/failure.ts';

const deepseek: Endpoint = { id: 'd', name: 'D', baseUrl: 'https://api.deepseek.com/v1' };

function connectorFor(endpoint: Endpoint | undefined, key?: string, more: Partial<ConnectorPorts> = {}) {
  return createConnector({
    hasEndpoints: () => true,
    resolve: (model) =>
      endpoint === undefined ? undefined : { endpoint, modelId: model.split('/')[1] ?? '' },
    keyFor: async () => key,
    stream: () => {
      throw new Error('nothing is sent in this test');
    },
    instructions: () => 'Be brief.',
    parameters: () => ({ temperature: 0 }),
    ...more,
  });
}

const failureFrom = (work: Promise<unknown>): Promise<Failure> =>
  work.then(
    () => assert.fail('connected'),
    (error: unknown) => failureOf(error),
  );

test('a connection knows what its server wants: where replies may go back to, and in which form', async () => {
  const { replay, modelId, instructions, parameters, instructionsRole } = await connectorFor(
    deepseek,
    'k',
  )('d/m');
  assert.deepEqual(replay, {
    reasoningReplay: 'reasoning_content',
    wantsContent: false,
    origin: 'https://api.deepseek.com',
  });
  assert.deepEqual(
    [modelId, instructions, parameters, instructionsRole],
    ['m', 'Be brief.', { temperature: 0 }, 'system'],
  );
  const local = await connectorFor({ ...deepseek, baseUrl: 'http://localhost:11434/v1' })('d/m');
  assert.deepEqual(local.replay, {
    reasoningReplay: undefined,
    wantsContent: true,
    origin: 'http://localhost:11434',
  });
});

test('nothing goes back to an address that is none', async () => {
  const { replay } = await connectorFor({ ...deepseek, baseUrl: 'https://user:secret@h/v1' }, 'k')('d/m');
  assert.equal(replay, undefined);
});

test('what is missing is named before anything is sent', async () => {
  assert.deepEqual(await failureFrom(connectorFor(deepseek)('d/m')), {
    kind: 'noKey',
    origin: 'https://api.deepseek.com',
  });
  assert.equal((await failureFrom(connectorFor(undefined)('d/m'))).kind, 'noModel');
  assert.equal((await failureFrom(connectorFor(deepseek, 'k')(undefined))).kind, 'noModel');
  const none = connectorFor(deepseek, 'k', { hasEndpoints: () => false });
  assert.equal((await failureFrom(none('d/m'))).kind, 'noEndpoint');
});

test('the key and the endpoint of the moment go with the request', async () => {
  const sent: unknown[] = [];
  const connect = connectorFor(deepseek, 'k', {
    async *stream(endpoint, key, request, signal) {
      sent.push([endpoint.id, key, request.model, signal.aborted]);
      yield { type: 'done' };
    },
  });
  const { complete } = await connect('d/m');
  const request: CreateChatCompletionRequest = { model: 'm', messages: [] };
  for await (const delta of complete(request, new AbortController().signal)) assert.equal(delta.type, 'done');
  assert.deepEqual(sent, [['d', 'k', 'm', false]]);
});
