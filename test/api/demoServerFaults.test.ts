import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { faults, findFault } from '../support/demoServer/faults.ts';
import type { Json } from '../support/demoServer/json.ts';
import { longMarkdown } from '../support/demoServer/longMarkdown.ts';
import { startDemoServer, type DemoServer } from '../support/demoServer/server.ts';
import {
  at,
  type Answer,
  call,
  chunksOf,
  complete,
  events,
  finishReasons,
  streamed,
  textAt,
} from '../support/demoServer/testClient.ts';

let server: DemoServer;
/** What the ordinary model says to the question of these tests, streamed and as one document. */
let ordinary: Answer;
before(async () => {
  server = await startDemoServer({ tokenDelayMs: 0 });
  ordinary = await ask('colloquy-demo');
});
after(() => server.close());

const messages = [{ role: 'user', content: 'How do I debounce a search box?' }];
type Options = Parameters<typeof complete>[2];
const ask = (model: string, fields: Readonly<Record<string, unknown>> = {}, options: Options = {}) =>
  complete(server, { model, messages, stream: true, ...fields }, options);

/** A refusal: its status, type, code and headers. */
async function refuses(
  model: string,
  status: number,
  type: string,
  code: Json,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  for (const stream of [true, false]) {
    const answer = await ask(model, { stream });
    assert.equal(answer.status, status);
    assert.equal(at(answer.json, 'error.type'), type);
    assert.equal(at(answer.json, 'error.code'), code);
    assert.match(textAt(answer.json, 'error.message'), /\S/u);
    for (const [name, value] of Object.entries(headers)) assert.equal(answer.headers[name], value);
  }
  return ask(model);
}

/** An answer that began as the ordinary one and broke off after `count` bytes of body. */
function brokeOff(answer: Answer, count: number): void {
  assert.equal(answer.status, 200);
  assert.equal(answer.body.length, count);
  assert.deepEqual(finishReasons(answer), []);
  assert.ok(streamed(ordinary, 'content').startsWith(streamed(answer, 'content')));
}

const content = () => streamed(ordinary, 'content');

/** One test for each line of the table, by its id. */
const tests: Readonly<Record<string, () => Promise<void>>> = {
  'fault-401': async () => {
    await refuses('fault-401', 401, 'invalid_request_error', 'invalid_api_key');
  },
  'fault-401-echo': async () => {
    const answer = await refuses('fault-401-echo', 401, 'invalid_request_error', 'invalid_api_key');
    assert.ok(answer.text.includes(server.key));
  },
  'fault-403': async () => {
    await refuses('fault-403', 403, 'permission_error', 'model_not_allowed');
  },
  'fault-404-model': async () => {
    await refuses('fault-404-model', 404, 'invalid_request_error', 'model_not_found');
  },
  'fault-429': async () => {
    await refuses('fault-429', 429, 'requests', 'rate_limit_exceeded', { 'retry-after': '2' });
  },
  'fault-429-minute': async () => {
    await refuses('fault-429-minute', 429, 'requests', 'rate_limit_exceeded', { 'retry-after': '90' });
  },
  'fault-429-ms': async () => {
    await refuses('fault-429-ms', 429, 'requests', 'rate_limit_exceeded', { 'retry-after-ms': '250' });
  },
  'fault-429-date': async () => {
    const answer = await refuses('fault-429-date', 429, 'requests', 'rate_limit_exceeded');
    const wait = Date.parse(answer.headers['retry-after'] ?? '') - Date.now();
    assert.ok(wait > 0 && wait <= 3000, String(wait));
  },
  'fault-429-later': async () => {
    const refusal = await ask('fault-429-later');
    assert.deepEqual([refusal.status, refusal.headers['retry-after']], [429, '90']);
    assert.equal((await ask('fault-429-later')).status, 200);
  },
  'fault-429-once': async () => {
    const statuses = [];
    for (let visit = 0; visit < 4; visit += 1) statuses.push((await ask('fault-429-once')).status);
    assert.deepEqual(statuses, [429, 200, 429, 200]);
  },
  'fault-quota': async () => {
    const answer = await refuses('fault-quota', 429, 'insufficient_quota', 'insufficient_quota');
    assert.equal(answer.headers['retry-after'], undefined);
  },
  'fault-500': async () => {
    await refuses('fault-500', 500, 'server_error', null);
  },
  'fault-500-final': async () => {
    await refuses('fault-500-final', 500, 'server_error', null, { 'x-should-retry': 'false' });
  },
  'fault-503': async () => {
    await refuses('fault-503', 503, 'server_error', null);
  },
  'fault-503-once': async () => {
    assert.equal((await ask('fault-503-once')).status, 503);
    assert.equal(streamed(await ask('fault-503-once'), 'content'), content());
  },
  'fault-529': async () => {
    await refuses('fault-529', 529, 'overloaded_error', null);
  },
  'fault-context-length': async () => {
    const answer = await refuses(
      'fault-context-length',
      400,
      'invalid_request_error',
      'context_length_exceeded',
    );
    assert.equal(at(answer.json, 'error.param'), 'messages');
  },
  'fault-content-filter-prompt': async () => {
    await refuses('fault-content-filter-prompt', 400, 'invalid_request_error', 'content_filter');
  },
  'fault-unsupported-NAME': async () => {
    const refused = await ask('fault-unsupported-max_tokens', { max_tokens: 5 });
    assert.equal(refused.status, 400);
    assert.equal(at(refused.json, 'error.param'), 'max_tokens');
    assert.equal(at(refused.json, 'error.code'), 'unsupported_parameter');
    assert.match(textAt(refused.json, 'error.message'), /Use 'max_completion_tokens' instead/u);
    assert.equal((await ask('fault-unsupported-max_tokens', { max_completion_tokens: 5 })).status, 200);
  },

  'fault-content-filter': async () => {
    const answer = await ask('fault-content-filter');
    assert.deepEqual(finishReasons(answer), ['content_filter']);
    assert.ok(content().startsWith(streamed(answer, 'content')) && streamed(answer, 'content') !== content());
  },
  'fault-length': async () => {
    const answer = await ask('fault-length', { stream: false });
    assert.equal(at(answer.json, 'choices.0.finish_reason'), 'length');
    const partial = textAt(answer.json, 'choices.0.message.content');
    assert.ok(content().startsWith(partial));
    // Asked to go on, the server says the rest and nothing twice.
    for (const more of [
      [
        { role: 'assistant', content: partial },
        { role: 'user', content: 'Continue.' },
      ],
      [
        { role: 'assistant', content: partial },
        { role: 'user', content: 'Your last message was cut off. Continue it.' },
      ],
      [{ role: 'assistant', content: partial }],
    ]) {
      const rest = await ask('colloquy-demo', { messages: [...messages, ...more] });
      assert.equal(partial + streamed(rest, 'content'), content());
    }
  },
  'fault-refusal': async () => {
    const stream = await ask('fault-refusal');
    assert.match(streamed(stream, 'refusal'), /^I'm sorry/u);
    assert.equal(streamed(stream, 'content'), '');
    const whole = await ask('fault-refusal', { stream: false });
    assert.equal(at(whole.json, 'choices.0.message.refusal'), streamed(stream, 'refusal'));
    assert.equal(at(whole.json, 'choices.0.message.content'), null);
  },
  'fault-empty': async () => {
    const answer = await ask('fault-empty');
    assert.equal(streamed(answer, 'content'), '');
    assert.deepEqual(finishReasons(answer), ['stop']);
  },
  'fault-reasoning': async () => {
    const answer = await ask('fault-reasoning');
    assert.match(streamed(answer, 'reasoning_content'), /^First I look/u);
    assert.equal(streamed(answer, 'content'), content());
    const fields = chunksOf(answer).map((chunk) => Object.keys(Object(at(chunk, 'choices.0.delta')))[0]);
    assert.ok(fields.lastIndexOf('reasoning_content') < fields.indexOf('content'));
  },
  'fault-hostile-markdown': async () => {
    assert.match(streamed(await ask('fault-hostile-markdown'), 'content'), /<script>alert\(1\)<\/script>/u);
    const own = await startDemoServer({ tokenDelayMs: 0, hostileMarkdown: '<b>mine</b>' });
    assert.equal(
      streamed(await complete(own, { model: 'fault-hostile-markdown', stream: true }), 'content'),
      '<b>mine</b>',
    );
    await own.close();
  },
  'fault-long-N': async () => {
    for (const length of [1, 20_000]) {
      const answer = await ask(`fault-long-${length}`);
      assert.equal(streamed(answer, 'content'), longMarkdown(length));
      assert.equal(streamed(answer, 'content').length, length);
      assert.deepEqual(finishReasons(answer), ['stop']);
    }
    const long = longMarkdown(200_000);
    assert.equal(long.length, 200_000);
    for (const part of ['\n```ts\n', '\n| ', '\n- ', '\n1. ', '\n> ', '\n## ', '**'])
      assert.ok(long.includes(part), part);
    assert.ok(long.split('\n```').some((block) => block.split('\n').length > 1000));
  },
  'fault-wait-N': async () => {
    const started = performance.now();
    assert.equal(streamed(await ask('fault-wait-60'), 'content'), content());
    assert.ok(performance.now() - started >= 60);
  },
  'fault-json-instead-of-stream': async () => {
    const answer = await ask('fault-json-instead-of-stream');
    assert.match(String(answer.headers['content-type']), /json/u);
    assert.equal(at(answer.json, 'choices.0.message.content'), content());
  },
  'fault-crlf': async () => {
    const answer = await ask('fault-crlf');
    assert.doesNotMatch(answer.text, /[^\r]\n/u);
    assert.equal(streamed(answer, 'content'), content());
  },
  'fault-comments': async () => {
    const answer = await ask('fault-comments');
    assert.match(answer.text, /^: connected\n\n: keep-alive\n\ndata: /u);
    assert.equal(streamed(answer, 'content'), content());
  },
  'fault-no-done': async () => {
    const answer = await ask('fault-no-done');
    assert.ok(!answer.text.includes('[DONE]'));
    assert.deepEqual(finishReasons(answer), ['stop']);
  },
  'fault-no-finish': async () => {
    const answer = await ask('fault-no-finish');
    assert.equal(events(answer).at(-1), '[DONE]');
    assert.deepEqual(finishReasons(answer), []);
    assert.equal(streamed(answer, 'content'), content());
  },
  'fault-done-twice': async () => {
    assert.deepEqual(events(await ask('fault-done-twice')).slice(-2), ['[DONE]', '[DONE]']);
  },
  'fault-after-done': async () => {
    const last = events(await ask('fault-after-done')).slice(-2);
    assert.equal(last[0], '[DONE]');
    assert.match(textAt(last[1], 'choices.0.delta.content'), /after the end/u);
  },
  'fault-after-finish': async () => {
    const last = events(await ask('fault-after-finish')).slice(-3);
    assert.equal(at(last[0], 'choices.0.finish_reason'), 'stop');
    assert.match(textAt(last[1], 'choices.0.delta.content'), /after the finish/u);
    assert.equal(last[2], '[DONE]');
  },
  'fault-empty-choices': async () => {
    const answer = await ask('fault-empty-choices');
    const lengths = chunksOf(answer).map((chunk) => (at(chunk, 'choices') as Json[]).length);
    assert.deepEqual(lengths.slice(0, 4), [1, 0, 1, 0]);
    assert.equal(streamed(answer, 'content'), content());
  },
  'fault-bad-json': async () => {
    const answer = await ask('fault-bad-json');
    assert.equal(events(answer).filter((event) => typeof event === 'string').length, 2);
    assert.equal(streamed(answer, 'content'), content());
  },
  'fault-error-in-stream': async () => {
    const answer = await ask('fault-error-in-stream');
    assert.equal(at(events(answer).at(-1), 'error.type'), 'server_error');
    assert.deepEqual(finishReasons(answer), []);
    assert.ok(streamed(answer, 'content').length > 10);
    const whole = await ask('fault-error-in-stream', { stream: false });
    assert.equal(whole.status, 200);
    assert.equal(at(whole.json, 'error.type'), 'server_error');
  },
  'fault-error-event': async () => {
    const answer = await ask('fault-error-event');
    assert.match(answer.text, /\n\nevent: error\ndata: \{"error":\{[^\n]*\}\n\n$/u);
  },
  'fault-endless': async () => {
    const answer = await ask('fault-endless', {}, { watch: (_piece, length) => length > 3_000_000 }).catch(
      () => undefined,
    );
    assert.ok((answer?.body.length ?? 3_000_001) > 3_000_000);
    const record = await server.waitForRequest(
      (request) => request.text.includes('fault-endless"') && request.closedAt !== undefined,
    );
    assert.equal(record.finished, false);
  },
  'fault-endless-line': async () => {
    const answer = await ask('fault-endless-line', {}, { watch: (_piece, length) => length > 300_000 });
    assert.match(answer.text, /^data: \{"id":"x+$/u);
  },

  'fault-cut-N': async () => {
    for (const count of [0, 1, 700, 3001]) {
      const answer = await ask(`fault-cut-${count}`);
      brokeOff(answer, count);
      assert.equal(answer.broken, 'ECONNRESET');
    }
  },
  'fault-reset-N': async () => {
    const answer = await ask('fault-reset-700');
    brokeOff(answer, 700);
    assert.equal(answer.broken, 'ECONNRESET');
  },
  'fault-end-N': async () => {
    const answer = await ask('fault-end-700');
    brokeOff(answer, 700);
    assert.equal(answer.broken, undefined);
    const whole = await ask('fault-end-7000000');
    assert.equal(streamed(whole, 'content'), content());
  },
  'fault-fin-N': async () => {
    const answer = await ask('fault-fin-700');
    brokeOff(answer, 700);
    assert.equal(answer.broken, undefined);
    assert.equal(answer.headers['transfer-encoding'], undefined);
    assert.equal(answer.headers['content-length'], undefined);
    assert.equal(answer.headers.connection, 'close');
  },
  'fault-stall-N': async () => {
    const own = await startDemoServer({ tokenDelayMs: 0 });
    let seen = 0;
    const answer = complete(
      own,
      { model: 'fault-stall-700', messages, stream: true },
      {
        watch: (_piece, length) => {
          seen = length;
        },
      },
    );
    const record = await own.waitForRequest((request) => request.status === 200);
    // Nothing more comes for as long as somebody waits: only closing the server ends it.
    const first = await Promise.race([record.closed.then(() => 'closed'), silence(100)]);
    assert.equal(first, 'silence');
    assert.equal(seen, 700);
    await own.close();
    assert.equal((await answer).body.length, 700);
  },
  'fault-stall-headers': async () => {
    const own = await startDemoServer({ tokenDelayMs: 0 });
    const answer = complete(own, { model: 'fault-stall-headers' });
    const failed = assert.rejects(answer, { code: 'ECONNRESET' });
    const record = await own.waitForRequest((request) => request.body !== undefined);
    assert.equal(await Promise.race([record.closed.then(() => 'closed'), silence(100)]), 'silence');
    assert.equal(record.status, undefined);
    await own.close();
    await failed;
  },
  'fault-close': async () => {
    await assert.rejects(ask('fault-close'), { code: 'ECONNRESET' });
  },
  'fault-reset': async () => {
    await assert.rejects(ask('fault-reset'), { code: 'ECONNRESET' });
  },
  'fault-drip': async () => {
    const sizes: number[] = [];
    const options: Options = {
      watch: (piece) => {
        sizes.push(piece.length);
      },
    };
    const answer = await ask('fault-drip', { max_completion_tokens: 4 }, options);
    assert.equal(
      streamed(answer, 'content'),
      streamed(ordinary, 'content').slice(0, streamed(answer, 'content').length),
    );
    assert.deepEqual(finishReasons(answer), ['length']);
    // The network may join bytes again, but not all of them.
    assert.ok(sizes.length > answer.body.length / 4, `${sizes.length} of ${answer.body.length}`);
  },
  'fault-utf8-split': async () => {
    let torn = 0;
    const answer = await ask(
      'fault-utf8-split',
      {},
      {
        watch: (piece) => {
          if (piece.toString('utf8').includes('\ufffd')) torn += 1;
        },
      },
    );
    assert.ok(torn > 10, String(torn));
    assert.match(streamed(answer, 'content'), /Größe, naïve, Łódź, 東京, Ελλάδα, 🙂👩‍💻/u);
    assert.ok(!answer.text.includes('\ufffd'));
  },
  'fault-garbage': async () => {
    const answer = await ask('fault-garbage');
    assert.equal(answer.headers['content-type'], 'text/event-stream');
    assert.equal(answer.body.length, 4096);
    assert.ok(answer.text.includes('\ufffd'));
  },
  'fault-not-http': async () => {
    await assert.rejects(ask('fault-not-http'), { code: 'HPE_INVALID_CONSTANT' });
  },
  'fault-bad-chunk': async () => {
    const answer = await ask('fault-bad-chunk').catch((error: unknown) => error);
    const code = answer instanceof Error ? Object(answer).code : Object(answer).broken;
    assert.match(String(code), /HPE_INVALID_CHUNK_SIZE|ECONNRESET/u);
  },
  'fault-html': async () => {
    const answer = await ask('fault-html');
    assert.equal(answer.status, 200);
    assert.match(String(answer.headers['content-type']), /^text\/html/u);
    assert.match(answer.text, /<h1>/u);
  },
  'fault-html-502': async () => {
    const answer = await ask('fault-html-502');
    assert.equal(answer.status, 502);
    assert.match(String(answer.headers['content-type']), /^text\/html/u);
  },
  'fault-redirect': async () => {
    const answer = await ask('fault-redirect');
    assert.equal(answer.status, 307);
    assert.equal(answer.headers.location, `http://localhost:${server.port}/v1/chat/completions`);
    const own = await startDemoServer({ redirectTo: 'http://127.0.0.1:9/elsewhere' });
    const other = await complete(own, { model: 'fault-redirect' });
    assert.equal(other.headers.location, 'http://127.0.0.1:9/elsewhere');
    await own.close();
  },
  'fault-header-flood': async () => {
    await assert.rejects(ask('fault-header-flood'), { code: 'HPE_HEADER_OVERFLOW' });
    const patient = await ask('fault-header-flood', {}, { maxHeaderSize: 100_000 });
    assert.equal(patient.headers['x-flood']?.length, 70_000);
    assert.equal(streamed(patient, 'content'), content());
  },
  'fault-100-flood': async () => {
    assert.equal(streamed(await ask('fault-100-flood'), 'content'), content());
  },
  'fault-gzip-cut': async () => {
    const answer = await ask('fault-gzip-cut');
    assert.equal(answer.headers['content-encoding'], 'gzip');
    assert.equal(answer.broken, undefined);
    assert.deepEqual([...answer.body.subarray(0, 2)], [0x1f, 0x8b]);
  },
};

/** The absence of an event has no event of its own: this is the one place where time has to pass. */
function silence(ms: number): Promise<string> {
  return new Promise((resolve) => {
    setTimeout(() => resolve('silence'), ms);
  });
}

describe('a fault', () => {
  for (const [id, run] of Object.entries(tests)) {
    test(`${id}: ${faults.find((fault) => fault.id === id)?.says ?? 'is not in the table'}`, run);
  }

  test('has a test, and every test has a fault', () => {
    assert.deepEqual(faults.map((fault) => fault.id).toSorted(), Object.keys(tests).toSorted());
  });

  test('is found by its own id, or by its example and any other number', () => {
    for (const fault of faults) {
      assert.equal(findFault(fault.example ?? fault.id)?.fault, fault);
      if (fault.example !== undefined) assert.equal(findFault(fault.id), undefined);
    }
    assert.deepEqual(findFault('fault-cut-17')?.argument, '17');
    assert.deepEqual(findFault('fault-reset')?.argument, '');
    assert.equal(findFault('fault-cut-999999999'), undefined);
  });

  test('is listed with the models, where a person can pick it', async () => {
    const list = await call(server, { method: 'GET', path: '/v1/models' });
    const ids = (at(list.json, 'data') as readonly { id: string }[]).map((model) => model.id);
    for (const fault of faults) assert.ok(ids.includes(fault.example ?? fault.id), fault.id);
  });

  test('does not spare a request that is wrong', async () => {
    const answer = await ask('fault-500', { temperature: 3 });
    assert.equal(answer.status, 400);
    assert.equal(at(answer.json, 'error.param'), 'temperature');
  });
});
