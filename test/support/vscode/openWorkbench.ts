import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type BrowserContextOptions } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { type CodeServer, installCodeServer, type Release } from './codeServer.ts';
import { quietSettings, type Theme } from './quietSettings.ts';
import { installExtension, type Server, startServer, userSettingsFile } from './server.ts';
import { watchWindow } from './windowPictures.ts';
import { Workbench } from './workbench.ts';

export type WorkbenchOptions = {
  readonly release?: Release;
  /** A folder or a `.code-workspace` file, absolute. Without it the window is empty. */
  readonly folder?: string;
  /** A packaged extension to install. */
  readonly vsix?: string;
  /** The folder of an extension that is loaded from source beside it. */
  readonly developed?: string;
  /** User settings on top of {@link quietSettings}. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Whether folders must be trusted first, as they must on a person's machine. */
  readonly workspaceTrust?: boolean;
  readonly theme?: Theme;
  /** Environment variables of the extension host. */
  readonly env?: Readonly<Record<string, string>>;
  /** How the page is shown: `viewport` (1280 x 800), `deviceScaleFactor`, `reducedMotion` and so on. */
  readonly page?: BrowserContextOptions;
  /** Given everything that VS Code wrote, once it has ended and before it is removed. */
  readonly inspect?: (dataFolder: string) => void;
};

/**
 * Starts a real VS Code with fresh folders of its own, opens its workbench in a Chromium without a window, and
 * waits until it can be used. Whoever calls this closes it; `await using` does too.
 */
export async function openWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  const codeServer = await installCodeServer(options.release ?? 'current');
  const temporary = await mkdtemp(join(tmpdir(), 'colloquy-'));
  const undo: (() => Promise<void>)[] = [
    () => rm(temporary, { recursive: true, force: true, maxRetries: 5 }),
  ];
  const close = async (): Promise<void> => {
    const failed: unknown[] = [];
    // Every step is taken, whatever the others did: nothing may stay behind.
    for (const step of undo.splice(0).toReversed())
      await step().catch((error: unknown) => failed.push(error));
    if (failed.length > 0) throw failed[0];
  };
  try {
    const dataFolder = join(temporary, 'data');
    undo.push(async () => options.inspect?.(dataFolder));
    const server = await prepareServer(options, codeServer, dataFolder, join(temporary, 'extensions'));
    undo.push(server.close);
    const browser = await launchChromium();
    undo.push(() => browser.close());
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options.page });
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
    const page = await context.newPage();
    undo.push(watchWindow(page));
    const workbench = new Workbench({ page, server, dataFolder, close });
    const { folder, developed } = options;
    const payload =
      developed === undefined ? [] : [['extensionDevelopmentPath', remoteUri(developed)] as const];
    await workbench.open(workbenchAddress(server, folder, payload));
    return workbench;
  } catch (error) {
    await close();
    throw error;
  }
}

async function prepareServer(
  options: WorkbenchOptions,
  codeServer: CodeServer,
  dataFolder: string,
  extensionsFolder: string,
): Promise<Server> {
  const settingsFile = userSettingsFile(dataFolder);
  await mkdir(dirname(settingsFile), { recursive: true });
  await mkdir(extensionsFolder, { recursive: true });
  const settings = { ...quietSettings(options.theme ?? 'light'), ...options.settings };
  await writeFile(settingsFile, JSON.stringify(settings, undefined, 2));
  if (options.vsix !== undefined) {
    await installExtension(codeServer, options.vsix, { dataFolder, extensionsFolder });
  }
  const { workspaceTrust = false, env = {} } = options;
  const development = options.developed !== undefined;
  return startServer({ codeServer, dataFolder, extensionsFolder, workspaceTrust, env, development });
}

/** The address that opens a folder, a `.code-workspace` file or an empty window. */
export function workbenchAddress(
  server: Server,
  folder: string | undefined,
  payload: readonly (readonly [string, string])[] = [],
): string {
  const address = new URL(server.url);
  if (folder === undefined) address.searchParams.set('ew', 'true');
  else address.searchParams.set(folder.endsWith('.code-workspace') ? 'workspace' : 'folder', folder);
  address.searchParams.set('payload', JSON.stringify([['skipWelcome', 'true'], ...payload]));
  return address.href;
}

/** How the workbench names a path of the machine on which the server runs. */
export function remoteUri(path: string): string {
  return `vscode-remote://remote${path}`;
}
