import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openHouse, type House } from '../support/journey/house.ts';
import { bodyOf } from '../support/journey/sent.ts';

describe('connecting for the first time', { timeout: 300_000 }, () => {
  let house: House;
  before(async () => {
    house = await openHouse({ connected: false });
  });
  after(async () => house[Symbol.asyncDispose]());

  test('without an endpoint the view says so and offers one button', async () => {
    const { chat, workbench } = house;
    await workbench.runCommand('Colloquy: Focus Chat');
    await chat.button('Add endpoint...').waitFor();
    await workbench.screenshot('dist/pictures/connect-empty.png');
  });

  test('a wrong key is named as such, and the next one can be typed without losing the rest', async () => {
    const { chat, demo, workbench } = house;
    const { quickInput } = workbench;
    await chat.button('Add endpoint...').click();
    await quickInput.type('compatible');
    await quickInput.pick('Another compatible server');
    await quickInput.type('ftp://example.com');
    await quickInput.widget.locator('.quick-input-message').getByText(/https/).waitFor();
    await quickInput.type(demo.url);
    await quickInput.accept();
    await workbench.dialog().getByRole('button', { name: 'Connect' }).click();
    await quickInput.type('sk-wrong-key-000');
    await quickInput.accept();
    await quickInput.pick('Change key');
    await quickInput.type(`  ${demo.key}  `);
    await quickInput.accept();
  });

  test('the models of the server are offered, and the chosen one answers', async () => {
    const { chat, demo, workbench } = house;
    await workbench.quickInput.pick('colloquy-demo');
    await workbench.notification(/is connected/).waitFor();
    await chat.button(/^Model: colloquy-demo/).waitFor();
    await chat.ask('Hello');
    assert.equal(demo.requests.at(-1)?.headers['authorization'], `Bearer ${demo.key}`);
    await workbench.screenshot('dist/pictures/connect-done.png');
  });

  test('the settings name the endpoint and the model, and hold no key', async () => {
    const { workbench, demo } = house;
    const settings = workbench.userSettings();
    assert.match(settings, new RegExp(demo.url.replaceAll('.', '\\.')));
    assert.match(settings, /"colloquy\.model": "[^"]+\/colloquy-demo"/);
    assert.ok(!settings.includes(house.demo.key));
  });

  test('the model picker searches, and a model chosen there counts for this conversation', async () => {
    const { chat, demo, workbench } = house;
    await chat.button(/^Model:/).click();
    await workbench.quickInput.type('fault-empty');
    await workbench.screenshot('dist/pictures/model-picker.png');
    await workbench.quickInput.pick('fault-empty');
    await chat.button(/^Model: fault-empty/).waitFor();
    await chat.ask('Say nothing.');
    assert.equal(bodyOf(demo.requests.at(-1)).model, 'fault-empty');
    assert.match(workbench.userSettings(), /"colloquy\.model": "[^"]+\/colloquy-demo"/);
  });

  test('removing the key makes the next request fail with a way to set it again', async () => {
    const { chat, workbench } = house;
    await workbench.runCommand('Colloquy: Remove API Key...');
    await workbench.quickInput.accept();
    await workbench
      .dialog()
      .getByRole('button', { name: /Remove/ })
      .click();
    await workbench.runCommand('Colloquy: New Chat');
    await chat.ask('Anyone there?');
    await chat.reply.getByRole('button', { name: 'Set key' }).waitFor();
    await workbench.screenshot('dist/pictures/error-no-key.png');
  });
});
