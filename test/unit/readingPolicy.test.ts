import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ReplyReader, replyLimits } from '../../src/api/replyReader.ts';
import type { Delta } from '../../src/core/completion.ts';
import { readingLimits, type Reply } from '../../src/core/reading.ts';

type Chunk = Readonly<Record<string, unknown>>;

const bytes = (text: string): Uint8Array => Buffer.from(text);
const sse = (...chunks: readonly unknown[]): string =>
  chunks.map((chunk) => `data: ${chunk === '[DONE]' ? chunk : JSON.stringify(chunk)}\n\n`).join('');

function read(
  body: string,
  { n = 1, type = 'text/event-stream' } = {},
): { reply: Reply; deltas: readonly Delta[] } {
  const reader = new ReplyReader(type, n);
  const deltas = [...reader.push(bytes(body)), ...reader.end().deltas];
  return { reply: reader.reply(), deltas };
}

const delta = (fields: Chunk, more: Chunk = {}): Chunk => ({
  choices: [{ index: 0, delta: fields, ...more }],
});
const call = (piece: Chunk): Chunk => delta({ tool_calls: [piece] });
const finish = (reason: string): Chunk => delta({}, { finish_reason: reason });

const message = (body: string) => read(body).reply.choices[0]?.message;
const calls = (...pieces: readonly Chunk[]) =>
  message(sse(...pieces.map(call), finish('tool_calls'), '[DONE]'))?.tool_calls?.map(
    ({ id, function: called }) => [id, called?.name, called?.arguments],
  );

describe('A text', () => {
  test('counts once where a gateway mirrors a thought under both names', () => {
    const both = delta({ reasoning: 'hm', reasoning_content: 'hm' });
    assert.equal(message(sse(both, '[DONE]'))?.reasoning, 'hm');
  });

  test('may be null in every field at once', () => {
    const nulls = { role: null, content: null, reasoning_content: null, tool_calls: null, refusal: null };
    const said = message(sse(delta(nulls), delta({ ...nulls, content: 'x' }), finish('stop'), '[DONE]'));
    assert.deepEqual(said, { role: 'assistant', content: 'x' });
  });

  test('may be the word None', () => {
    const said = message(sse(delta({ content: 'None', reasoning: 'None', refusal: 'None' }), '[DONE]'));
    assert.deepEqual(said, {
      role: 'assistant',
      content: 'None',
      reasoning: 'None',
      reasoning_field: 'reasoning',
      refusal: 'None',
    });
  });

  test('keeps reasoning details whole and apart', () => {
    const first = { type: 'reasoning.text', text: 'a' };
    const second = { type: 'reasoning.text', signature: 's' };
    const said = message(
      sse(
        delta({ reasoning: 'a', reasoning_details: [first] }),
        delta({ reasoning_details: [second] }),
        '[DONE]',
      ),
    );
    assert.equal(said?.reasoning, 'a');
    assert.deepEqual(said.reasoning_details, [first, second]);
  });

  test('is kept in the order in which its kinds alternate', () => {
    const { deltas } = read(
      sse(delta({ content: 'a' }), delta({ reasoning: 'b' }), delta({ content: 'c' }), '[DONE]'),
    );
    assert.deepEqual(
      deltas.flatMap((it) => ('text' in it ? [[it.type, it.text]] : [])),
      [
        ['content', 'a'],
        ['reasoning', 'b'],
        ['content', 'c'],
      ],
    );
  });

  test('comes from `message` where there is no `delta`', () => {
    const whole = { choices: [{ message: { role: 'assistant', content: 'all' }, finish_reason: 'stop' }] };
    assert.equal(message(sse(whole, '[DONE]'))?.content, 'all');
  });

  test('has its log probabilities joined, and a number in their place is nothing', () => {
    const logprobs = (content: unknown): Chunk => delta({ content: 'x' }, { logprobs: content });
    const { reply } = read(
      sse(logprobs({ content: [{ token: 'a' }] }), logprobs({ content: [{ token: 'b' }] }), '[DONE]'),
    );
    assert.deepEqual(reply.choices[0]?.logprobs, { content: [{ token: 'a' }, { token: 'b' }] });
    assert.equal(read(sse(logprobs(-0.3), '[DONE]')).reply.choices[0]?.logprobs, undefined);
  });
});

describe('A tool call', () => {
  test('is told from another by its id where the index is always 0', () => {
    assert.deepEqual(
      calls(
        { index: 0, id: 'a', function: { name: 'f', arguments: '{"x"' } },
        { index: 0, id: '', function: { arguments: ':1}' } },
        { index: 0, id: 'b', function: { name: 'g', arguments: '{' } },
        { index: 0, id: null, function: { name: null, arguments: '}' } },
      ),
      [
        ['a', 'f', '{"x":1}'],
        ['b', 'g', '{}'],
      ],
    );
  });

  test('gets a name or an id that comes late', () => {
    assert.deepEqual(
      calls({ index: 0, id: 'a', function: {} }, { index: 0, function: { name: 'f', arguments: '{}' } }),
      [['a', 'f', '{}']],
    );
    assert.deepEqual(
      calls({ index: 2, function: { name: 'f' } }, { index: 2, id: 'late', function: { arguments: '1' } }),
      [['late', 'f', '1']],
    );
  });

  test('goes on where an older id comes again', () => {
    assert.deepEqual(
      calls(
        { index: 0, id: 'a', function: { name: 'f', arguments: '1' } },
        { index: 1, id: 'b', function: { name: 'g', arguments: '2' } },
        { index: 0, id: 'a', function: { arguments: '3' } },
      ),
      [
        ['a', 'f', '13'],
        ['b', 'g', '2'],
      ],
    );
  });

  test('without id and index belongs to the latest, and a name begins a new one', () => {
    assert.deepEqual(
      calls(
        { function: { name: 'f', arguments: '1' } },
        { function: { arguments: '2' } },
        { function: { name: 'g', arguments: '3' } },
      ),
      [
        [null, 'f', '12'],
        [null, 'g', '3'],
      ],
    );
  });

  test('is not over because its arguments parse', () => {
    assert.deepEqual(
      calls(
        { index: 0, id: 'a', function: { name: 'f', arguments: '1' } },
        { index: 0, function: { arguments: '2' } },
      ),
      [['a', 'f', '12']],
    );
  });

  test('has an index that no array is measured by', () => {
    for (const index of [4e9, -1, 1.5, '0', null, {}]) {
      assert.deepEqual(calls({ index, id: 'a', function: { name: 'f', arguments: '{}' } }), [
        ['a', 'f', '{}'],
      ]);
    }
  });

  test('turns `stop` into `tool_calls`, and silence too', () => {
    const piece = call({ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } });
    for (const end of [[finish('stop'), '[DONE]'], ['[DONE]'], [finish('stop')]]) {
      assert.equal(read(sse(piece, ...end)).reply.choices[0]?.finishReason, 'tool_calls');
    }
    const cut = read(sse(piece, finish('length'))).reply.choices[0];
    assert.equal(cut?.finishReason, 'length');
  });
});

describe('The end of a reply', () => {
  const text = delta({ content: 'x' });

  test('is complete with a finish reason, with [DONE], and not otherwise', () => {
    assert.equal(read(sse(text, finish('stop'))).reply.outcome, 'complete');
    assert.equal(read(sse(text, '[DONE]')).reply.outcome, 'complete');
    assert.equal(read(sse(text)).reply.outcome, 'truncated');
    assert.equal(read(sse(text, delta({}, { finish_reason: '' }))).reply.outcome, 'truncated');
    assert.equal(read('').reply.outcome, 'truncated');
    assert.equal(read(': keep-alive\n\n').reply.outcome, 'truncated');
    assert.equal(read(sse('[DONE]')).reply.outcome, 'empty');
  });

  test('needs the finish of every choice that was begun', () => {
    const choice = (index: number, more: Chunk): Chunk => ({
      choices: [{ index, delta: { content: 'x' }, ...more }],
    });
    const one = [choice(0, {}), choice(1, { finish_reason: 'stop' })];
    assert.equal(read(sse(...one), { n: 2 }).reply.outcome, 'truncated');
    assert.equal(
      read(sse(...one, choice(0, { finish_reason: 'length' })), { n: 2 }).reply.outcome,
      'complete',
    );
  });

  test('needs every choice that was asked for, unless the server says itself that it is over', () => {
    const one = [delta({ content: 'x' }), finish('stop')];
    assert.equal(read(sse(...one), { n: 2 }).reply.outcome, 'truncated');
    assert.equal(read(`${sse(...one)}data: [DONE]\n\n`, { n: 2 }).reply.outcome, 'complete');
    const whole = JSON.stringify({
      choices: [{ index: 0, message: { content: 'x' }, finish_reason: 'stop' }],
    });
    assert.equal(read(whole, { n: 2, type: 'application/json' }).reply.outcome, 'complete');
  });

  test('is not moved by a choice that nobody asked for and that only finishes', () => {
    const slip = { choices: [{ index: 3, delta: {}, finish_reason: 'stop' }] };
    const { reply } = read(sse(text, slip, '[DONE]'));
    assert.equal(reply.outcome, 'complete');
    assert.deepEqual(
      reply.choices.map(({ index, finishReason, rawFinishReason }) => [index, finishReason, rawFinishReason]),
      [[0, 'stop', null]],
    );
    assert.equal(read(sse(text, slip)).reply.outcome, 'truncated');
  });

  test('is [DONE]: nothing after it counts, whatever stands around it', () => {
    const { reply } = read(
      `${sse(text)}data:  [DONE] \n\n${sse(delta({ content: 'y' }), { error: 'late' }, '[DONE]')}`,
    );
    assert.equal(reply.outcome, 'complete');
    assert.equal(reply.choices[0]?.message.content, 'x');
  });

  test('may be followed by more of the text, and the last reason counts', () => {
    const { reply, deltas } = read(
      sse(text, finish('stop'), delta({ content: 'y' }), finish('length'), '[DONE]'),
    );
    assert.equal(reply.choices[0]?.message.content, 'xy');
    assert.equal(reply.choices[0]?.finishReason, 'length');
    assert.deepEqual(deltas.at(-1), { type: 'done' });
  });

  test("has a reason in one vocabulary, with the server's own word beside it", () => {
    const said = ['eos', 'end_turn', 'model_length', 'insufficient_system_resource', 'STOP'].map((reason) =>
      read(sse(text, finish(reason), '[DONE]')).deltas.filter((it) => it.type === 'finish'),
    );
    assert.deepEqual(said.flat(), [
      { type: 'finish', choice: 0, finishReason: 'stop', raw: 'eos' },
      { type: 'finish', choice: 0, finishReason: 'stop', raw: 'end_turn' },
      { type: 'finish', choice: 0, finishReason: 'length', raw: 'model_length' },
      { type: 'finish', choice: 0, finishReason: 'other', raw: 'insufficient_system_resource' },
      { type: 'finish', choice: 0, finishReason: 'stop', raw: 'STOP' },
    ]);
  });

  test('tells the usage that came last, never a sum', () => {
    const usage = (prompt_tokens: number): Chunk => ({ choices: [], usage: { prompt_tokens } });
    const late = {
      choices: [{}],
      usage: { prompt_tokens: 4, prompt_cache_hit_tokens: 3, reasoning_tokens: 2 },
    };
    assert.deepEqual(read(sse(text, usage(1), usage(2), { usage: null }, '[DONE]')).reply.usage, {
      prompt_tokens: 2,
    });
    const { deltas } = read(sse(text, usage(1), finish('stop'), late, '[DONE]'));
    assert.deepEqual(deltas.filter((it) => it.type === 'usage').at(-1)?.usage, {
      prompt_tokens: 4,
      prompt_tokens_details: { cached_tokens: 3 },
      completion_tokens_details: { reasoning_tokens: 2 },
    });
    const groq = { choices: [], x_groq: { usage: { prompt_tokens: 7 } } };
    assert.deepEqual(read(sse(text, groq, '[DONE]')).reply.usage, { prompt_tokens: 7 });
  });
});

describe('An error inside a reply', () => {
  const text = delta({ content: 'so far' });
  const errors: Readonly<Record<string, string>> = {
    'an object': sse(text, { error: { message: 'broke', code: 502 } }),
    'a string': sse(text, { error: 'broke' }),
    'an object with a status beside it': sse(text, {
      error: { message: 'broke' },
      status_code: 503,
      choices: null,
    }),
    'without a wrapper': sse(text, { object: 'error', message: 'broke' }),
    'without a wrapper and without a name': sse(text, { code: 'InternalError', message: 'broke' }),
    'an event named error': `${sse(text)}event: error\ndata: {"error":{"message":"broke"}}\n\n`,
    'an event named error with plain text': `${sse(text)}event: error\ndata: broke\n\n`,
    'a field named error': `${sse(text)}error: {"message":"broke"}\n\n`,
    'text that is no JSON': `${sse(text)}data: broke\n\n`,
    "Groq's": sse(text, { choices: [], x_groq: { error: 'broke' } }),
    'in an array': sse(text, [{ error: { message: 'broke' } }]),
    'with a finish reason': sse({ ...delta({}, { finish_reason: 'error' }), error: { message: 'broke' } }),
  };
  for (const [name, body] of Object.entries(errors)) {
    test(`is read where it is ${name}, and wins over [DONE]`, () => {
      const { reply, deltas } = read(body + sse(delta({ content: 'later' }), finish('stop'), '[DONE]'));
      assert.equal(reply.outcome, 'error');
      assert.equal(reply.problem?.type === 'server' && reply.problem.error.message, 'broke');
      if (body.includes('so far')) assert.equal(reply.choices[0]?.message.content, 'so far');
      assert.equal(
        deltas.some((it) => it.type === 'done'),
        false,
      );
    });
  }

  test('is a finish reason that says so', () => {
    assert.equal(read(sse(text, finish('error'), '[DONE]')).reply.outcome, 'error');
    const upstream = delta({}, { finish_reason: 'stop', native_finish_reason: 'error' });
    assert.equal(read(sse(upstream, '[DONE]')).reply.outcome, 'error');
    assert.equal(read(sse(text, upstream, '[DONE]')).reply.outcome, 'complete');
  });

  test('is not what other events say', () => {
    const others =
      'event: ping\ndata: {"type":"ping"}\n\nevent: execute\ndata: alert(1)\n\nevent: x\ndata: 5\n\n';
    const { reply } = read(
      others + sse(text, { error: null }, { error: {} }, { id: 'a', message: 'hi', code: 1 }, '[DONE]'),
    );
    assert.equal(reply.outcome, 'complete');
    assert.equal(reply.choices[0]?.message.content, 'so far');
  });
});

describe('A body that is no event stream', () => {
  const completion = {
    id: 'c',
    model: 'm',
    choices: [{ index: 0, message: { role: 'assistant', content: 'whole' }, finish_reason: 'stop' }],
    usage: { total_tokens: 3 },
  };

  test('is a whole answer in JSON, whatever its content type says', () => {
    for (const type of ['application/json', 'text/event-stream', '']) {
      const { reply, deltas } = read(`\n\n ${JSON.stringify(completion, undefined, 2)}\n`, { type });
      assert.equal(reply.outcome, 'complete');
      assert.equal(reply.choices[0]?.message.content, 'whole');
      assert.deepEqual(deltas.at(-1), { type: 'done' });
    }
  });

  test('is truncated where its JSON is', () => {
    const text = JSON.stringify(completion);
    for (const length of [1, 20, text.length - 1]) {
      assert.equal(read(text.slice(0, length), { type: 'application/json' }).reply.outcome, 'truncated');
    }
  });

  test('is not an API where it is a page, a text or other JSON', () => {
    const pages = {
      '<!doctype html><title>Sign in</title><p>please</p>': 'Sign in',
      'It works!': 'It works!',
      '{"status":"ok"}': 'JSON without choices',
      '[1,2]': 'JSON without choices',
    };
    for (const [body, says] of Object.entries(pages)) {
      assert.deepEqual(read(body, { type: 'text/html' }).reply.problem, { type: 'notAnApi', says });
    }
  });

  test('is told from an event stream that was cut off within its first word', () => {
    assert.equal(read('dat', { type: '' }).reply.outcome, 'truncated');
    assert.equal(read('da', { type: 'text/event-stream' }).reply.outcome, 'truncated');
    assert.equal(
      read('\u{1}\u{2}garbage\nmore\n', { type: 'text/event-stream' }).reply.problem?.type,
      'notAnApi',
    );
  });

  test('is given up once 64 kB show no sign of an event stream', () => {
    const reader = new ReplyReader('text/plain');
    for (let sent = 0; sent < 2 * replyLimits.page && !reader.isOver; sent += 1000)
      reader.push(bytes('x\n'.repeat(500)));
    assert.equal(reader.reply().problem?.type, 'notAnApi');
  });
});

describe('The limits', () => {
  const problemOf = (feed: (reader: ReplyReader) => void): unknown => {
    const reader = new ReplyReader('text/event-stream');
    feed(reader);
    return reader.reply().problem;
  };

  test('stop an endless line', () => {
    const piece = bytes('x'.repeat(1024 * 1024));
    const problem = problemOf((reader) => {
      reader.push(bytes('data: {"choices":[{"delta":{"content":"'));
      for (let mb = 0; mb < 64 && !reader.isOver; mb++) reader.push(piece);
    });
    assert.deepEqual(problem, { type: 'tooLarge', what: 'event' });
  });

  test('stop an event of endless lines, and an endless JSON answer', () => {
    const line = bytes(`data: ${'x'.repeat(1024 * 1024)}\n`);
    const lines = problemOf((reader) => {
      for (let mb = 0; mb < 64 && !reader.isOver; mb++) reader.push(line);
    });
    assert.deepEqual(lines, { type: 'tooLarge', what: 'event' });
    const json = problemOf((reader) => {
      reader.push(bytes('{"x":"'));
      for (let mb = 0; mb < 64 && !reader.isOver; mb++) reader.push(line);
    });
    assert.deepEqual(json, { type: 'tooLarge', what: 'answer' });
  });

  test('stop a flood of lines that are no part of an event stream', () => {
    const problem = problemOf((reader) => {
      reader.push(bytes(': hello\n\n'));
      for (let sent = 0; sent < 100 && !reader.isOver; sent++) reader.push(bytes('x\n'.repeat(10_000)));
    });
    assert.deepEqual(problem, { type: 'tooLarge', what: 'lines' });
  });

  test('stop too many choices, tool calls and events', () => {
    const choices = Array.from({ length: 100_000 }, (_, index) => ({ index, delta: { content: 'x' } }));
    assert.deepEqual(
      problemOf((reader) => void reader.push(bytes(sse({ choices })))),
      { type: 'tooLarge', what: 'choices' },
    );
    const many = Array.from({ length: 200 }, (_, index) => ({
      index,
      id: `c${index}`,
      function: { name: 'f' },
    }));
    const calls = problemOf((reader) => void reader.push(bytes(sse(delta({ tool_calls: many })))));
    assert.deepEqual(calls, { type: 'tooLarge', what: 'tool calls' });
    const events = problemOf((reader) => {
      const some = bytes('data: 1\n\n'.repeat(100_000));
      for (let sent = 0; sent <= readingLimits.events && !reader.isOver; sent += 100_000) reader.push(some);
    });
    assert.deepEqual(events, { type: 'tooLarge', what: 'events' });
  });

  test('stop a reply that is longer than any', () => {
    const event = bytes(sse(delta({ content: 'x'.repeat(4_000_000) })));
    const problem = problemOf((reader) => {
      for (let sent = 0; sent < 20 && !reader.isOver; sent++) reader.push(event);
    });
    assert.deepEqual(problem, { type: 'tooLarge', what: 'reply' });
  });

  test('take JSON that is nested 100,000 deep and keys that name the prototype', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const hostile = [
      `data: {"choices":[{"delta":{"content":${deep},"tool_calls":[{"index":0,"function":{"arguments":${deep}}}]}}]}\n\n`,
      `data: {"error":{"message":${deep},"details":${deep}}}\n\n`,
      'data: {"__proto__":{"polluted":1},"choices":[{"__proto__":{"polluted":1},"delta":{"__proto__":{"polluted":1},"constructor":1}}]}\n\n',
    ];
    for (const body of hostile) assert.doesNotThrow(() => read(body));
    assert.equal('polluted' in {}, false);
    assert.equal(read(hostile[2] ?? '').reply.outcome, 'truncated');
  });
});
