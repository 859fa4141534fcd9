import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Intent } from '../../src/shared/protocol.ts';
import { Draft } from '../../webview/draft.ts';

/** A draft, a clock that the test moves, and what was told to the host. */
function createDraft() {
  const told: Intent[] = [];
  const timers = new Set<{ readonly at: number; readonly action: () => void }>();
  let now = 0;
  const draft = new Draft(
    (intent) => told.push(intent),
    (action, ms) => {
      const timer = { at: now + ms, action };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  );
  function pass(ms: number): void {
    now += ms;
    for (const timer of [...timers]) {
      if (timer.at > now) continue;
      timers.delete(timer);
      timer.action();
    }
  }
  return { draft, told, pass };
}

/** The texts of the drafts that were told. */
function drafts(told: readonly Intent[]): readonly string[] {
  return told.flatMap((intent) => (intent.type === 'changeDraft' ? [intent.text] : []));
}

describe('the draft', () => {
  it('is told 300 ms after the last key, once', () => {
    const { draft, told, pass } = createDraft();
    draft.adopt('chat-1', '');
    draft.type('a');
    pass(299);
    draft.type('ab');
    pass(299);
    assert.deepEqual(told, []);
    pass(1);
    assert.deepEqual(told, [{ type: 'changeDraft', conversation: 'chat-1', text: 'ab' }]);
    pass(10_000);
    assert.equal(told.length, 1);
  });

  it('is told at once when the composer is left, and not again later', () => {
    const { draft, told, pass } = createDraft();
    draft.adopt('chat-1', '');
    draft.type('abc');
    draft.flush();
    draft.flush();
    pass(1000);
    assert.deepEqual(drafts(told), ['abc']);
  });

  it('takes what the host has for a conversation', () => {
    const { draft, told } = createDraft();
    draft.adopt('chat-1', 'from before');
    assert.equal(draft.text.value, 'from before');
    assert.deepEqual(told, []);
  });

  it('takes a change by the host (another view, a command) when everything typed was told', () => {
    const { draft } = createDraft();
    draft.adopt('chat-1', 'old');
    draft.hostChanged('new');
    assert.equal(draft.text.value, 'new');
  });

  it('keeps what was typed and not told yet, whatever the host says, and tells it then', () => {
    const { draft, told, pass } = createDraft();
    draft.adopt('chat-1', '');
    draft.type('mine');
    draft.hostChanged('theirs');
    assert.equal(draft.text.value, 'mine');
    pass(300);
    assert.deepEqual(drafts(told), ['mine']);
  });

  it('is not overruled by a change that the host made before it heard what was typed', () => {
    const { draft, pass } = createDraft();
    draft.adopt('chat-1', '');
    draft.type('mine');
    pass(300);
    draft.hostChanged('theirs');
    draft.hostChanged('mine');
    assert.equal(draft.text.value, 'mine');
    draft.hostChanged('theirs, later');
    assert.equal(draft.text.value, 'theirs, later');
  });

  it('is not set back by its own words coming back late', () => {
    const { draft, pass } = createDraft();
    draft.adopt('chat-1', '');
    draft.type('one');
    pass(300);
    draft.type('one two');
    pass(300);
    draft.hostChanged('one');
    assert.equal(draft.text.value, 'one two');
    draft.hostChanged('one two');
    assert.equal(draft.text.value, 'one two');
  });

  it('stays until the host has taken a sent message, and is empty then', () => {
    const { draft, told } = createDraft();
    draft.adopt('chat-1', '');
    draft.type('question');
    draft.send();
    assert.deepEqual(told, [{ type: 'send', conversation: 'chat-1', text: 'question' }]);
    assert.equal(draft.text.value, 'question');
    draft.hostChanged('');
    assert.equal(draft.text.value, '');
  });

  it('does not send the same text twice while the host has not answered', () => {
    const { draft, told } = createDraft();
    draft.adopt('chat-1', '');
    draft.type('question');
    draft.send();
    draft.send();
    assert.equal(told.length, 1);
  });

  it('keeps what was typed on after sending', () => {
    const { draft, told, pass } = createDraft();
    draft.adopt('chat-1', '');
    draft.type('question');
    draft.send();
    draft.type('question and the next');
    draft.hostChanged('');
    assert.equal(draft.text.value, ' and the next');
    pass(300);
    assert.deepEqual(drafts(told), [' and the next']);
  });

  it('keeps the text of a message that the host could not take, and can send it again', () => {
    const { draft, told } = createDraft();
    draft.adopt('chat-1', '');
    draft.type('question');
    draft.send();
    draft.hostAnswered();
    assert.equal(draft.text.value, 'question');
    draft.send();
    assert.deepEqual(
      told.map(({ type }) => type),
      ['send', 'send'],
    );
  });

  it('is told to the conversation it was typed in when another one is shown', () => {
    const { draft, told, pass } = createDraft();
    draft.adopt('chat-1', '');
    draft.type('for one');
    draft.adopt('chat-2', 'for two');
    assert.deepEqual(told, [{ type: 'changeDraft', conversation: 'chat-1', text: 'for one' }]);
    assert.equal(draft.text.value, 'for two');
    pass(1000);
    assert.equal(told.length, 1);
  });

  it('survives a new snapshot of the same conversation', () => {
    const { draft, told } = createDraft();
    draft.adopt('chat-1', '');
    draft.type('not told yet');
    draft.adopt('chat-1', 'what the host knew');
    assert.equal(draft.text.value, 'not told yet');
    assert.deepEqual(drafts(told), ['not told yet']);
  });

  it('ends the same on both sides, whatever is typed, and however late and however often the host answers', () => {
    type Step =
      | { readonly type: 'type'; readonly text: string }
      | { readonly type: 'other'; readonly text: string }
      | { readonly type: 'wait'; readonly ms: number }
      | { readonly type: 'answer' }
      | { readonly type: 'hear' };
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 4 });
    const step: fc.Arbitrary<Step> = fc.oneof(
      { weight: 4, arbitrary: fc.record({ type: fc.constant('type' as const), text }) },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('other' as const), text }) },
      {
        weight: 3,
        arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 400 }) }),
      },
      { weight: 3, arbitrary: fc.constantFrom({ type: 'answer' as const }, { type: 'hear' as const }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { draft, told, pass } = createDraft();
        draft.adopt('chat-1', '');
        let host = '';
        let heard = 0;
        const answers: string[] = [];
        // The host hears what was told, in order, some time later.
        const hear = (): void => {
          const intent = told[heard];
          if (intent?.type !== 'changeDraft') return;
          heard += 1;
          if (intent.text === host) return;
          host = intent.text;
          answers.push(host);
        };
        const answer = (): void => {
          const next = answers.shift();
          if (next === undefined) return;
          draft.hostChanged(next);
          known = next;
        };
        let typed: string | undefined;
        /** What the host is known to have: typing just that is no news to it, and it may change it again. */
        let known = '';
        for (const made of steps) {
          if (made.type === 'type') {
            if (made.text !== draft.text.value) typed = made.text;
            draft.type(made.text);
          } else if (made.type === 'wait') pass(made.ms);
          else if (made.type === 'hear') hear();
          else if (made.type === 'answer') answer();
          else if (made.text !== host) answers.push((host = made.text));
          const untold = typed !== undefined && typed !== known && drafts(told).at(-1) !== typed;
          if (untold && typed !== '')
            assert.equal(draft.text.value, typed, 'what was typed and not told is there');
          if (!untold) typed = undefined;
        }
        pass(1000);
        while (heard < told.length || answers.length > 0) {
          hear();
          answer();
          pass(1000);
        }
        assert.equal(draft.text.value, host);
      }),
      { numRuns: 2000 },
    );
  });
});
