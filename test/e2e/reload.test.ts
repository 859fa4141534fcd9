import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openHouse } from '../support/journey/house.ts';

test(
  'reloading the window in the middle of a stream ends the request and leaves a panel that works',
  { timeout: 180_000 },
  async () => {
    await using house = await openHouse();
    const { chat, demo, workbench } = house;
    await chat.open();
    await chat.send('Tell me everything about tides.');
    await chat.allowKey();
    await chat.reply.getByText(/\w/).first().waitFor();
    const streaming = await demo.waitForRequest(({ method }) => method === 'POST');
    assert.equal(streaming.closedAt, undefined, 'the reply was over before the reload');
    await workbench.reload();
    await streaming.closed;
    assert.equal(streaming.finished, false);
    await chat.open();
    assert.equal(await chat.button('Stop').count(), 0);
    await chat.ask('And now?');
    assert.match(await chat.reply.innerText(), /\w/);
    assert.equal(await workbench.dialog().count(), 0, 'the key was asked for again');
  },
);
