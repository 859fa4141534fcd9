import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { RecordedRequest } from '../support/demoServer/server.ts';
import { openHouse, type House } from '../support/journey/house.ts';
import { bodyOf } from '../support/journey/sent.ts';

describe('asking about selected code and taking the answer', { timeout: 300_000 }, () => {
  let house: House;
  let untouched: string;
  before(async () => {
    house = await openHouse();
    await house.workbench.openFile('src/gauge.ts');
    untouched = await house.workbench.editorText();
  });
  after(async () => house[Symbol.asyncDispose]());

  test('Ask About Selection shows the chat with the selection as a chip and the cursor in the composer', async () => {
    const { workbench, chat } = house;
    await workbench.selectLines(20, 26);
    await workbench.runCommand('Colloquy: Ask About Selection');
    await chat.composer.waitFor();
    await chat
      .button(/src\/gauge\.ts/)
      .first()
      .waitFor();
    await workbench.page.keyboard.type('What does this do?');
    assert.equal(await chat.composer.inputValue(), 'What does this do?');
  });

  test('the request carries path, language, lines and exactly the selected text', async () => {
    const { chat, demo, workbench } = house;
    await chat.composer.press('Enter');
    await chat.allowKey();
    await chat.messages.nth(1).waitFor();
    await chat.ended();
    const text = lastQuestion(demo.requests.at(-1));
    assert.match(text, /`src\/gauge\.ts`, lines 20-26 \(typescript\)/);
    const lines = untouched.split('\n').slice(19, 26);
    assert.ok(text.includes(lines.join('\n')), text);
    assert.ok(text.endsWith('What does this do?'));
    await workbench.screenshot('dist/pictures/ask.png');
  });

  test('Insert at cursor puts the block where the cursor is, selected and in one undo step', async () => {
    const { workbench, chat } = house;
    await workbench.goToLine(1);
    const insert = chat.reply.getByRole('button', { name: 'Insert at cursor' }).first();
    const code = await chat.reply.locator('pre code').first().innerText();
    await insert.click();
    await workbench.statusBarItem(/selected/).waitFor();
    const changed = await workbench.editorText();
    assert.notEqual(changed, untouched);
    for (const line of code
      .split('\n')
      .filter((each) => each.trim() !== '')
      .slice(0, 5)) {
      assert.ok(changed.replaceAll('·', ' ').includes(line.trim()), line);
    }
    await workbench.screenshot('dist/pictures/insert.png');
    await workbench.page.keyboard.press('Control+Z');
    await workbench.page.waitForFunction(() => document.querySelector('.tab.active.dirty') === null);
    assert.equal(await workbench.editorText(), untouched);
  });

  test('Copy code puts the block on the clipboard as it is shown', async () => {
    const { workbench, chat } = house;
    const code = await chat.reply.locator('pre code').first().innerText();
    await chat.reply.getByRole('button', { name: 'Copy code' }).first().click();
    await chat.reply.getByTitle('Copied').first().waitFor();
    const copied = await workbench.page.evaluate(() => navigator.clipboard.readText());
    assert.equal(copied.trimEnd(), code.trimEnd());
  });

  test('New file opens an untitled document in the language of the block', async () => {
    const { workbench, chat } = house;
    const code = await chat.reply.locator('pre code').first().innerText();
    await chat.reply.getByRole('button', { name: 'New file' }).first().click();
    await workbench.statusBarItem('TypeScript').waitFor();
    await workbench.page.locator('.tab.active[data-resource-name^="Untitled"]').waitFor();
    assert.equal((await workbench.editorText()).split('\n')[0], code.split('\n')[0]);
  });

  test('Explain Selection sends at once, with the function around the cursor when nothing is selected', async () => {
    const { workbench, chat, demo } = house;
    await workbench.openFile('src/gauge.ts');
    await workbench.goToLine(22);
    const before = demo.requests.length;
    await workbench.runCommand('Colloquy: Explain Selection');
    await demo.waitForRequest(
      (request) => demo.requests.indexOf(request) >= before && request.method === 'POST',
    );
    await chat.ended();
    const question = lastQuestion(demo.requests.at(-1));
    assert.match(question, /lines 20-26 \(typescript\)/);
    assert.match(question, /Explain what this code does and how\.$/);
  });

  test('a file can be attached from the explorer, and removed again', async () => {
    const { workbench, chat } = house;
    const row = workbench.page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'README.md' });
    await workbench.chooseFromMenu(row, 'Add File to Chat');
    await chat.button(/Remove README\.md/).click();
    await chat.button(/Remove README\.md/).waitFor({ state: 'detached' });
  });
});

function lastQuestion(request: RecordedRequest | undefined): string {
  return bodyOf(request).messages.at(-1)?.content ?? '';
}
