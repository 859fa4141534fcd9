import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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

/** The packaged extension in a real VS Code, with the demo server beside it and the sample workspace open. */
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
  const demo = await startDemoServer(server);
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
      await workbench.close();
      await demo.close();
      await rm(parent, { recursive: true, force: true });
      await rm(folder, { recursive: true, force: true });
    },
  };
}
