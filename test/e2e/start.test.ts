import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { root } from '../support/installOnce.mjs';
import { launchChromium } from '../support/vscode/chromium.ts';

/** npm start, as far as the address that it prints. */
async function start(t: TestContext): Promise<{ readonly child: ChildProcess; readonly address: string }> {
  const child = spawn(process.execPath, [join(root, 'test', 'support', 'run.mjs'), 'start'], {
    env: { ...process.env, COLLOQUY_VSCODE: 'code-server', DISPLAY: undefined, WAYLAND_DISPLAY: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  let output = '';
  const address = await new Promise<string>((resolve, reject) => {
    const read = (data: Buffer): void => {
      output += data.toString();
      const [, printed] = /^\s*(http:\S+)\n[^]*Ctrl\+C/m.exec(output) ?? [];
      if (printed !== undefined) resolve(printed);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('close', () => reject(new Error(`npm start ended.\n${output}`)));
  });
  return { child, address };
}

test('npm start opens the sample in a VS Code that is connected to the demo server, and Ctrl+C ends both', async (t) => {
  const { child, address } = await start(t);
  const browser = await launchChromium();
  t.after(async () => browser.close());
  const page = await browser.newPage();
  await page.goto(address);
  await page.locator('.tab.active[data-resource-name="gauge.ts"]').waitFor();
  await page.keyboard.press('F1');
  const palette = page.locator('.quick-input-widget:visible');
  await palette.locator('input').fill('>Colloquy: Focus Chat');
  await palette.getByText('Colloquy: Focus Chat', { exact: true }).first().click();
  const chat = page
    .locator('iframe.webview[src*="extensionId=colloquy.colloquy"]')
    .contentFrame()
    .locator('#active-frame')
    .contentFrame();
  await chat.getByRole('button', { name: /^Model: .*colloquy-demo/ }).waitFor();

  child.kill('SIGINT');
  const [code] = (await once(child, 'close')) as [number | null];
  assert.equal(code, 0);
  await assert.rejects(fetch(address), 'VS Code still answers');
});
