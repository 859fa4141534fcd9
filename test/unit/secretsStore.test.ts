import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SecretStorage } from 'vscode';
import { KeyStore } from '../../src/platform/secrets.ts';
import { Permissions } from '../../src/platform/permissions.ts';

/** SecretStorage in memory, telling its listeners as VS Code does. */
function memorySecrets() {
  const values = new Map<string, string>();
  const listeners = new Set<(event: { key: string }) => unknown>();
  const tell = (key: string) => {
    for (const listener of listeners) listener({ key });
  };
  const secrets: SecretStorage = {
    keys: () => Promise.resolve([...values.keys()]),
    get: (key) => Promise.resolve(values.get(key)),
    store: (key, value) => {
      values.set(key, value);
      tell(key);
      return Promise.resolve();
    },
    delete: (key) => {
      values.delete(key);
      tell(key);
      return Promise.resolve();
    },
    onDidChange: (listener) => {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
  };
  return { secrets, values };
}

test('a key is given out for exactly the origin that it was stored with', async () => {
  const keys = new KeyStore(memorySecrets().secrets);
  await keys.store('work', 'https://a.example', 'sk-canary');
  assert.deepEqual(await keys.read('work', 'https://a.example'), { type: 'key', key: 'sk-canary' });
  const others = [
    'http://a.example',
    'https://a.example:8443',
    'https://a.example.',
    'https://a.example.evil.example',
    'https://evil.example',
    'https://A.example',
    'https://a.example/',
    '',
  ];
  for (const origin of others) {
    const found = await keys.read('work', origin);
    assert.deepEqual(found, { type: 'otherOrigin', origin: 'https://a.example' }, origin);
    assert.ok(!JSON.stringify(found).includes('canary'));
  }
  assert.deepEqual(await keys.read('other', 'https://a.example'), { type: 'none' });
});

test('a removed key is gone, and storing again binds to the new origin', async () => {
  const { secrets, values } = memorySecrets();
  const keys = new KeyStore(secrets);
  await keys.store('work', 'https://a.example', 'sk-one');
  await keys.store('work', 'https://b.example', 'sk-two');
  assert.equal((await keys.read('work', 'https://a.example')).type, 'otherOrigin');
  assert.deepEqual(await keys.read('work', 'https://b.example'), { type: 'key', key: 'sk-two' });
  await keys.remove('work');
  assert.deepEqual(await keys.read('work', 'https://b.example'), { type: 'none' });
  assert.equal(values.size, 0);
});

test('a key that no header can carry is not stored, and the error does not repeat it', async () => {
  const { secrets, values } = memorySecrets();
  const keys = new KeyStore(secrets);
  for (const key of [
    'CANARY\nx',
    'CANARY\r',
    ' CANARY',
    'CANARY\u043A',
    `CANARY${'x'.repeat(64 * 1024)}`,
    '',
  ]) {
    await assert.rejects(keys.store('work', 'https://a.example', key), (error: Error) => {
      assert.ok(!`${error.name} ${error.message} ${error.stack ?? ''}`.includes('CANARY'));
      return true;
    });
  }
  assert.equal(values.size, 0);
});

test('what was damaged in the store counts as no key', async () => {
  const { secrets } = memorySecrets();
  const keys = new KeyStore(secrets);
  for (const text of [
    '',
    'sk-plain',
    '{"origin":"https://a.example"}',
    '[]',
    'null',
    '{"origin":"https://a.example","key":"a\\nb"}',
  ]) {
    await secrets.store('colloquy.key/work', text);
    assert.deepEqual(await keys.read('work', 'https://a.example'), { type: 'none' }, text);
  }
  assert.deepEqual(await keys.list(), []);
});

test('the list names endpoints and origins, never keys or anything else in the store', async () => {
  const { secrets } = memorySecrets();
  const keys = new KeyStore(secrets);
  await keys.store('b', 'https://b.example', 'sk-canary-b');
  await keys.store('a', 'http://localhost:1', 'sk-canary-a');
  await secrets.store('something else', '{"origin":"https://c.example","key":"x"}');
  await new Permissions(secrets).grant({ type: 'plainHttp', origin: 'http://localhost:1' });
  const list = [...(await keys.list())].toSorted((one, two) => one.endpoint.localeCompare(two.endpoint));
  assert.deepEqual(list, [
    { endpoint: 'a', origin: 'http://localhost:1' },
    { endpoint: 'b', origin: 'https://b.example' },
  ]);
});

test('a change is told with the id of its endpoint', async () => {
  const { secrets } = memorySecrets();
  const keys = new KeyStore(secrets);
  const told: string[] = [];
  const listener = keys.onDidChange((endpoint) => told.push(endpoint));
  await keys.store('a', 'https://a.example', 'sk-a');
  await secrets.store('something else', 'x');
  await keys.remove('a');
  listener.dispose();
  await keys.remove('a');
  assert.deepEqual(told, ['a', 'a']);
});

test('a permission holds for exactly what was asked', async () => {
  const permissions = new Permissions(memorySecrets().secrets);
  await permissions.grant({ type: 'variable', name: 'MY_KEY', origin: 'https://a.example' });
  assert.ok(await permissions.isGranted({ type: 'variable', name: 'MY_KEY', origin: 'https://a.example' }));
  assert.ok(!(await permissions.isGranted({ type: 'variable', name: 'OTHER', origin: 'https://a.example' })));
  assert.ok(
    !(await permissions.isGranted({ type: 'variable', name: 'MY_KEY', origin: 'https://b.example' })),
  );
  assert.ok(!(await permissions.isGranted({ type: 'plainHttp', origin: 'https://a.example' })));
  await permissions.revoke({ type: 'variable', name: 'MY_KEY', origin: 'https://a.example' });
  assert.ok(
    !(await permissions.isGranted({ type: 'variable', name: 'MY_KEY', origin: 'https://a.example' })),
  );
});

test('a passphrase is given out for the origin that it was typed for, apart from the key', async () => {
  const { secrets, values } = memorySecrets();
  const keys = new KeyStore(secrets);
  const changed: string[] = [];
  keys.onDidChange((endpoint) => changed.push(endpoint));
  await keys.storePassphrase('work', 'https://a.example', 'open sesame, ä\n');
  assert.equal(await keys.readPassphrase('work', 'https://a.example'), 'open sesame, ä\n');
  for (const origin of ['http://a.example', 'https://a.example:8443', 'https://evil.example', '']) {
    assert.equal(await keys.readPassphrase('work', origin), undefined);
  }
  assert.equal(await keys.readPassphrase('other', 'https://a.example'), undefined);
  assert.deepEqual(await keys.read('work', 'https://a.example'), { type: 'none' });
  assert.deepEqual([await keys.list(), changed], [[], []]);
  await keys.removePassphrase('work');
  assert.equal(values.size, 0);
});
