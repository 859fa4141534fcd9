import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { openHouse, type House } from '../support/journey/house.ts';

interface Case {
  /** Model id of the demo server that goes wrong in this way. */
  readonly model: string;
  readonly says: RegExp;
  readonly offers: readonly string[];
  /** Text of the reply that must still be there. */
  readonly keeps?: RegExp;
}

const cases: readonly Case[] = [
  { model: 'fault-401', says: /The API key was refused/, offers: ['Set key', 'Try again'] },
  { model: 'fault-403', says: /Access was denied/, offers: ['Select model...'] },
  { model: 'fault-404-model', says: /was not found/, offers: ['Select model...'] },
  { model: 'fault-quota', says: /The quota is used up/, offers: ['Select model...'] },
  {
    model: 'fault-context-length',
    says: /The conversation is too long/,
    offers: ['Select model...', 'Try again'],
  },
  { model: 'fault-500', says: /The server had an error/, offers: ['Try again', 'Show log'] },
  { model: 'fault-html', says: /This is not a Chat Completions API/, offers: ['Edit endpoint...'] },
  { model: 'fault-redirect', says: /The server redirected the request/, offers: ['Edit endpoint...'] },
  { model: 'fault-reset', says: /Could not connect/, offers: ['Try again', 'Edit endpoint...'] },
  {
    model: 'fault-cut-2000',
    says: /The reply was interrupted/,
    offers: ['Continue', 'Try again'],
    keeps: /\w{3}/,
  },
  {
    model: 'fault-stall-2000',
    says: /The reply was interrupted/,
    offers: ['Continue', 'Try again'],
    keeps: /\w{3}/,
  },
  { model: 'fault-error-in-stream', says: /The reply was interrupted/, offers: ['Try again'] },
  { model: 'fault-length', says: /length/i, offers: ['Continue'], keeps: /\w{3}/ },
  { model: 'fault-content-filter', says: /filter|policy/i, offers: [] },
  { model: 'fault-refusal', says: /refus|declin/i, offers: [] },
  { model: 'fault-empty', says: /empty|no text/i, offers: [] },
];

const tls = (name: string): Buffer =>
  readFileSync(new URL(`../support/fixtures/tls/${name}`, import.meta.url));

describe('errors that a person can act on', { timeout: 600_000 }, () => {
  let house: House;
  /** Its certificate is signed by an authority that nobody knows. */
  const unknownAuthority = createServer({ key: tls('good.key'), cert: tls('good.pem') });
  before(async () => {
    await once(unknownAuthority.listen(0, '127.0.0.1'), 'listening');
    const { port } = unknownAuthority.address() as AddressInfo;
    const other = {
      id: 'tls',
      name: 'TLS server',
      baseUrl: `https://127.0.0.1:${port}/v1`,
      dialect: 'generic',
    };
    house = await openHouse({
      endpoint: { timeouts: { idleMs: 1500 } },
      moreEndpoints: [other],
      settings: { 'colloquy.parameters': { temperature: 0.2 } },
    });
    await house.chat.open();
    await house.chat.send('Hello');
    await house.chat.allowKey();
    await house.chat.ended();
  });
  after(async () => {
    unknownAuthority.close();
    await house[Symbol.asyncDispose]();
  });

  for (const { model, says, offers, keeps } of cases) {
    test(`${model}: says what happened and offers ${offers.join(', ') || 'nothing but the reply as it is'}`, async () => {
      const { chat, workbench } = house;
      await workbench.runCommand('Colloquy: New Chat');
      await chat.chooseModel(model);
      await chat.ask('What does averageLevel do when there are no levels?');
      await chat.reply.getByText(says).first().waitFor();
      for (const name of offers) {
        assert.ok(await chat.reply.getByRole('button', { name, exact: true }).isVisible(), name);
      }
      if (keeps) assert.match(await chat.reply.locator('.md').first().innerText(), keeps);
      await workbench.screenshot(`dist/pictures/error-${model}.png`);
    });
  }

  test('a server that asks for a minute and a half is waited for in sight, and asked at once with Now', async () => {
    const { chat, workbench, demo } = house;
    await workbench.runCommand('Colloquy: New Chat');
    await chat.chooseModel('fault-429-later');
    await chat.send('What does averageLevel do when there are no levels?');
    const now = chat.reply.getByRole('button', { name: 'Try again now' });
    await now.waitFor();
    assert.match(
      await chat.reply.innerText(),
      /Too many requests[\s\S]*Trying again in 1\smin \d+\ss \(attempt 2\)/,
    );
    await chat.composer.fill('Meanwhile I write on.');
    await workbench.screenshot('dist/pictures/wait-429.png');
    const posts = demo.requests.length;
    await now.click();
    await chat.ended();
    assert.equal(demo.requests.length, posts + 1);
    assert.match(await chat.reply.locator('.md').first().innerText(), /\w{3}/);
    assert.equal(await chat.composer.inputValue(), 'Meanwhile I write on.');
    assert.match(
      workbench.log(),
      /Attempt 1 failed \(rateLimited 429\), next in \d+ ms[\s\S]*Attempt 2 begins now/,
    );
  });

  test('Stop ends the wait for another attempt, and nothing is asked any more', async () => {
    const { chat, workbench, demo } = house;
    await workbench.runCommand('Colloquy: New Chat');
    await chat.chooseModel('fault-429-minute');
    await chat.send('Hello?');
    await chat.reply.getByRole('button', { name: 'Try again now' }).waitFor();
    const posts = demo.requests.length;
    await chat.button('Stop').click();
    await chat.reply.getByText('Stopped before the reply began.').waitFor({ timeout: 5000 });
    assert.equal(await chat.reply.getByRole('button', { name: 'Try again now' }).count(), 0);
    assert.equal(demo.requests.length, posts);
  });

  test('a parameter that the server refuses is left out, told under the reply, and forgotten on request', async () => {
    const { chat, workbench, demo } = house;
    await workbench.runCommand('Colloquy: New Chat');
    await chat.chooseModel('fault-unsupported-temperature');
    await chat.ask('Hello?');
    const told = chat.reply.getByText('temperature was left out: this server does not take it.');
    await chat.reply.getByText('Request adjusted').click();
    await told.waitFor();
    await workbench.screenshot('dist/pictures/repaired.png');
    // The next request knows: one is enough.
    const posts = demo.requests.length;
    await chat.ask('And again?');
    assert.equal(demo.requests.length, posts + 1);
    await chat.reply.getByText('Request adjusted').click();
    await chat.reply.getByRole('button', { name: 'Forget Request Repairs...' }).click();
    await workbench.page
      .getByRole('checkbox', { name: /temperature/ })
      .first()
      .waitFor();
    await workbench.screenshot('dist/pictures/forget-repairs.png');
    await workbench.page.keyboard.press('Escape');
  });

  test('Try again after a failure asks again, and Continue goes on where the reply was cut', async () => {
    const { chat, workbench, demo } = house;
    await workbench.runCommand('Colloquy: New Chat');
    await chat.chooseModel('fault-cut-2000');
    await chat.ask('Go on.');
    const half = await chat.reply.locator('.md').first().innerText();
    const posts = demo.requests.length;
    await chat.reply.getByRole('button', { name: 'Continue' }).click();
    await chat.reply.getByText('2/2').waitFor();
    await chat.ended();
    const whole = await chat.reply.locator('.md').first().innerText();
    assert.ok(whole.length > half.length);
    assert.ok(demo.requests.length > posts);
    await chat.reply.getByRole('button', { name: 'Try again' }).click();
    await chat.reply.getByText('3/3').waitFor();
    await chat.ended();
  });

  test('a certificate that cannot be verified is named as such, and nothing was sent', async () => {
    const { chat, workbench } = house;
    let requests = 0;
    unknownAuthority.on('request', () => (requests += 1));
    await workbench.runCommand('Colloquy: New Chat');
    await chat.chooseModel('any', 'TLS server');
    await chat.ask('Can I trust you?');
    await chat.reply.getByText('The certificate was not accepted').waitFor();
    assert.ok(await chat.reply.getByRole('button', { name: 'Edit endpoint...' }).isVisible());
    assert.equal(requests, 0);
    await workbench.screenshot('dist/pictures/error-certificate.png');
  });

  test('a server that is gone is named with its address', async () => {
    const { chat, workbench, demo } = house;
    await workbench.runCommand('Colloquy: New Chat');
    await demo.close();
    await chat.ask('Still there?');
    await chat.reply.getByText('Could not connect', { exact: true }).waitFor();
    assert.match(await chat.reply.innerText(), /http:\/\/127\.0\.0\.1:\d+/);
    await workbench.screenshot('dist/pictures/error-gone.png');
  });
});
