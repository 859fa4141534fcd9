import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Complete, Delta } from '../../src/core/completion.ts';
import { CompletionError } from '../../src/core/completionError.ts';
import { runTurn } from '../../src/core/turn.ts';
import type { ConversationEvent } from '../../src/shared/conversation.ts';

const content = (text: string): Delta => ({ type: 'content', choice: 0, text });

async function run(complete: Complete, options: { contentLength?: number; signal?: AbortSignal } = {}) {
  const events: ConversationEvent[] = [];
  const ending = await runTurn(
    {
      message: 'm',
      contentLength: options.contentLength ?? 0,
      request: { model: 'x', messages: [] },
      signal: options.signal ?? new AbortController().signal,
    },
    { complete, emit: (event) => events.push(event), stamp: () => ({ counter: 1, writer: 'w' }) },
  );
  assert.deepEqual(events.at(-1), {
    type: 'replyEnded',
    message: 'm',
    ending,
    stamp: { counter: 1, writer: 'w' },
  });
  return { ending, texts: events.flatMap((event) => (event.type === 'textAppended' ? [event] : [])) };
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
