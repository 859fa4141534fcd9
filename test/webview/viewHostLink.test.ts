import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as v from 'valibot';
import { intentSchema } from '../../src/shared/protocol.ts';
import { FakeHost, readyStatus } from '../support/viewPage/fakeHost.ts';
import { answer, failures, file, question, selection } from '../support/viewPage/samples.ts';
import { createViewWorld, type ViewWorld } from '../support/viewPage/viewPage.ts';

let world: ViewWorld;
before(async () => {
  world = await createViewWorld();
});
after(() => world[Symbol.asyncDispose]());

describe('the link to the host', () => {
  it('says ready once, after it can hear, and shows what comes', async () => {
    await using view = await world.open();
    assert.deepEqual(await view.intents(), [{ type: 'ready' }]);
    const host = new FakeHost();
    host.add('user', 'hello');
    await view.post(host.snapshot());
    await view.frame.getByText('hello').waitFor();
  });

  it('hears nobody but the frame around it: not itself, not a frame inside it, not another window', async () => {
    const host = new FakeHost();
    host.add('user', 'from the host');
    const forged = new FakeHost(readyStatus, 'forged');
    forged.add('user', 'forged');
    const messages = [
      forged.snapshot(),
      { ...forged.events(), seq: 2 },
      forged.statusChanged({}),
      forged.composerFocused(),
    ];
    await using view = await world.open();
    await view.post(host.snapshot());
    await view.frame.getByText('from the host').waitFor();
    await view.frame.evaluate((list) => {
      document.body.append(document.createElement('iframe'));
      for (const message of list) {
        window.postMessage(message, '*');
        const event = { data: message, origin: window.origin };
        window.dispatchEvent(new MessageEvent('message', event));
        window.dispatchEvent(new MessageEvent('message', { ...event, source: new MessageChannel().port1 }));
        window.dispatchEvent(new MessageEvent('message', { ...event, origin: 'https://evil.example' }));
      }
    }, messages);
    // A frame that content got into the page: the same origin, but not the frame around it.
    const [inner] = view.frame.childFrames();
    assert.ok(inner);
    await inner.evaluate((list) => {
      for (const message of list) window.parent.postMessage(message, '*');
    }, messages);
    const popup = await view.page.context().newPage();
    await popup.goto(`${world.server.origin}/outer/dark`);
    await view.frame.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    assert.equal(await view.frame.getByText('forged').count(), 0);
    await view.frame.getByText('from the host').waitFor();
  });

  it('shrugs at messages that are none', async () => {
    await using view = await world.open();
    for (const message of [
      undefined,
      null,
      1,
      'snapshot',
      [],
      {},
      { type: 'snapshot' },
      { type: 'constructor', seq: 1 },
    ]) {
      await view.page.evaluate((value) => window.postToView(value), message);
    }
    await view.post(new FakeHost().snapshot());
    await view.role('textbox', { name: 'Message' }).waitFor();
    assert.deepEqual(view.complaints, []);
  });

  it('asks for everything again when a message got lost, and goes on', async () => {
    const host = new FakeHost();
    const reply = host.add('assistant', '');
    await using view = await world.open();
    await view.post(host.snapshot());
    host.append(reply, 'lost ');
    host.lose();
    host.append(reply, 'and found');
    await view.post(host.events());
    await view.intent('ready', 2);
    await view.post(host.snapshot());
    await view.frame.getByText('lost and found').waitFor();
    host.append(reply, ', and more');
    await view.post(host.events());
    await view.frame.getByText('lost and found, and more').waitFor();
    assert.equal((await view.intents()).filter(({ type }) => type === 'ready').length, 2);
  });

  it('says only what the host understands, whatever is pressed', async () => {
    const host = new FakeHost({ ...readyStatus, conversations: [{ id: 'chat-9', title: 'Other' }] });
    const user = host.add('user', question, { context: [selection] });
    host.addReply('first', undefined, { parent: user });
    host.addReply(answer, { type: 'interrupted', failure: failures.unauthorized }, { parent: user });
    host.attach(file);
    await using view = await world.open();
    await view.post(host.snapshot());
    await view.role('button', { name: 'Continue' }).waitFor();
    await view.role('textbox').fill('text');
    const buttons = view.frame.locator('button, a, summary');
    for (let index = 0; index < (await buttons.count()); index += 1)
      await buttons.nth(index).dispatchEvent('click');
    const intents = await view.intents();
    for (const intent of intents)
      assert.equal(v.safeParse(intentSchema, intent).success, true, JSON.stringify(intent));
    const types = new Set(intents.map(({ type }) => type));
    for (const type of [
      'ready',
      'send',
      'removeContext',
      'openContext',
      'newChat',
      'showChat',
      'selectModel',
      'attach',
      'regenerate',
      'chooseVersion',
      'recover',
      'copyMessage',
      'useCode',
      'openLink',
    ] as const) {
      assert.ok(types.has(type), type);
    }
  });
});
