import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openHouse } from '../support/journey/house.ts';

/** The elements that a reply may consist of; whatever else is in one came from the model's text. */
const allowed = new Set([
  'a',
  'article',
  'blockquote',
  'br',
  'button',
  'code',
  'del',
  'details',
  'div',
  'em',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'header',
  'hr',
  'li',
  'ol',
  'p',
  'pre',
  'section',
  'span',
  'strong',
  'summary',
  'table',
  'tbody',
  'td',
  'th',
  'thead',
  'tr',
  'ul',
]);

test(
  'a hostile reply runs nothing, loads nothing and stays text in the real view (R1 to R6, R10, R11, R14)',
  { timeout: 240_000 },
  async () => {
    await using house = await openHouse({ model: 'fault-hostile-markdown' });
    const { chat, demo, workbench } = house;
    const dialogs: string[] = [];
    workbench.page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    await chat.open();
    const before = (await workbench.chatFrame()).url();
    await chat.send('Attack.');
    await chat.allowKey();
    await chat.messages.nth(1).waitFor();
    await chat.ended();
    const frame = await workbench.chatFrame();
    const elements = await chat.reply.evaluate((reply) =>
      [...reply.querySelectorAll('*')].map((element) => ({
        tag: element.localName,
        attributes: element.getAttributeNames().map((name) => `${name}=${element.getAttribute(name) ?? ''}`),
      })),
    );
    assert.match(await chat.reply.innerText(), /<script/i, 'the reply is not the hostile document');
    for (const { tag, attributes } of elements) {
      assert.ok(allowed.has(tag), `<${tag}>`);
      for (const attribute of attributes) {
        assert.doesNotMatch(
          attribute,
          /^(?:on|src|srcset|style=.*url|srcdoc|id|name|action|formaction|poster|background)/i,
        );
        if (attribute.startsWith('href=')) assert.match(attribute, /^href=(?:https?:\/\/|mailto:)/);
      }
    }
    // Hovering and focusing unfurl nothing (R13).
    for (const link of (await chat.reply.locator('a').all()).slice(0, 20))
      await link.hover({ force: true, timeout: 2000 }).catch(() => undefined);
    assert.equal((await workbench.chatFrame()).url(), before, 'the view was navigated away');
    assert.equal(frame.isDetached(), false);
    assert.deepEqual(dialogs, []);
    assert.deepEqual(workbench.outsideRequests, []);
    assert.equal(demo.requests.filter(({ path }) => !/\/(?:chat\/completions|models)$/.test(path)).length, 0);
    await workbench.screenshot('dist/pictures/hostile.png');
  },
);

test(
  'another extension or page cannot speak for the host: messages from elsewhere are ignored (R18)',
  { timeout: 180_000 },
  async () => {
    await using house = await openHouse();
    const { chat, workbench } = house;
    await chat.open();
    const frame = await workbench.chatFrame();
    await frame.evaluate(() => {
      const forged = { type: 'snapshot', seq: 1, conversation: 'x', writer: 'x', events: [], status: {} };
      window.dispatchEvent(new MessageEvent('message', { data: forged, origin: 'https://evil.example' }));
      window.postMessage(forged, '*');
    });
    await chat.send('Still mine?');
    await chat.allowKey();
    await chat.ended();
    assert.equal(await chat.messages.count(), 2);
  },
);
