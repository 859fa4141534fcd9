import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { stageTitles, type StageName } from '../../src/shared/diagnosis.ts';
import { startDemoServer, type DemoServer } from '../support/demoServer/server.ts';
import { openHouse, type House } from '../support/journey/house.ts';

describe('finding out why a connection does not work', { timeout: 300_000 }, () => {
  let house: House;
  let other: DemoServer;
  /** Takes connections and says nothing. */
  const silent = createServer(() => {});
  before(async () => {
    other = await startDemoServer();
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const { port } = silent.address() as AddressInfo;
    house = await openHouse({
      moreEndpoints: [
        { id: 'wrong', name: 'Wrong path', baseUrl: new URL(other.url).origin, models: ['colloquy-demo'] },
        { id: 'silent', name: 'Silent', baseUrl: `http://127.0.0.1:${port}/v1`, models: ['any'] },
      ],
    });
    await house.chat.open();
  });
  after(async () => {
    silent.close();
    await other.close();
    await house[Symbol.asyncDispose]();
  });

  const card = (): Locator => house.workbench.chat.getByRole('region', { name: 'Connection diagnosis' });
  const stage = (name: StageName, state: string): Locator =>
    card()
      .locator('li')
      .filter({ hasText: `${stageTitles[name]}: ${state}` });

  test('Test Connection says how long it took and how many models there are', async () => {
    const { workbench, chat } = house;
    await workbench.runCommand('Colloquy: Test Connection...');
    assert.deepEqual(await workbench.quickInput.items(), ['Demo server', 'Wrong path', 'Silent']);
    await workbench.quickInput.accept();
    await chat.allowKey();
    await workbench.notification(/Connected to Demo server in \d.*, \d+ models\./).waitFor();
    await workbench.screenshot('dist/pictures/diagnose-test.png');
  });

  test('its button runs every stage in the chat, and the report can be copied without the key', async () => {
    const { workbench, demo } = house;
    await workbench
      .notification(/Connected to/)
      .getByRole('button', { name: 'Diagnose...' })
      .click();
    await card().getByText('Everything works.').waitFor();
    for (const name of ['settings', 'tcp', 'path', 'key', 'models', 'completion'] as const) {
      assert.equal(await stage(name, 'Passed').count(), 1, name);
    }
    await workbench.screenshot('dist/pictures/diagnose-passed.png');
    await card().getByRole('button', { name: 'Copy report' }).click();
    let report = '';
    while (!report.includes('Colloquy: connection diagnosis')) {
      report = await workbench.page.evaluate(() => navigator.clipboard.readText());
    }
    assert.match(report, /Colloquy \d+\.\d+\.\d+, .+ \d+\.\d+\.\d+, Node \d+/);
    assert.match(report, /\[ ok {2}\] Reply/);
    assert.ok(!report.includes(demo.key));
    const sent = demo.requests.at(-1)?.text ?? '';
    assert.match(sent, /"max(?:_completion)?_tokens":1[,}]/);
  });

  test('a wrong path is told with the right one', async () => {
    const { workbench } = house;
    await workbench.runCommand('Colloquy: Diagnose Connection...');
    await workbench.quickInput.pick('Wrong path');
    await stage('path', 'Failed').waitFor();
    await card().getByText(`Change the base URL to ${other.url} `).waitFor();
    await card()
      .getByRole('status')
      .getByText(/^Failed: Address of the API\./)
      .waitFor();
    await workbench.screenshot('dist/pictures/diagnose-path.png');
    assert.ok(other.requests.every(({ method }) => method === 'GET'));
  });

  test('a server that says nothing is waited for until Stop', async () => {
    const { workbench, chat } = house;
    await workbench.runCommand('Colloquy: Diagnose Connection...');
    await workbench.quickInput.pick('Silent');
    await stage('path', 'Running').waitFor();
    await card().getByRole('button', { name: 'Stop' }).click();
    await card().getByText('Stopped before the end.').waitFor();
    await card().getByRole('button', { name: 'Close' }).click();
    await card().waitFor({ state: 'detached' });
    await chat.composer.waitFor();
  });

  test('the card of a failed reply leads there, for the endpoint of that reply', async () => {
    const { workbench, chat, demo } = house;
    await chat.ask('Hello');
    await demo.close();
    await chat.ask('Still there?');
    await chat.reply.getByRole('button', { name: 'Diagnose...' }).click();
    await stage('tcp', 'Failed').waitFor();
    await card()
      .getByText(/Nothing listens at 127\.0\.0\.1, port \d+/)
      .waitFor();
    await workbench.screenshot('dist/pictures/diagnose-gone.png');
    await card().getByRole('button', { name: 'Close' }).click();
  });

  test('Manage Endpoints tests a connection too', async () => {
    const { workbench } = house;
    await workbench.runCommand('Colloquy: Manage Endpoints...');
    await workbench.quickInput.pick('Demo server');
    await workbench.quickInput.pick('Test Connection');
    await workbench.notification(/Cannot connect to http:\/\/127\.0\.0\.1:\d+/).waitFor();
    await workbench.quickInput.cancel();
  });
});
