import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Ending } from '../../src/shared/conversation.ts';
import { failureKinds } from '../../src/shared/failure.ts';
import { recoveries, type Recovery } from '../../src/shared/protocol.ts';
import { describeEnding } from '../../webview/view/endingText.ts';
import { describeFailure, recoveryLabels } from '../../webview/view/failureText.ts';
import { FakeHost } from '../support/viewPage/fakeHost.ts';
import { failures, question } from '../support/viewPage/samples.ts';
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

async function openEnded(
  ending: Ending,
  text = '',
  options?: ViewPageOptions & { readonly created?: number },
) {
  const host = new FakeHost();
  const { clock } = options ?? {};
  if (clock !== undefined) host.now = () => clock;
  host.add('user', question);
  const reply = host.addReply(text, ending, { created: options?.created ?? 0 });
  const view = await world.open(options);
  await view.post(host.snapshot());
  await view.role('article', { name: 'Assistant' }).waitFor();
  return { view, host, reply, [Symbol.asyncDispose]: () => view[Symbol.asyncDispose]() };
}

const recoveryButtons = (view: ViewPage): Promise<readonly string[]> =>
  view.frame.locator('.recoveries button').allInnerTexts();

describe('the words for failures', () => {
  it('tell for every kind what happened and what to do, in sentence case and without an exclamation mark', () => {
    for (const kind of failureKinds) {
      for (const failure of [failures[kind], { kind }]) {
        const { title, why, next } = describeFailure(failure);
        assert.match(title, /^[A-Z][^.!]*$/, kind);
        assert.match(why, /^(?:[A-Z]|https?:)[^!]*\.$/, kind);
        assert.doesNotMatch(why + title, /undefined|\[object|NaN/, kind);
        assert.ok(next.length > 0 && new Set(next).size === next.length, kind);
      }
    }
  });

  it('name the origin, the model and the status where they are known', () => {
    assert.match(describeFailure(failures.unauthorized).why, /https:\/\/api\.openai\.com answered 401/);
    assert.match(describeFailure(failures.modelNotFound).title, /gpt-5-mini/);
    assert.match(describeFailure(failures.badRequest).why, /temperature/);
  });

  it('have a button text for every way on', () => {
    assert.deepEqual(Object.keys(recoveryLabels).toSorted(), [...recoveries].toSorted());
  });
});

describe('an error card', () => {
  it('shows title, reason, the server’s own words and the facts, and each button is an intent', async () => {
    await using opened = await openEnded({ type: 'failed', failure: failures.unauthorized });
    const { view, host, reply } = opened;
    const card = view.role('group', { name: 'The API key was refused' });
    const text = await card.innerText();
    for (const part of [
      'https://api.openai.com',
      'Incorrect API key provided',
      'HTTP 401',
      'invalid_api_key',
      'gpt-5-mini',
    ]) {
      assert.ok(text.includes(part), part);
    }
    const expected: Recovery[] = ['setKey', 'tryAgain', 'editEndpoint'];
    assert.deepEqual(await recoveryButtons(view), [
      'Set key',
      'Try again',
      'Edit endpoint...',
      'Diagnose...',
    ]);
    for (const [index, recovery] of expected.entries()) {
      await view.frame.locator('.recoveries button').nth(index).click();
      assert.deepEqual(await view.intent('recover', index + 1), {
        type: 'recover',
        conversation: host.conversation,
        message: reply,
        recovery,
      });
    }
  });

  it('counts the wait of a rate limit down and only then lets one try again', async () => {
    const at = Date.UTC(2026, 0, 1);
    const host = new FakeHost();
    host.add('user', question);
    const reply = host.add('assistant', '');
    await using view = await world.open({ clock: at });
    await view.post(host.snapshot());
    await view.role('progressbar').waitFor();
    host.end(reply, { type: 'failed', failure: { ...failures.rateLimited, retryAfterMs: 3000 } });
    await view.post(host.events());
    await view.frame.getByText('You can try again in 3 s.').waitFor();
    const button = view.role('button', { name: 'Try again' });
    await button.dispatchEvent('click');
    assert.equal((await view.intents()).filter(({ type }) => type === 'recover').length, 0);
    await view.page.clock.runFor(1000);
    await view.frame.getByText('You can try again in 2 s.').waitFor();
    await view.page.clock.runFor(2000);
    await view.frame.getByText(/You can try again/).waitFor({ state: 'detached' });
    await button.click();
    assert.equal((await view.intent('recover')).recovery, 'tryAgain');
  });

  it('of a conversation that is opened later has waited already', async () => {
    const at = Date.UTC(2026, 0, 1);
    const failure = { ...failures.rateLimited, retryAfterMs: 60_000 };
    await using opened = await openEnded({ type: 'failed', failure }, '', {
      clock: at,
      created: at - 50_000,
    });
    await opened.view.frame.getByText('You can try again in 10 s.').waitFor();
  });

  it('keeps its buttons only as long as it is the end of the conversation', async () => {
    await using opened = await openEnded({ type: 'failed', failure: failures.serverError });
    const { view, host } = opened;
    host.add('user', 'again, differently');
    await view.post(host.events());
    await view.frame.getByText('again, differently').waitFor();
    assert.deepEqual(await recoveryButtons(view), []);
    await view.role('group', { name: 'The server had an error' }).waitFor();
  });

  it('does not let one ask again while a reply streams', async () => {
    const host = new FakeHost();
    const user = host.add('user', question);
    const failed = host.addReply('', { type: 'failed', failure: failures.serverError }, { parent: user });
    const running = host.add('assistant', '', { parent: user });
    host.choose(user, failed);
    await using view = await world.open();
    await view.post(host.snapshot());
    const button = view.role('button', { name: 'Try again' });
    assert.equal(await button.getAttribute('aria-disabled'), 'true');
    host.end(running);
    await view.post(host.events());
    await view.role('button', { name: 'Stop' }).waitFor({ state: 'detached' });
    assert.equal(await button.getAttribute('aria-disabled'), null);
  });

  it('is announced once', async () => {
    const host = new FakeHost();
    const reply = host.add('assistant', '');
    await using view = await world.open();
    await view.post(host.snapshot());
    await view.role('progressbar').waitFor();
    host.end(reply, { type: 'failed', failure: failures.cannotConnect });
    await view.post(host.events());
    await view.role('group', { name: 'Could not connect' }).waitFor();
    assert.equal(await view.role('status').innerText(), 'Reply failed: Could not connect');
  });
});

describe('a reply that broke off', () => {
  it('keeps its text and offers to go on or to try again', async () => {
    await using opened = await openEnded({ type: 'interrupted', failure: failures.cut }, 'The text so far');
    const { view } = opened;
    await view.frame.getByText('The text so far', { exact: true }).waitFor();
    await view.role('group', { name: 'The reply was interrupted' }).waitFor();
    assert.deepEqual(await recoveryButtons(view), ['Continue', 'Try again', 'Diagnose...', 'Show log']);
    await view.role('button', { name: 'Continue' }).click();
    assert.equal((await view.intent('recover')).recovery, 'continue');
  });
});

describe('the line under a reply', () => {
  const text = { content: true, reasoning: false, refusal: false };
  const none = { content: false, reasoning: false, refusal: false };
  const complete = (finishReason: string | undefined) => ({ type: 'complete', finishReason }) as const;

  it('is not there when the reply is simply complete', () => {
    assert.equal(describeEnding(complete('stop'), text), undefined);
    assert.equal(describeEnding(complete(undefined), text), undefined);
    assert.equal(describeEnding(complete('eos'), text), undefined);
    assert.equal(describeEnding(complete('stop'), { ...none, refusal: true }), undefined);
  });

  it('says that the token limit ended it and offers to continue', () => {
    assert.deepEqual(describeEnding(complete('length'), text)?.next, ['continue']);
    assert.deepEqual(describeEnding(complete('length'), none)?.next, ['tryAgain']);
    assert.match(describeEnding(complete('length'), { ...none, reasoning: true })?.text ?? '', /reasoning/);
  });

  it('says that a content filter ended it, with and without text', () => {
    assert.match(describeEnding(complete('content_filter'), text)?.text ?? '', /content filter/);
    assert.match(describeEnding(complete('content_filter'), none)?.text ?? '', /content filter/);
  });

  it('says that a reply is empty', () => {
    assert.match(describeEnding(complete('stop'), none)?.text ?? '', /empty/);
    assert.match(describeEnding(complete('stop'), { ...none, reasoning: true })?.text ?? '', /empty/);
  });

  it('says that it was stopped, and offers to go on if there is something to go on from', () => {
    assert.deepEqual(describeEnding({ type: 'stopped' }, text)?.next, ['continue']);
    assert.deepEqual(describeEnding({ type: 'stopped' }, none)?.next, ['tryAgain']);
  });

  it('is on the page, with its button', async () => {
    await using opened = await openEnded({ type: 'complete', finishReason: 'length' }, 'Half a');
    const { view } = opened;
    await view.frame.getByText('The reply reached the token limit and is not complete.').waitFor();
    await view.role('button', { name: 'Continue' }).click();
    assert.equal((await view.intent('recover')).recovery, 'continue');
  });
});
