import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { apply, createConversation, nextStamp, type Conversation } from '../../src/shared/apply.ts';
import type { ConversationEvent } from '../../src/shared/conversation.ts';
import { eventsFor, project } from '../../src/shared/project.ts';
import { histories, writers } from '../support/events.ts';
import { sized } from '../support/sized.ts';

function replay(events: readonly ConversationEvent[]): Conversation {
  const state = createConversation();
  for (const event of events) apply(state, event);
  return state;
}

/** What can be seen of a state, without the order in which maps were filled. */
function visible(state: Conversation): unknown {
  const sorted = <T>(map: ReadonlyMap<string, T>): readonly (readonly [string, T])[] =>
    [...map].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...state,
    nodes: sorted(state.nodes),
    children: sorted(state.children),
    chosen: sorted(state.chosen).map(([writer, byParent]) => [writer, sorted(byParent)]),
    draftItems: sorted(state.draftItems),
  };
}

test('events in any order give the same conversation', () => {
  const shuffled = histories.chain((events) =>
    fc.tuple(fc.constant(events), fc.shuffledSubarray([...events], { minLength: events.length })),
  );
  fc.assert(
    fc.property(shuffled, ([events, other]) => {
      assert.deepEqual(visible(replay(other)), visible(replay(events)));
    }),
    { numRuns: sized(1000) },
  );
});

test('events that arrive twice change nothing', () => {
  const repeated = histories.chain((events) => fc.tuple(fc.constant(events), fc.subarray([...events])));
  fc.assert(
    fc.property(repeated, ([events, again]) => {
      assert.deepEqual(visible(replay([...events, ...again])), visible(replay(events)));
      assert.deepEqual(visible(replay([...again, ...events])), visible(replay(events)));
    }),
    { numRuns: sized(1000) },
  );
});

test('the view and the host show the same after every event, whenever the view was opened', () => {
  const opened = histories.chain((events) => fc.tuple(fc.constant(events), fc.nat(events.length)));
  fc.assert(
    fc.property(opened, fc.constantFrom(...writers), ([events, when], writer) => {
      const host = replay(events.slice(0, when));
      const view = replay(eventsFor(host));
      assert.deepEqual(project(view, writer), project(host, writer));
      for (const event of events.slice(when)) {
        apply(host, event);
        apply(view, event);
        assert.deepEqual(project(view, writer), project(host, writer));
      }
    }),
    { numRuns: sized(1000) },
  );
});

test('events in a random order, seen half-way, still rebuild the same conversation', () => {
  const cut = histories.chain((events) =>
    fc.tuple(fc.shuffledSubarray([...events], { minLength: events.length }), fc.nat(events.length)),
  );
  fc.assert(
    fc.property(cut, ([events, when]) => {
      const host = replay(events.slice(0, when));
      const view = replay(eventsFor(host));
      for (const event of events.slice(when)) {
        apply(host, event);
        apply(view, event);
      }
      for (const writer of writers) assert.deepEqual(project(view, writer), project(host, writer));
    }),
    { numRuns: sized(1000) },
  );
});

test('pieces of a text that overlap or repeat are never doubled', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 40 }),
      fc.array(fc.tuple(fc.nat(40), fc.nat(40))),
      (text, cuts) => {
        const state = createConversation();
        const pieces = cuts.map(
          ([a, b]) => [Math.min(a, b, text.length), Math.min(Math.max(a, b), text.length)] as const,
        );
        for (const [start, end] of pieces) {
          apply(state, {
            type: 'textAppended',
            message: 'm',
            channel: 'content',
            offset: start,
            text: text.slice(start, end),
          });
        }
        apply(state, { type: 'textAppended', message: 'm', channel: 'content', offset: 0, text });
        assert.equal(state.nodes.get('m')?.content.text, text);
        assert.deepEqual(state.nodes.get('m')?.content.ahead, []);
      },
    ),
  );
});

test('the next stamp comes after everything that was seen', () => {
  const state = replay([{ type: 'titleChanged', title: 'a', stamp: { counter: 41, writer: 'other' } }]);
  assert.deepEqual(nextStamp(state, 'me'), { counter: 42, writer: 'me' });
});

test('a version that one window chose does not move another window', () => {
  const header = (id: string, counter: number) =>
    ({
      id,
      parent: undefined,
      role: 'user',
      context: [],
      stamp: { counter, writer: 'a' },
      created: 0,
    }) as const;
  const state = replay([
    { type: 'messageAdded', header: header('first', 1), content: '1' },
    { type: 'messageAdded', header: header('second', 2), content: '2' },
    { type: 'versionChosen', parent: undefined, child: 'first', stamp: { counter: 3, writer: 'a' } },
  ]);
  assert.deepEqual(
    project(state, 'a').path.map((entry) => entry.node.id),
    ['first'],
  );
  assert.deepEqual(
    project(state, 'b').path.map((entry) => entry.node.id),
    ['second'],
  );
});

test('a loop among parents ends the path instead of hanging', () => {
  const stamp = { counter: 1, writer: 'a' };
  const state = createConversation();
  for (const [id, parent] of [
    ['x', undefined],
    ['y', 'x'],
  ] as const) {
    apply(state, {
      type: 'messageAdded',
      header: { id, parent, role: 'user', context: [], stamp, created: 0 },
      content: '',
    });
  }
  // A damaged file can say that a message is its own grandchild.
  state.children.set('y', state.children.get('') ?? []);
  assert.equal(project(state, 'a').path.length, 2);
});
