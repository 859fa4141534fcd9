import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { FakeHost } from '../support/viewPage/fakeHost.ts';
import { answer, brokenSelection, failures, file, question, selection } from '../support/viewPage/samples.ts';
import { createViewWorld, type ViewPage, type ViewWorld } from '../support/viewPage/viewPage.ts';

let world: ViewWorld;
before(async () => {
  world = await createViewWorld();
});
after(() => world[Symbol.asyncDispose]());

async function openWith(host: FakeHost): Promise<ViewPage> {
  const view = await world.open();
  await view.post(host.snapshot());
  await view.frame.waitForSelector('.chat');
  return view;
}

/** What has the focus, as a screen reader would name it. */
function focused(view: ViewPage): Promise<string> {
  return view.frame.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return 'nothing';
    const name = element.getAttribute('aria-label') ?? element.textContent?.trim() ?? '';
    const article = element.closest('article');
    return article && article !== element
      ? `${name} (${article.textContent?.match(/M\d+/)?.[0] ?? ''})`
      : name;
  });
}

async function press(view: ViewPage, ...keys: readonly string[]): Promise<string> {
  for (const key of keys) await view.page.keyboard.press(key);
  return focused(view);
}

function conversation(count: number): FakeHost {
  const host = new FakeHost();
  for (let index = 0; index < count; index += 1) {
    const text = `M${String(index)} says something`;
    if (index % 2 === 0) host.add('user', text);
    else host.addReply(text);
  }
  return host;
}

describe('Tab', () => {
  it('goes from the title through one message and the composer, and back the same way', async () => {
    const host = conversation(6);
    host.attach(selection);
    host.draft('text');
    await using view = await openWith(host);
    await view.role('button', { name: 'New chat' }).focus();
    const forth: string[] = [];
    for (let step = 0; step < 9; step += 1) forth.push(await press(view, 'Tab'));
    assert.deepEqual(forth, [
      'Assistant',
      'Copy message (M5)',
      'Regenerate (M5)',
      'src/cart.ts:12-24',
      'Remove src/cart.ts:12-24',
      'Message',
      'Attach',
      'Model: gpt-5-mini',
      'Send',
    ]);
    const back: string[] = [];
    for (let step = 0; step < 9; step += 1) back.push(await press(view, 'Shift+Tab'));
    assert.deepEqual(back, [...forth.slice(0, -1).toReversed(), 'New chat']);
  });

  it('comes back to the message that had the focus last', async () => {
    await using view = await openWith(conversation(6));
    await view.role('article').nth(1).focus();
    await press(view, 'Tab');
    assert.equal(await focused(view), 'Copy message (M1)');
    await view.role('textbox').focus();
    assert.equal(await press(view, 'Shift+Tab'), 'Regenerate (M1)');
  });

  it('reaches every control of a message: context, links, code, versions, ways on', async () => {
    const host = new FakeHost();
    const user = host.add('user', question, { context: [selection, brokenSelection] });
    host.addReply('first', undefined, { parent: user });
    const reply = host.add('assistant', `M1 ${answer}`, { parent: user });
    host.append(reply, 'thinking', 'reasoning');
    host.end(reply, { type: 'failed', failure: failures.serverError });
    await using view = await openWith(host);
    await view.role('button', { name: 'Try again' }).waitFor();
    const wanted = await view
      .role('article', { name: 'Assistant' })
      .evaluate((article) => [...article.querySelectorAll('button, a, summary')].length);
    await view.role('article', { name: 'Assistant' }).focus();
    const seen = new Set<string>();
    for (let step = 0; step < wanted + 10; step += 1) {
      const name = await press(view, 'Tab');
      if (name === 'Message') break;
      seen.add(`${String(step)} ${name}`);
    }
    assert.equal(await focused(view), 'Message');
    assert.ok(seen.size >= wanted, `${String(seen.size)} of ${String(wanted)}: ${[...seen].join(', ')}`);
  });
});

describe('the arrow keys', () => {
  it('go from message to message', async () => {
    await using view = await openWith(conversation(6));
    await view.role('article').last().focus();
    const texts: string[] = [];
    for (const key of ['ArrowUp', 'ArrowUp', 'ArrowDown']) {
      await view.page.keyboard.press(key);
      texts.push(
        await view.frame.evaluate(() => document.activeElement?.textContent?.match(/M\d/)?.[0] ?? ''),
      );
    }
    assert.deepEqual(texts, ['M4', 'M3', 'M4']);
  });

  it('scroll through a message that is longer than the view before they leave it', async () => {
    const host = conversation(2);
    host.add('user', 'M2');
    host.addReply(`M3\n\n${'A paragraph of some words.\n\n'.repeat(60)}`);
    await using view = await openWith(host);
    const last = view.role('article').last();
    await last.focus();
    assert.match(await press(view, 'ArrowUp'), /^Assistant/);
    for (let step = 0; step < 200 && (await focused(view)).startsWith('Assistant'); step += 1) {
      await view.page.keyboard.press('ArrowUp');
    }
    assert.equal(
      await view.frame.evaluate(() => document.activeElement?.textContent?.match(/M\d/)?.[0]),
      'M2',
    );
  });

  it('with Ctrl go from the composer to the newest message and back', async () => {
    await using view = await openWith(conversation(4));
    await view.role('textbox').focus();
    assert.equal(await press(view, 'Control+ArrowUp'), 'Assistant');
    assert.equal(await press(view, 'Control+ArrowDown'), 'Message');
  });
});

describe('the focus', () => {
  it('goes to the next chip, and at last to the text, when a chip is removed', async () => {
    const host = new FakeHost();
    for (const item of [selection, brokenSelection, file]) host.attach(item);
    await using view = await openWith(host);
    await view.role('button', { name: /^Remove packages/ }).focus();
    for (const [item, next] of [
      [brokenSelection, 'Remove README.md'],
      [file, 'Remove src/cart.ts:12-24'],
      [selection, 'Message'],
    ] as const) {
      await view.page.keyboard.press('Enter');
      host.detach(item.id);
      await view.post(host.events());
      await view.frame.getByText(item.path.split('/').at(-1) ?? '').waitFor({ state: 'detached' });
      assert.equal(await focused(view), next);
    }
  });

  it('is in the composer after sending with the button, and after Stop is gone', async () => {
    const host = new FakeHost();
    await using view = await openWith(host);
    await view.role('textbox').fill('question');
    await view.role('button', { name: 'Send' }).focus();
    await view.page.keyboard.press('Enter');
    assert.equal(await focused(view), 'Message');
    host.draft('');
    host.add('user', 'question');
    const reply = host.add('assistant', '');
    await view.post(host.events());
    await view.role('button', { name: 'Stop' }).focus();
    host.end(reply);
    await view.post(host.events());
    await view.role('button', { name: 'Stop' }).waitFor({ state: 'detached' });
    assert.equal(await focused(view), 'Message');
  });

  it('stays on the message when an error card goes away with its buttons', async () => {
    const host = new FakeHost();
    const user = host.add('user', question);
    host.addReply('', { type: 'failed', failure: failures.serverError }, { parent: user });
    await using view = await openWith(host);
    await view.role('button', { name: 'Try again' }).focus();
    await view.page.keyboard.press('Enter');
    await view.intent('recover');
    host.add('assistant', '', { parent: user });
    await view.post(host.events());
    await view.role('progressbar').waitFor();
    assert.match(await focused(view), /^Assistant/);
  });

  it('stays on the button that walks through the versions', async () => {
    const host = new FakeHost();
    const user = host.add('user', question);
    const ids = ['M1', 'M2', 'M3'].map((text) => host.addReply(text, undefined, { parent: user }));
    await using view = await openWith(host);
    await view.role('button', { name: 'Previous version' }).focus();
    for (const index of [1, 0]) {
      await view.page.keyboard.press('Enter');
      host.choose(user, ids[index] ?? '');
      await view.post(host.events());
      await view.frame.getByText(`M${String(index + 1)}`, { exact: true }).waitFor();
      assert.equal(await focused(view), `Previous version (M${String(index + 1)})`);
    }
  });

  it('goes to the composer when the way back to the end has been taken', async () => {
    await using view = await openWith(conversation(80));
    await view.role('log').evaluate((log) => {
      log.scrollTop -= 600;
    });
    await view.role('button', { name: 'Jump to latest' }).focus();
    await view.page.keyboard.press('Enter');
    await view.role('button', { name: 'Jump to latest' }).waitFor({ state: 'detached' });
    assert.equal(await focused(view), 'Message');
  });

  it('is not taken from where a person put it', async () => {
    const host = conversation(2);
    host.attach(file);
    await using view = await openWith(host);
    await view.role('button', { name: 'Remove README.md' }).focus();
    await view.role('log').click({ position: { x: 200, y: 300 } });
    assert.equal(await focused(view), 'nothing');
    host.detach(file.id);
    await view.post(host.events());
    await view.frame.getByText('README.md').waitFor({ state: 'detached' });
    assert.equal(await focused(view), 'nothing');
  });

  it('can be seen on everything that can have it', async () => {
    const host = new FakeHost();
    host.add('user', question, { context: [selection] });
    host.addReply(answer);
    host.attach(file);
    host.draft('text');
    await using view = await openWith(host);
    await view.role('button', { name: 'New chat' }).focus();
    for (let step = 0; step < 30; step += 1) {
      const name = await press(view, 'Tab');
      const ring = await view.frame.evaluate(() => {
        const element = document.activeElement;
        if (!element) return 'none';
        const shown = element.tagName === 'TEXTAREA' ? element.closest('.composer') : element;
        const style = shown && getComputedStyle(shown);
        return element.tagName === 'TEXTAREA'
          ? style?.borderTopColor
          : `${style?.outlineStyle ?? ''} ${style?.outlineColor ?? ''}`;
      });
      // The focus border of Dark Modern, #0078d4.
      assert.match(ring ?? '', /^(?:solid )?rgb\(0, 120, 212\)$/, name);
      if (name === 'Send') return;
    }
    assert.fail('The send button was never reached.');
  });
});
