import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Locator } from 'playwright-core';
import { FakeHost, readyStatus } from '../support/viewPage/fakeHost.ts';
import { brokenSelection, file, selection } from '../support/viewPage/samples.ts';
import {
  createViewWorld,
  type ViewPage,
  type ViewPageOptions,
  type ViewWorld,
} from '../support/viewPage/viewPage.ts';

let world: ViewWorld;
before(async () => {
  world = await createViewWorld();
});
after(() => world[Symbol.asyncDispose]());

async function openWith(host: FakeHost, options?: ViewPageOptions): Promise<ViewPage> {
  const view = await world.open(options);
  await view.post(host.snapshot());
  await view.frame.waitForSelector('.chat');
  return view;
}

const message = (view: ViewPage): Locator => view.role('textbox', { name: 'Message' });
const send = (view: ViewPage): Locator => view.role('button', { name: 'Send' });
const isOff = async (button: Locator): Promise<boolean> =>
  (await button.getAttribute('aria-disabled')) === 'true';

/** What the host does with a message it takes. */
async function take(view: ViewPage, host: FakeHost): Promise<string> {
  const { text } = await view.intent('send');
  host.draft('');
  host.add('user', text);
  const reply = host.add('assistant', '');
  await view.post(host.events());
  await view.role('button', { name: 'Stop' }).waitFor();
  return reply;
}

describe('sending', () => {
  it('is what Enter does; Shift+Enter breaks the line', async () => {
    const host = new FakeHost();
    await using view = await openWith(host);
    await message(view).click();
    await view.page.keyboard.type('one');
    await view.page.keyboard.press('Shift+Enter');
    await view.page.keyboard.type('two');
    assert.equal(await message(view).inputValue(), 'one\ntwo');
    await view.page.keyboard.press('Enter');
    assert.deepEqual(await view.intent('send'), {
      type: 'send',
      conversation: host.conversation,
      text: 'one\ntwo',
    });
    await take(view, host);
    assert.equal(await message(view).inputValue(), '');
  });

  it('is what the button does, which is off while there is nothing to send', async () => {
    const host = new FakeHost();
    await using view = await openWith(host);
    assert.equal(await isOff(send(view)), true);
    await message(view).fill('  \n ');
    assert.equal(await isOff(send(view)), true);
    await view.page.keyboard.press('Enter');
    await message(view).fill('hello');
    await send(view).click();
    const intents = await view.intents();
    assert.equal(intents.filter(({ type }) => type === 'send').length, 1);
    assert.equal((await view.intent('send')).text, 'hello');
  });

  it('needs no text when something is attached', async () => {
    const host = new FakeHost();
    host.attach(selection);
    await using view = await openWith(host);
    await send(view).click();
    assert.equal((await view.intent('send')).text, '');
  });

  it('does not happen while an input method is at work', async () => {
    const host = new FakeHost();
    await using view = await openWith(host);
    await message(view).fill('か');
    await message(view).evaluate((field) => {
      field.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }),
      );
      field.dispatchEvent(
        // oxlint-disable-next-line typescript/no-deprecated -- what Safari sends
        new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true }),
      );
    });
    assert.equal((await view.intents()).filter(({ type }) => type === 'send').length, 0);
    await message(view).press('Enter');
    await view.intent('send');
  });

  it('does not happen twice for one text', async () => {
    const host = new FakeHost();
    await using view = await openWith(host);
    await message(view).fill('once');
    await view.page.keyboard.press('Enter');
    await view.page.keyboard.press('Enter');
    await take(view, host);
    assert.equal((await view.intents()).filter(({ type }) => type === 'send').length, 1);
  });
});

describe('while a reply streams', () => {
  it('typing goes on, Enter loses nothing and sends nothing, and Stop is there', async () => {
    const host = new FakeHost();
    await using view = await openWith(host);
    await message(view).fill('first');
    await view.page.keyboard.press('Enter');
    const reply = await take(view, host);
    await view.page.keyboard.type('second');
    await view.page.keyboard.press('Enter');
    for (let piece = 0; piece < 10; piece += 1) {
      host.append(reply, 'text ');
      await view.post(host.events());
      await view.page.keyboard.type('.');
    }
    assert.equal(await message(view).inputValue(), 'second..........');
    assert.equal(await isOff(send(view)), true);
    assert.equal((await view.intents()).filter(({ type }) => type === 'send').length, 1);
    await view.role('button', { name: 'Stop' }).click();
    assert.equal((await view.intent('stop')).conversation, host.conversation);
    host.end(reply, { type: 'stopped' });
    await view.post(host.events());
    await view.role('button', { name: 'Stop' }).waitFor({ state: 'detached' });
    assert.equal(await message(view).inputValue(), 'second..........');
    assert.equal(await isOff(send(view)), false);
  });
});

describe('recalling', () => {
  async function withHistory(): Promise<ViewPage> {
    const host = new FakeHost();
    host.add('user', 'oldest');
    host.addReply('a');
    host.add('user', 'two\nlines');
    host.addReply('b');
    const view = await openWith(host);
    await message(view).click();
    return view;
  }

  it('walks back with Up and forth with Down, to an empty composer again', async () => {
    await using view = await withHistory();
    const seen: string[] = [];
    for (const key of ['ArrowUp', 'ArrowUp', 'ArrowUp', 'ArrowDown', 'ArrowDown', 'ArrowDown']) {
      await view.page.keyboard.press(key);
      seen.push(await message(view).inputValue());
    }
    assert.deepEqual(seen, ['two\nlines', 'oldest', 'oldest', 'two\nlines', '', '']);
  });

  it('leaves Up alone in a text of one’s own', async () => {
    await using view = await withHistory();
    await view.page.keyboard.type('mine');
    await view.page.keyboard.press('ArrowUp');
    assert.equal(await message(view).inputValue(), 'mine');
  });

  it('ends when the recalled text is changed', async () => {
    await using view = await withHistory();
    await view.page.keyboard.press('ArrowUp');
    await view.page.keyboard.type('!');
    await view.page.keyboard.press('ArrowUp');
    assert.equal(await message(view).inputValue(), 'two\nlines!');
  });
});

describe('the draft in the composer', () => {
  it('is told 300 ms after the last key, on leaving, and before the view hides', async () => {
    const host = new FakeHost();
    await using view = await openWith(host, { clock: 0 });
    await message(view).click();
    await view.page.keyboard.type('ab');
    await view.page.clock.runFor(250);
    assert.equal((await view.intents()).filter(({ type }) => type === 'changeDraft').length, 0);
    await view.page.clock.runFor(60);
    assert.equal((await view.intent('changeDraft')).text, 'ab');
    await view.page.keyboard.type('c');
    await message(view).blur();
    assert.equal((await view.intent('changeDraft', 2)).text, 'abc');
    await message(view).focus();
    await view.page.keyboard.type('d');
    await view.frame.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pagehide')));
    assert.equal((await view.intent('changeDraft', 3)).text, 'abcd');
    await view.page.keyboard.type('e');
    await view.frame.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    assert.equal((await view.intent('changeDraft', 4)).text, 'abcde');
  });

  it('comes back after a reload, and is replaced by that of another conversation', async () => {
    const host = new FakeHost();
    host.draft('from before');
    await using view = await openWith(host);
    assert.equal(await message(view).inputValue(), 'from before');
    const other = new FakeHost(readyStatus, 'chat-2');
    other.draft('another');
    await view.post(other.snapshot());
    await view.frame.waitForFunction(() => document.querySelector('textarea')?.value === 'another');
  });

  it('is not overwritten by the host while it is being typed', async () => {
    const host = new FakeHost();
    await using view = await openWith(host, { clock: 0 });
    await message(view).click();
    await view.page.keyboard.type('mine');
    host.draft('theirs');
    host.attach(file);
    await view.post(host.events());
    await view.frame.getByText('README.md').waitFor();
    assert.equal(await message(view).inputValue(), 'mine');
  });

  it('grows with its text to at most 40 % of the height, and then scrolls', async () => {
    await using view = await openWith(new FakeHost(), { height: 600 });
    const height = (): Promise<number> =>
      message(view).evaluate((field) => field.getBoundingClientRect().height);
    const empty = await height();
    await message(view).fill('a\nb\nc\nd\ne');
    const five = await height();
    assert.ok(five > empty + 30, `${String(empty)} -> ${String(five)}`);
    await message(view).fill('line\n'.repeat(200));
    assert.ok((await height()) <= 600 * 0.4);
    assert.ok(await message(view).evaluate((field) => field.scrollHeight > field.clientHeight));
    await message(view).fill('');
    assert.equal(await height(), empty);
  });
});

describe('context of the draft', () => {
  it('is shown as chips that open and that can be removed', async () => {
    const host = new FakeHost();
    for (const item of [selection, brokenSelection, file]) host.attach(item);
    await using view = await openWith(host);
    const chips = view.role('list', { name: 'Attached context' }).getByRole('listitem');
    assert.equal(await chips.count(), 3);
    await chips.getByText('cart.ts').click();
    assert.deepEqual(await view.intent('openContext'), {
      type: 'openContext',
      conversation: host.conversation,
      item: selection.id,
    });
    await view.role('button', { name: 'Remove src/cart.ts:12-24' }).click();
    assert.equal((await view.intent('removeContext')).item, selection.id);
    host.detach(selection.id);
    await view.post(host.events());
    await chips.getByText('cart.ts').waitFor({ state: 'detached' });
    assert.equal(await chips.count(), 2);
  });

  it('comes in while the view is open, and the cursor goes into the composer', async () => {
    const host = new FakeHost();
    await using view = await openWith(host);
    host.attach(selection);
    await view.post(host.events());
    await view.post(host.composerFocused());
    await view.frame.getByTitle('src/cart.ts:12-24').waitFor();
    assert.equal(
      await view.frame.evaluate(() => document.activeElement?.getAttribute('aria-label')),
      'Message',
    );
  });

  it('is chosen by the host when Attach is pressed, but not in Restricted Mode', async () => {
    const host = new FakeHost();
    await using view = await openWith(host);
    await view.role('button', { name: 'Attach' }).click();
    await view.intent('attach');
    await view.post(host.statusChanged({ trusted: false }));
    await view.frame.getByText('Restricted Mode', { exact: true }).waitFor();
    await view.role('button', { name: 'Attach' }).dispatchEvent('click');
    assert.equal((await view.intents()).filter(({ type }) => type === 'attach').length, 1);
  });
});

describe('the model button', () => {
  it('says which model is asked and opens the choice', async () => {
    const host = new FakeHost();
    await using view = await openWith(host);
    await view.role('button', { name: 'Model: gpt-5-mini' }).click();
    await view.intent('selectModel');
    await view.post(host.statusChanged({ model: { label: 'llama3.3', endpoint: 'Ollama' } }));
    await view.role('button', { name: 'Model: llama3.3' }).waitFor();
  });
});
