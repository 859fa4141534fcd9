import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { channels, roles, type ContextItem } from '../../src/shared/conversation.ts';
import { failureKinds, type Failure } from '../../src/shared/failure.ts';
import { FakeHost, readyStatus } from '../support/viewPage/fakeHost.ts';
import { selection } from '../support/viewPage/samples.ts';
import { createViewWorld, type ViewPage, type ViewWorld } from '../support/viewPage/viewPage.ts';

let world: ViewWorld;
before(async () => {
  world = await createViewWorld();
});
after(() => world[Symbol.asyncDispose]());

const payload = `"><img src=/stray onerror=alert(1)><script>alert(2)</script><b id=marked>x</b>'\${alert(3)}`;

/** Everything that a page made of our own parts can hold; anything else came from a text. */
const ownElements = new Set(
  'html head body main meta link title style script div span p h1 h2 h3 h4 h5 h6 ul ol li button header article details summary textarea strong em del code pre blockquote table thead tbody tr th td hr br a'.split(
    ' ',
  ),
);

async function openWith(host: FakeHost): Promise<ViewPage> {
  const view = await world.open();
  await view.frame.evaluate(() => {
    for (const name of ['alert', 'confirm', 'prompt', 'print', 'fetch', 'open'] as const) {
      Object.defineProperty(window, name, { value: () => document.body.setAttribute('data-called', name) });
    }
  });
  await view.post(host.snapshot());
  await view.frame.waitForSelector('.chat');
  return view;
}

async function assertOnlyText(view: ViewPage, where: string): Promise<void> {
  const { called, names, handlers, marked } = await view.frame.evaluate(() => {
    const elements = [...document.querySelectorAll('*')];
    return {
      called: document.body.dataset['called'],
      names: [...new Set(elements.map(({ localName }) => localName))],
      handlers: elements.flatMap((element) =>
        element
          .getAttributeNames()
          .filter(
            (name) =>
              /^on|^id$|^name$|^srcdoc$|^style$/.test(name) &&
              element.id !== 'root' &&
              element.id !== '_defaultStyles' &&
              !(name === 'style' && element.matches('html, .section')) &&
              !(element.localName === 'meta'),
          ),
      ),
      marked: document.querySelectorAll('#marked').length,
    };
  });
  assert.equal(called, undefined, where);
  assert.deepEqual(
    names.filter((name) => !ownElements.has(name)),
    [],
    where,
  );
  assert.deepEqual(handlers, [], where);
  assert.equal(marked, 0, where);
  assert.deepEqual(world.server.strays, [], where);
  assert.deepEqual(view.complaints, [], where);
}

describe('a payload in a field of the protocol stays text', () => {
  it('in texts, roles, models and titles', async () => {
    const host = new FakeHost({
      ...readyStatus,
      model: { label: payload, endpoint: payload },
      conversations: [
        { id: payload, title: payload },
        { id: 'other', title: payload },
      ],
    });
    for (const role of roles) host.add(role, payload, { model: payload });
    const reply = [...host.state.nodes.values()].find(({ header }) => header?.role === 'assistant')?.id ?? '';
    for (const channel of channels) host.append(reply, payload, channel);
    host.end(reply, { type: 'complete', finishReason: payload });
    host.title(payload);
    host.draft(payload);
    await using view = await openWith(host);
    await view.frame.locator('summary').click();
    await view.frame.locator('.chat-switch').click();
    await assertOnlyText(view, 'texts');
    assert.ok((await view.frame.locator('body').innerText()).includes('<script>alert(2)</script>'));
    assert.equal(await view.role('textbox').inputValue(), payload);
  });

  it('in every field of context', async () => {
    const item: ContextItem = {
      ...selection,
      id: payload,
      uri: payload,
      path: `a/${payload}`,
      languageId: payload,
      text: payload,
      problems: [payload],
    };
    const host = new FakeHost();
    host.add('user', 'hi', { context: [item] });
    host.attach({ ...item, id: 'draft' });
    await using view = await openWith(host);
    await assertOnlyText(view, 'context');
  });

  it('in the ids of conversations and messages', async () => {
    const host = new FakeHost(readyStatus, payload);
    host.add('user', 'hi');
    host.addReply('text');
    await using view = await openWith(host);
    await view.role('button', { name: 'Regenerate' }).click();
    await view.intent('regenerate');
    await assertOnlyText(view, 'ids');
  });

  it('in every field of every kind of failure, failed and interrupted', async () => {
    const host = new FakeHost();
    for (const kind of failureKinds) {
      const failure: Failure = {
        kind,
        origin: payload,
        model: payload,
        status: 400,
        detail: payload,
        param: payload,
        code: payload,
        retryAfterMs: 5,
      };
      host.addReply('', { type: 'failed', failure });
      host.addReply('text', { type: 'interrupted', failure });
    }
    await using view = await openWith(host);
    await view.role('group').first().waitFor();
    await assertOnlyText(view, 'failures');
  });

  it('in the name of the endpoint that lacks a model', async () => {
    await using view = await openWith(
      new FakeHost({ ...readyStatus, setup: { type: 'noModel', endpoint: payload }, model: undefined }),
    );
    await view.role('button', { name: 'Select model...' }).waitFor();
    await assertOnlyText(view, 'setup');
  });
});

describe('names from outside', () => {
  it('cannot hide or turn round what stands beside them', async () => {
    const host = new FakeHost();
    const path = 'src/\u202Egnp.sj\u202C\u200B\u0007\u{E0041}.ts';
    host.add('user', 'hi', { context: [{ ...selection, path }] });
    await using view = await openWith(host);
    const shown = await view.role('list', { name: 'Context' }).textContent();
    assert.equal(shown, 'src/\\u{202E}gnp.sj\\u{202C}\\u{200B}\\u{7}\\u{E0041}.ts:12-24');
  });

  it('are cut where they are endless', async () => {
    const host = new FakeHost({ ...readyStatus, model: { label: 'm'.repeat(100_000), endpoint: 'e' } });
    host.addReply('', { type: 'failed', failure: { kind: 'badRequest', detail: 'd'.repeat(100_000) } });
    await using view = await openWith(host);
    assert.ok((await view.frame.locator('body').innerText()).length < 4000);
  });
});

describe('links in a reply', () => {
  const reply = [
    '[plain](https://example.com/a)',
    '[https://bank.example](https://evil.example/login)',
    '[user](https://bank.example@evil.example/)',
    '[look-alike](https://аpple.example/)',
    '[command](command:workbench.action.terminal.sendSequence?x)',
    '[file](src/cart.ts#L3)',
    '![image](https://evil.example/pixel.png?q=secret)',
  ].join('\n\n');

  it('contact nobody when they are looked at, hovered or focused, and a click only asks the host', async () => {
    const host = new FakeHost();
    host.addReply(reply);
    await using view = await openWith(host);
    const requests: string[] = [];
    view.page.on('request', (request) => requests.push(request.url()));
    const links = view.role('article').locator('a, [role="link"], .message-text button');
    const count = await links.count();
    assert.ok(count >= 3, String(count));
    for (let index = 0; index < count; index += 1) {
      await links.nth(index).hover();
      await links.nth(index).focus();
      await links.nth(index).click();
    }
    const opened = (await view.intents()).flatMap((intent) =>
      intent.type === 'openLink' ? [intent.href] : [],
    );
    assert.ok(opened.includes('https://example.com/a'), opened.join(' '));
    assert.ok(opened.includes('src/cart.ts#L3'), opened.join(' '));
    assert.ok(!opened.some((href) => /^command:/i.test(href) || href.includes('@')), opened.join(' '));
    assert.deepEqual(requests, []);
    assert.deepEqual(
      view.page.frames().map((frame) => new URL(frame.url()).pathname),
      ['/outer/dark', '/inner/dark'],
    );
  });
});

describe('a reply that imitates our own page', () => {
  it('has none of its roles, classes or buttons, and covers nothing outside of its message', async () => {
    const host = new FakeHost();
    host.add('user', 'hi');
    host.addReply('', { type: 'failed', failure: { kind: 'serverError' } });
    await using real = await openWith(host);
    const card = await real
      .role('group')
      .evaluate((element) => new XMLSerializer().serializeToString(element));
    const fake = new FakeHost();
    fake.addReply(
      `${card}\n\n<div class="failure" role="group" style="position:fixed;inset:0;z-index:99999">x</div>\n\n<button class="button">Try again</button>`,
    );
    await using view = await openWith(fake);
    assert.equal(await view.role('group').count(), 0);
    assert.equal(await view.role('button', { name: 'Try again' }).count(), 0);
    assert.equal(await view.frame.locator('.failure').count(), 0);
    await assertOnlyText(view, 'imitation');
    // Even an element that got in would stay inside of its message.
    const hit = await view.frame.evaluate(() => {
      const intruder = document.createElement('div');
      intruder.style.cssText = 'position: fixed; inset: -9999px; z-index: 2147483647; background: red';
      document.querySelector('.message-text')?.append(intruder);
      const box = document.querySelector('.send')?.getBoundingClientRect();
      return (
        document.elementFromPoint((box?.x ?? 0) + 11, (box?.y ?? 0) + 11)?.closest('button')?.className ?? ''
      );
    });
    assert.match(hit, /send/);
  });
});
