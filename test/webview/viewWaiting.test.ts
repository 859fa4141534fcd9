import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { failureKinds } from '../../src/shared/failure.ts';
import type { HostMessage } from '../../src/shared/protocol.ts';
import { durationInWords } from '../../webview/view/duration.ts';
import {
  describeAttempt,
  describeCountdown,
  describeSilence,
  describeWait,
} from '../../webview/view/waitText.ts';
import { FakeHost } from '../support/viewPage/fakeHost.ts';
import { failures, question } from '../support/viewPage/samples.ts';
import { createViewWorld, type ViewPage, type ViewWorld } from '../support/viewPage/viewPage.ts';

let world: ViewWorld;
before(async () => {
  world = await createViewWorld();
});
after(() => world[Symbol.asyncDispose]());

const at = Date.UTC(2026, 0, 1);
/** Another time than the view's, as in a remote window. */
const hostAt = at - 3_600_000;

/** A reply that has just been asked for, on a page whose clock stands still. */
async function openWaiting(prefix = '') {
  const host = new FakeHost();
  host.now = () => hostAt;
  host.add('user', question);
  const view = await world.open({ clock: at - 60_000 });
  await view.page.clock.pauseAt(at);
  /** Posts and lets a few frames pass: time moves for nobody else. */
  const post = async (message: HostMessage): Promise<void> => {
    await view.post(message);
    await view.page.clock.runFor(50);
  };
  await post(host.snapshot());
  const reply = host.add('assistant', prefix);
  await post(host.events());
  await view.role('progressbar').waitFor();
  return {
    host,
    view,
    reply,
    post,
    retryIn: (waitMs: number, attempt = 2, failure = failures.rateLimited) =>
      post(host.retryChanged({ message: reply, attempt, until: hostAt + waitMs, failure })),
    say: async (text: string, channel?: 'reasoning') => {
      host.append(reply, text, channel);
      await post(host.events());
    },
    [Symbol.asyncDispose]: () => view[Symbol.asyncDispose](),
  };
}

/** The text of the reply, with every space an ordinary one. */
const textOf = async (view: ViewPage): Promise<string> =>
  (await view.role('article', { name: 'Assistant' }).innerText()).replaceAll(/\s+/g, ' ');
const inReply = (view: ViewPage, text: string) => view.role('article', { name: 'Assistant' }).getByText(text);
const nowButton = (view: ViewPage) => view.role('button', { name: 'Try again now' });

describe('a duration in words', () => {
  it('names its largest unit and the next one, where that is not zero', () => {
    const words = [0, 1, 59, 60, 61, 200, 3599, 3600, 3660, 7500].map((seconds) =>
      durationInWords(seconds).replaceAll('\u00A0', ' '),
    );
    assert.deepEqual(words, [
      '0 s',
      '1 s',
      '59 s',
      '1 min',
      '1 min 1 s',
      '3 min 20 s',
      '59 min 59 s',
      '1 h',
      '1 h 1 min',
      '2 h 5 min',
    ]);
  });

  it('never says more than the time that is left, and at most a minute less', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), (seconds) => {
        const units: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3600 };
        const said = [...durationInWords(seconds).matchAll(/(\d+)\u00A0(\w+)/g)].reduce(
          (sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? ''] ?? Number.NaN),
          0,
        );
        assert.ok(said <= seconds && seconds - said < (seconds < 3600 ? 1 : 60));
      }),
    );
  });
});

describe('the words of a wait', () => {
  it('name the model without its endpoint and with nothing hidden in it, and the attempt from the second on', () => {
    const retry = { message: 'm', attempt: 3, until: 0, failure: failures.serverError };
    const plain = (text: string): string => text.replaceAll('\u00A0', ' ');
    assert.equal(
      plain(describeWait(23, 'openai/gpt-5-mini', undefined)),
      'Still waiting for gpt-5-mini (23 s)',
    );
    assert.equal(plain(describeWait(23, 'a/b/c', retry)), 'Still waiting for b/c (23 s, attempt 3)');
    assert.equal(plain(describeWait(10, undefined, undefined)), 'Still waiting for the reply (10 s)');
    assert.match(describeWait(10, 'x/a\u202Eb', undefined), /a\\u\{202E\}b/);
    assert.ok(describeWait(10, `x/${'m'.repeat(5000)}`, undefined).length < 300);
    assert.equal(plain(describeCountdown(200, retry)), 'Trying again in 3 min 20 s (attempt 3)');
    assert.equal(describeAttempt(retry), 'Trying again (attempt 3)');
    assert.equal(plain(describeSilence(75)), 'No text has arrived for 1 min 15 s.');
  });
});

describe('a reply that waits for another attempt', () => {
  it('says what happened, counts down, and then waits as usual', async () => {
    await using opened = await openWaiting();
    const { view, retryIn, say } = opened;
    await retryIn(90_000);
    await nowButton(view).waitFor();
    assert.match(
      await textOf(view),
      /Too many requests .*limits how often.* Trying again in 1 min 30 s \(attempt 2\)/,
    );
    assert.equal(await view.role('progressbar').count(), 0);
    await view.page.clock.runFor(31_000);
    await inReply(view, 'Trying again in 59 s').waitFor();
    await view.page.clock.runFor(58_500);
    await inReply(view, 'Trying again in 1 s').waitFor();
    await view.page.clock.runFor(500);
    await view.role('progressbar').waitFor();
    assert.equal(await nowButton(view).count(), 0);
    assert.match(await textOf(view), /Trying again \(attempt 2\)/);
    await view.page.clock.runFor(10_000);
    await inReply(view, 'Still waiting for gpt-5-mini (10 s, attempt 2)').waitFor();
    await opened.post(opened.host.retryChanged(undefined));
    await say('At last.');
    await inReply(view, 'At last.').waitFor();
    assert.doesNotMatch(await textOf(view), /attempt|waiting/);
  });

  it('has words for every failure there is', async () => {
    await using opened = await openWaiting();
    const { view, retryIn } = opened;
    for (const [index, kind] of failureKinds.entries()) {
      await retryIn(60_000, index + 2, failures[kind]);
      await inReply(view, `(attempt ${String(index + 2)})`).waitFor();
      assert.doesNotMatch(await textOf(view), /undefined|\[object|NaN/, kind);
    }
  });

  it('asks at once when told to, and stops by the composer’s button', async () => {
    await using opened = await openWaiting();
    const { view, host, reply, retryIn } = opened;
    await retryIn(200_000);
    const button = nowButton(view);
    assert.equal(await button.innerText(), 'Now');
    await button.focus();
    await view.page.keyboard.press('Enter');
    assert.deepEqual(await view.intent('retryNow'), { type: 'retryNow', conversation: host.conversation });
    // The host sends the attempt: it was due a moment ago.
    await retryIn(-5);
    await inReply(view, 'Trying again (attempt 2)').waitFor();
    // The focus did not fall out of the view with its button.
    assert.equal(await view.frame.evaluate(() => document.activeElement?.localName), 'article');
    await view.role('button', { name: 'Stop' }).click();
    assert.deepEqual(await view.intent('stop'), { type: 'stop', conversation: host.conversation });
    host.end(reply, { type: 'stopped' });
    await opened.post(host.retryChanged(undefined));
    await opened.post(host.events());
    await inReply(view, 'Stopped before the reply began.').waitFor();
    assert.equal(await view.role('progressbar').count(), 0);
  });

  it('is reached with Tab between the conversation and the composer', async () => {
    await using opened = await openWaiting();
    const { view, retryIn } = opened;
    await retryIn(200_000);
    await nowButton(view).waitFor();
    await view.role('textbox', { name: 'Message' }).focus();
    await view.page.keyboard.press('Shift+Tab');
    assert.equal(await view.frame.evaluate(() => document.activeElement?.ariaLabel), 'Try again now');
    await view.page.keyboard.press('Tab');
    assert.equal(await view.frame.evaluate(() => document.activeElement?.ariaLabel), 'Message');
  });

  it('lets one write meanwhile', async () => {
    await using opened = await openWaiting();
    const { view, retryIn } = opened;
    await retryIn(30_000);
    await nowButton(view).waitFor();
    const composer = view.role('textbox', { name: 'Message' });
    await composer.focus();
    await view.page.keyboard.type('and then');
    await view.page.clock.runFor(5000);
    await view.page.keyboard.type(' what');
    assert.equal(await composer.inputValue(), 'and then what');
    assert.equal(await view.frame.evaluate(() => document.activeElement?.ariaLabel), 'Message');
  });

  it('is announced once, and not every second', async () => {
    await using opened = await openWaiting();
    const { view, retryIn } = opened;
    await retryIn(12_000);
    await nowButton(view).waitFor();
    const said = await view.role('status').innerText();
    assert.equal(said.replaceAll('\u00A0', ' '), 'Too many requests. Trying again in 12 s (attempt 2)');
    await view.page.clock.runFor(3000);
    await inReply(view, 'Trying again in 9 s').waitFor();
    assert.equal(await view.role('status').innerText(), said);
    await retryIn(50_000, 3, failures.serverError);
    await inReply(view, '(attempt 3)').waitFor();
    assert.match(await view.role('status').innerText(), /^The server had an error\. .*attempt 3/);
  });

  it('for two seconds or less moves nothing on the page', async () => {
    await using opened = await openWaiting();
    const { view, retryIn } = opened;
    const look = () =>
      view.frame.evaluate(() => ({
        html: document.querySelector('article:last-child')?.innerHTML,
        top: document.querySelector('.composer')?.getBoundingClientRect().top,
        status: document.querySelector('[role=status]')?.textContent,
      }));
    const before = await look();
    await retryIn(2000);
    await view.page.clock.runFor(20);
    assert.deepEqual(await look(), before);
    for (let passed = 0; passed < 4; passed += 1) {
      await view.page.clock.runFor(1000);
      assert.deepEqual(await look(), before);
    }
  });

  it('of a view that opens in the middle of the wait shows what is left of it', async () => {
    await using opened = await openWaiting();
    const { view, host, retryIn } = opened;
    await retryIn(30_000);
    await view.page.clock.runFor(10_000);
    host.now = () => hostAt + 10_000;
    await view.reload();
    await opened.post(host.snapshot());
    await inReply(view, 'Trying again in 20 s').waitFor();
  });

  it('does not count in another message', async () => {
    await using opened = await openWaiting();
    const { view, host } = opened;
    const retry = { message: 'another', attempt: 2, until: hostAt + 60_000, failure: failures.rateLimited };
    await opened.post(host.retryChanged(retry));
    await view.page.clock.runFor(100);
    assert.equal(await nowButton(view).count(), 0);
    assert.equal(await view.role('progressbar').count(), 1);
  });
});

describe('a reply that does not begin', () => {
  it('says after ten seconds for whom it waits, counts, and after minutes why that may be', async () => {
    await using opened = await openWaiting();
    const { view, say } = opened;
    await view.page.clock.runFor(9850);
    assert.equal(await textOf(view), 'Assistant gpt-5-mini');
    await view.page.clock.runFor(100);
    await inReply(view, 'Still waiting for gpt-5-mini (10 s)').waitFor();
    const said = await view.role('status').innerText();
    assert.match(said, /^Still waiting for gpt-5-mini/);
    await view.page.clock.runFor(13_000);
    await inReply(view, '(23 s)').waitFor();
    assert.equal(await view.role('status').innerText(), said);
    await view.page.clock.runFor(156_000);
    assert.doesNotMatch(await textOf(view), /may still be loading/);
    await view.page.clock.runFor(1000);
    await inReply(view, 'A model on your own computer may still be loading.').waitFor();
    await say('Here.');
    await inReply(view, 'Here.').waitFor();
    assert.equal(await textOf(view), 'Assistant gpt-5-mini Here.');
  });

  it('waits on visibly where a cut reply is continued', async () => {
    await using opened = await openWaiting('The first half');
    const { view, retryIn, say } = opened;
    await view.page.clock.runFor(11_000);
    assert.match(await textOf(view), /The first half Still waiting for gpt-5-mini \(11 s\)/);
    await retryIn(60_000);
    await nowButton(view).waitFor();
    await opened.post(opened.host.retryChanged(undefined));
    await say(', and the second.');
    await inReply(view, 'The first half, and the second.').waitFor();
    assert.equal(await view.role('progressbar').count(), 0);
  });

  it('keeps the bar while it thinks, and does not call that waiting', async () => {
    await using opened = await openWaiting();
    const { view, say } = opened;
    await say('Let me see', 'reasoning');
    await inReply(view, 'Reasoning').waitFor();
    await view.page.clock.runFor(30_000);
    assert.equal(await view.role('progressbar').count(), 1);
    assert.doesNotMatch(await textOf(view), /waiting/);
  });
});

describe('a reply that falls silent', () => {
  it('says so after a minute, and no more as soon as something comes', async () => {
    await using opened = await openWaiting();
    const { view, say } = opened;
    await say('One');
    await inReply(view, 'One').waitFor();
    await view.page.clock.runFor(40_000);
    await say(' two');
    await view.page.clock.runFor(59_000);
    assert.doesNotMatch(await textOf(view), /No text/);
    await view.page.clock.runFor(1100);
    await inReply(view, 'No text has arrived for 1 min.').waitFor();
    assert.match(await view.role('status').innerText(), /^No text has arrived/);
    await view.page.clock.runFor(5000);
    await inReply(view, 'No text has arrived for 1 min 5 s.').waitFor();
    await say(' three');
    await view.page.clock.runFor(20);
    await inReply(view, 'One two three').waitFor();
    assert.equal(await textOf(view), 'Assistant gpt-5-mini One two three');
    await view.page.clock.runFor(60_000);
    await inReply(view, 'No text has arrived for 1 min.').waitFor();
    opened.host.end(opened.reply);
    await opened.post(opened.host.events());
    await view.role('button', { name: 'Stop' }).waitFor({ state: 'detached' });
    assert.doesNotMatch(await textOf(view), /No text/);
  });

  it('takes no timer for the pieces that come', async () => {
    await using opened = await openWaiting();
    const { view, say } = opened;
    await say('a');
    await view.frame.getByText('a', { exact: true }).waitFor();
    await view.page.clock.runFor(1000);
    await view.frame.evaluate(() => {
      const counted = { timers: 0 };
      Object.assign(globalThis, { counted });
      const { setTimeout: original } = globalThis;
      const count = (...args: Parameters<typeof setTimeout>) => {
        counted.timers += 1;
        return original(...args);
      };
      Object.assign(globalThis, { setTimeout: count });
    });
    for (let piece = 0; piece < 20; piece += 1) {
      await say(' b');
      await view.page.clock.runFor(20);
    }
    const timers = await view.frame.evaluate(() => {
      // Put there just above.
      const { counted } = globalThis as unknown as { readonly counted: { readonly timers: number } };
      return counted.timers;
    });
    assert.equal(timers, 0);
  });
});
