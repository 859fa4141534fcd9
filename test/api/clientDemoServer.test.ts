import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { listModels, streamChatCompletion } from '../../src/api/client.ts';
import { createTransport, type Transport } from '../../src/api/transport.ts';
import type { CreateChatCompletionRequest } from '../../src/core/completion.ts';
import { failureOf } from '../../src/core/completionError.ts';
import type { FailureKind } from '../../src/shared/failure.ts';
import { type DemoServer, ordinaryModel, startDemoServer } from '../support/demoServer/server.ts';
import * as at from './clientServer.ts';

/* The client and the demo server, which checks every request against the API description, together. */

const never = new AbortController().signal;
const noWaiting = { now: () => Date.now(), random: () => 0, wait: () => Promise.resolve() };

describe('With the demo server', () => {
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

  const connection = (key: string | undefined = server.key) => ({
    endpoint: at.endpointAt(server.url, { timeouts: { idleMs: 400, firstByteMs: 400 } }),
    key,
    transport,
  });
  const ask = async (request: Partial<CreateChatCompletionRequest>, key?: string) => {
    const asked = { model: ordinaryModel, messages: at.request.messages, ...request };
    const result = await at.collect(streamChatCompletion(connection(key), asked, never, noWaiting));
    return { ...result, failure: result.error === undefined ? undefined : failureOf(result.error) };
  };

  test('the models are listed', async () => {
    const models = await listModels(connection(), never);
    assert.ok(models.some(({ id }) => id === ordinaryModel));
    await assert.rejects(listModels(connection('wrong-key-123'), never), (error: unknown) => {
      return failureOf(error).kind === 'unauthorized';
    });
  });

  test('a reply is complete, with text, finish reason and usage', async () => {
    const { deltas, text, error } = await ask({ temperature: 0 });
    assert.equal(error, undefined);
    assert.ok(text.length > 20, text);
    const usage = deltas.find((delta) => delta.type === 'usage');
    assert.ok(usage?.type === 'usage' && (usage.usage.completion_tokens ?? 0) > 0);
    assert.deepEqual(
      deltas.filter(({ type }) => type === 'finish'),
      [{ type: 'finish', choice: 0, finishReason: 'stop' }],
    );
  });

  test('a limit on tokens ends with the reason `length`', async () => {
    const { deltas } = await ask({ max_completion_tokens: 5 });
    const finish = deltas.find((delta) => delta.type === 'finish');
    assert.equal(finish?.type === 'finish' && finish.finishReason, 'length');
  });

  test('several choices are told apart', async () => {
    const { deltas } = await ask({ n: 3 });
    const choices = new Set(deltas.flatMap((delta) => (delta.type === 'content' ? [delta.choice] : [])));
    assert.deepEqual([...choices].toSorted(), [0, 1, 2]);
    assert.equal(deltas.filter(({ type }) => type === 'finish').length, 3);
  });

  test('refusals are failures that a person can act on', async () => {
    assert.equal((await ask({}, 'wrong-key-123')).failure?.kind, 'unauthorized');
    assert.equal((await ask({ model: 'no-such-model' })).failure?.kind, 'modelNotFound');
    const bad = (await ask({ temperature: 99 })).failure;
    assert.equal(bad?.kind, 'badRequest');
    assert.equal(bad.param, 'temperature');
  });

  const faults: Readonly<Record<string, FailureKind | 'complete'>> = {
    'fault-401-echo': 'unauthorized',
    'fault-403': 'forbidden',
    'fault-404-model': 'modelNotFound',
    'fault-429-minute': 'rateLimited',
    'fault-429-once': 'complete',
    'fault-quota': 'quotaExceeded',
    'fault-500-final': 'serverError',
    'fault-context-length': 'contextTooLong',
    'fault-content-filter-prompt': 'contentFiltered',
    'fault-json-instead-of-stream': 'complete',
    'fault-no-done': 'complete',
    'fault-no-finish': 'complete',
    'fault-bad-json': 'errorInStream',
    'fault-error-in-stream': 'errorInStream',
    'fault-error-event': 'errorInStream',
    'fault-endless-line': 'tooLarge',
    'fault-cut-900': 'cut',
    'fault-reset-900': 'cut',
    'fault-fin-900': 'cut',
    'fault-stall-900': 'stalled',
    'fault-stall-headers': 'stalled',
    'fault-close': 'cannotConnect',
    'fault-utf8-split': 'complete',
    'fault-garbage': 'notAnApi',
    'fault-not-http': 'notAnApi',
    'fault-html': 'notAnApi',
    'fault-html-502': 'serverError',
    'fault-redirect': 'redirected',
    'fault-header-flood': 'tooLarge',
    'fault-gzip-cut': 'cut',
  };
  for (const [model, kind] of Object.entries(faults)) {
    test(`${model} is ${kind}`, async () => {
      const { failure, deltas } = await ask({ model });
      assert.equal(failure?.kind ?? 'complete', kind, JSON.stringify(failure));
      assert.equal(deltas.at(-1)?.type === 'done', kind === 'complete');
    });
  }
});
