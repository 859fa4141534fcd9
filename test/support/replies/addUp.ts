import assert from 'node:assert/strict';
import type { Delta } from '../../../src/core/completion.ts';
import type { Reply } from '../../../src/core/reading.ts';
import { readUsage } from '../../../src/core/readingUsage.ts';

/** One call as the deltas tell it. */
interface Called {
  id: string | null;
  kind: string;
  name: string;
  text: string;
}

/** What the deltas add up to has to be what the reply holds. */
export function assertDeltasAddUp(deltas: readonly Delta[], reply: Reply): void {
  for (const { index, message, finishReason, logprobs } of reply.choices) {
    const text = (type: Delta['type']): string =>
      deltas.map((it) => (it.type === type && 'text' in it && it.choice === index ? it.text : '')).join('');
    assert.equal(text('content'), message.content ?? '');
    assert.equal(text('reasoning'), message.reasoning ?? '');
    assert.equal(text('refusal'), message.refusal ?? '');
    const last = deltas.findLast((it) => it.type === 'finish' && it.choice === index);
    assert.equal(last?.type === 'finish' ? last.finishReason : null, finishReason);
    assert.deepEqual(
      callsIn(deltas, index),
      (message.tool_calls ?? []).map(({ id, function: called, custom }) => ({
        id,
        kind: custom ? 'custom' : 'function',
        name: called?.name ?? custom?.name,
        text: called?.arguments ?? custom?.input,
      })),
    );
    assert.deepEqual(
      deltas.filter((it) => it.type === 'message' && it.choice === index),
      [{ type: 'message', choice: index, message, ...(logprobs && { logprobs }) }],
    );
  }
  assert.equal(deltas.filter((it) => it.type === 'message').length, reply.choices.length);
  const usage = deltas.findLast((it) => it.type === 'usage');
  assert.deepEqual(usage?.usage ?? null, reply.usage && readUsage(reply.usage));
  const over = reply.outcome === 'complete' || reply.outcome === 'empty';
  assert.equal(deltas.filter((it) => it.type === 'done').length, over ? 1 : 0);
  assert.equal(deltas.at(-1)?.type === 'done', over);
}

function callsIn(deltas: readonly Delta[], choice: number): readonly Called[] {
  const calls: Called[] = [];
  for (const delta of deltas) {
    if (delta.type !== 'toolCall' || delta.choice !== choice) continue;
    // A call is announced when the one before it has been: there are no gaps.
    assert.ok(delta.index <= calls.length);
    const call = (calls[delta.index] ??= { id: null, kind: 'function', name: '', text: '' });
    call.id = delta.id ?? call.id;
    call.kind = delta.kind ?? call.kind;
    call.name = delta.name ?? call.name;
    call.text += delta.text;
  }
  return calls;
}
