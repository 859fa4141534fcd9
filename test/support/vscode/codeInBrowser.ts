import { copyFile, mkdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { format, parseArgs } from 'node:util';
import { launchChromium } from './chromium.ts';
import { installCodeServer } from './codeServer.ts';
import { remoteUri, workbenchAddress } from './openWorkbench.ts';
import { startServer, userSettingsFile } from './server.ts';

/*
 * Stands in for the desktop's `code` executable where that cannot be downloaded: takes the arguments with which
 * an extension's tests are started, runs them in VS Code's server and its workbench in a Chromium without a
 * window, and ends with the tests' exit code. `--colloquy-release=floor` chooses the oldest supported VS Code.
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  // VS Code takes many more, none of which matters here.
  strict: false,
  options: {
    extensionDevelopmentPath: { type: 'string' },
    extensionTestsPath: { type: 'string' },
    'user-data-dir': { type: 'string' },
    'extensions-dir': { type: 'string' },
    'disable-workspace-trust': { type: 'boolean' },
    'colloquy-release': { type: 'string' },
  },
});

/** Longer than any machine needs until the first sign of the tests. */
const silenceLimitMs = 120_000;

/** Longer than the suite may take; mocha has its own limit for each test. */
const suiteLimitMs = 600_000;

const undo: (() => Promise<void>)[] = [];
let finishing = false;

async function finish(code: number): Promise<void> {
  // A terminal and the process above may both pass the same signal on.
  if (finishing) return;
  finishing = true;
  for (const step of undo.splice(0).toReversed()) await step().catch(console.error);
  process.exit(code);
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.on(signal, () => void finish(code));
}

try {
  await finish(await run());
} catch (error) {
  console.error(error);
  await finish(1);
}

async function run(): Promise<number> {
  const userData = named('user-data-dir');
  const dataFolder = join(userData, 'server');
  await takeSettings(join(userData, 'User', 'settings.json'), userSettingsFile(dataFolder));
  const codeServer = await installCodeServer(values['colloquy-release'] === 'floor' ? 'floor' : 'current');
  const server = await startServer({
    codeServer,
    dataFolder,
    extensionsFolder: named('extensions-dir'),
    workspaceTrust: values['disable-workspace-trust'] !== true,
    development: true,
  });
  undo.push(server.close);
  const browser = await launchChromium();
  undo.push(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });

  return new Promise((resolve, reject) => {
    const broken = (what: string) => () => reject(new Error(`${what}\n${server.output()}`));
    const silence = setTimeout(broken('The tests did not start.'), silenceLimitMs);
    setTimeout(broken('The tests did not end.'), suiteLimitMs);
    page.once('crash', broken('The page crashed.'));
    browser.once('disconnected', broken('Chromium ended.'));
    void server.exited.then(broken('The server ended.'));
    openTests().catch(reject);

    async function openTests(): Promise<void> {
      await page.exposeFunction('codeAutomationLog', (type: string, args: readonly unknown[]) => {
        clearTimeout(silence);
        if (type === 'error' || type === 'warn') console.error(format(...args));
        else console.log(format(...args));
      });
      await page.exposeFunction('codeAutomationExit', resolve);
      await page.goto(
        workbenchAddress(server, positionals[0], [
          ['extensionDevelopmentPath', remoteUri(named('extensionDevelopmentPath'))],
          ['extensionTestsPath', remoteUri(named('extensionTestsPath'))],
        ]),
      );
    }
  });
}

function named(option: keyof typeof values): string {
  const value = values[option];
  if (typeof value !== 'string') throw new Error(`--${option} is missing`);
  return value;
}

async function takeSettings(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  if (existsSync(from)) await copyFile(from, to);
}
