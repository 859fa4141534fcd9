import assert from 'node:assert/strict';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesHolding, newCanary, pagesHolding } from '../canary.ts';
import { packageExtension } from '../build/package.ts';
import {
  ordinaryModel,
  startDemoServer,
  type DemoServer,
  type DemoServerOptions,
} from '../demoServer/server.ts';
import { openWorkbench, type WorkbenchOptions } from '../vscode/openWorkbench.ts';
import { Chat } from './chat.ts';
import type { Workbench } from '../vscode/workbench.ts';

const sample = fileURLToPath(new URL('../sample', import.meta.url));

/**
 * The packaged extension in a real VS Code, with the demo server beside it and the sample workspace open. At the end of
 * every journey the server's key is looked for wherever a key must not be; finding it fails the journey.
 */
export interface House extends AsyncDisposable {
  readonly workbench: Workbench;
  readonly chat: Chat;
  readonly demo: DemoServer;
  /** The folder that is open: a copy of the sample workspace, unless another one was given. Removed at the end. */
  readonly folder: string;
}

export interface HouseOptions extends WorkbenchOptions {
  /** Name of the workspace folder, as the window's title shows it. */
  readonly name?: string;
  /** False leaves the extension as it is after installing: no endpoint. */
  readonly connected?: boolean;
  /** Model id at the demo server; its ordinary one unless given. */
  readonly model?: string;
  readonly server?: DemoServerOptions;
  /** Endpoints besides the demo server's, as they stand in the settings. */
  readonly moreEndpoints?: readonly Readonly<Record<string, unknown>>[];
  /** Further fields of the endpoint. */
  readonly endpoint?: Readonly<Record<string, unknown>>;
}

export async function openHouse(options: HouseOptions = {}): Promise<House> {
  const {
    connected = true,
    model = ordinaryModel,
    server,
    endpoint: fields,
    settings,
    name = 'sample',
    moreEndpoints = [],
    ...rest
  } = options;
  const vsix = process.env['COLLOQUY_VSIX'] ?? (await packageExtension());
  const demo = await startDemoServer({ key: newCanary(), ...server });
  const parent = await mkdtemp(join(tmpdir(), 'colloquy-house-'));
  const folder = options.folder ?? join(parent, name);
  if (options.folder === undefined) await cp(sample, folder, { recursive: true });
  const endpoint = {
    id: 'demo',
    name: 'Demo server',
    baseUrl: demo.url,
    apiKeyEnv: 'COLLOQUY_DEMO_KEY',
    ...fields,
  };
  const workbench = await openWorkbench({
    vsix,
    ...rest,
    folder,
    inspect: (dataFolder) =>
      assert.deepEqual(filesHolding(demo.key, dataFolder), [], 'files of VS Code that hold the key'),
    env: { COLLOQUY_DEMO_KEY: demo.key, ...rest.env },
    settings: {
      ...(connected && {
        'colloquy.endpoints': [endpoint, ...moreEndpoints],
        'colloquy.model': `demo/${model}`,
      }),
      ...settings,
    },
  });
  return {
    workbench,
    chat: new Chat(workbench),
    demo,
    folder,
    [Symbol.asyncDispose]: async () => {
      try {
        await assertKeyIsNowhere(workbench, demo, folder);
      } finally {
        try {
          await workbench.close();
        } finally {
          await demo.close();
          await rm(parent, { recursive: true, force: true });
          await rm(folder, { recursive: true, force: true });
        }
      }
    },
  };
}

/** The key may be in one header of the requests that it is for, and in no address, body, page, log or file. */
async function assertKeyIsNowhere(workbench: Workbench, demo: DemoServer, folder: string): Promise<void> {
  const sent = demo.requests.filter(({ path, query, text }) => `${path}${query}${text}`.includes(demo.key));
  assert.deepEqual(sent, [], 'requests that hold the key outside their header');
  assert.deepEqual(await pagesHolding(demo.key, workbench.page.context()), [], 'pages that hold the key');
  assert.deepEqual(filesHolding(demo.key, folder), [], 'files of the workspace that hold the key');
  assert.ok(!workbench.server.output().includes(demo.key), 'VS Code printed the key');
}
