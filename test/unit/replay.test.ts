import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ReplyReader } from '../../src/api/replyReader.ts';
import { dialects } from '../../src/core/dialects.ts';
import type { DialectId } from '../../src/core/endpoint.ts';
import { buildMessages } from '../../src/core/prompt.ts';
import type { ReadMessage } from '../../src/core/readingMessage.ts';
import { keepForReplay, type ReplayRules } from '../../src/core/replay.ts';
import { apply, createConversation } from '../../src/shared/apply.ts';
import type { ReplyDetails, Role } from '../../src/shared/conversation.ts';
import { activePath } from '../../src/shared/project.ts';
import { loadFixture } from '../support/replies/fixtures.ts';

const origin = 'https://api.example';
const rules = (id: DialectId, to = origin): ReplayRules => ({
  reasoningReplay: dialects[id].reasoningReplay,
  wantsContent: dialects[id].wantsContent,
  origin: to,
});

interface Line {
  readonly role: Role;
  readonly text?: string;
  readonly refusal?: string;
  readonly details?: ReplyDetails | undefined;
}

/** The messages of a request that ends in these lines. */
function messagesFor(lines: readonly Line[], replay: ReplayRules | undefined, now = 0) {
  const state = createConversation();
  for (const [index, { role, text = '', refusal = '', details }] of lines.entries()) {
    const [message, parent] = [`m${index}`, index === 0 ? undefined : `m${index - 1}`];
    const stamp = { counter: index + 1, writer: 'w' };
    apply(state, {
      type: 'messageAdded',
      header: { id: message, parent, role, context: [], stamp, created: 0 },
      content: text,
    });
    if (refusal !== '')
      apply(state, { type: 'textAppended', message, channel: 'refusal', offset: 0, text: refusal });
    const ending = { type: 'complete', finishReason: 'stop' } as const;
    apply(state, { type: 'replyEnded', message, ending, ...(details && { details }), stamp });
  }
  const path = activePath(state, 'w').map(({ node }) => node);
  // Looked at as JSON: what a server wrote need not be in the API's description.
  const messages: unknown = buildMessages(
    path,
    { instructions: '', instructionsRole: 'system', replay },
    now,
  );
  return messages as readonly Readonly<Record<string, unknown>>[];
}

/** What a recorded reply leaves behind. */
function recorded(name: string): { readonly message: ReadMessage; readonly details: ReplyDetails } {
  const { fixture, bytes } = loadFixture(name);
  const reader = new ReplyReader(fixture.http.headers['content-type']);
  reader.push(bytes);
  reader.end();
  const message = reader.reply().choices[0]?.message;
  assert.ok(message);
  const replay = keepForReplay(message);
  return { message, details: { ...(replay && { replay }), origin } };
}

const user = { role: 'user', text: '?' } as const;
const result = { role: 'tool', text: 'sunny' } as const;

describe('A reply with tool calls', () => {
  test('goes back to DeepSeek with its reasoning, and its result with the id of the call', () => {
    const { message, details } = recorded('deepseek-reasoning-tool');
    const [, reply, answer] = messagesFor([user, { role: 'assistant', details }, result], rules('deepseek'));
    assert.ok(message.reasoning !== undefined && message.reasoning !== '');
    assert.deepEqual(reply, {
      role: 'assistant',
      tool_calls: message.tool_calls,
      reasoning_content: message.reasoning,
    });
    assert.deepEqual(answer, { role: 'tool', content: 'sunny', tool_call_id: message.tool_calls?.[0]?.id });
  });

  test('goes back to DeepSeek with empty reasoning where it had none, which must be said', () => {
    const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } };
    const replay = keepForReplay({ role: 'assistant', content: 'I look.', tool_calls: [call] });
    const lines = [
      user,
      { role: 'assistant', text: 'I look.', details: { replay, origin } },
      result,
    ] as const;
    assert.deepEqual(messagesFor(lines as never, rules('deepseek'))[1], {
      role: 'assistant',
      content: 'I look.',
      tool_calls: [call],
      reasoning_content: '',
    });
    assert.equal('reasoning_content' in (messagesFor(lines as never, rules('openai'))[1] ?? {}), false);
  });

  test('goes back to Gemini with its signatures', () => {
    for (const name of ['gemini-tool-no-index-signature', 'gemini-indexless-continuation']) {
      const { message, details } = recorded(name);
      const results = (message.tool_calls ?? []).map(() => result);
      const [, reply] = messagesFor([user, { role: 'assistant', details }, ...results], rules('gemini'));
      assert.deepEqual(reply?.['tool_calls'], message.tool_calls);
      assert.match(JSON.stringify(reply), /"thought_signature":"/, name);
    }
  });

  test('goes back without them where no result follows: nobody accepts a call without its result', () => {
    const { message, details } = recorded('openai-tools-parallel');
    assert.ok((message.tool_calls?.length ?? 0) > 1);
    const called = { role: 'assistant', text: 'Wait.', details } as const;
    const [, reply, next] = messagesFor([user, called, user], rules('openai'));
    assert.deepEqual(
      [reply, next],
      [
        { role: 'assistant', content: 'Wait.' },
        { role: 'user', content: '?' },
      ],
    );
    const [, half] = messagesFor([user, called, result], rules('openai'));
    assert.deepEqual(half, { role: 'assistant', content: 'Wait.' });
  });

  test('gets ids where the server gave none, and an empty content where it must have one', () => {
    const call = (name: string) => ({ id: null, type: 'function', function: { name, arguments: '{}' } });
    const replay = keepForReplay({ role: 'assistant', content: null, tool_calls: [call('f'), call('g')] });
    const details = { ...(replay && { replay }), origin };
    const messages = messagesFor([user, { role: 'assistant', details }, result, result], rules('ollama'));
    assert.deepEqual(messages.slice(1), [
      {
        role: 'assistant',
        content: '',
        tool_calls: [
          { ...call('f'), id: 'call_1' },
          { ...call('g'), id: 'call_2' },
        ],
      },
      { role: 'tool', content: 'sunny', tool_call_id: 'call_1' },
      { role: 'tool', content: 'sunny', tool_call_id: 'call_2' },
    ]);
  });
});

describe('What a server wants back', () => {
  test('is what Gemini signs beside a text', () => {
    const extra = { extra_content: { google: { thought_signature: 'SIG' } }, other: 1 };
    const replay = keepForReplay({ role: 'assistant', content: 'x', extra });
    const lines = [{ role: 'assistant', text: 'x', details: { ...(replay && { replay }), origin } }] as const;
    assert.deepEqual(messagesFor(lines, rules('gemini')), [
      { role: 'assistant', content: 'x', extra_content: extra.extra_content },
    ]);
    assert.deepEqual(messagesFor(lines, rules('gemini', 'https://other.example')), [
      { role: 'assistant', content: 'x' },
    ]);
  });

  test('goes to no other origin, whatever the endpoint is called', () => {
    const { details } = recorded('deepseek-reasoning-tool');
    const lines = [user, { role: 'assistant', text: 'Text.', details }, result] as const;
    for (const to of ['https://evil.example', `${origin}:8443`, 'http://api.example', '']) {
      assert.deepEqual(
        messagesFor(lines, rules('deepseek', to))[1],
        { role: 'assistant', content: 'Text.' },
        to,
      );
    }
    assert.deepEqual(messagesFor(lines, undefined)[1], { role: 'assistant', content: 'Text.' });
    const unknown = { role: 'assistant', text: 'Text.', details: { replay: details.replay ?? {} } } as const;
    assert.deepEqual(messagesFor([user, unknown, result], rules('deepseek'))[1], {
      role: 'assistant',
      content: 'Text.',
    });
  });

  test('is no reasoning without calls', () => {
    const { details } = recorded('deepseek-reasoning-keepalive');
    assert.equal(details.replay, undefined);
  });

  test('is the signed thoughts of OpenRouter, each of them in one piece again', () => {
    const pieces = [
      { type: 'reasoning.text', text: 'Let ', format: 'f', index: 0 },
      { type: 'reasoning.text', text: 'me see', format: 'f', index: 0 },
      { type: 'reasoning.text', text: null, signature: 'SIG', format: 'f', index: 0 },
      { type: 'reasoning.text', text: 'Second', index: 0 },
      { type: 'reasoning.encrypted', data: 'AAA', id: 'e1', index: 1 },
      { type: 'reasoning.encrypted', data: 'BBB', id: 'e2', index: 1 },
      { type: 'reasoning.summary', summary: 'In ', index: 2 },
      { type: 'reasoning.summary', summary: 'short', index: 2 },
      'junk',
      { type: 'reasoning.summary', summary: 'other', index: 3 },
    ];
    const replay = keepForReplay({ role: 'assistant', content: 'x', reasoning_details: pieces });
    const [reply] = messagesFor(
      [{ role: 'assistant', text: 'x', details: { ...(replay && { replay }), origin } }],
      rules('openrouter'),
    );
    assert.deepEqual(reply, {
      role: 'assistant',
      content: 'x',
      reasoning_details: [
        { type: 'reasoning.text', text: 'Let me see', signature: 'SIG', format: 'f', index: 0 },
        { type: 'reasoning.text', text: 'Second', index: 0 },
        { type: 'reasoning.encrypted', data: 'AAA', id: 'e1', index: 1 },
        { type: 'reasoning.encrypted', data: 'BBB', id: 'e2', index: 1 },
        { type: 'reasoning.summary', summary: 'In short', index: 2 },
        { type: 'reasoning.summary', summary: 'other', index: 3 },
      ],
    });
  });

  test('is the id of a spoken answer until it expires, then what was said', () => {
    const { message, details } = recorded('openai-audio');
    const { id, expires_at: expires, transcript } = message.audio ?? {};
    assert.ok(typeof id === 'string' && typeof expires === 'number' && typeof transcript === 'string');
    assert.equal(JSON.stringify(details).includes('"data"'), false, 'the sound itself is not kept');
    const lines = [user, { role: 'assistant', details }] as const;
    const before = messagesFor(lines, rules('openai'), expires * 1000 - 1);
    assert.deepEqual(before[1], { role: 'assistant', audio: { id } });
    const after = messagesFor(lines, rules('openai'), expires * 1000);
    assert.deepEqual(after[1], { role: 'assistant', content: transcript });
    const elsewhere = messagesFor(lines, rules('openai', 'https://other.example'), expires * 1000 - 1);
    assert.deepEqual(elsewhere[1], { role: 'assistant', content: transcript });
  });

  test('is a refusal as a refusal; elsewhere it is what the assistant said', () => {
    const { message, details } = recorded('openai-refusal');
    const { refusal = '' } = message;
    assert.notEqual(refusal, '');
    const lines = [user, { role: 'assistant', refusal, details }] as const;
    assert.deepEqual(messagesFor(lines, rules('openai'))[1], { role: 'assistant', content: '', refusal });
    const elsewhere = messagesFor(lines, rules('openai', 'https://other.example'));
    assert.deepEqual(elsewhere[1], { role: 'assistant', content: refusal });
  });

  test('is bounded: what is too long or too deep is left out, what is needed first stays', () => {
    const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } };
    const long = keepForReplay({
      role: 'assistant',
      content: null,
      tool_calls: [call],
      reasoning: 'x'.repeat(2_000_000),
    });
    assert.deepEqual(long, { tool_calls: [call] });
    const vast = { ...call, function: { name: 'f', arguments: 'x'.repeat(2_000_000) } };
    assert.equal(keepForReplay({ role: 'assistant', content: null, tool_calls: [vast] }), undefined);
    let deep: unknown = {};
    for (let depth = 0; depth < 100_000; depth++) deep = { deep };
    const message = { role: 'assistant', content: null, tool_calls: [call], reasoning_details: [deep] };
    assert.deepEqual(keepForReplay(message), { tool_calls: [call] });
  });
});
