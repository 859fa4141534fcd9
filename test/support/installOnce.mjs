// Plain ESM: this part also runs on Node 20, before the pinned Node is there.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Everything that is fetched once and kept: ignored by git, safe to delete. */
export const cache = join(root, '.vscode-test');

const stampFile = '.complete';

/**
 * Fills `folder` once. It counts as filled when it carries `stamp` (name what was installed, with its
 * version). The work is done in a folder beside it that takes the final name only when it is complete, so
 * an interrupted installation leaves nothing half-done, and a second process waits for the first.
 *
 * @param {string} folder
 * @param {string} stamp
 * @param {(fresh: string) => Promise<void>} install fills the folder it is given
 */
export async function installOnce(folder, stamp, install) {
  if (isComplete(folder, stamp)) return;
  await mkdir(dirname(folder), { recursive: true });
  const release = await lock(`${folder}.lock`);
  try {
    if (isComplete(folder, stamp)) return;
    await removeLeftovers(folder);
    const fresh = await mkdtemp(`${folder}.tmp-`);
    try {
      console.log(`Installing ${stamp} ...`);
      await install(fresh);
      await writeFile(join(fresh, stampFile), stamp);
      await rm(folder, { recursive: true, force: true });
      await rename(fresh, folder);
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
  } finally {
    await release();
  }
}

/** @param {string} folder @param {string} stamp */
function isComplete(folder, stamp) {
  const file = join(folder, stampFile);
  return existsSync(file) && readFileSync(file, 'utf8') === stamp;
}

/** What an installation that was killed left behind. @param {string} folder */
async function removeLeftovers(folder) {
  const names = await readdir(dirname(folder));
  const leftovers = names.filter((name) => name.startsWith(`${basename(folder)}.tmp-`));
  await Promise.all(
    leftovers.map((name) => rm(join(dirname(folder), name), { recursive: true, force: true })),
  );
}

/**
 * A lock file that holds its owner's process id; the lock of a process that is gone is taken over.
 *
 * @param {string} file
 * @returns {Promise<() => Promise<void>>}
 */
async function lock(file) {
  let announced = false;
  for (;;) {
    try {
      await writeFile(file, String(process.pid), { flag: 'wx' });
      return () => rm(file, { force: true });
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    }
    const owner = Number(await readFile(file, 'utf8').catch(() => ''));
    if (owner > 0 && !isAlive(owner)) {
      await rm(file, { force: true });
      continue;
    }
    if (!announced) console.log(`Waiting for process ${owner}, which is installing ...`);
    announced = true;
    await delay(250);
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * `npm install` in a folder of its own, whose `package.json` must exist. Install scripts never run;
 * the folder is named explicitly because an npm that runs this very process passes its own on. Says on
 * failure what npm said.
 *
 * @param {string} folder
 * @param {readonly string[]} args
 */
export async function npmInstall(folder, args) {
  const npm = npmCommand();
  const all = [
    ...npm.args,
    ...['install', '--prefix', folder, '--global=false', '--workspaces=false'],
    ...['--ignore-scripts', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error', ...args],
  ];
  const child = spawn(npm.file, all, { cwd: folder, shell: npm.shell, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (output += data));
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`npm install ${args.join(' ')} failed with code ${code}\n${output}`);
}

/** npm as it was started (a script run by Node), else the one on PATH. */
function npmCommand() {
  const script = process.env['npm_execpath'];
  if (script?.endsWith('npm-cli.js') && existsSync(script))
    return { file: process.execPath, args: [script], shell: false };
  return { file: 'npm', args: [], shell: process.platform === 'win32' };
}
