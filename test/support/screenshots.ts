import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { root } from './installOnce.mjs';
import { ordinaryModel, startDemoServer } from './demoServer/server.ts';
import { openHouse } from './journey/house.ts';
import type { Theme } from './vscode/quietSettings.ts';

/*
 * The pictures of the README: the packaged extension in the real workbench, with the demo server's answer about the
 * sample workspace.
 */

const folder = join(root, 'media', 'screenshots');
await mkdir(folder, { recursive: true });
for (const theme of ['light', 'dark'] as const satisfies readonly Theme[]) {
  await askAboutSelection(theme);
  await diagnoseWrongPath(theme);
}

async function askAboutSelection(theme: Theme): Promise<void> {
  const settings = { 'editor.minimap.enabled': false, 'workbench.activityBar.location': 'hidden' };
  const page = { viewport: { width: 1360, height: 980 }, deviceScaleFactor: 1.5 };
  await using house = await openHouse({ theme, page, name: 'harbour', settings });
  const { workbench, chat } = house;
  await workbench.openFile('src/gauge.ts');
  await workbench.runCommand('View: Close Primary Side Bar');
  await workbench.selectLines(20, 26);
  await workbench.runCommand('Colloquy: Ask About Selection');
  await chat.composer.waitFor();
  await widen(workbench.page);
  await chat.composer.fill('What happens when there are no levels?');
  await chat.composer.press('Enter');
  await chat.allowKey();
  await chat.messages.nth(1).waitFor();
  await chat.ended();
  await workbench.screenshot(join(folder, `ask-${theme}.png`));
  console.log(`ask-${theme}.png`);
}

/** The base URL lacks its `/v1`. */
async function diagnoseWrongPath(theme: Theme): Promise<void> {
  const other = await startDemoServer();
  const settings = { 'editor.minimap.enabled': false, 'workbench.activityBar.location': 'hidden' };
  const page = { viewport: { width: 1360, height: 980 }, deviceScaleFactor: 1.5 };
  const wrong = {
    id: 'local',
    name: 'Local server',
    baseUrl: new URL(other.url).origin,
    models: [ordinaryModel],
  };
  try {
    await using house = await openHouse({ theme, page, name: 'harbour', settings, moreEndpoints: [wrong] });
    const { workbench, chat } = house;
    await workbench.openFile('src/gauge.ts');
    await workbench.runCommand('View: Close Primary Side Bar');
    await chat.open();
    await widen(workbench.page);
    await workbench.runCommand('Colloquy: Diagnose Connection...');
    await workbench.quickInput.pick('Local server');
    await workbench.chat.getByText('Failed: Address of the API.').waitFor();
    await workbench.screenshot(join(folder, `diagnose-${theme}.png`));
    console.log(`diagnose-${theme}.png`);
  } finally {
    await other.close();
  }
}

/** Drags the sash between editor and chat, as a person would who wants to read. */
async function widen(page: Page): Promise<void> {
  const bar = await page.locator('.part.auxiliarybar').boundingBox();
  if (!bar) throw new Error('The secondary sidebar is not there.');
  const y = bar.y + bar.height / 2;
  await page.mouse.move(bar.x - 2, y);
  await page.mouse.down();
  await page.mouse.move(bar.x - 330, y, { steps: 8 });
  await page.mouse.up();
}
