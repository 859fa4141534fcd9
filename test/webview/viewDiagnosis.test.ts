import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { stageNames, type Diagnosis, type StageName } from '../../src/shared/diagnosis.ts';
import { diagnoses } from '../support/viewPage/diagnosisSamples.ts';
import { FakeHost } from '../support/viewPage/fakeHost.ts';
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

async function open(diagnosis?: Diagnosis, options?: ViewPageOptions) {
  const view = await world.open(options);
  const host = new FakeHost();
  host.diagnosis = diagnosis;
  await view.post(host.snapshot());
  await view.role('textbox', { name: 'Message' }).waitFor();
  return { view, host, card: view.role('region', { name: 'Connection diagnosis' }) };
}

/** The element that has the focus, by its role or tag and its name. */
function focused(view: ViewPage): Promise<string> {
  return view.frame.evaluate(() => {
    const { activeElement } = document;
    return `${activeElement?.tagName.toLowerCase() ?? ''} ${activeElement?.getAttribute('aria-label') ?? activeElement?.textContent ?? ''}`;
  });
}

describe('The diagnosis in the chat', () => {
  it('lists every stage from the start and says in words how each stands', async () => {
    const { view, card } = await open(diagnoses.running);
    await using _ = view;
    const heads = await card.locator('.stage-head').allTextContents();
    assert.deepEqual(
      heads.map((head) => head.replace(/[\d.]+ m?s$/, '')),
      [
        'Settings: Passed',
        'Host name: Passed',
        'Proxy: Skipped',
        'Connection: Passed',
        'Encryption: Passed',
        'Address of the API: Running',
        'API key: Waiting',
        'Models: Waiting',
        'Reply: Waiting',
      ],
    );
    assert.equal(heads.length, stageNames.length);
    assert.equal(await card.getByRole('status').textContent(), 'Checking the connection...');
    assert.deepEqual(await card.getByRole('button').allTextContents(), ['Stop']);
    assert.deepEqual(view.complaints, []);
  });

  it('follows the host, and says the result once, in one sentence', async () => {
    const { view, host, card } = await open(diagnoses.begun);
    await using _ = view;
    await view.post(host.diagnosisChanged(diagnoses.running));
    await card.getByText('The certificate is trusted.').waitFor();
    await view.post(host.diagnosisChanged(diagnoses.failed));
    await card.getByRole('status').getByText('Failed: Address of the API. To look at: Connection.').waitFor();
    assert.equal(await card.getByText('Change the base URL to http://localhost:4000/v1').isVisible(), true);
    await view.post(host.diagnosisChanged(undefined));
    await card.waitFor({ state: 'detached' });
  });

  it('tells the host what its buttons are for', async () => {
    const { view, host, card } = await open(diagnoses.begun);
    await using _ = view;
    await card.getByRole('button', { name: 'Stop' }).click();
    await view.intent('stopDiagnosis');
    await view.post(host.diagnosisChanged(diagnoses.stopped));
    await card.getByRole('status').getByText('Stopped before the end.').waitFor();
    for (const [name, intent] of [
      ['Copy report', 'copyDiagnosis'],
      ['Run again', 'diagnose'],
      ['Close', 'closeDiagnosis'],
    ] as const) {
      await card.getByRole('button', { name }).click();
      assert.deepEqual(await view.intent(intent), { type: intent });
      if (intent === 'copyDiagnosis') await card.getByRole('button', { name: 'Copied' }).waitFor();
    }
  });

  it('keeps the focus among its buttons when they change, and gives it back when it closes', async () => {
    const { view, host, card } = await open(diagnoses.begun);
    await using _ = view;
    await card.getByRole('button', { name: 'Stop' }).focus();
    await view.post(host.diagnosisChanged(diagnoses.passed));
    await card.getByRole('button', { name: 'Close' }).waitFor();
    assert.equal(await focused(view), 'button Copy report');
    await card.getByRole('button', { name: 'Close' }).focus();
    await view.post(host.diagnosisChanged(undefined));
    await card.waitFor({ state: 'detached' });
    assert.equal(await focused(view), 'textarea Message');
  });

  it('takes the focus when the host says so, and Escape leaves it as it is', async () => {
    const { view, host, card } = await open(undefined);
    await using _ = view;
    const message = view.role('textbox', { name: 'Message' });
    await message.fill('half a thought');
    await view.post(host.diagnosisChanged(diagnoses.begun));
    await view.post(host.diagnosisFocused());
    await view.frame.waitForFunction(() => document.activeElement?.classList.contains('diagnosis') === true);
    await view.page.keyboard.press('Escape');
    assert.equal(await focused(view), 'textarea Message');
    assert.equal(await message.inputValue(), 'half a thought');
    assert.equal(await card.isVisible(), true);
    assert.equal(
      (await view.intents()).some(({ type }) => type === 'stopDiagnosis' || type === 'closeDiagnosis'),
      false,
    );
  });

  it('does not take the focus by itself, and comes back with the view', async () => {
    const { view, host, card } = await open(undefined);
    await using _ = view;
    await view.role('textbox', { name: 'Message' }).focus();
    await view.post(host.diagnosisChanged(diagnoses.running));
    await card.waitFor();
    assert.equal(await focused(view), 'textarea Message');
    await view.reload();
    await view.post(host.snapshot());
    await view.frame.getByText('The certificate is trusted.').waitFor();
  });

  it('opens the particulars of what failed and keeps those of what passed folded', async () => {
    const { view, card } = await open(diagnoses.failed);
    await using _ = view;
    const open_ = (name: StageName): Promise<boolean> =>
      card
        .locator(`[data-stage="${name}"] details`)
        .evaluate((details) => details instanceof HTMLDetailsElement && details.open);
    assert.equal(await open_('tcp'), true);
    assert.equal(await open_('settings'), false);
    await card.locator('[data-stage="settings"] summary').press('Enter');
    assert.equal(await card.getByText('Base URL: https://api.openai.com/v1').isVisible(), true);
  });

  it('shows every text as text, with what cannot be seen written out', async () => {
    const nasty = '<img src=x onerror=alert(1)>\u202E[link](https://evil.example)';
    const stage = {
      name: 'path',
      state: 'failed',
      found: nasty,
      facts: [nasty],
      advice: nasty,
      ms: 1,
    } as const;
    const { view, card } = await open({
      ...diagnoses.begun,
      endpoint: nasty,
      state: 'finished',
      stages: [stage],
    });
    await using _ = view;
    assert.equal(await card.locator('img, a').count(), 0);
    const text = (await card.textContent()) ?? '';
    assert.ok(text.includes('<img src=x onerror=alert(1)>\\u{202E}[link](https://evil.example)'));
    assert.ok(!text.includes('\u202E'));
    assert.deepEqual(view.complaints, []);
  });

  it('leaves the composer and its own buttons in reach, however long it is and however small the view', async () => {
    for (const [width, height] of [
      [250, 500],
      [420, 400],
    ] as const) {
      const { view, card } = await open(diagnoses.long, { width, height });
      await using _ = view;
      for (const element of [
        view.role('textbox', { name: 'Message' }),
        card.getByRole('button', { name: 'Close' }),
      ]) {
        await element.scrollIntoViewIfNeeded();
        const box = await element.boundingBox();
        assert.ok(box && box.y >= 0 && box.y + box.height <= height, JSON.stringify(box));
      }
    }
  });

  it('is offered where a failure has to do with the way to the server', async () => {
    const view = await world.open();
    await using _ = view;
    const host = new FakeHost();
    host.add('user', 'Hello');
    const reply = host.addReply('', {
      type: 'failed',
      failure: { kind: 'cannotConnect', origin: 'http://localhost:1' },
    });
    await view.post(host.snapshot());
    await view.role('button', { name: 'Diagnose...' }).click();
    const intent = await view.intent('recover');
    assert.equal(intent.recovery, 'diagnose');
    assert.equal(intent.message, reply);
  });
});
