import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { cache } from '../installOnce.mjs';
import { installCodeServer, type Release } from './codeServer.ts';

/** A VS Code that `runTests` can start. */
export interface Executable {
  /** For file names. */
  readonly label: Release | 'named';
  /** For people: which VS Code this is. */
  readonly name: string;
  readonly path: string;
  readonly args: readonly string[];
}

/** What `engines.vscode` promises; the desktop build of the `floor`. */
const floorVersion = '1.106.3';

/** A desktop build that cannot be fetched must be noticed soon, not after minutes of retries. */
const downloadTimeoutMs = 15_000;

/**
 * The VS Codes to test in: the newest release and the oldest supported one. `COLLOQUY_VSCODE` decides which build:
 * `desktop` (downloaded), `code-server` (its workbench in Chromium), or the path of an executable, which is then the
 * only one. Without it the desktop is used where it was downloaded before or can be downloaded and shown, else
 * code-server.
 */
export async function chooseExecutables(): Promise<readonly Executable[]> {
  const wish = process.env['COLLOQUY_VSCODE'] ?? '';
  const chosen: Executable[] = [];
  for (const release of ['current', 'floor'] as const) {
    switch (wish) {
      case 'desktop':
        chosen.push(await desktop(release));
        break;
      case 'code-server':
        chosen.push(await codeServer(release));
        break;
      case '':
        chosen.push(
          canShowWindows()
            ? await desktop(release).catch(async () => codeServer(release))
            : await codeServer(release),
        );
        break;
      default:
        if (!existsSync(wish)) throw new Error(`COLLOQUY_VSCODE names ${wish}, which does not exist.`);
        return [{ label: 'named', name: wish, path: wish, args: [] }];
    }
  }
  return chosen;
}

async function desktop(release: Release): Promise<Executable> {
  const version = release === 'floor' ? floorVersion : 'stable';
  const path = await downloadDesktop(version);
  return { label: release, name: `desktop VS Code (${release})`, path, args: [] };
}

/** The desktop build, fetched unless it is in the cache. Rejects within seconds where it cannot be fetched. */
export async function downloadDesktop(version: string): Promise<string> {
  return downloadAndUnzipVSCode({ version, cachePath: cache, timeout: downloadTimeoutMs });
}

async function codeServer(release: Release): Promise<Executable> {
  const { version } = await installCodeServer(release);
  return {
    label: release,
    name: `VS Code ${version} of code-server, in Chromium (${release})`,
    path: await browserExecutable(),
    args: [`--colloquy-release=${release}`],
  };
}

/** `codeInBrowser.ts` as something that can be spawned by its path. */
async function browserExecutable(): Promise<string> {
  const script = join(import.meta.dirname, 'codeInBrowser.ts');
  if (process.platform !== 'win32') {
    await mkdir(cache, { recursive: true });
    const file = join(cache, 'code-in-browser');
    await writeFile(file, `#!/bin/sh\nexec "${process.execPath}" "${script}" "$@"\n`, { mode: 0o755 });
    return file;
  }
  const file = join(cache, 'code-in-browser.cmd');
  await writeFile(file, `@"${process.execPath}" "${script}" %*\r\n`);
  return file;
}

/** Whether a desktop program has somewhere to show its windows. */
export function canShowWindows(): boolean {
  return (
    process.platform !== 'linux' ||
    process.env['DISPLAY'] !== undefined ||
    process.env['WAYLAND_DISPLAY'] !== undefined
  );
}
