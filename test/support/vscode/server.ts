import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { cleanEnvironment } from './cleanEnvironment.ts';
import { type CodeServer } from './codeServer.ts';

export type ServerOptions = {
  readonly codeServer: CodeServer;
  /** Settings, logs and state live below it; a fresh one per run. */
  readonly dataFolder: string;
  readonly extensionsFolder: string;
  /** Whether folders must be trusted first. Without it every folder is trusted and nobody is asked. */
  readonly workspaceTrust?: boolean;
  /**
   * Obeys a development payload in the page's address. VS Code then thinks that it is under automation: it
   * shows no notifications as toasts, among other things.
   */
  readonly development?: boolean;
  /** Keeps running while no page is open, for somebody who comes back later. */
  readonly stayUp?: boolean;
  /** Reaches the extension host on top of this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
};

export type Server = {
  /** Such as `http://127.0.0.1:45123/`. */
  readonly url: string;
  /** What the server printed so far, for a failure's report. */
  readonly output: () => string;
  /** Settles when the server has ended, for whatever reason. */
  readonly exited: Promise<void>;
  /** Ends the server and every process it started. */
  readonly close: () => Promise<void>;
};

const startTimeoutMs = 60_000;

/** Starts a VS Code server on a free loopback port and waits until it answers. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { codeServer } = options;
  const args = [
    ...['--import', pathToFileURL(join(import.meta.dirname, 'mintKey.mjs')).href, codeServer.main],
    ...['--host', '127.0.0.1', '--port', '0', '--without-connection-token'],
    ...['--accept-server-license-terms', '--disable-telemetry', '--disable-update-check'],
    ...['--disable-getting-started-override', '--force-disable-user-env'],
    ...(options.development === true ? ['--enable-smoke-test-driver'] : []),
    ...(options.workspaceTrust === true ? [] : ['--disable-workspace-trust']),
    ...['--server-data-dir', options.dataFolder, '--extensions-dir', options.extensionsFolder],
    // Should this process be killed outright, the server goes by itself some minutes after its page.
    ...(options.stayUp === true ? [] : ['--enable-remote-auto-shutdown']),
    ...(codeServer.release === 'floor' ? [] : ['--reconnection-grace-time', '60']),
  ];
  const child = spawn(codeServer.node, args, {
    // No marketplace: the workbench would ask it about every extension.
    env: { ...cleanEnvironment(), EXTENSIONS_GALLERY: '{"serviceUrl":""}', ...options.env },
    // A process group of its own, so that its extension hosts and terminals can be ended with it.
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const exited = once(child, 'close').then(() => undefined);
  const port = new Promise<string>((resolve) => {
    const read = (data: Buffer): void => {
      output += data.toString();
      const bound = /Extension host agent listening on (\d+)/.exec(output)?.[1];
      if (bound !== undefined && output.includes('Extension host agent started')) resolve(bound);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
  });
  const forget = killWithThisProcess(child);
  const close = async (): Promise<void> => {
    killTree(child, 'SIGTERM');
    await Promise.race([exited, delay(3000, undefined, { ref: false })]);
    killTree(child, 'SIGKILL');
    await exited;
    forget();
  };
  const bound = await Promise.race([port, exited, delay(startTimeoutMs, undefined, { ref: false })]);
  if (bound === undefined) {
    await close();
    throw new Error(`VS Code's server did not start.\n${output}`);
  }
  return { url: `http://127.0.0.1:${bound}/`, output: () => output, exited, close };
}

/** Installs a packaged extension into a folder that {@link startServer} is then given. */
export async function installExtension(
  codeServer: CodeServer,
  vsix: string,
  folders: { readonly dataFolder: string; readonly extensionsFolder: string },
): Promise<void> {
  const args = [
    ...[
      codeServer.main,
      '--server-data-dir',
      folders.dataFolder,
      '--extensions-dir',
      folders.extensionsFolder,
    ],
    ...['--accept-server-license-terms', '--install-extension', vsix],
  ];
  const child = spawn(codeServer.node, args, { env: cleanEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0 || !output.includes('successfully installed'))
    throw new Error(`${vsix} was refused.\n${output}`);
}

/** Where the server keeps a user's settings, in the data folder it is given. */
export function userSettingsFile(dataFolder: string): string {
  return join(dataFolder, 'data', 'User', 'settings.json');
}

/** Ends the child should this process end first. Returns how to call that off. */
function killWithThisProcess(child: ChildProcess): () => void {
  const onExit = (): void => killTree(child, 'SIGKILL');
  const onSignal = (signal: NodeJS.Signals): void => {
    onExit();
    // No longer listened to here: whoever else listens acts, else the process ends.
    forget();
    process.kill(process.pid, signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  process.once('exit', onExit);
  for (const signal of signals) process.once(signal, onSignal);
  const forget = (): void => {
    process.off('exit', onExit);
    for (const signal of signals) process.off(signal, onSignal);
  };
  return forget;
}

function killTree(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32')
      spawn('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore' });
    else process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}
