import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openHouse, type House } from '../support/journey/house.ts';
import { bodyOf } from '../support/journey/sent.ts';

describe('chatting in the secondary sidebar', { timeout: 300_000 }, () => {
  let house: House;
  before(async () => {
    house = await openHouse();
    await house.chat.open();
  });
  after(async () => house[Symbol.asyncDispose]());

  test('the first message asks once whether the key may be read from the environment, then streams a reply', async () => {
    const { chat, demo } = house;
    await chat.send('What can you tell me about sorting?');
    await chat.allowKey();
    await chat.ended();
    assert.match(await chat.reply.innerText(), /sort/i);
    const request = await demo.waitForRequest(({ path }) => path.endsWith('/chat/completions'));
    assert.equal(request.headers['authorization'], `Bearer ${demo.key}`);
    assert.deepEqual(bodyOf(request).messages, [
      { role: 'user', content: 'What can you tell me about sorting?' },
    ]);
  });

  test('the next message carries the conversation, and nothing is asked again', async () => {
    const { chat, demo } = house;
    await chat.ask('And in Python?');
    const sent = bodyOf(demo.requests.at(-1)).messages;
    assert.deepEqual(
      sent.map((message) => message.role),
      ['user', 'assistant', 'user'],
    );
    assert.equal(await chat.messages.count(), 4);
  });

  test('Stop keeps what has arrived and frees the composer', async () => {
    const { chat, demo } = house;
    await chat.send('Tell me everything about lists.');
    await chat.reply.getByText(/\w/).first().waitFor();
    await chat.button('Stop').click();
    await chat.ended();
    await chat.reply.getByText('Stopped').waitFor();
    const closed = demo.requests.at(-1);
    assert.ok(closed?.closedAt !== undefined, 'the socket is still open');
    assert.notEqual((await chat.reply.innerText()).trim(), '');
    await chat.composer.fill('still alive');
    assert.equal(await chat.composer.inputValue(), 'still alive');
    await chat.composer.fill('');
  });

  test('typing goes on while a reply streams, and Enter then loses nothing', async () => {
    const { chat } = house;
    await chat.send('Write a long answer about trees.');
    await chat.button('Stop').waitFor();
    await chat.composer.fill('my next question');
    await chat.composer.press('Enter');
    assert.equal(await chat.composer.inputValue(), 'my next question');
    await chat.button('Stop').click();
    await chat.ended();
    await chat.composer.fill('');
  });

  test('Regenerate adds a version and the first one is still there', async () => {
    const { chat } = house;
    await chat.ask('Name three colours.');
    const first = await chat.reply.innerText();
    await chat.reply.hover();
    await chat.reply.getByRole('button', { name: 'Regenerate' }).click();
    await chat.reply.getByText('2/2').waitFor();
    await chat.ended();
    await chat.reply.hover();
    await chat.reply.getByRole('button', { name: 'Previous version' }).click();
    await chat.reply.getByText('1/2').waitFor();
    assert.equal(withoutSwitcher(await chat.reply.innerText()), withoutSwitcher(first));
  });

  test('New chat begins an empty conversation, and the old one can be shown again', async () => {
    const { chat, workbench } = house;
    await workbench.runCommand('Colloquy: New Chat');
    await chat.messages.first().waitFor({ state: 'detached' });
    assert.equal(await chat.messages.count(), 0);
  });

  test('Up in an empty composer recalls what was sent', async () => {
    const { chat } = house;
    await chat.ask('First question');
    await chat.composer.press('ArrowUp');
    assert.equal(await chat.composer.inputValue(), 'First question');
    await chat.composer.fill('');
  });

  test('hiding the view and showing it again brings back everything, the draft included', async () => {
    const { chat, workbench } = house;
    await chat.composer.fill('half a thought');
    const shown = await chat.messages.count();
    await workbench.runCommand('View: Toggle Secondary Side Bar Visibility');
    await chat.composer.waitFor({ state: 'detached' });
    await chat.open();
    assert.equal(await chat.messages.count(), shown);
    assert.equal(await chat.composer.inputValue(), 'half a thought');
  });

  test('reading replies asked nobody but the model server (promise 2)', () => {
    assert.deepEqual(house.workbench.outsideRequests, []);
  });

  test('the log names neither key nor text', () => {
    const log = house.workbench.log();
    assert.ok(!log.includes(house.demo.key));
    assert.ok(!log.includes('sorting'));
  });
});

function withoutSwitcher(text: string): string {
  return text.replaceAll(/\d+\/\d+|Version/g, '').trim();
}
