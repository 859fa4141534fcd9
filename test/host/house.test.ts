import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

const extension = vscode.extensions.getExtension('colloquy.colloquy');

function contributed(): readonly string[] {
  // package.json of an extension is untyped in VS Code's API.
  const manifest = extension?.packageJSON as Manifest | undefined;
  return (manifest?.contributes.commands ?? []).map(({ command }) => command).toSorted();
}

describe('the house', () => {
  before(async () => {
    await extension?.activate();
  });

  it('registers every command that it contributes, and contributes every command that it registers', async () => {
    const all = await vscode.commands.getCommands(true);
    // VS Code itself adds commands for every view: focus, open, move, toggle.
    const own = all.filter((id) => id.startsWith('colloquy.') && !/^colloquy\.chat(?:Side)?\./.test(id));
    assert.deepEqual(own.toSorted(), contributed());
  });

  it('opens no port: this process listens on nothing that it did not listen on for VS Code', function () {
    if (process.platform !== 'linux') this.skip();
    const before = listening();
    assert.deepEqual(listening(), before);
    // The extension host of VS Code talks over a pipe: whatever TCP port is open here was opened by an extension.
    assert.deepEqual(before, []);
  });

  it('gives nothing back from its commands, whatever they are called with (S2, X2)', async () => {
    const harmless = ['colloquy.stop', 'colloquy.showLog', 'colloquy.askSelection', 'colloquy.addFileToChat'];
    for (const id of harmless) {
      for (const args of [
        [],
        [null],
        [{ toString: 'x' }],
        ['file:///etc/passwd', ['file:///etc/passwd']],
        [0, [1, {}]],
      ]) {
        assert.equal(await vscode.commands.executeCommand(id, ...args), undefined, id);
      }
    }
  });

  it('exports nothing to other extensions', () => {
    assert.equal(extension?.exports, undefined);
  });

  it('leaves the dispatcher slot of fetch as it was', () => {
    const slots = ['undici.globalDispatcher.1', 'undici.globalDispatcher.2'].map((name) => Symbol.for(name));
    const source = readFileSync(join(extension?.extensionPath ?? '', 'dist', 'undici.cjs'), 'utf8');
    for (const slot of slots) {
      const dispatcher: unknown = Reflect.get(globalThis, slot);
      if (dispatcher === undefined || dispatcher === null) continue;
      assert.ok(!source.includes(String(dispatcher.constructor)), 'the dispatcher came out of our bundle');
    }
  });
});

/** TCP sockets of this process that listen, as `address:port` of /proc/net/tcp. */
function listening(): readonly string[] {
  const inodes = new Set(
    execFileSync('sh', ['-c', `ls -l /proc/${process.pid}/fd`], { encoding: 'utf8' })
      .match(/socket:\[\d+\]/g)
      ?.map((socket) => socket.slice(8, -1)),
  );
  const listen = '0A';
  return ['/proc/net/tcp', '/proc/net/tcp6']
    .flatMap((file) => readFileSync(file, 'utf8').split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === listen && inodes.has(fields[9] ?? ''))
    .map((fields) => fields[1] ?? '');
}
