import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { apply, createConversation } from '../../src/shared/apply.ts';
import { eventsFor, project } from '../../src/shared/project.ts';
import type { Intent } from '../../src/shared/protocol.ts';
import { Draft } from '../../webview/draft.ts';
import { Store } from '../../webview/store.ts';
import { histories, writers } from '../support/events.ts';
import { FakeHost, readyStatus } from '../support/viewPage/fakeHost.ts';

function createStore() {
  const intents: Intent[] = [];
  const ended: string[] = [];
  let focused = 0;
  const post = (intent: Intent): void => void intents.push(intent);
  const draft = new Draft(post, () => () => undefined);
  const store = new Store({
    post,
    draft,
    now: () => 1000,
    onReplyEnded: ({ id }) => ended.push(id),
    onFocusDiagnosis: () => undefined,
    onFocusComposer: () => {
      focused += 1;
    },
  });
  store.requestSnapshot();
  return { store, draft, intents, ended, focused: () => focused };
}

const readies = (intents: readonly Intent[]): number => intents.filter(({ type }) => type === 'ready').length;

describe('the store', () => {
  it('shows nothing before the first snapshot, and ignores what comes before it', () => {
    const { store, intents } = createStore();
    const host = new FakeHost();
    host.add('user', 'hello');
    store.receive(host.events());
    assert.equal(store.status.value, undefined);
    assert.equal(store.slots.value.length, 0);
    assert.equal(readies(intents), 1);
  });

  it('asks for everything again when a message is missing, once, and then shows all of it', () => {
    const { store, intents } = createStore();
    const host = new FakeHost();
    host.add('user', 'one');
    store.receive(host.snapshot());
    host.add('user', 'two');
    host.lose();
    host.add('user', 'three');
    store.receive(host.events());
    host.add('user', 'four');
    store.receive(host.events());
    assert.equal(readies(intents), 2);
    assert.equal(store.slots.value.length, 1);
    store.receive(host.snapshot());
    assert.deepEqual(
      store.slots.value.map(({ message }) => message.feeds.content.text),
      ['one', 'two', 'three', 'four'],
    );
  });

  it('asks again when it becomes visible while an answer is missing, and otherwise not', () => {
    const { store, intents } = createStore();
    store.becameVisible();
    assert.equal(readies(intents), 2);
    store.receive(new FakeHost().snapshot());
    store.becameVisible();
    assert.equal(readies(intents), 2);
  });

  it('takes a message that arrives twice once', () => {
    const { store } = createStore();
    const host = new FakeHost();
    const reply = host.add('assistant', '');
    store.receive(host.snapshot());
    host.append(reply, 'text');
    const message = host.events();
    store.receive(message);
    store.receive(message);
    assert.equal(store.slots.value[0]?.message.feeds.content.text, 'text');
  });

  it('ignores events of a conversation that is not shown', () => {
    const { store } = createStore();
    const host = new FakeHost();
    store.receive(host.snapshot());
    const other = new FakeHost(readyStatus, 'chat-2');
    other.add('user', 'elsewhere');
    store.receive({ ...other.events(), seq: 2 });
    assert.equal(store.slots.value.length, 0);
  });

  it('touches nothing but the message when text arrives', () => {
    const { store } = createStore();
    const host = new FakeHost();
    host.add('user', 'question');
    const reply = host.add('assistant', '');
    store.receive(host.snapshot());
    const { value: slots } = store.slots;
    const pieces: string[] = [];
    slots[1]?.message.feeds.content.listen({
      append: (text) => pieces.push(text),
      replace: () => pieces.push('?'),
    });
    host.append(reply, 'one ');
    store.receive(host.events());
    host.append(reply, 'two');
    store.receive(host.events());
    assert.equal(store.slots.value, slots);
    assert.deepEqual(pieces, ['one ', 'two']);
  });

  it('keeps the places that did not change when a message is added', () => {
    const { store } = createStore();
    const host = new FakeHost();
    host.add('user', 'question');
    host.addReply('answer');
    store.receive(host.snapshot());
    const [first, second] = store.slots.value;
    host.add('user', 'next');
    store.receive(host.events());
    assert.equal(store.slots.value[0], first);
    assert.equal(store.slots.value[1], second);
    assert.equal(store.slots.value.length, 3);
  });

  it('keeps the messages on the page over a new snapshot, and adds only what is new', () => {
    const { store } = createStore();
    const host = new FakeHost();
    const reply = host.add('assistant', 'begin');
    store.receive(host.snapshot());
    const message = store.slots.value[0]?.message;
    const pieces: string[] = [];
    message?.feeds.content.listen({ append: (text) => pieces.push(text), replace: () => pieces.push('?') });
    host.append(reply, ' and end');
    store.receive(host.snapshot());
    assert.equal(store.slots.value[0]?.message, message);
    assert.deepEqual(pieces, [' and end']);
  });

  it('is streaming as long as any reply has not ended, on the active path or not', () => {
    const { store, ended } = createStore();
    const host = new FakeHost();
    const user = host.add('user', 'question');
    const first = host.addReply('first');
    const second = host.add('assistant', '', { parent: user });
    store.receive(host.snapshot());
    assert.equal(store.streaming.value, true);
    host.choose(user, first);
    store.receive(host.events());
    assert.equal(store.streaming.value, true);
    host.end(second);
    store.receive(host.events());
    assert.equal(store.streaming.value, false);
    assert.deepEqual(ended, [second]);
  });

  it('tells of an ending only when it happens, not when it is part of a snapshot', () => {
    const { store, ended } = createStore();
    const host = new FakeHost();
    host.now = () => 5;
    host.addReply('answer', undefined, { created: 7 });
    store.receive(host.snapshot());
    assert.deepEqual(ended, []);
    // The host's clock was at 5 when the view's was at 1000.
    assert.equal(store.slots.value[0]?.message.ended.value?.at, 1002);
  });

  it('knows when another attempt follows by its own clock, and forgets it with the conversation', () => {
    const { store } = createStore();
    const host = new FakeHost();
    host.now = () => 5;
    const message = host.add('assistant', '');
    const retry = { message, attempt: 2, until: 3005, failure: { kind: 'serverError' } } as const;
    host.retry = retry;
    store.receive(host.snapshot());
    assert.deepEqual(store.retry.value, { ...retry, until: 4000 });
    store.receive(host.retryChanged({ ...retry, attempt: 3, until: 9005 }));
    assert.deepEqual(store.retry.value, { ...retry, attempt: 3, until: 10_000 });
    store.receive(host.retryChanged(undefined));
    assert.equal(store.retry.value, undefined);
    host.retry = retry;
    store.receive(host.snapshot());
    const other = new FakeHost();
    store.receive(other.snapshot());
    assert.equal(store.retry.value, undefined);
  });

  it('knows when a piece of a reply came last, and nothing of the text that a reply was born with', () => {
    const { store } = createStore();
    const host = new FakeHost();
    host.now = () => 1000;
    store.receive(host.snapshot());
    const reply = host.add('assistant', 'the first half', { created: 400 });
    store.receive(host.events());
    const message = store.slots.value[0]?.message;
    assert.deepEqual([message?.arrived.value, message?.begunAt, message?.lastPieceAt], [false, 400, 400]);
    store.receive(host.snapshot());
    assert.equal(message?.arrived.value, false);
    host.append(reply, ' and the second');
    store.receive(host.events());
    assert.deepEqual([message?.arrived.value, message?.lastPieceAt], [true, 1000]);
  });

  it('puts the cursor into the composer when the host says so', () => {
    const { store, focused } = createStore();
    const host = new FakeHost();
    store.receive(host.snapshot());
    store.receive(host.composerFocused());
    assert.equal(focused(), 1);
  });

  it('shows what the host would project, for any history, cut anywhere into a snapshot and events in any batches', () => {
    const [writer = ''] = writers;
    fc.assert(
      fc.property(histories, fc.nat(60), fc.array(fc.nat(5)), (events, cut, sizes) => {
        const { store, draft } = createStore();
        const host = createConversation();
        const before = events.slice(0, cut);
        for (const event of before) apply(host, event);
        let seq = 1;
        store.receive({
          type: 'snapshot',
          seq,
          conversation: 'c',
          writer,
          events: eventsFor(host),
          retry: undefined,
          diagnosis: undefined,
          status: readyStatus,
          now: 0,
        });
        let rest = events.slice(cut);
        for (let turn = 0; rest.length > 0; turn += 1) {
          const batch = rest.slice(0, 1 + (sizes[turn % Math.max(1, sizes.length)] ?? 0));
          rest = rest.slice(batch.length);
          for (const event of batch) apply(host, event);
          store.receive({ type: 'events', seq: (seq += 1), conversation: 'c', events: batch });
        }
        const expected = project(host, writer);
        assert.deepEqual(
          store.slots.value.map(({ message, version, versions }) => ({
            id: message.id,
            content: message.feeds.content.text,
            ending: message.ended.value?.ending,
            version,
            versions,
          })),
          expected.path.map(({ node, version, versions }) => ({
            id: node.id,
            content: node.content.text,
            ending: node.ending?.value,
            version,
            versions,
          })),
        );
        assert.deepEqual(store.items.value, expected.draft.items);
        assert.equal(draft.text.value, expected.draft.text);
        assert.equal(store.title.value, expected.title);
        const open = [...host.nodes.values()].some(
          ({ header, ending }) => header?.role === 'assistant' && !ending,
        );
        assert.equal(store.streaming.value, open);
      }),
      { numRuns: 500 },
    );
  });
});
