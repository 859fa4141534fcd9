import assert from 'node:assert/strict';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openHouse } from '../support/journey/house.ts';

/** An extension that makes this host look like one without a secondary sidebar. */
const companionManifest = {
  name: 'companion',
  publisher: 'test',
  version: '0.0.1',
  engines: { vscode: '^1.106.0' },
  activationEvents: ['onStartupFinished'],
  main: './main.js',
};

describe('where the chat lives', { timeout: 300_000 }, () => {
  test('in the secondary sidebar, and nowhere else', async () => {
    await using house = await openHouse();
    await house.chat.open();
    const { page } = house.workbench;
    await page
      .locator('.part.auxiliarybar iframe.webview, .part.auxiliarybar .composite.title')
      .first()
      .waitFor();
    assert.equal(await page.locator('.part.activitybar [aria-label="Colloquy"]').count(), 0);
  });

  test('in the activity bar where the host has no secondary sidebar', async () => {
    const companion = await mkdtemp(join(tmpdir(), 'colloquy-companion-'));
    await writeFile(join(companion, 'package.json'), JSON.stringify(companionManifest));
    // What Colloquy itself does in such a host.
    await writeFile(
      join(companion, 'main.js'),
      "exports.activate = () => require('vscode').commands.executeCommand('setContext', 'colloquy.noSecondarySidebar', true);",
    );
    await using house = await openHouse({ developed: companion });
    const { chat, workbench } = house;
    const icon = workbench.page.locator('.part.activitybar a[aria-label="Colloquy"]');
    await icon.waitFor();
    await icon.click();
    await chat.composer.waitFor();
    await chat.send('Does this work here too?');
    await chat.allowKey();
    await chat.ended();
    assert.match(await chat.reply.innerText(), /\w/);
    await workbench.screenshot('dist/pictures/activity-bar.png');
  });
});

test('our default key bindings shadow none of VS Code', { timeout: 180_000 }, async () => {
  await using house = await openHouse();
  const { workbench } = house;
  await workbench.runCommand('Preferences: Open Keyboard Shortcuts');
  const editor = workbench.page.locator('.keybindings-editor');
  await editor.locator('.monaco-list-row').first().waitFor();
  await workbench.page.keyboard.type('"ctrl+k ctrl+;"');
  const rows = editor.locator('.monaco-list-row');
  await rows.filter({ hasText: 'Colloquy: Focus Chat' }).waitFor();
  await rows.nth(1).waitFor({ state: 'detached' });
});
