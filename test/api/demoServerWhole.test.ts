import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Json } from '../support/demoServer/json.ts';
import { startDemoServer, type DemoServer } from '../support/demoServer/server.ts';
import {
  at,
  call,
  chunksOf,
  complete,
  finishReasons,
  streamed,
  textAt,
} from '../support/demoServer/testClient.ts';

/* The rest of the API: speech, functions of the older kind, predictions, stored completions. */

let server: DemoServer;
before(async () => {
  server = await startDemoServer({ tokenDelayMs: 0 });
});
after(() => server.close());

const speaking = { modalities: ['text', 'audio'] };
const weather = {
  name: 'get_weather',
  description: 'The weather at a place',
  parameters: { type: 'object', properties: { location: { type: 'string' } }, required: ['location'] },
};
const asked = [{ role: 'user', content: 'How is the weather in Boston?' }];

describe('a spoken reply', () => {
  test('is a WAV file with its transcript, an id and the time until which the id is good', async () => {
    const written = await complete(server);
    const answer = await complete(server, { ...speaking, audio: { voice: 'alloy', format: 'wav' } });
    const message = at(answer.json, 'choices.0.message');
    assert.equal(at(message, 'content'), null);
    assert.equal(at(message, 'audio.transcript'), at(written.json, 'choices.0.message.content'));
    assert.match(textAt(message, 'audio.id'), /^audio_/u);
    assert.equal(at(message, 'audio.expires_at'), Number(at(answer.json, 'created')) + 3600);
    const wav = Buffer.from(textAt(message, 'audio.data'), 'base64');
    assert.equal(wav.toString('latin1', 0, 4) + wav.toString('latin1', 8, 16), 'RIFFWAVEfmt ');
    assert.equal(wav.readUInt32LE(4), wav.length - 8);
    assert.deepEqual([wav.readUInt16LE(20), wav.readUInt16LE(22), wav.readUInt32LE(24)], [1, 1, 24_000]);
    assert.equal(wav.readUInt32LE(40), wav.length - 44);
    assert.ok(wav.subarray(44).some((byte) => byte !== 0));
    assert.ok(Number(at(answer.json, 'usage.completion_tokens_details.audio_tokens')) > 0);
  });

  test('is streamed as the samples of the same file', async () => {
    const fields = { ...speaking, audio: { voice: { id: 'voice_1' }, format: 'pcm16' } };
    const whole = await complete(server, fields);
    const stream = await complete(server, { ...fields, stream: true });
    const deltas = chunksOf(stream).map((chunk) => at(chunk, 'choices.0.delta.audio'));
    const data = streamed(stream, 'audio.data');
    assert.equal(data, at(whole.json, 'choices.0.message.audio.data'));
    const said = streamed(stream, 'audio.transcript');
    assert.equal(said, at(whole.json, 'choices.0.message.audio.transcript'));
    assert.equal(streamed(stream, 'content'), '');
    assert.equal(deltas.filter((audio) => at(audio, 'id') !== undefined).length, 1);
    assert.equal(deltas.filter((audio) => at(audio, 'expires_at') !== undefined).length, 1);
  });

  test('is refused in forms that nobody could make', async () => {
    const cases = [
      [{ ...speaking }, 'audio'],
      [{ ...speaking, audio: { voice: 'alloy', format: 'mp3' } }, 'audio.format'],
      [{ ...speaking, audio: { voice: 'alloy', format: 'wav' }, stream: true }, 'audio.format'],
      [{ ...speaking, audio: { voice: 5, format: 'wav' } }, 'audio.voice'],
    ] as const;
    for (const [fields, param] of cases) {
      const answer = await complete(server, fields);
      assert.deepEqual([answer.status, at(answer.json, 'error.param')], [400, param]);
    }
  });
});

describe('functions, from before there were tools', () => {
  test('are called once, and the call ends the reply', async () => {
    const fields = { functions: [weather], messages: asked };
    const answer = await complete(server, fields);
    const message = at(answer.json, 'choices.0.message');
    assert.equal(at(message, 'content'), null);
    assert.equal(at(message, 'function_call.name'), 'get_weather');
    const input = textAt(message, 'function_call.arguments');
    assert.match(textAt(JSON.parse(input) as Json, 'location'), /Boston/u);
    assert.equal(at(answer.json, 'choices.0.finish_reason'), 'function_call');

    const stream = await complete(server, { ...fields, stream: true });
    assert.equal(streamed(stream, 'function_call.name'), 'get_weather');
    assert.equal(streamed(stream, 'function_call.arguments'), input);
    assert.deepEqual(finishReasons(stream), ['function_call']);
  });

  test('are called where one is named, never where none is wanted, and their results are answered', async () => {
    const named = await complete(server, { functions: [weather], function_call: { name: 'get_weather' } });
    assert.equal(at(named.json, 'choices.0.message.function_call.name'), 'get_weather');
    const none = await complete(server, { functions: [weather], function_call: 'none', messages: asked });
    assert.equal(at(none.json, 'choices.0.message.function_call'), undefined);
    const call_ = {
      role: 'assistant',
      content: null,
      function_call: { name: 'get_weather', arguments: '{}' },
    };
    const result = { role: 'function', name: 'get_weather', content: '20 degrees' };
    const answered = await complete(server, { functions: [weather], messages: [...asked, call_, result] });
    assert.match(textAt(answered.json, 'choices.0.message.content'), /20 degrees/u);
  });

  test('fit each other, or are refused', async () => {
    const cases = [
      [{ function_call: 'auto' }, 'function_call'],
      [{ functions: [weather], function_call: { name: 'other' } }, 'function_call'],
      [{ functions: [weather], tools: [{ type: 'function', function: weather }] }, 'functions'],
      [{ functions: [] }, 'functions'],
    ] as const;
    for (const [fields, param] of cases) {
      const answer = await complete(server, fields);
      assert.deepEqual([answer.status, at(answer.json, 'error.param')], [400, param]);
    }
  });
});

test('of a prediction it is counted what came true and what did not, and all of it is paid for', async () => {
  const plain = await complete(server);
  const said = textAt(plain.json, 'choices.0.message.content');
  const counted = async (content: unknown) => {
    const { json } = await complete(server, { prediction: { type: 'content', content } });
    const details = 'usage.completion_tokens_details';
    const accepted = Number(at(json, `${details}.accepted_prediction_tokens`));
    const rejected = Number(at(json, `${details}.rejected_prediction_tokens`));
    const more =
      Number(at(json, 'usage.completion_tokens')) - Number(at(plain.json, 'usage.completion_tokens'));
    return { accepted, rejected, more };
  };
  const right = await counted(said);
  assert.ok(right.accepted > 0);
  assert.deepEqual([right.rejected, right.more], [0, 0]);
  const wrong = await counted([{ type: 'text', text: 'Zyzzyva quux frobnicate' }]);
  assert.equal(wrong.accepted, 0);
  assert.ok(wrong.rejected > 0);
  assert.equal(wrong.more, wrong.rejected);
});

describe('stored completions', () => {
  const path = '/v1/chat/completions';
  const idsOf = (list: Json | undefined) =>
    ((at(list, 'data') ?? []) as readonly Json[]).map((one) => at(one, 'id'));

  test('are those that were to be kept, streamed or not, with their messages', async () => {
    const own = await startDemoServer({ tokenDelayMs: 0 });
    try {
      await complete(own);
      const first = await complete(own, { store: true, metadata: { part: 'one' } });
      const second = await complete(own, { store: true, stream: true, messages: asked });
      const list = await call(own, { method: 'GET', path });
      const ids = [textAt(first.json, 'id'), textAt(chunksOf(second)[0], 'id')];
      assert.deepEqual(idsOf(list.json), ids);
      assert.deepEqual(
        [at(list.json, 'first_id'), at(list.json, 'last_id'), at(list.json, 'has_more')],
        [...ids, false],
      );
      const got = await call(own, { method: 'GET', path: `${path}/${ids[1]}` });
      assert.equal(at(got.json, 'choices.0.message.content'), streamed(second, 'content'));
      const messages = await call(own, { method: 'GET', path: `${path}/${ids[1]}/messages` });
      assert.equal(at(messages.json, 'data.0.content'), asked[0]?.content);
      assert.equal(at(messages.json, 'data.0.role'), 'user');
      const byPart = await call(own, {
        method: 'GET',
        path: `${path}?metadata[part]=one&model=colloquy-demo`,
      });
      assert.deepEqual(idsOf(byPart.json), [ids[0]]);
    } finally {
      await own.close();
    }
  });

  test('come in pages, in either order', async () => {
    const own = await startDemoServer({ tokenDelayMs: 0 });
    try {
      for (let count = 0; count < 5; count += 1) await complete(own, { store: true });
      const all = idsOf((await call(own, { method: 'GET', path })).json);
      for (const order of ['asc', 'desc']) {
        const seen: (Json | undefined)[] = [];
        for (let more: unknown = true, after = ''; more === true;) {
          const { json } = await call(own, { method: 'GET', path: `${path}?limit=2&order=${order}${after}` });
          seen.push(...idsOf(json));
          more = at(json, 'has_more');
          after = `&after=${textAt(json, 'last_id')}`;
        }
        assert.deepEqual(seen, order === 'asc' ? all : all.toReversed());
      }
    } finally {
      await own.close();
    }
  });

  test('can be given other metadata, and deleted', async () => {
    const { json } = await complete(server, { store: true, metadata: { a: 'b' } });
    const one = `${path}/${textAt(json, 'id')}`;
    const updated = await call(server, { path: one, body: { metadata: { c: 'd' } } });
    assert.deepEqual(at(updated.json, 'metadata'), { c: 'd' });
    assert.deepEqual(
      at((await call(server, { path: one, body: { metadata: null } })).json, 'metadata'),
      null,
    );
    for (const body of [{}, { metadata: 5 }, { metadata: { a: 1 } }, '[']) {
      assert.equal((await call(server, { path: one, body })).status, 400);
    }
    const deleted = await call(server, { method: 'DELETE', path: one });
    assert.equal(at(deleted.json, 'deleted'), true);
    assert.equal((await call(server, { method: 'GET', path: one })).status, 404);
  });
});
