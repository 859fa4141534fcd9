import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Complete, CreateChatCompletionRequest, Delta } from '../../src/core/completion.ts';
import { CompletionError } from '../../src/core/completionError.ts';
import { Sessions } from '../../src/panel/sessions.ts';
import type { SessionPorts } from '../../src/panel/session.ts';
import type { ContextItem, ConversationEvent } from '../../src/shared/conversation.ts';
import { draftOf } from '../../src/shared/project.ts';

const item: ContextItem = {
  id: 'i',
  kind: 'file',
  uri: 'file:///a',
  path: 'a',
  languageId: 'c',
  text: 'int x;',
};

/** A house of sessions around a scripted model. */
function house(replies: readonly (readonly Delta[] | Complete)[]) {
  const requests: CreateChatCompletionRequest[] = [];
  const events: ConversationEvent[] = [];
  let ids = 0;
  let reply = 0;
  const complete: Complete = (request, signal) => {
    requests.push(request);
    const script = replies[reply++] ?? [];
    return typeof script === 'function' ? script(request, signal) : stream(script);
  };
  const ports: SessionPorts = {
    writer: 'w',
    now: () => 0,
    newId: () => `id${ids++}`,
    connect: async (model) => {
      if (model === undefined) throw new CompletionError({ kind: 'noModel' });
      return {
        modelId: model,
        complete,
        instructionsRole: 'system',
        instructions: '',
        parameters: { temperature: 0 },
      };
    },
    defaultModel: () => 'default',
    onRetryChanged: () => {},
    onError: () => {},
    onTurnEnded: () => {},
    onEvent: (_session, event) => events.push(event),
  };
  return { sessions: new Sessions(ports, () => {}), requests, events, ports };
}

async function* stream(deltas: readonly Delta[]): AsyncGenerator<Delta> {
  yield* deltas;
}

const says = (text: string): readonly Delta[] => [{ type: 'content', choice: 0, text }, { type: 'done' }];

/** A reply that waits until it is stopped. */
const endless: Complete = async function* (_request, signal) {
  yield { type: 'content', choice: 0, text: 'half' };
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
};

test('a message is answered, and the next request carries both', async () => {
  const { sessions, requests } = house([says('One.'), says('Two.')]);
  const session = sessions.current;
  await session.send('First?', []);
  await session.send('Second?', []);
  assert.deepEqual(
    session.path.map(({ node }) => node.content.text),
    ['First?', 'One.', 'Second?', 'Two.'],
  );
  assert.deepEqual(
    requests[1]?.messages.map((message) => message.content),
    ['First?', 'One.', 'Second?'],
  );
  assert.equal(requests[1]?.model, 'default');
  assert.equal(requests[1]?.['temperature'], 0);
  assert.equal(session.state.title?.value, 'First?');
});

test('sending the draft empties it and takes its context along', async () => {
  const { sessions, requests } = house([says('ok')]);
  const session = sessions.current;
  session.addContext(item);
  session.changeDraft('What?', undefined);
  await session.sendDraft('What?');
  assert.deepEqual(draftOf(session.state), { text: '', items: [] });
  const content = requests[0]?.messages[0]?.content;
  assert.match(typeof content === 'string' ? content : '', /int x;[\s\S]*What\?$/);
});

test('a draft of nothing but white space is not sent', async () => {
  const { sessions, requests } = house([]);
  await sessions.current.sendDraft(' \n');
  assert.equal(requests.length, 0);
  assert.equal(sessions.current.state.nodes.size, 0);
});

test('the same place attached again replaces what was there', () => {
  const { sessions } = house([]);
  sessions.current.addContext(item);
  sessions.current.addContext({ ...item, id: 'j', text: 'int y;' });
  sessions.current.addContext({ ...item, id: 'k', lines: { first: 1, last: 2 } });
  assert.deepEqual(
    draftOf(sessions.current.state).items.map(({ id }) => id),
    ['j', 'k'],
  );
});

test('regenerating makes another version and keeps the first', async () => {
  const { sessions, requests } = house([says('A'), says('B')]);
  const session = sessions.current;
  await session.send('?', []);
  const first = session.path.at(-1)?.node.id ?? '';
  await session.regenerate(first);
  assert.deepEqual(
    requests[1]?.messages.map((message) => message.content),
    ['?'],
  );
  assert.deepEqual([session.path.at(-1)?.node.content.text, session.path.at(-1)?.versions.length], ['B', 2]);
  session.chooseVersion(first);
  assert.equal(session.path.at(-1)?.node.content.text, 'A');
});

test('a new version is shown although an older one was chosen before', async () => {
  const { sessions } = house([says('A'), says('B'), says('C')]);
  const session = sessions.current;
  await session.send('?', []);
  const first = session.path.at(-1)?.node.id ?? '';
  await session.regenerate(first);
  session.chooseVersion(first);
  await session.regenerate(first);
  assert.equal(session.path.at(-1)?.node.content.text, 'C');
});

test('continuing keeps the cut reply and goes on in a new version of it', async () => {
  const { sessions, requests } = house([[{ type: 'content', choice: 0, text: 'Half' }], says(' and half.')]);
  const session = sessions.current;
  await session.send('?', []);
  assert.equal(session.path.at(-1)?.node.ending?.value.type, 'interrupted');
  await session.continueReply(session.path.at(-1)?.node.id ?? '');
  assert.deepEqual(
    requests[1]?.messages.slice(0, 2).map((message) => message.content),
    ['?', 'Half'],
  );
  assert.equal(requests[1]?.messages.length, 3);
  assert.equal(session.path.at(-1)?.node.content.text, 'Half and half.');
  assert.deepEqual(session.path.at(-1)?.versions.length, 2);
});

test('stopping keeps the text so far and frees the conversation', async () => {
  const { sessions, events } = house([endless, says('again')]);
  const session = sessions.current;
  const sent = session.send('?', []);
  while (!events.some((event) => event.type === 'textAppended')) await new Promise(setImmediate);
  assert.equal(session.running, true);
  session.stop();
  await sent;
  assert.equal(session.running, false);
  assert.deepEqual(session.path.at(-1)?.node.ending?.value, { type: 'stopped' });
  assert.equal(session.path.at(-1)?.node.content.text, 'half');
  await session.send('more?', []);
  assert.equal(session.path.at(-1)?.node.content.text, 'again');
});

test('stopping before the connection is made sends nothing', async () => {
  const { sessions, requests } = house([says('never')]);
  const sent = sessions.current.send('?', []);
  sessions.current.stop();
  await sent;
  assert.equal(requests.length, 0);
  assert.deepEqual(sessions.current.path.at(-1)?.node.ending?.value, { type: 'stopped' });
});

test('without a model the message is kept and the reply says why', async () => {
  const { ports } = house([]);
  const sessions = new Sessions({ ...ports, defaultModel: () => undefined }, () => {});
  await sessions.current.send('Kept?', []);
  assert.equal(sessions.current.path[0]?.node.content.text, 'Kept?');
  assert.deepEqual(sessions.current.path[1]?.node.ending?.value, {
    type: 'failed',
    failure: { kind: 'noModel' },
  });
});

test('a question asked while a reply streams goes into a conversation of its own', async () => {
  const { sessions } = house([endless]);
  const busy = sessions.current;
  const sent = busy.send('?', []);
  assert.notEqual(sessions.idle(), busy);
  busy.stop();
  await sent;
});

test('a new chat takes an unused one again, with what was typed into it', () => {
  const { sessions } = house([]);
  const first = sessions.current;
  first.changeDraft('typed', undefined);
  assert.equal(sessions.startNew(), first);
});

test('conversations with messages are listed, newest first', async () => {
  const { sessions } = house([says('a'), says('b')]);
  await sessions.current.send('One', []);
  sessions.startNew();
  await sessions.current.send('Two', []);
  sessions.startNew();
  assert.deepEqual(
    sessions.list().map(({ title }) => title),
    ['Two', 'One'],
  );
});

test('every request of a conversation can be answered by the model chosen for it', async () => {
  const { sessions, requests } = house([says('a'), says('b')]);
  sessions.current.chooseModel('other');
  await sessions.current.send('?', []);
  assert.equal(requests[0]?.model, 'other');
  sessions.startNew();
  await sessions.current.send('?', []);
  assert.equal(requests[1]?.model, 'default');
});

test('a conversation stays with its model when the default changes', async () => {
  const { ports, requests } = house([says('a'), says('b')]);
  let fallback = 'a/one';
  const sessions = new Sessions({ ...ports, defaultModel: () => fallback }, () => {});
  await sessions.current.send('?', []);
  fallback = 'b/two';
  await sessions.current.send('and?', []);
  assert.deepEqual(
    requests.map(({ model }) => model),
    ['a/one', 'a/one'],
  );
});

test('a draft is never out of reach: it is listed until it is sent', async () => {
  const { sessions } = house([says('a')]);
  await sessions.current.send('One', []);
  const draft = sessions.startNew();
  draft.changeDraft('half a thought', undefined);
  draft.addContext(item);
  assert.equal(sessions.startNew(), draft);
  const first = sessions.list().at(-1)?.id ?? '';
  sessions.show(first);
  assert.deepEqual(
    sessions.list().map(({ id }) => id),
    [draft.id, first],
  );
  assert.notEqual(sessions.startNew(), draft);
});

test('another version is asked for with its own history, whatever is shown meanwhile', async () => {
  const { ports, requests } = house([says('a1'), says('a2'), says('a3'), says('again')]);
  let connected = Promise.resolve();
  const sessions = new Sessions(
    {
      ...ports,
      connect: async (model) => {
        await connected;
        return ports.connect(model);
      },
    },
    () => {},
  );
  const session = sessions.current;
  await session.send('u1', []);
  const a1 = session.path.at(-1)?.node.id ?? '';
  await session.send('u2', []);
  let connect = (): void => {};
  connected = new Promise((resolve) => {
    connect = resolve;
  });
  const regenerated = session.regenerate(a1);
  session.chooseVersion(a1);
  connect();
  await regenerated;
  assert.deepEqual(
    requests.at(-1)?.messages.map(({ content }) => content),
    ['u1'],
  );
});

test('Stop works while the key is looked up, and what comes of that is no error', async () => {
  const { ports, requests } = house([says('never')]);
  let fail = (): void => {};
  const connect: SessionPorts['connect'] = () =>
    new Promise((_resolve, reject) => {
      fail = () => reject(new CompletionError({ kind: 'noKey' }));
    });
  const sessions = new Sessions({ ...ports, connect }, () => {});
  const sent = sessions.current.send('?', []);
  sessions.current.stop();
  await sent;
  fail();
  assert.equal(sessions.current.running, false);
  assert.equal(requests.length, 0);
  assert.deepEqual(sessions.current.path.at(-1)?.node.ending?.value, { type: 'stopped' });
});

test('a reply that waits for another attempt says so, goes on at once when asked to, and waits no more when text comes', async () => {
  const waits: (number | undefined)[] = [];
  const waiting: Complete = async function* () {
    let proceed = (): void => {};
    const sent = new Promise<void>((resolve) => (proceed = resolve));
    const failure = { kind: 'rateLimited', status: 429 } as const;
    yield { type: 'retry', attempt: 2, waitMs: 90_000, failure, proceed };
    await sent;
    yield* says('At last.');
  };
  const { ports } = house([waiting]);
  let tell = (): void => {};
  const told = new Promise<void>((resolve) => (tell = resolve));
  const onRetryChanged: SessionPorts['onRetryChanged'] = ({ retry }) => {
    waits.push(retry?.until);
    tell();
  };
  const session = new Sessions({ ...ports, onRetryChanged }, () => {}).current;
  const over = session.send('?', []);
  await told;
  assert.deepEqual(session.retry, {
    message: session.path.at(-1)?.node.id,
    attempt: 2,
    until: 90_000,
    failure: { kind: 'rateLimited', status: 429 },
  });
  session.retryNow();
  await over;
  assert.equal(session.path.at(-1)?.node.content.text, 'At last.');
  // The clock of this house stands at 0.
  assert.deepEqual(waits, [90_000, 0, undefined]);
  assert.deepEqual(session.path.at(-1)?.node.details?.retried, [{ kind: 'rateLimited', status: 429 }]);
});

test('Stop ends the wait for another attempt, and a failed attempt ends it too', async () => {
  const failure = { kind: 'rateLimited', status: 429 } as const;
  const waits: Complete = async function* (_request, signal) {
    yield { type: 'retry', attempt: 2, waitMs: 3_600_000, failure, proceed: () => {} };
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  };
  const fails: Complete = async function* () {
    yield { type: 'retry', attempt: 2, waitMs: 1, failure, proceed: () => {} };
    throw new CompletionError(failure);
  };
  const { ports } = house([waits, fails]);
  const known: boolean[] = [];
  let tell = (): void => {};
  const told = new Promise<void>((resolve) => (tell = resolve));
  const onRetryChanged: SessionPorts['onRetryChanged'] = ({ retry }) => {
    known.push(retry !== undefined);
    tell();
  };
  const session = new Sessions({ ...ports, onRetryChanged }, () => {}).current;
  const over = session.send('?', []);
  await told;
  session.stop();
  await over;
  assert.deepEqual(session.path.at(-1)?.node.ending?.value, { type: 'stopped' });
  assert.equal(session.retry, undefined);
  await session.send('again?', []);
  assert.deepEqual(session.path.at(-1)?.node.ending?.value, { type: 'failed', failure });
  assert.deepEqual(known, [true, false, true, false]);
  session.retryNow();
  assert.equal(session.running, false);
});

test('what a server wants back goes with the next request to its origin, and with none to another', async () => {
  const details = [{ type: 'reasoning.encrypted', data: 'SECRET', index: 0 }];
  const reply: readonly Delta[] = [
    { type: 'content', choice: 0, text: 'One.' },
    {
      type: 'message',
      choice: 0,
      message: { role: 'assistant', content: 'One.', reasoning_details: details },
    },
    { type: 'done' },
  ];
  const { ports, requests, events } = house([reply, says('Two.'), says('Three.')]);
  const rules = { reasoningReplay: undefined, wantsContent: false };
  let origin = 'https://a.example';
  const connect: SessionPorts['connect'] = async (model) => ({
    ...(await ports.connect(model)),
    replay: { ...rules, origin },
  });
  const session = new Sessions({ ...ports, connect }, () => {}).current;
  await session.send('First?', []);
  await session.send('Second?', []);
  // The endpoint keeps its name and gets another address.
  origin = 'https://b.example';
  await session.send('Third?', []);
  assert.deepEqual(
    requests.slice(1).map(({ messages }) => JSON.stringify(messages).includes('SECRET')),
    [true, false],
  );
  const ended = events.find((event) => event.type === 'replyEnded');
  assert.deepEqual(ended?.type === 'replyEnded' && ended.details, {
    replay: { reasoning_details: details },
    origin: 'https://a.example',
  });
});
