import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Poster } from '../../src/panel/poster.ts';
import type { ConversationEvent } from '../../src/shared/conversation.ts';
import type { HostMessage } from '../../src/shared/protocol.ts';

function appended(text: string, offset: number, message = 'm'): ConversationEvent {
  return { type: 'textAppended', message, channel: 'content', offset, text };
}

/** A poster on a clock that is moved by hand. */
function bench() {
  const posted: HostMessage[] = [];
  let timers: (() => void)[] = [];
  const poster = new Poster(
    (message) => posted.push(message),
    (action) => {
      timers.push(action);
      return () => {
        timers = timers.filter((other) => other !== action);
      };
    },
  );
  const tick = (): void => {
    const due = timers;
    timers = [];
    for (const action of due) action();
  };
  return { posted, poster, tick, waiting: () => timers.length };
}

test('the first event goes out at once, the rest of the frame in one message', () => {
  const { posted, poster, tick } = bench();
  poster.postEvent('c', appended('a', 0));
  assert.equal(posted.length, 1);
  for (const [index, text] of ['b', 'c', 'd'].entries()) poster.postEvent('c', appended(text, index + 1));
  assert.equal(posted.length, 1);
  tick();
  assert.deepEqual(posted[1], { type: 'events', seq: 2, conversation: 'c', events: [appended('bcd', 1)] });
});

test('after a frame without events the clock rests', () => {
  const { poster, tick, waiting } = bench();
  poster.postEvent('c', appended('a', 0));
  tick();
  assert.equal(waiting(), 0);
});

test('another message never overtakes events that wait', () => {
  const { posted, poster } = bench();
  poster.postEvent('c', appended('a', 0));
  poster.postEvent('c', appended('b', 1));
  poster.post({ type: 'composerFocused' });
  assert.deepEqual(
    posted.map(({ type, seq }) => [type, seq]),
    [
      ['events', 1],
      ['events', 2],
      ['composerFocused', 3],
    ],
  );
});

test('nothing is posted after disposal', () => {
  const { posted, poster, tick } = bench();
  poster.postEvent('c', appended('a', 0));
  poster.postEvent('c', appended('b', 1));
  poster.dispose();
  tick();
  assert.equal(posted.length, 1);
});

test('whatever the frames, the view gets every event of each conversation in order, numbered without gaps', () => {
  const action = fc.oneof(
    fc.record({
      conversation: fc.constantFrom('c', 'd'),
      message: fc.constantFrom('m', 'n'),
      text: fc.string({ minLength: 1, maxLength: 3 }),
    }),
    fc.constant('tick' as const),
  );
  fc.assert(
    fc.property(fc.array(action), (actions) => {
      const { posted, poster, tick } = bench();
      const lengths = new Map<string, number>();
      const wanted = new Map<string, string>();
      for (const each of actions) {
        if (each === 'tick') {
          tick();
          continue;
        }
        const key = each.conversation + each.message;
        const offset = lengths.get(key) ?? 0;
        lengths.set(key, offset + each.text.length);
        wanted.set(key, (wanted.get(key) ?? '') + each.text);
        poster.postEvent(each.conversation, appended(each.text, offset, each.message));
      }
      tick();
      tick();
      const got = new Map<string, string>();
      for (const [index, message] of posted.entries()) {
        assert.equal(message.seq, index + 1);
        assert.equal(message.type, 'events');
        if (message.type !== 'events') continue;
        for (const event of message.events) {
          if (event.type !== 'textAppended') continue;
          const key: string = message.conversation + event.message;
          assert.equal(event.offset, (got.get(key) ?? '').length);
          got.set(key, (got.get(key) ?? '') + event.text);
        }
      }
      assert.deepEqual([...got].toSorted(), [...wanted].toSorted());
    }),
  );
});
