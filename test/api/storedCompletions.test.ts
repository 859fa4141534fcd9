import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createChatCompletion } from '../../src/api/createChatCompletion.ts';
import type { RetryNotice } from '../../src/api/retrying.ts';
import {
  deleteStoredCompletion,
  getStoredCompletion,
  listStoredCompletions,
  listStoredMessages,
  updateStoredCompletion,
} from '../../src/api/storedCompletions.ts';
import { failureOf } from '../../src/core/completionError.ts';
import type { Endpoint } from '../../src/core/endpoint.ts';
import { ordinaryModel, startDemoServer } from '../support/demoServer/server.ts';
import * as at from './clientServer.ts';

const never = new AbortController().signal;
const key = 'sk-canary-0123456789';
const noWaiting = { now: () => Date.now(), random: () => 0, wait: () => Promise.resolve() };

/** A connection to a server of our own, for one test. */
async function serving<T>(
  answer: at.RawAnswer,
  use: (connection: Parameters<typeof getStoredCompletion>[0], server: at.RawServer) => Promise<T>,
  more: Partial<Endpoint> = {},
): Promise<T> {
  await using server = await at.serveRaw(answer);
  return await at.withTransport((transport) =>
    use({ endpoint: at.endpointAt(server.baseUrl, more), key, transport }, server),
  );
}

const stored = {
  id: 'c1',
  object: 'chat.completion',
  created: 5,
  model: 'm',
  choices: [],
  metadata: { a: 'b' },
};
const answers = (value: unknown, status = 200): at.RawAnswer => {
  return (socket) =>
    socket.end(at.plainAnswer(status, typeof value === 'string' ? value : JSON.stringify(value)));
};

test('a stored completion is found, read, given other metadata and deleted', async () => {
  const server = await startDemoServer();
  try {
    await at.withTransport(async (transport) => {
      const connection = { endpoint: at.endpointAt(server.url), key: server.key, transport };
      const ask = (metadata: Readonly<Record<string, string>>) =>
        createChatCompletion(
          connection,
          { ...at.request, model: ordinaryModel, store: true, metadata },
          never,
        );
      const first = await ask({ part: 'one', 'odd [key]&': 'ö' });
      const second = await ask({ part: 'two' });
      assert.ok(first !== undefined && second !== undefined);

      const page = await listStoredCompletions(connection, { limit: 1, order: 'desc' }, never);
      assert.deepEqual([page?.first_id, page?.last_id, page?.has_more], [second.id, second.id, true]);
      const rest = await listStoredCompletions(connection, { after: second.id, order: 'desc' }, never);
      assert.deepEqual(
        rest?.data.map(({ id }) => id),
        [first.id],
      );
      const found = await listStoredCompletions(
        connection,
        { model: ordinaryModel, metadata: { 'odd [key]&': 'ö', part: 'one' } },
        never,
      );
      assert.deepEqual(found?.data, [{ ...first, metadata: { part: 'one', 'odd [key]&': 'ö' } }]);
      assert.deepEqual((await listStoredCompletions(connection, { model: 'none' }, never))?.data, []);

      assert.deepEqual(await getStoredCompletion(connection, second.id, never), {
        ...second,
        metadata: { part: 'two' },
      });
      const messages = await listStoredMessages(connection, second.id, { limit: 5 }, never);
      assert.deepEqual(
        messages?.data.map(({ role, content }) => [role, content]),
        [['user', 'Hello']],
      );
      const updated = await updateStoredCompletion(connection, second.id, { done: 'yes' }, never);
      assert.deepEqual(updated?.metadata, { done: 'yes' });
      const cleared = await updateStoredCompletion(connection, second.id, null, never);
      assert.deepEqual(cleared?.metadata ?? null, null);
      const deleted = await deleteStoredCompletion(connection, second.id, never);
      assert.deepEqual(deleted, { object: 'chat.completion.deleted', id: second.id, deleted: true });
      await assert.rejects(getStoredCompletion(connection, second.id, never), (error: unknown) => {
        return failureOf(error).status === 404;
      });
    });
  } finally {
    await server.close();
  }
});

describe('The address of a stored completion', () => {
  test('has its id as one segment, whatever it holds', async () => {
    await serving(answers(stored), async (connection, server) => {
      const ids = ['a/b', '../models', 'a?b=c', 'a#b', '%2e%2e', '.../..', 'ä \u{0}\r\nx: y', '...'];
      for (const id of ids) await getStoredCompletion(connection, id, never);
      assert.deepEqual(
        server.requests.map(({ line }) => line),
        ids.map((id) => `GET /v1/chat/completions/${encodeURIComponent(id)} HTTP/1.1`),
      );
    });
  });

  test('does not exist for what cannot be one: nothing is sent then', async () => {
    await serving(answers(stored), async (connection, server) => {
      for (const id of ['', '.', '..', '\u{D800}']) {
        for (const call of [
          getStoredCompletion(connection, id, never),
          deleteStoredCompletion(connection, id, never),
          updateStoredCompletion(connection, id, {}, never),
          listStoredMessages(connection, id, {}, never),
        ]) {
          await assert.rejects(call, (error: unknown) => {
            const failure = failureOf(error);
            assert.equal(failure.origin, new URL(server.baseUrl).origin);
            return failure.kind === 'badRequest' && failure.param === 'completion_id';
          });
        }
      }
      assert.equal(server.requests.length, 0);
    });
  });

  test('keeps what the endpoint puts into every address and every head', async () => {
    await serving(
      answers({ object: 'list', data: [] }),
      async (connection, server) => {
        await listStoredMessages(connection, 'c1', { after: 'm&1', limit: 3, order: 'asc' }, never);
        const [request] = server.requests;
        assert.equal(
          request?.line,
          'GET /v1/chat/completions/c1/messages?tenant=7&after=m%261&limit=3&order=asc HTTP/1.1',
        );
        assert.equal(request.headers['x-team'], 'a');
        assert.equal(request.headers['authorization'], `Bearer ${key}`);
        assert.equal(request.body, '');
      },
      { query: { tenant: '7' }, headers: { 'x-team': 'a' } },
    );
  });
});

describe('What servers answer about stored completions', () => {
  test('is read with the tolerance of a reply', async () => {
    const message = { role: 'user', content: [{ type: 'text', text: 'Hi' }], id: 'm1', name: 'Ann', x: 1 };
    const list = { data: [stored, null, 5, { choices: [] }, { ...stored, id: 'c2', choices: null }] };
    await serving(answers(list), async (connection) => {
      const page = await listStoredCompletions(connection, {}, never);
      const { object, first_id, last_id, has_more } = page ?? {};
      assert.deepEqual([object, first_id, last_id, has_more], ['list', 'c1', 'c2', false]);
      assert.deepEqual(
        page?.data.map(({ id, metadata }) => [id, metadata]),
        [
          ['c1', { a: 'b' }],
          ['c2', { a: 'b' }],
        ],
      );
    });
    await serving(answers({ data: [message, {}], has_more: true, last_id: 'z' }), async (connection) => {
      const page = await listStoredMessages(connection, 'c1', {}, never);
      assert.deepEqual(page?.data, [
        { role: 'user', content: 'Hi', refusal: null, id: 'm1', name: 'Ann', x: 1 },
      ]);
      assert.deepEqual([page.last_id, page.has_more], ['z', true]);
    });
  });

  test('is an error where it is none of it, with the kind and the origin and without the key', async () => {
    const cases = [
      [answers('<html><title>Sign in</title></html>'), 'notAnApi'],
      [answers({ ok: true }), 'notAnApi'],
      [answers({ error: { message: `No, ${key}`, type: 'invalid_request_error' } }), 'errorInStream'],
      [answers({ error: { message: `No, ${key}` } }, 401), 'unauthorized'],
      [
        (socket: Parameters<at.RawAnswer>[0]) =>
          socket.end('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"id"'),
        'cut',
      ],
    ] as const;
    for (const [answer, kind] of cases) {
      await serving(answer, async (connection, server) => {
        await assert.rejects(getStoredCompletion(connection, 'c1', never), (error: unknown) => {
          const failure = failureOf(error);
          assert.equal(failure.kind, kind);
          assert.equal(failure.origin, new URL(server.baseUrl).origin);
          return !JSON.stringify(failure).includes('canary');
        });
      });
    }
  });

  test('is asked for again where that may help, and never in silence', async () => {
    const notices: RetryNotice[] = [];
    const busy: at.RawAnswer = (socket, request, count) =>
      (count < 3 ? answers({ error: { message: 'busy' } }, 503) : answers({ ...stored, deleted: true }))(
        socket,
        request,
        count,
      );
    await serving(busy, async (connection, server) => {
      const options = { clock: noWaiting, onRetry: (notice: RetryNotice) => notices.push(notice) };
      const deleted = await deleteStoredCompletion(connection, 'c1', never, options);
      assert.equal(deleted?.deleted, true);
      assert.deepEqual(
        server.requests.map(({ line }) => line.split(' ')[0]),
        ['DELETE', 'DELETE', 'DELETE'],
      );
    });
    assert.deepEqual(
      notices.map(({ attempt }) => attempt),
      [2, 3],
    );
  });

  test('is nothing after a stop', async () => {
    const stop = new AbortController();
    await serving(
      () => stop.abort(),
      async (connection) => {
        assert.equal(await listStoredCompletions(connection, {}, stop.signal), undefined);
        assert.equal(await getStoredCompletion(connection, 'c1', stop.signal), undefined);
      },
    );
  });
});
