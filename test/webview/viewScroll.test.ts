import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Locator } from 'playwright-core';
import { FakeHost, readyStatus } from '../support/viewPage/fakeHost.ts';
import { createViewWorld, type ViewPage, type ViewWorld } from '../support/viewPage/viewPage.ts';

let world: ViewWorld;
before(async () => {
  world = await createViewWorld();
});
after(() => world[Symbol.asyncDispose]());

const paragraph =
  'Some sentence that is long enough to wrap in a panel of ordinary width, and then some more words.\n\n';

/** A conversation of `count` messages of uneven length. */
function longHost(count: number, conversation = 'chat-1'): FakeHost {
  const host = new FakeHost(readyStatus, conversation);
  for (let index = 0; index < count; index += 1) {
    const text = `Message ${String(index)}\n\n${paragraph.repeat(index % 7)}`;
    if (index % 2 === 0) host.add('user', text);
    else host.addReply(text);
  }
  return host;
}

async function openWith(host: FakeHost): Promise<ViewPage> {
  const view = await world.open();
  await view.post(host.snapshot());
  await view.frame.waitForSelector('.log');
  return view;
}

const log = (view: ViewPage): Locator => view.role('log');
const jump = (view: ViewPage): Locator => view.role('button', { name: 'Jump to latest' });

/** Pixels between what is visible and the end. */
function toEnd(view: ViewPage): Promise<number> {
  return log(view).evaluate((element) => element.scrollHeight - element.clientHeight - element.scrollTop);
}

async function settle(view: ViewPage): Promise<void> {
  await view.frame.evaluate(
    () =>
      new Promise((resolve) =>
        requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(resolve))),
      ),
  );
}

/**
 * Scrolls like a person, and waits until it has arrived: wheels scroll in steps over several frames. What is looked at
 * is a message and not the scroll position, which moves too when old messages come in above.
 */
async function scrollBy(view: ViewPage, pixels: number): Promise<void> {
  await settle(view);
  const box = await log(view).boundingBox();
  await view.page.mouse.move((box?.x ?? 0) + 100, (box?.y ?? 0) + 100);
  const watched = await log(view).evaluateHandle((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    const article = [...element.querySelectorAll('article')].findLast((candidate) => {
      const place = candidate.getBoundingClientRect();
      return (
        place.bottom > top && place.top < bottom && candidate.checkVisibility({ contentVisibilityAuto: true })
      );
    });
    return { article, start: article?.getBoundingClientRect().top ?? 0 };
  });
  await view.page.mouse.wheel(0, pixels);
  await watched.evaluate(
    ({ article, start }) =>
      new Promise<void>((resolve, reject) => {
        if (!article) {
          reject(new Error('no message can be seen'));
          return;
        }
        let still = 0;
        let last = start;
        let hasMoved = false;
        const look = (): void => {
          const { top } = article.getBoundingClientRect();
          hasMoved ||= Math.abs(top - start) > 8;
          still = top === last ? still + 1 : 0;
          last = top;
          if (hasMoved && still > 5) resolve();
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      }),
  );
}

/** The message at the top of the visible part, and where its upper edge is. */
function atTop(view: ViewPage): Promise<{ readonly text: string; readonly top: number }> {
  return log(view).evaluate((element) => {
    const edge = element.getBoundingClientRect().top;
    const articles = [...element.querySelectorAll('article')].filter((article) =>
      article.checkVisibility({ contentVisibilityAuto: true }),
    );
    const article = articles.find((candidate) => candidate.getBoundingClientRect().bottom > edge);
    return {
      text: article?.textContent?.slice(0, 30) ?? '',
      top: Math.round((article?.getBoundingClientRect().top ?? 0) - edge),
    };
  });
}

/** Upper edges of the messages that can be seen, by their ids. */
async function articleTops(view: ViewPage): Promise<ReadonlyMap<string, number>> {
  const tops = await log(view).evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return [...element.querySelectorAll<HTMLElement>('article')]
      .filter((article) => article.checkVisibility({ contentVisibilityAuto: true }))
      .map((article) => ({ id: article.dataset['message'] ?? '', box: article.getBoundingClientRect() }))
      .filter(({ box }) => box.bottom > top && box.top < bottom)
      .map(({ id, box }) => [id, box.top] as const);
  });
  return new Map(tops);
}

async function filled(view: ViewPage): Promise<void> {
  await view.frame.waitForFunction(() =>
    [...document.querySelectorAll('.log-content > *')].every((section) => section.childElementCount > 0),
  );
}

describe('the transcript', () => {
  it('opens at the end', async () => {
    await using view = await openWith(longHost(60));
    await settle(view);
    assert.ok((await toEnd(view)) <= 1);
    await view.frame.getByText('Message 59').waitFor();
    assert.equal(await jump(view).count(), 0);
  });

  it('follows a streaming reply', async () => {
    const host = longHost(9);
    const reply = host.add('assistant', '');
    await using view = await openWith(host);
    for (let piece = 0; piece < 15; piece += 1) {
      host.append(reply, paragraph);
      await view.post(host.events());
      await settle(view);
      assert.ok((await toEnd(view)) <= 1, `piece ${String(piece)}`);
    }
  });

  it('stays at the end when the composer grows and when the panel is resized', async () => {
    await using view = await openWith(longHost(30));
    await view.role('textbox').fill('a\nb\nc\nd\ne\nf');
    await settle(view);
    assert.ok((await toEnd(view)) <= 1);
    await view.page.setViewportSize({ width: 300, height: 500 });
    await settle(view);
    assert.ok((await toEnd(view)) <= 1);
    await view.page.setViewportSize({ width: 700, height: 900 });
    await settle(view);
    assert.ok((await toEnd(view)) <= 1);
    assert.equal(await jump(view).count(), 0);
  });

  it('stays where the reader is as soon as they scroll up, however much arrives', async () => {
    const host = longHost(30);
    const reply = host.add('assistant', paragraph.repeat(30));
    await using view = await openWith(host);
    await filled(view);
    await scrollBy(view, -400);
    const before = await log(view).evaluate((element) => element.scrollTop);
    for (let piece = 0; piece < 10; piece += 1) {
      host.append(reply, paragraph);
      await view.post(host.events());
      await settle(view);
      assert.equal(await log(view).evaluate((element) => element.scrollTop), before);
    }
    host.end(reply);
    await view.post(host.events());
    await view.role('button', { name: 'Send' }).waitFor();
    await settle(view);
    assert.equal(await log(view).evaluate((element) => element.scrollTop), before);
    assert.equal(await jump(view).count(), 1);
  });

  it('lets a reader leave the end by a few pixels while text streams', async () => {
    const host = longHost(10);
    const reply = host.add('assistant', paragraph.repeat(20));
    await using view = await openWith(host);
    await settle(view);
    await scrollBy(view, -12);
    host.append(reply, paragraph.repeat(3));
    await view.post(host.events());
    await settle(view);
    assert.ok((await toEnd(view)) > 12);
  });

  it('goes back to the end with the button, which then is gone, and follows again', async () => {
    const host = longHost(30);
    const reply = host.add('assistant', paragraph.repeat(10));
    await using view = await openWith(host);
    await scrollBy(view, -700);
    await jump(view).click();
    await settle(view);
    assert.ok((await toEnd(view)) <= 1);
    assert.equal(await jump(view).count(), 0);
    host.append(reply, paragraph.repeat(3));
    await view.post(host.events());
    await settle(view);
    assert.ok((await toEnd(view)) <= 1);
  });

  it('goes to the end when the reader sends a message', async () => {
    const host = longHost(30);
    await using view = await openWith(host);
    await scrollBy(view, -700);
    await view.role('textbox').fill('next');
    await view.page.keyboard.press('Enter');
    host.draft('');
    host.add('user', 'next');
    host.add('assistant', '');
    await view.post(host.events());
    await view.role('progressbar').waitFor();
    await settle(view);
    assert.ok((await toEnd(view)) <= 1);
  });

  it('does not move under the reader while old messages are filled in', async () => {
    await using view = await openWith(longHost(400));
    await scrollBy(view, -900);
    const before = await atTop(view);
    await filled(view);
    await settle(view);
    assert.deepEqual(await atTop(view), before);
  });

  for (const [when, prepare] of [
    ['through messages never seen before', () => Promise.resolve()],
    [
      'after the panel was made narrower',
      async (view: ViewPage) => {
        await filled(view);
        await view.page.setViewportSize({ width: 280, height: 700 });
        await settle(view);
      },
    ],
  ] as const) {
    it(`moves by what the reader scrolled and not a pixel more, ${when}`, async () => {
      await using view = await openWith(longHost(200));
      await prepare(view);
      for (let turn = 0; turn < 30; turn += 1) {
        const before = await articleTops(view);
        await scrollBy(view, -140);
        const after = await articleTops(view);
        const moves = [...before].flatMap(([id, top]) => (after.has(id) ? [(after.get(id) ?? 0) - top] : []));
        assert.ok(moves.length > 0);
        for (const move of moves)
          assert.ok(Math.abs(move - 140) <= 1, `turn ${String(turn)}: ${String(moves)}`);
      }
    });
  }

  it('is filled completely in idle time, so that everything can be found', async () => {
    await using view = await openWith(longHost(300));
    await filled(view);
    assert.equal(await view.frame.locator('article').count(), 300);
  });

  it('fills the place where a reader jumps to', async () => {
    await using view = await openWith(longHost(400));
    await log(view).evaluate((element) => {
      element.scrollTop = element.scrollHeight / 2;
    });
    await settle(view);
    const text = await log(view).evaluate((element) => {
      const { top, height, left } = element.getBoundingClientRect();
      return document.elementFromPoint(left + 60, top + height / 2)?.closest('article')?.textContent ?? '';
    });
    assert.match(text, /Message \d+/);
  });

  it('is read on at the same place after a reload', async () => {
    const host = longHost(200);
    await using view = await openWith(host);
    await filled(view);
    for (let turn = 0; turn < 6; turn += 1) await scrollBy(view, -900);
    const before = await atTop(view);
    await view.page.waitForFunction(() => JSON.stringify(window.viewState ?? '').includes('"place"'));
    // The place is written down a moment after the last scroll.
    await view.frame.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pagehide')));
    await view.reload();
    await view.post(host.snapshot());
    await view.frame.waitForSelector('.log');
    await settle(view);
    const after = await atTop(view);
    assert.equal(after.text, before.text);
    assert.ok(Math.abs(after.top - before.top) <= 2, `${String(before.top)} -> ${String(after.top)}`);
    await filled(view);
    await settle(view);
    assert.equal((await atTop(view)).text, before.text);
  });

  it('remembers the place of each conversation', async () => {
    const one = longHost(60);
    const two = longHost(60, 'chat-2');
    await using view = await openWith(one);
    await filled(view);
    await scrollBy(view, -1500);
    const before = await atTop(view);
    await view.post({ ...two.snapshot(), seq: 2 });
    await settle(view);
    assert.ok((await toEnd(view)) <= 1);
    await view.post({ ...one.snapshot(), seq: 3 });
    await settle(view);
    assert.equal((await atTop(view)).text, before.text);
  });
});
