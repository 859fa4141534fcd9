import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { canaryIn, filesHolding, logsWithCanary, newCanary } from '../support/canary.ts';

describe('the search for keys after a run', () => {
  it('finds the keys that tests use in a text, and nothing in their names', () => {
    const key = newCanary();
    assert.ok(key.includes(canaryIn(`Bearer ${key}, and so on`) ?? 'nothing'));
    assert.ok(canaryIn('sk-CANARY-KEY'));
    assert.equal(canaryIn('a canary key is searched for'), undefined);
  });

  it('finds a key in any file at any depth, also between bytes that are no text', () => {
    const folder = mkdtempSync(join(tmpdir(), 'colloquy-canary-'));
    try {
      const key = newCanary();
      mkdirSync(join(folder, 'a', '.hidden'), { recursive: true });
      const bytes = Buffer.concat([Buffer.from([0xff, 0, 0xc3]), Buffer.from(key), Buffer.from([0x80])]);
      writeFileSync(join(folder, 'a', '.hidden', 'state.db'), bytes);
      writeFileSync(join(folder, 'a', 'host.log'), bytes);
      writeFileSync(join(folder, 'fine.txt'), 'sk-other');
      assert.deepEqual(filesHolding(key, folder).toSorted(), [
        join('a', '.hidden', 'state.db'),
        join('a', 'host.log'),
      ]);
      assert.deepEqual(logsWithCanary(folder), [join('a', 'host.log')]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
