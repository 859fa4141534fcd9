import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cache, installOnce, npmInstall } from '../installOnce.mjs';
import { ensureNode } from '../node24.mjs';

/** Which VS Code: the newest one, or the oldest that `engines.vscode` promises to run on. */
export type Release = 'current' | 'floor';

/** A VS Code server (workbench and Node extension host) ready to be started. */
export type CodeServer = {
  readonly release: Release;
  /** VS Code's own version, as `vscode.version` says it. */
  readonly version: string;
  /** The server's entry point, to be run with `node`. */
  readonly main: string;
  readonly node: string;
};

// npm's code-server carries all of VS Code; each release runs on the Node it was built for.
const releases = {
  current: { packageVersion: '4.139.1', nodeMajor: 24 },
  floor: { packageVersion: '4.106.3', nodeMajor: 22 },
} as const;

// Raise it when the steps below change: it makes older installations count as incomplete.
const recipe = 3;

/**
 * Installs this release into the cache folder (once; about 20 s and 600 MB, no compiler) and says where it is.
 * Rejects with npm's own words when the registry cannot be reached.
 */
export async function installCodeServer(release: Release): Promise<CodeServer> {
  const { packageVersion, nodeMajor } = releases[release];
  const node = await ensureNode(nodeMajor);
  const folder = join(cache, `code-server-${release}`);
  await installOnce(folder, `code-server@${packageVersion} (${recipe})`, async (fresh) => {
    await writeFile(join(fresh, 'package.json'), '{ "private": true }\n');
    await npmInstall(fresh, ['--no-package-lock', `code-server@${packageVersion}`]);
    const vscode = vscodeFolder(fresh);
    if (release === 'floor') await takeWatcherFromNpm(vscode);
    await npmInstall(vscode, ['--omit=dev']);
    // The TypeScript that its built-in extensions share.
    await npmInstall(join(vscode, 'extensions'), ['--omit=dev']);
    const spdlog = join(vscode, 'node_modules', '@vscode', 'spdlog', 'index.js');
    await copyFile(join(import.meta.dirname, 'spdlog.mjs'), spdlog);
  });
  const vscode = vscodeFolder(folder);
  const { version } = JSON.parse(await readFile(join(vscode, 'product.json'), 'utf8')) as { version: string };
  return { release, version, main: join(vscode, 'out', 'server-main.js'), node };
}

function vscodeFolder(folder: string): string {
  return join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
}

/** That release takes `@parcel/watcher` from a git host, which not every network reaches; npm has it too. */
async function takeWatcherFromNpm(vscode: string): Promise<void> {
  await rm(join(vscode, 'npm-shrinkwrap.json'));
  const file = join(vscode, 'package.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as { dependencies: Record<string, string> };
  manifest.dependencies['@parcel/watcher'] = '2.5.6';
  await writeFile(file, JSON.stringify(manifest, undefined, 2));
}
