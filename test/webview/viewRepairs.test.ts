import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Ending, Repair } from '../../src/shared/conversation.ts';
import { describeFailure } from '../../webview/view/failureText.ts';
import { describeRepair } from '../../webview/view/repairText.ts';
import { FakeHost } from '../support/viewPage/fakeHost.ts';
import { failures, oddRepairs, question, repairs } from '../support/viewPage/samples.ts';
import { createViewWorld, type ViewPage, type ViewWorld } from '../support/viewPage/viewPage.ts';

let world: ViewWorld;
before(async () => {
  world = await createViewWorld();
});
after(() => world[Symbol.asyncDispose]());

async function openRepaired(changes: readonly Repair[] | undefined, ending?: Ending, text = 'The answer.') {
  const host = new FakeHost();
  host.add('user', question);
  host.end(host.add('assistant', text), ending, changes && { repairs: changes });
  const view = await world.open();
  await view.post(host.snapshot());
  await view.role('article', { name: 'Assistant' }).waitFor();
  return { host, view, [Symbol.asyncDispose]: () => view[Symbol.asyncDispose]() };
}

const fold = (view: ViewPage) => view.frame.getByText('Request adjusted');
const words = (repair: Repair): string =>
  describeRepair(repair)
    .map((piece) => (typeof piece === 'string' ? piece : piece.code))
    .join('');

describe('what was changed in a request', () => {
  it('is one sentence for each change', () => {
    assert.deepEqual(repairs.map(words), [
      'max_tokens was sent as max_completion_tokens.',
      'temperature was left out: this server does not take it.',
      'The role developer was sent as system.',
      'Content parts were joined to one text.',
    ]);
  });

  it('shows names that a server made up cut, and with everything in them visible', () => {
    const [long = '', turned = ''] = oddRepairs.map(words);
    assert.ok(long.length < 130, long);
    assert.match(turned, /^<img src=x onerror=alert\(1\)> was sent as safe\\u\{202E\}gnp\.exe\\u\{A\}\.$/);
  });

  it('stands folded under the reply, and tells all of it when it is opened', async () => {
    await using opened = await openRepaired(repairs);
    const { view } = opened;
    const sentence = view.frame.getByText('temperature was left out: this server does not take it.');
    assert.equal(await sentence.isVisible(), false);
    await fold(view).click();
    assert.deepEqual(await view.frame.locator('.repairs li').allInnerTexts(), repairs.map(words));
    assert.deepEqual(view.complaints, []);
  });

  it('is not there where nothing was changed', async () => {
    for (const changes of [undefined, []]) {
      await using opened = await openRepaired(changes);
      await opened.view.frame.getByText('The answer.').waitFor();
      assert.equal(await fold(opened.view).count(), 0);
    }
  });

  it('is there under a reply that failed all the same, and under one that was cut', async () => {
    const endings: readonly Ending[] = [
      { type: 'failed', failure: failures.badRequest },
      { type: 'interrupted', failure: failures.cut },
    ];
    for (const ending of endings) {
      await using opened = await openRepaired(repairs, ending, ending.type === 'failed' ? '' : 'Half');
      await fold(opened.view).click();
      await opened.view.frame.getByText('max_tokens was sent as max_completion_tokens.').waitFor();
    }
  });

  it('can be forgotten from there, with the keyboard too', async () => {
    await using opened = await openRepaired(repairs);
    const { view } = opened;
    const summary = view.frame.locator('.repairs summary');
    await summary.focus();
    await view.page.keyboard.press('Enter');
    await view.page.keyboard.press('Tab');
    assert.equal(
      await view.frame.evaluate(() => document.activeElement?.textContent),
      'Forget Request Repairs...',
    );
    await view.page.keyboard.press('Enter');
    assert.deepEqual(await view.intent('forgetRepairs'), { type: 'forgetRepairs' });
  });

  it('stays as it was folded over a reload, and says nothing about the reasoning beside it', async () => {
    const host = new FakeHost();
    host.add('user', question);
    const reply = host.add('assistant', 'The answer.');
    host.append(reply, 'Let me see.', 'reasoning');
    host.end(reply, undefined, { repairs });
    await using view = await world.open();
    await view.post(host.snapshot());
    await fold(view).click();
    await view.role('button', { name: 'Forget Request Repairs...' }).waitFor();
    await view.reload();
    await view.post(host.snapshot());
    await view.role('button', { name: 'Forget Request Repairs...' }).waitFor();
    assert.equal(await view.frame.locator('.reasoning').getAttribute('open'), null);
  });

  it('with hostile names is text and nothing else', async () => {
    await using opened = await openRepaired(oddRepairs);
    const { view } = opened;
    await fold(view).click();
    await view.frame.getByText('<img src=x onerror=alert(1)>').waitFor();
    assert.equal(await view.frame.locator('.repairs img').count(), 0);
    assert.deepEqual(view.complaints, []);
  });

  it('stands beside the attempts that failed, each with its reason', async () => {
    const host = new FakeHost();
    host.add('user', question);
    host.end(host.add('assistant', 'The answer.'), undefined, {
      retried: [failures.rateLimited, failures.serverError],
    });
    host.end(host.add('assistant', 'Another.'), undefined, { repairs, retried: [failures.cannotConnect] });
    await using view = await world.open();
    await view.post(host.snapshot());
    await view.frame.getByText('2 earlier attempts failed').click();
    assert.deepEqual(await view.frame.locator('.repairs').first().locator('li').allInnerTexts(), [
      `Attempt 1 failed: ${describeFailure(failures.rateLimited).title}`,
      `Attempt 2 failed: ${describeFailure(failures.serverError).title}`,
    ]);
    // Nothing was changed in it, so there is nothing to forget.
    assert.equal(await view.role('button', { name: 'Forget Request Repairs...' }).count(), 0);
    await view.frame.getByText('Request adjusted, 1 earlier attempt failed').waitFor();
  });
});
