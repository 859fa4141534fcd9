import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stageNames } from '../../src/shared/diagnosis.ts';
import * as at from './clientServer.ts';
import { key, lookupOf, models, only, reply, run, said, serveApi } from './diagnosisRun.ts';

/** A port of loopback at which nothing listens any more. */
async function deadPort(): Promise<number> {
  const server = await at.serveRaw(() => {});
  await server[Symbol.asyncDispose]();
  return server.port;
}

describe('The diagnosis of a server that works', () => {
  test('passes every stage that applies, in order, each announced before it ends', async () => {
    await using server = await serveApi();
    const { states, all, stages } = await run(at.endpointAt(server.baseUrl));
    assert.deepEqual(states, [
      'settings passed',
      'dns skipped',
      'proxy skipped',
      'tcp passed',
      'tls skipped',
      'path passed',
      'key passed',
      'models passed',
      'completion passed',
    ]);
    assert.deepEqual(
      all.map(({ name, state }) => `${name} ${state === 'running' ? 'begins' : 'ends'}`),
      stageNames.flatMap((name) => [`${name} begins`, `${name} ends`]),
    );
    assert.match(stages.tcp?.found ?? '', /takes connections on port \d+/);
    assert.match(stages.models?.found ?? '', /lists 2 models, "m" among them/);
    assert.match(stages.completion?.found ?? '', /first token after \d+/);
    assert.ok(all.every(({ advice }) => advice === undefined));
  });

  test('sends one list request and one request for one token, with the parameters but no limits of the user', async () => {
    await using server = await serveApi();
    const extraBody = { max_tokens: 4096, n: 3, keep_alive: '5m' };
    const parameters = {
      temperature: 0.2,
      max_tokens: 2000,
      n: 2,
      tools: [{ type: 'function' }],
      store: true,
    };
    await run(at.endpointAt(server.baseUrl, { extraBody }), { parameters });
    assert.deepEqual(
      server.requests.map(({ line }) => line),
      ['GET /v1/models HTTP/1.1', 'POST /v1/chat/completions HTTP/1.1'],
    );
    const body: unknown = JSON.parse(server.requests[1]?.body ?? '');
    assert.deepEqual(body, {
      temperature: 0.2,
      max_tokens: 1,
      model: 'm',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
      stream_options: { include_usage: true },
      keep_alive: '5m',
    });
  });

  test('tells whether usage came', async () => {
    const usage = `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 8, completion_tokens: 1 } })}\n\n`;
    await using server = await serveApi((socket) => {
      socket.end(at.streamHead + at.textEvent('Hi') + at.finishEvent + usage + at.doneEvent);
    }, only('POST'));
    const { stages } = await run(at.endpointAt(server.baseUrl));
    const facts = stages.completion?.facts ?? [];
    assert.ok(facts.includes('Token usage is told: 8 in, 1 out'));
    assert.ok(facts.includes('Sent as a stream'));
  });

  test('works without a key and without a model, and says so', async () => {
    await using server = await serveApi();
    const { stages, states } = await run(at.endpointAt(server.baseUrl), {
      key: { type: 'none' },
      modelId: undefined,
    });
    assert.equal(stages.settings?.state, 'warning');
    assert.equal(stages.key?.found, 'The server answers without a key.');
    assert.match(stages.models?.found ?? '', /None is chosen/);
    assert.equal(states.at(-1), 'completion skipped');
    assert.deepEqual(
      server.requests.map(({ headers }) => headers['authorization']),
      [undefined],
    );
  });
});

describe('The settings', () => {
  test('that must not be used stop everything: nothing is sent', async () => {
    await using server = await serveApi();
    const why = 'Unencrypted requests to this address were not allowed.';
    const refused = await run(at.endpointAt(server.baseUrl), { key: { type: 'refused', why, blocks: true } });
    assert.equal(refused.stages.settings?.found, why);
    assert.deepEqual(
      refused.states.slice(1).map((state) => state.split(' ')[1]),
      Array.from({ length: 8 }, () => 'skipped'),
    );
    const broken = await run(at.endpointAt('https://user:pass@example.com/v1'));
    assert.equal(broken.states[0], 'settings failed');
    assert.equal(broken.states[5], 'path skipped');
    assert.equal(server.open.size, 0);
    assert.equal(server.requests.length, 0);
  });

  test('without a key that the service needs are failed before anything is asked', async () => {
    const lookup = lookupOf('ENOTFOUND');
    const { stages } = await run(at.endpointAt('https://api.openai.com/v1'), {
      key: { type: 'none' },
      lookup,
    });
    assert.equal(stages.settings?.state, 'failed');
    assert.match(stages.settings.found, /OpenAI wants a key/);
    assert.match(stages.settings.advice ?? '', /Set API Key/);
  });
});

describe('A host', () => {
  test('that has no address is named, with what to do, and nothing further is tried', async () => {
    for (const [code, words] of [
      ['ENOTFOUND', /No address is known for nowhere\.test \(ENOTFOUND\)/],
      ['EAI_AGAIN', /name server did not answer/],
    ] as const) {
      const lookup = lookupOf(code);
      const { stages, states } = await run(at.endpointAt('https://nowhere.test/v1'), { lookup });
      assert.match(stages.dns?.found ?? '', words);
      assert.ok(stages.dns?.advice);
      assert.deepEqual(states.slice(3), [
        'tcp skipped',
        'tls skipped',
        'path skipped',
        'key skipped',
        'models skipped',
        'completion skipped',
      ]);
    }
  });

  test('at whose port nothing listens is named with its port', async () => {
    const port = await deadPort();
    const { stages, states } = await run(at.endpointAt(`http://127.0.0.1:${port}/v1`));
    assert.equal(stages.tcp?.found, `Nothing listens at 127.0.0.1, port ${port} (ECONNREFUSED).`);
    assert.match(stages.tcp.advice ?? '', /Start the server/);
    assert.equal(states[5], 'path skipped');
  });

  test('with one address that is dead beside one that answers is a warning, and the rest goes on', async () => {
    await using server = await serveApi();
    const lookup = lookupOf([
      { address: '::1', family: 6 },
      { address: '127.0.0.1', family: 4 },
    ]);
    const { stages, states } = await run(at.endpointAt(`http://both.internal:${server.port}/v1`), { lookup });
    assert.equal(stages.dns?.state, 'passed');
    assert.equal(stages.tcp?.state, 'warning');
    assert.match(stages.tcp.advice ?? '', /IPv6/);
    assert.equal(states.at(-1), 'completion passed');
  });
});

describe('The address of the API', () => {
  const at404 = at.plainAnswer(404, '404 page not found', { 'content-type': 'text/plain' });

  /** Has its API below `base` and answers 404 everywhere else. */
  const serveBelow = (base: string) =>
    at.serveRaw((socket, { line }) => {
      if (line.startsWith(`GET ${base}/models `)) socket.end(at.plainAnswer(200, models));
      else if (line.startsWith(`POST ${base}/chat/completions`)) socket.end(reply);
      else socket.end(at404);
    });

  for (const [base, typed] of [
    ['/v1', ''],
    ['/v1', '/v1/v1'],
    ['/v1', '/v1/chat'],
    ['/v1', '/v1/models'],
    ['', '/v1'],
    ['/api/v1', '/v1'],
    ['/openai/v1', ''],
    ['/v1', '/api/chat'],
  ] as const) {
    test(`${base === '' ? '/' : base} is found when ${typed === '' ? '/' : typed} is configured`, async () => {
      await using server = await serveBelow(base);
      const origin = `http://127.0.0.1:${server.port}`;
      const { stages, states } = await run(at.endpointAt(origin + typed));
      assert.equal(stages.path?.state, 'failed');
      assert.match(stages.path.found, new RegExp(`The API is at ${origin}${base}\\.$`));
      assert.ok(
        stages.path.advice?.startsWith(`Change the base URL to ${origin}${base} `),
        stages.path.advice,
      );
      assert.equal(states.at(-1), 'completion skipped');
      assert.ok(server.requests.length <= 10, `${server.requests.length} requests`);
      assert.ok(server.requests.every(({ line }) => line.startsWith('GET ')));
    });
  }

  test('is said to be unknown where nothing answers like one, with what was tried', async () => {
    await using server = await at.serveRaw((socket) => socket.end(at404));
    const { stages } = await run(at.endpointAt(server.baseUrl));
    assert.equal(stages.path?.state, 'failed');
    assert.match(stages.path.found, /Nothing that looks like the API answers/);
    assert.ok((stages.path.facts?.length ?? 0) > 4);
    assert.ok(stages.path.advice);
  });

  test('that asks for another key elsewhere is found too', async () => {
    await using server = await at.serveRaw((socket, { line }) => {
      const isApi = line.startsWith('GET /v1/');
      socket.end(isApi ? at.plainAnswer(401, '{"error":{"message":"no key"}}') : at404);
    });
    const origin = `http://127.0.0.1:${server.port}`;
    const { stages } = await run(at.endpointAt(origin));
    assert.match(stages.path?.advice ?? '', new RegExp(`${origin}/v1 `));
  });

  test('that is a page is told from an API', async () => {
    await using server = await at.serveRaw((socket) =>
      socket.end(
        at.plainAnswer(200, '<!DOCTYPE html><title>Sign in to ACME</title>', { 'content-type': 'text/html' }),
      ),
    );
    const { stages } = await run(at.endpointAt(server.baseUrl));
    assert.equal(stages.path?.state, 'failed');
    assert.match(stages.path.found, /not the API.*Sign in to ACME/);
  });

  test('without a list of models is enough where the path for chat is there', async () => {
    await using server = await serveApi((socket, { line }) => {
      if (line.startsWith('GET /v1/chat/completions')) socket.end(at.plainAnswer(405, ''));
      else socket.end(at404);
    }, only('GET'));
    const { stages, states } = await run(at.endpointAt(server.baseUrl));
    assert.equal(stages.path?.state, 'passed');
    assert.match(stages.path.found, /no list of its models/);
    assert.equal(stages.models?.state, 'skipped');
    assert.equal(states.at(-1), 'completion passed');
  });

  test('that redirects is not followed: the target is named, and gets nothing', async () => {
    await using other = await serveApi();
    await using server = await at.serveRaw((socket) =>
      socket.end(at.plainAnswer(308, '', { location: `http://localhost:${other.port}/v1/models?k=secret` })),
    );
    const { stages } = await run(at.endpointAt(server.baseUrl));
    assert.equal(stages.path?.state, 'failed');
    assert.match(stages.path.advice ?? '', new RegExp(`http://localhost:${other.port}/v1 `));
    assert.equal(other.requests.length, 0);
    assert.ok(!JSON.stringify(stages).includes('secret'));
  });

  test('behind a gateway that cannot reach it is a warning with the status', async () => {
    await using server = await at.serveRaw((socket) => socket.end(at.plainAnswer(502, 'bad gateway')));
    const { stages } = await run(at.endpointAt(server.baseUrl));
    assert.equal(stages.path?.state, 'warning');
    assert.match(stages.path.found, /502/);
    assert.equal(stages.completion?.state, 'failed');
    assert.equal(server.requests.length, 2, 'nothing is sent again');
  });
});

describe('The key', () => {
  const refusing = (status: number, message: string) =>
    serveApi((socket) => socket.end(at.plainAnswer(status, JSON.stringify({ error: { message } }))));

  test('that is refused is told with where it comes from, and no reply is asked for', async () => {
    await using server = await refusing(401, 'Incorrect API key provided');
    const { stages, states } = await run(at.endpointAt(server.baseUrl));
    assert.equal(stages.path?.state, 'passed');
    assert.equal(stages.key?.state, 'failed');
    assert.match(stages.key.found, /stored for this address/);
    assert.match(stages.key.advice ?? '', /Set API Key/);
    assert.equal(states.at(-1), 'completion skipped');
    const variable = await run(at.endpointAt(server.baseUrl, { apiKeyEnv: 'ACME_KEY' }), {
      key: { type: 'key', key: 'sk-other-canary-1', from: 'variable' },
    });
    assert.match(variable.stages.key?.advice ?? '', /environment variable ACME_KEY/);
    const none = await run(at.endpointAt(server.baseUrl), { key: { type: 'none' } });
    assert.match(none.stages.key?.found ?? '', /wants a key, and none was sent/);
  });

  test('that may not list models may still chat: 403 is told from 401', async () => {
    await using server = await serveApi(
      (socket) => socket.end(at.plainAnswer(403, '{"error":{"message":"Missing scopes: api.model.read"}}')),
      only('GET'),
    );
    const { stages, states } = await run(at.endpointAt(server.baseUrl));
    assert.equal(stages.key?.state, 'warning');
    assert.match(stages.key.found, /does not allow this.*Missing scopes/);
    assert.equal(states.at(-1), 'completion passed');
  });
});

describe('The model', () => {
  test('that is not listed is named with the nearest ones', async () => {
    const ids = ['gpt-5', 'gpt-5-mini', 'o3', 'text-embedding-3-small'];
    const list = JSON.stringify({ data: ids.map((id) => ({ id })) });
    await using server = await serveApi((socket) => socket.end(at.plainAnswer(200, list)), only('GET'));
    const { stages } = await run(at.endpointAt(server.baseUrl), { modelId: 'gpt5-mini' });
    assert.equal(stages.models?.state, 'warning');
    assert.match(stages.models.found, /4 models, and "gpt5-mini" is not among them/);
    assert.match(stages.models.advice ?? '', /^Nearest: "gpt-5-mini"/);
  });

  test('that the server does not know fails the reply with its words', async () => {
    await using server = await serveApi(
      (socket) =>
        socket.end(
          at.plainAnswer(
            404,
            '{"error":{"message":"The model `m` does not exist","code":"model_not_found"}}',
          ),
        ),
      only('POST'),
    );
    const { stages } = await run(at.endpointAt(server.baseUrl));
    assert.equal(stages.completion?.state, 'failed');
    assert.match(stages.completion.found, /does not know the model/);
    assert.match(stages.completion.advice ?? '', /Select Model/);
  });
});

describe('The reply', () => {
  test('in one piece is a warning', async () => {
    const body = JSON.stringify({
      choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }],
    });
    await using server = await serveApi((socket) => socket.end(at.plainAnswer(200, body)), only('POST'));
    const { stages } = await run(at.endpointAt(server.baseUrl));
    assert.equal(stages.completion?.state, 'warning');
    assert.match(stages.completion.found, /does not stream/);
    assert.ok(stages.completion.facts?.includes('Sent in one piece'));
  });

  test('without end is ended', async () => {
    await using server = await serveApi((socket) => {
      socket.write(at.streamHead);
      const more = (): void => {
        while (socket.writable && socket.write(at.textEvent('on and on')));
        if (socket.writable) socket.once('drain', more);
      };
      more();
    }, only('POST'));
    const { stages } = await run(at.endpointAt(server.baseUrl));
    assert.equal(stages.completion?.state, 'passed');
    assert.match(stages.completion.found, /does not keep to the limit/);
    await server.quiet();
  });

  test('that fails in a way that may pass is not asked for again', async () => {
    await using server = await serveApi(
      (socket) => socket.end(at.plainAnswer(503, '{"error":{"message":"overloaded"}}')),
      only('POST'),
    );
    const { stages } = await run(at.endpointAt(server.baseUrl));
    assert.equal(stages.completion?.state, 'failed');
    assert.equal(server.requests.filter(({ line }) => line.startsWith('POST')).length, 1);
  });

  test('that a server wants to be asked for again and again is not', async () => {
    const error = { message: "Unsupported parameter: 'metadata'", param: 'metadata' };
    const headers = { 'x-should-retry': 'true', 'retry-after': '0' };
    await using server = await serveApi(
      (socket) => socket.end(at.plainAnswer(400, JSON.stringify({ error }), headers)),
      only('POST'),
    );
    const { stages } = await run(at.endpointAt(server.baseUrl));
    assert.equal(stages.completion?.state, 'failed');
    assert.equal(server.requests.filter(({ line }) => line.startsWith('POST')).length, 1);
  });

  test('to a request that had to be repaired says what was changed', async () => {
    const message = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.";
    await using server = await serveApi((socket, { body }) => {
      const isOld = body.includes('"max_tokens"');
      const error = { message, param: 'max_tokens', code: 'unsupported_parameter' };
      socket.end(isOld ? at.plainAnswer(400, JSON.stringify({ error })) : reply);
    }, only('POST'));
    const { stages } = await run(at.endpointAt(server.baseUrl));
    assert.equal(stages.completion?.state, 'passed');
    const changed = 'Changed for this server: max_tokens is sent as max_completion_tokens';
    assert.ok(stages.completion.facts?.includes(changed), JSON.stringify(stages.completion));
    assert.match(server.requests.at(-1)?.body ?? '', /"max_completion_tokens":1[,}]/);
  });

  test('of a model for which one token is too few counts as one', async () => {
    const message = 'Could not finish the message because max_tokens or model output limit was reached.';
    await using server = await serveApi(
      (socket) => socket.end(at.plainAnswer(400, JSON.stringify({ error: { message } }))),
      only('POST'),
    );
    const { stages } = await run(at.endpointAt(server.baseUrl));
    assert.equal(stages.completion?.state, 'passed');
  });
});

test('A server that says keys, headers and terminal codes back has them in no stage', async () => {
  const header = 'header-canary-value-1';
  const nasty = `${key} ${header} \u001b[31m\u202Egnp\u0007 Bearer ${key}`;
  for (const status of [400, 401, 403, 404, 500]) {
    await using server = await at.serveRaw((socket) =>
      socket.end(
        at.plainAnswer(status, JSON.stringify({ error: { message: nasty, code: nasty, param: nasty } })),
      ),
    );
    const endpoint = at.endpointAt(server.baseUrl, { headers: { 'X-Plain': header } });
    const text = said(await run(endpoint));
    for (const secret of [key, header, '\u001b', '\u202E', '\\u001b'])
      assert.ok(!text.includes(secret), secret);
    assert.equal(server.requests[0]?.headers['x-plain'], header);
  }
});
