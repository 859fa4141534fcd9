import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Complete, Delta } from '../../src/core/completion.ts';
import { CompletionError } from '../../src/core/completionError.ts';
import { runTurn } from '../../src/core/turn.ts';
import type { ConversationEvent } from '../../src/shared/conversation.ts';

const content = (text: string): Delta => ({ type: 'content', choice: 0, text });

async function run(
  complete: Complete,
  options: { contentLength?: number; signal?: AbortSignal; origin?: string } = {},
) {
  const events: ConversationEvent[] = [];
  const ending = await runTurn(
    {
      message: 'm',
      contentLength: options.contentLength ?? 0,
      request: { model: 'x', messages: [] },
      origin: options.origin,
      signal: options.signal ?? new AbortController().signal,
    },
    { complete, emit: (event) => events.push(event), stamp: () => ({ counter: 1, writer: 'w' }) },
  );
  const last = events.at(-1);
  assert.ok(last?.type === 'replyEnded');
  const { details, ...rest } = last;
  assert.deepEqual(rest, {
    type: 'replyEnded',
    message: 'm',
    ending,
    stamp: { counter: 1, writer: 'w' },
  });
  return {
    ending,
    details,
    texts: events.flatMap((event) => (event.type === 'textAppended' ? [event] : [])),
  };
}

test('every text becomes an event at its offset, each channel for itself', async () => {
  const { ending, texts } = await run(async function* () {
    yield { type: 'reasoning', choice: 0, text: 'hm' };
    yield content('ab');
    yield content('');
    yield content('😀');
    yield { type: 'refusal', choice: 0, text: 'no' };
    yield content('d');
    yield { type: 'finish', choice: 0, finishReason: 'stop' };
    yield { type: 'usage', usage: { prompt_tokens: 3, completion_tokens: 4 } };
    yield { type: 'done' };
  });
  assert.deepEqual(
    texts.map(({ channel, offset, text }) => [channel, offset, text]),
    [
      ['reasoning', 0, 'hm'],
      ['content', 0, 'ab'],
      ['content', 2, '😀'],
      ['refusal', 0, 'no'],
      ['content', 4, 'd'],
    ],
  );
  assert.deepEqual(ending, {
    type: 'complete',
    finishReason: 'stop',
    usage: { promptTokens: 3, completionTokens: 4 },
  });
});

test('a continued reply goes on behind the text it has', async () => {
  const { texts } = await run(
    async function* () {
      yield content('more');
      yield { type: 'done' };
    },
    { contentLength: 10 },
  );
  assert.equal(texts[0]?.offset, 10);
});

test('a stream that just ends is interrupted, never complete', async () => {
  const { ending } = await run(async function* () {
    yield content('half');
  });
  assert.deepEqual(ending, { type: 'interrupted', failure: { kind: 'cut' } });
});

test('an error after text interrupts, an error before it fails', async () => {
  const failure = { kind: 'serverError', status: 500 } as const;
  const after = await run(async function* () {
    yield content('half');
    throw new CompletionError(failure);
  });
  assert.deepEqual(after.ending, { type: 'interrupted', failure });
  const before = await run(() => {
    throw new CompletionError(failure);
  });
  assert.deepEqual(before.ending, { type: 'failed', failure });
});

test('whatever is thrown becomes a failure with its reason', async () => {
  const { ending } = await run(() => {
    throw new TypeError('x is not a function');
  });
  assert.deepEqual(ending, {
    type: 'failed',
    failure: { kind: 'unexpected', detail: 'TypeError' },
  });
});

test('stopping is not an error, keeps the text and takes nothing that comes later', async () => {
  const stop = new AbortController();
  const { ending, texts } = await run(
    async function* () {
      yield content('kept');
      stop.abort();
      yield content('late');
      throw new Error('aborted');
    },
    { signal: stop.signal },
  );
  assert.deepEqual(ending, { type: 'stopped' });
  assert.deepEqual(
    texts.map((event) => event.text),
    ['kept'],
  );
});

test('other choices do not mix into the reply', async () => {
  const { texts } = await run(async function* () {
    yield content('a');
    yield { type: 'content', choice: 1, text: 'B' };
    yield { type: 'done' };
  });
  assert.deepEqual(
    texts.map((event) => event.text),
    ['a'],
  );
});

const repairs = [{ type: 'dropped', field: 'seed' }] as const;
const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '{' } };
const withCall: Delta = {
  type: 'message',
  choice: 0,
  message: { role: 'assistant', content: 'half', tool_calls: [call] },
};

test('an ending tells what was changed in the request: the last word counts', async () => {
  const { details } = await run(async function* () {
    yield { type: 'repair', repairs: [{ type: 'dropped', field: 'stop' }] };
    yield { type: 'repair', repairs };
    yield { type: 'done' };
  });
  assert.deepEqual(details, { repairs });
  const undone = await run(async function* () {
    yield { type: 'repair', repairs };
    yield { type: 'repair', repairs: [] };
    yield { type: 'done' };
  });
  assert.equal(undone.details, undefined);
});

test('what was changed is told however the reply ended', async () => {
  const failed = await run(async function* () {
    yield { type: 'repair', repairs };
    throw new CompletionError({ kind: 'badRequest' });
  });
  assert.deepEqual([failed.ending.type, failed.details], ['failed', { repairs }]);
  const stop = new AbortController();
  const stopped = await run(
    async function* () {
      yield { type: 'repair', repairs };
      stop.abort();
      yield { type: 'done' };
    },
    { signal: stop.signal },
  );
  assert.deepEqual([stopped.ending.type, stopped.details], ['stopped', { repairs }]);
});

test('what the server wants back is kept with the origin it came from, and not without one', async () => {
  const complete: Complete = async function* () {
    yield { ...withCall, choice: 1 };
    yield withCall;
    yield { type: 'done' };
  };
  const { details } = await run(complete, { origin: 'https://api.example' });
  assert.deepEqual(details, { replay: { tool_calls: [call] }, origin: 'https://api.example' });
  assert.equal((await run(complete)).details, undefined);
});

test('a call that breaks off is an interrupted reply and not a failed one', async () => {
  const { ending, details } = await run(
    async function* () {
      yield { type: 'toolCall', choice: 0, index: 0, id: 'c', kind: 'function', name: 'f', text: '{' };
      yield withCall;
      throw new CompletionError({ kind: 'cut' });
    },
    { origin: 'https://api.example' },
  );
  assert.deepEqual(ending, { type: 'interrupted', failure: { kind: 'cut' } });
  assert.deepEqual(details?.replay, { tool_calls: [call] });
});
