import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packageExtension } from './build/package.ts';
import { ordinaryModel, startDemoServer } from './demoServer/server.ts';
import { root } from './installOnce.mjs';
import { installCodeServer } from './vscode/codeServer.ts';
import { type DesktopCode, downloadCode, findCode, openDesktop } from './vscode/desktop.ts';
import { canShowWindows } from './vscode/executable.ts';
import { workbenchAddress } from './vscode/openWorkbench.ts';
import { quietSettings } from './vscode/quietSettings.ts';
import { installExtension, startServer, userSettingsFile } from './vscode/server.ts';

/*
 * npm start: the packaged extension in a real VS Code, connected to a demo server on this machine. VS Code is the
 * `code` on PATH, else a downloaded one, else its workbench in the browser; COLLOQUY_VSCODE=desktop or code-server
 * leaves only one of them.
 */

const undo: (() => Promise<unknown>)[] = [];
let stopping = false;

async function stop(code: number): Promise<void> {
  // A terminal and npm may both pass the same signal on.
  if (stopping) return;
  stopping = true;
  for (const step of undo.splice(0).toReversed()) await step().catch(console.error);
  process.exit(code);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));

try {
  await start();
} catch (error) {
  console.error(error);
  await stop(1);
}

async function start(): Promise<void> {
  const vsix = process.env['COLLOQUY_VSIX'] ?? (await packageExtension({ proveReproducible: false }));
  const temporary = await mkdtemp(join(tmpdir(), 'colloquy-'));
  undo.push(() => rm(temporary, { recursive: true, force: true, maxRetries: 5 }));
  const folder = join(temporary, 'tidewatch');
  await cp(join(root, 'test', 'support', 'sample'), folder, { recursive: true });
  const demo = await startDemoServer();
  undo.push(demo.close);
  const window: Window = {
    vsix,
    folder,
    file: join(folder, 'src', 'gauge.ts'),
    profile: join(temporary, 'profile'),
    env: { COLLOQUY_DEMO_KEY: demo.key },
    settings: {
      ...quietSettings('dark'),
      'window.autoDetectColorScheme': true,
      'colloquy.endpoints': [
        { id: 'demo', name: 'Demo server', baseUrl: demo.url, apiKeyEnv: 'COLLOQUY_DEMO_KEY' },
      ],
      'colloquy.model': `demo/${ordinaryModel}`,
    },
  };
  const code = await findDesktop();
  if (code === undefined) await openBrowser(window);
  else await openCode(code, window);
  console.log(`
Try: select averageLevel in src/gauge.ts, right-click it, choose Colloquy > Ask About Selection, ask, press Enter.
Then press "Insert at cursor" on the answer's code. (Allow the demo key when VS Code asks once.) Ctrl+C ends it all.`);
}

interface Window {
  readonly vsix: string;
  readonly folder: string;
  readonly file: string;
  readonly profile: string;
  readonly env: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, unknown>>;
}

async function findDesktop(): Promise<DesktopCode | undefined> {
  const wish = process.env['COLLOQUY_VSCODE'] ?? '';
  if (wish === 'code-server' || (wish === '' && !canShowWindows())) return undefined;
  const found = await findCode();
  if (found !== undefined) return found;
  return downloadCode().catch((error: unknown) => {
    if (wish === 'desktop') throw error;
    console.log('No VS Code was found, and none can be downloaded from here: it opens in the browser.');
    return undefined;
  });
}

async function openCode(code: DesktopCode, window: Window): Promise<void> {
  console.log(`\nOpening VS Code ${code.version} (${code.cli}) with a profile of its own.`);
  await writeSettings(join(window.profile, 'user', 'User', 'settings.json'), window.settings);
  const { closed, close } = await openDesktop({ code, ...window });
  undo.push(close);
  closed.then(
    async () => stop(0),
    async (error: unknown) => {
      console.error(error);
      await stop(1);
    },
  );
}

async function openBrowser(window: Window): Promise<void> {
  const codeServer = await installCodeServer('current');
  const folders = { dataFolder: window.profile, extensionsFolder: join(window.profile, 'extensions') };
  await writeSettings(userSettingsFile(window.profile), window.settings);
  await installExtension(codeServer, window.vsix, folders);
  const server = await startServer({ codeServer, ...folders, env: window.env, stayUp: true });
  undo.push(server.close);
  void server.exited.then(async () => stop(1));
  // The workspace's files go by this name; under another one the file would not belong to it.
  const file = `vscode-remote://${new URL(server.url).host}${window.file}`;
  const address = workbenchAddress(server, window.folder, [['openFile', file]]);
  console.log(`\nVS Code ${codeServer.version} is at\n  ${address}`);
  if (canShowWindows()) showInBrowser(address);
}

async function writeSettings(file: string, settings: Readonly<Record<string, unknown>>): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(settings, undefined, 2));
}

/** Where there is no such command, the printed address is enough. */
function showInBrowser(address: string): void {
  const [file, ...args] = {
    darwin: ['open', address],
    win32: ['rundll32', 'url.dll,FileProtocolHandler', address],
  }[process.platform as 'darwin'] ?? ['xdg-open', address];
  const child = spawn(file ?? '', args, { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
