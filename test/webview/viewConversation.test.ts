import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { FakeHost, readyStatus } from '../support/viewPage/fakeHost.ts';
import { answer, brokenSelection, file, question, selection } from '../support/viewPage/samples.ts';
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

describe('setup', () => {
  it('offers one button when there is no endpoint', async () => {
    await using view = await openWith(
      new FakeHost({ ...readyStatus, setup: { type: 'noEndpoint' }, model: undefined }),
    );
    assert.equal(await view.role('button').count(), 1);
    assert.equal(await view.role('textbox').count(), 0);
    await view.role('button', { name: 'Add endpoint...' }).click();
    await view.intent('addEndpoint');
  });

  it('offers one button when no model is chosen, and names the endpoint', async () => {
    await using view = await openWith(
      new FakeHost({ ...readyStatus, setup: { type: 'noModel', endpoint: 'Ollama' }, model: undefined }),
    );
    assert.equal(await view.role('button').count(), 1);
    await view.frame.getByText('Ollama').waitFor();
    await view.role('button', { name: 'Select model...' }).click();
    await view.intent('selectModel');
  });

  it('keeps the conversation and the composer when the endpoint goes away later', async () => {
    const host = new FakeHost();
    host.add('user', question);
    host.addReply('text');
    await using view = await openWith(host);
    await view.post(host.statusChanged({ setup: { type: 'noEndpoint' }, model: undefined }));
    await view.role('button', { name: 'Add endpoint...' }).waitFor();
    assert.equal(await view.role('article').count(), 2);
    await view.role('textbox', { name: 'Message' }).fill('kept');
    assert.equal(await view.role('button', { name: 'Send' }).getAttribute('aria-disabled'), 'true');
  });

  it('shows what is attached before anything is set up, so that it is not lost', async () => {
    const host = new FakeHost({ ...readyStatus, setup: { type: 'noEndpoint' }, model: undefined });
    host.attach(selection);
    await using view = await openWith(host);
    await view.frame.getByTitle('src/cart.ts:12-24').waitFor();
    await view.role('button', { name: 'Add endpoint...' }).waitFor();
  });
});

describe('a message', () => {
  it('of a person is shown as it was written, line breaks and all, and means nothing', async () => {
    const host = new FakeHost();
    host.add('user', 'first *line*\n\n  <b>third</b>');
    await using view = await openWith(host);
    const article = view.role('article', { name: 'You' });
    assert.equal(await article.locator('.plain-text').innerText(), 'first *line*\n\n  <b>third</b>');
    assert.equal(await article.locator('b').count(), 0);
  });

  it('carries its role as its name, and a reply the model that was asked', async () => {
    const host = new FakeHost();
    host.add('system', 'Be brief.');
    host.add('developer', 'Be kind.');
    host.add('user', 'Hi');
    host.addReply('Hello', undefined, { model: 'router/vendor/model-1' });
    host.add('tool', '42');
    await using view = await openWith(host);
    const log = view.role('log', { name: 'Conversation' });
    for (const name of ['System', 'Developer', 'You', 'Assistant', 'Tool']) {
      assert.equal(await log.getByRole('article', { name, exact: true }).count(), 1, name);
    }
    await view.role('article', { name: 'Assistant' }).getByText('vendor/model-1', { exact: true }).waitFor();
  });

  it('shows its context by path and lines, and opens it on a click', async () => {
    const host = new FakeHost();
    const user = host.add('user', 'Why?', { context: [selection, brokenSelection, file] });
    await using view = await openWith(host);
    const chips = view.role('article', { name: 'You' }).getByRole('listitem');
    assert.deepEqual(
      (await chips.allInnerTexts()).map((text) => text.replaceAll('\n', '')),
      [
        'src/cart.ts:12-24',
        'packages/storefront/src/checkout/discounts/percentageDiscount.ts:72',
        'README.md',
      ],
    );
    assert.equal(await chips.getByRole('img', { name: '2 problems' }).count(), 1);
    await chips.getByText('README.md').click();
    assert.deepEqual(await view.intent('openContext'), {
      type: 'openContext',
      conversation: host.conversation,
      message: user,
      item: file.id,
    });
    assert.equal(await view.role('button', { name: /^Remove/ }).count(), 0);
  });

  it('is copied by the host, and says so to the eye and to the ear', async () => {
    const host = new FakeHost();
    const user = host.add('user', 'Why?');
    await using view = await openWith(host, { clock: 0 });
    const button = view.role('button', { name: 'Copy message' });
    await button.click();
    assert.deepEqual(await view.intent('copyMessage'), {
      type: 'copyMessage',
      conversation: host.conversation,
      message: user,
    });
    assert.equal(await button.getAttribute('title'), 'Copied');
    assert.equal(await view.role('status').innerText(), 'Copied');
    await view.page.clock.runFor(2100);
    assert.equal(await button.getAttribute('title'), 'Copy message');
  });

  it('that is a reply can be asked for again', async () => {
    const host = new FakeHost();
    host.add('user', 'Why?');
    const reply = host.addReply('Because.');
    await using view = await openWith(host);
    await view.role('button', { name: 'Regenerate' }).click();
    assert.equal((await view.intent('regenerate')).message, reply);
  });
});

describe('a reply', () => {
  it('shows that it is awaited, then its text, and its end is announced in one short sentence', async () => {
    const host = new FakeHost();
    host.add('user', question);
    const reply = host.add('assistant', '');
    await using view = await openWith(host);
    await view.role('progressbar', { name: 'Waiting for the reply' }).waitFor();
    host.append(reply, 'one\n\n');
    await view.post(host.events());
    await view.role('article', { name: 'Assistant' }).getByText('one').waitFor();
    assert.equal(await view.role('progressbar').count(), 0);
    assert.equal(await view.role('status').innerText(), '');
    host.append(reply, 'two\nthree');
    await view.post(host.events());
    host.end(reply);
    await view.post(host.events());
    await view.frame.getByText('Reply complete, 4 lines').waitFor({ state: 'attached' });
  });

  it('is never read out piece by piece: the log itself is silent', async () => {
    const host = new FakeHost();
    host.add('assistant', '');
    await using view = await openWith(host);
    const log = view.role('log', { name: 'Conversation' });
    assert.equal(await log.getAttribute('aria-live'), 'off');
    assert.equal(await log.getAttribute('aria-busy'), 'true');
  });

  it('gets every piece of its text, and no component renders for it', async () => {
    const host = new FakeHost();
    const reply = host.add('assistant', '');
    await using view = await openWith(host);
    host.append(reply, 'word ');
    await view.post(host.events());
    await view.frame.waitForSelector('.message-text');
    const touched = view.frame.evaluate(
      () =>
        new Promise<string[]>((resolve) => {
          const places = new Set<string>();
          const observer = new MutationObserver((records) => {
            for (const { target } of records) {
              const element = target instanceof Element ? target : target.parentElement;
              places.add(element?.closest('.message-text') ? 'text' : `outside: ${element?.className ?? ''}`);
            }
            if (document.querySelector('.message-text')?.textContent?.includes('the end')) {
              observer.disconnect();
              resolve([...places]);
            }
          });
          observer.observe(document.body, {
            subtree: true,
            childList: true,
            characterData: true,
            attributes: true,
          });
        }),
    );
    for (let piece = 0; piece < 20; piece += 1) {
      host.append(reply, `word${String(piece)} `);
      await view.post(host.events());
    }
    host.append(reply, 'the end');
    await view.post(host.events());
    assert.deepEqual(await touched, ['text']);
    const text = await view.frame.locator('.message-text').innerText();
    assert.equal(
      text.trim(),
      `word ${Array.from({ length: 20 }, (_, piece) => `word${String(piece)} `).join('')}the end`,
    );
  });

  it('ends as the same page as one that was there from the start', async () => {
    const host = new FakeHost();
    const reply = host.add('assistant', '');
    await using streamed = await openWith(host);
    for (let from = 0; from < answer.length; from += 7) {
      host.append(reply, answer.slice(from, from + 7));
      await streamed.post(host.events());
    }
    host.end(reply);
    await streamed.post(host.events());
    await streamed.role('button', { name: 'Regenerate' }).waitFor();
    await using whole = await openWith(host);
    const page = (view: ViewPage): Promise<string> =>
      view.frame
        .locator('.message-text')
        .evaluate((element) => new XMLSerializer().serializeToString(element));
    assert.equal(await page(streamed), await page(whole));
  });

  it('keeps its reasoning folded, renders it only when it is opened, and remembers that', async () => {
    const host = new FakeHost();
    const reply = host.add('assistant', '');
    await using view = await openWith(host);
    host.append(reply, 'Let me think', 'reasoning');
    await view.post(host.events());
    const summary = view.frame.locator('summary');
    await summary.waitFor();
    await view.role('progressbar').waitFor();
    assert.equal(await view.frame.getByText('Let me think').count(), 0);
    await summary.click();
    await view.frame.getByText('Let me think').waitFor();
    host.append(reply, ' about it', 'reasoning');
    await view.post(host.events());
    await view.frame.getByText('Let me think about it').waitFor();
    await view.reload();
    await view.post(host.snapshot());
    await view.frame.getByText('Let me think about it').waitFor();
  });

  it('has no code buttons in its reasoning: the host counts the blocks of the reply', async () => {
    const host = new FakeHost();
    const reply = host.add('assistant', 'Text');
    host.append(reply, '```ts\nlet a;\n```\n', 'reasoning');
    host.end(reply);
    await using view = await openWith(host);
    await view.frame.locator('summary').click();
    await view.frame.getByText('let a;').waitFor();
    assert.equal(await view.role('button', { name: 'Copy code' }).count(), 0);
  });

  it('that is refused shows the refusal as plain text', async () => {
    const host = new FakeHost();
    const reply = host.add('assistant', '');
    await using view = await openWith(host);
    host.append(reply, 'I cannot *help*', 'refusal');
    await view.post(host.events());
    await view.frame.getByText('The model refused to answer.').waitFor();
    host.append(reply, ' with that.', 'refusal');
    host.end(reply);
    await view.post(host.events());
    await view.frame.getByText('I cannot *help* with that.').waitFor();
  });
});

describe('versions', () => {
  it('are switched with buttons that are there only if there is a choice', async () => {
    const host = new FakeHost();
    const user = host.add('user', question);
    const first = host.addReply('first', undefined, { parent: user });
    const second = host.addReply('second', undefined, { parent: user });
    await using view = await openWith(host);
    const reply = view.role('article', { name: 'Assistant' });
    assert.match(await reply.locator('.version-count').innerText(), /2\/2$/);
    assert.equal(
      await view.role('article', { name: 'You' }).getByRole('button', { name: 'Next version' }).count(),
      0,
    );
    await view.role('button', { name: 'Next version' }).dispatchEvent('click');
    await view.role('button', { name: 'Previous version' }).click();
    assert.deepEqual(
      (await view.intents()).filter(({ type }) => type === 'chooseVersion'),
      [{ type: 'chooseVersion', conversation: host.conversation, message: first }],
    );
    host.choose(user, first);
    await view.post(host.events());
    await reply.getByText('first').waitFor();
    assert.match(await reply.locator('.version-count').innerText(), /1\/2$/);
    await view.role('button', { name: 'Next version' }).click();
    assert.equal((await view.intent('chooseVersion', 2)).message, second);
  });

  it('take what follows them along', async () => {
    const host = new FakeHost();
    const user = host.add('user', question);
    const first = host.addReply('first', undefined, { parent: user });
    host.add('user', 'about the first');
    host.choose(user, first);
    host.addReply('second', undefined, { parent: user });
    host.choose(user, first);
    await using view = await openWith(host);
    await view.frame.getByText('about the first').waitFor();
    host.choose(user, [...host.state.nodes.keys()].at(-1) ?? '');
    await view.post(host.events());
    await view.frame.getByText('second').waitFor();
    assert.equal(await view.frame.getByText('about the first').count(), 0);
  });
});

describe('the title', () => {
  it('is that of the conversation, and a new chat is one click away', async () => {
    const host = new FakeHost();
    host.add('user', 'Hi');
    host.title('Empty carts');
    await using view = await openWith(host);
    await view.role('heading', { name: 'Empty carts' }).waitFor();
    await view.role('button', { name: 'New chat' }).click();
    await view.intent('newChat');
  });

  it('drops down the other conversations, with mouse and keyboard', async () => {
    const others = [
      { id: 'chat-1', title: 'This one' },
      { id: 'chat-2', title: 'Second' },
      { id: 'chat-3', title: '' },
    ];
    const host = new FakeHost({ ...readyStatus, conversations: others }, 'chat-1');
    host.add('user', 'Hi');
    host.title('This one');
    await using view = await openWith(host);
    await view.role('button', { name: 'This one' }).click();
    assert.deepEqual(await view.role('menuitem').allInnerTexts(), ['Second', 'New chat']);
    await view.page.keyboard.press('ArrowDown');
    await view.page.keyboard.press('Enter');
    assert.equal((await view.intent('showChat')).conversation, 'chat-3');
    assert.equal(await view.role('menuitem').count(), 0);
    await view.role('button', { name: 'This one' }).click();
    await view.page.keyboard.press('Escape');
    assert.equal(await view.role('menuitem').count(), 0);
    const focused = view.frame.locator(':focus');
    assert.equal(await focused.getAttribute('class'), 'chat-switch');
  });
});
