import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { cache } from '../installOnce.mjs';
import { installCodeServer, type Release } from './codeServer.ts';

/** A VS Code that `runTests` can start. */
export interface Executable {
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
 * The VS Code to test in. `COLLOQUY_VSCODE` decides: `desktop` (downloaded), `code-server` (its workbench in
 * Chromium), or the path of an executable, which then stands for every release. Without it the desktop is used
 * where it was downloaded before or can be downloaded and shown, else code-server.
 */
export async function chooseExecutable(release: Release): Promise<Executable> {
  const wish = process.env['COLLOQUY_VSCODE'] ?? '';
  switch (wish) {
    case 'desktop':
      return desktop(release);
    case 'code-server':
      return codeServer(release);
    case '':
      return canShowWindows() ? desktop(release).catch(() => codeServer(release)) : codeServer(release);
  }
  if (!existsSync(wish)) throw new Error(`COLLOQUY_VSCODE names ${wish}, which does not exist.`);
  return { name: wish, path: wish, args: [] };
}

async function desktop(release: Release): Promise<Executable> {
  const version = release === 'floor' ? floorVersion : 'stable';
  const path = await downloadDesktop(version);
  return { name: `desktop VS Code (${release})`, path, args: [] };
}

/** The desktop build, fetched unless it is in the cache. Rejects within seconds where it cannot be fetched. */
export async function downloadDesktop(version: string): Promise<string> {
  return downloadAndUnzipVSCode({ version, cachePath: cache, timeout: downloadTimeoutMs });
}

async function codeServer(release: Release): Promise<Executable> {
  const { version } = await installCodeServer(release);
  return {
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
