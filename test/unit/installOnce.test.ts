import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { installOnce } from '../support/installOnce.mjs';

async function emptyFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'install-'));
  t.after(async () => rm(folder, { recursive: true, force: true }));
  return folder;
}

test('what is installed is not installed again, until another version is wanted', async (t) => {
  const folder = join(await emptyFolder(t), 'tool');
  const installed: string[] = [];
  for (const version of ['tool 1', 'tool 1', 'tool 2', 'tool 2']) {
    await installOnce(folder, version, async (fresh) => {
      installed.push(version);
      await writeFile(join(fresh, version), '');
    });
  }
  assert.deepEqual(installed, ['tool 1', 'tool 2']);
  assert.ok(!(await readdir(folder)).includes('tool 1'), 'the old version is gone');
});

test('a failed installation leaves nothing behind and is tried again', async (t) => {
  const parent = await emptyFolder(t);
  const folder = join(parent, 'tool');
  const failing = installOnce(folder, 'tool 1', async (fresh) => {
    await writeFile(join(fresh, 'half'), '');
    throw new Error('no network');
  });
  await assert.rejects(failing, /no network/);
  assert.deepEqual(await readdir(parent), []);
  await installOnce(folder, 'tool 1', async (fresh) => writeFile(join(fresh, 'whole'), ''));
  assert.ok((await readdir(folder)).includes('whole'));
});

test('of two at the same time one installs and the other waits for it', async (t) => {
  const folder = join(await emptyFolder(t), 'tool');
  let installations = 0;
  const install = async (fresh: string): Promise<void> => {
    installations += 1;
    await writeFile(join(fresh, 'done'), '');
  };
  await Promise.all([installOnce(folder, 'tool 1', install), installOnce(folder, 'tool 1', install)]);
  assert.equal(installations, 1);
});

test('the lock and the leftovers of a process that was killed are cleared away', async (t) => {
  const parent = await emptyFolder(t);
  const folder = join(parent, 'tool');
  const gone = spawnSync(process.execPath, ['--version']).pid;
  await writeFile(`${folder}.lock`, String(gone));
  await writeFile(`${folder}.tmp-abcdef`, '');
  await installOnce(folder, 'tool 1', async (fresh) => writeFile(join(fresh, 'done'), ''));
  assert.deepEqual(await readdir(parent), ['tool']);
  assert.equal(await readFile(join(folder, '.complete'), 'utf8'), 'tool 1');
});
