import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { root } from '../support/installOnce.mjs';
import { launchChromium } from '../support/vscode/chromium.ts';
import { Workbench } from '../support/vscode/workbench.ts';

interface Started {
  readonly child: ChildProcess;
  readonly address: string;
  readonly output: () => string;
}

/** npm start, as far as the address that it prints. */
async function start(t: TestContext): Promise<Started> {
  const child = spawn(process.execPath, [join(root, 'test', 'support', 'run.mjs'), 'start'], {
    env: { ...process.env, COLLOQUY_VSCODE: 'code-server', DISPLAY: undefined, WAYLAND_DISPLAY: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  t.after(async () => {
    child.kill();
    await closed;
  });
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
  return { child, address, output: () => output };
}

/** The window that a person sees who opens the printed address. */
async function openAddress({ address, output }: Started): Promise<Workbench> {
  const browser = await launchChromium();
  const page = await browser.newPage();
  const folder = new URL(address).searchParams.get('folder') ?? '';
  const workbench = new Workbench({
    page,
    server: { url: new URL('/', address).href, output },
    dataFolder: join(dirname(folder), 'profile'),
    close: async () => browser.close(),
  });
  await workbench.open(address);
  return workbench;
}

test('npm start opens the sample in a VS Code connected to the demo server, and Ctrl+C ends both', async (t) => {
  const started = await start(t);
  const workbench = await openAddress(started);
  t.after(workbench.close);
  await workbench.page.locator('.tab.active[data-resource-name="gauge.ts"]').waitFor();
  await workbench.runCommand('Colloquy: Focus Chat');
  await workbench.chat.getByRole('button', { name: /^Model: .*colloquy-demo/ }).waitFor();
  assert.deepEqual(workbench.outsideRequests, []);

  started.child.kill('SIGINT');
  const [code] = (await once(started.child, 'close')) as [number | null];
  assert.equal(code, 0);
  await assert.rejects(fetch(started.address), 'VS Code still answers');
});
