import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CompletionError } from '../../src/core/completionError.ts';
import type { Endpoint } from '../../src/core/endpoint.ts';
import {
  type FindPassphrase,
  readAuthorities,
  readClientCertificate,
} from '../../src/platform/certificateFiles.ts';
import { createFindPassphrase } from '../../src/platform/passphrases.ts';

const file = (name: string): string =>
  fileURLToPath(new URL(`../support/fixtures/tls/${name}`, import.meta.url));
const text = (name: string): string => readFileSync(file(name), 'utf8');
const folder = mkdtempSync(path.join(tmpdir(), 'colloquy-certificates-'));
after(() => rmSync(folder, { recursive: true }));
const written = (name: string, content: string): string => {
  const target = path.join(folder, name);
  writeFileSync(target, content);
  return target;
};

const endpointWith = (files: Partial<Endpoint>): Endpoint => ({
  id: 'work',
  name: 'Work',
  baseUrl: 'https://api.work.example/v1',
  ...files,
});
const nobody: FindPassphrase = () => Promise.resolve(undefined);
const openSesame: FindPassphrase = (_, __, opens) =>
  Promise.resolve(['guess', 'open sesame'].find((passphrase) => opens(passphrase)));

async function refusal(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (raised: unknown) => raised,
  );
  assert.ok(error instanceof CompletionError, String(error));
  assert.equal(error.failure.kind, 'certificate');
  assert.equal(error.failure.origin, 'https://api.work.example');
  return error.failure.detail ?? '';
}

describe("An endpoint's own authorities", () => {
  test('are read from its file as they stand, one or many, with comments between', async () => {
    const bundle = written('bundle.pem', `# ours\n${text('ca.pem')}\n# theirs\n${text('clientCa.pem')}`);
    assert.equal(await readAuthorities(endpointWith({ caFile: bundle })), readFileSync(bundle, 'utf8'));
    assert.equal(await readAuthorities(endpointWith({})), undefined);
  });

  for (const [what, caFile, why] of [
    ['a file that is not there', path.join(folder, 'missing.pem'), /cannot be read: ENOENT/],
    ['a folder', folder, /cannot be read: EISDIR/],
    ['a key', file('client.key'), /holds no certificate in PEM form/],
    ['something else', written('notes.txt', 'hello'), /holds no certificate in PEM form/],
  ] as const) {
    test(`that are ${what} are refused by name of file and endpoint`, async () => {
      const detail = await refusal(readAuthorities(endpointWith({ caFile })));
      assert.match(detail, why);
      assert.ok(detail.includes(caFile) && detail.includes('"Work"'), detail);
    });
  }
});

describe('A client certificate', () => {
  const clientCertFile = file('client.pem');

  test('is none where the endpoint names no file', async () => {
    assert.deepEqual(await readClientCertificate(endpointWith({}), nobody), {});
  });

  test('comes with its key from two files, or from one that holds both', async () => {
    const two = endpointWith({ clientCertFile, clientKeyFile: file('client.key') });
    const apart = await readClientCertificate(two, nobody);
    assert.deepEqual(apart, { cert: text('client.pem'), key: text('client.key') });
    const both = written('both.pem', text('client.key') + text('client.pem'));
    const together = await readClientCertificate(endpointWith({ clientCertFile: both }), nobody);
    assert.equal(together.key, text('client.key'));
  });

  test('with an encrypted key is opened with its passphrase, and the key is given decrypted', async () => {
    const endpoint = endpointWith({ clientCertFile, clientKeyFile: file('clientEncrypted.key') });
    const found = await readClientCertificate(endpoint, openSesame);
    assert.deepEqual(found, { cert: text('client.pem'), key: text('client.key') });
  });

  test('as PKCS #12 is opened with its passphrase', async () => {
    const found = await readClientCertificate(
      endpointWith({ clientCertFile: file('client.pfx') }),
      openSesame,
    );
    assert.equal(found.passphrase, 'open sesame');
    assert.deepEqual(found.pfx, readFileSync(file('client.pfx')));
  });

  const otherKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  for (const [what, files, why, named] of [
    [
      'whose key is not told its passphrase',
      { clientCertFile, clientKeyFile: file('clientEncrypted.key') },
      /needs its passphrase/,
      file('clientEncrypted.key'),
    ],
    [
      'in a PKCS #12 file without its passphrase',
      { clientCertFile: file('client.pfx') },
      /needs its passphrase/,
      file('client.pfx'),
    ],
    ['without a key', { clientCertFile }, /holds no private key/, clientCertFile],
    [
      'with a key of another one',
      { clientCertFile, clientKeyFile: file('stranger.key') },
      /does not belong to the certificate in .*client\.pem/,
      file('stranger.key'),
    ],
    [
      'with a damaged key',
      {
        clientCertFile,
        clientKeyFile: written(
          'damaged.key',
          otherKey.export({ type: 'pkcs8', format: 'pem' }).toString().replaceAll('M', 'N'),
        ),
      },
      /holds a private key that cannot be read/,
      path.join(folder, 'damaged.key'),
    ],
    [
      'that is another kind of file',
      { clientCertFile: written('picture.pfx', 'GIF89a') },
      /is neither a PEM nor a PKCS #12 file/,
      path.join(folder, 'picture.pfx'),
    ],
    [
      'that is not there',
      { clientCertFile: path.join(folder, 'none.pem') },
      /cannot be read: ENOENT/,
      path.join(folder, 'none.pem'),
    ],
  ] as const) {
    test(`${what} is refused by name of file and endpoint`, async () => {
      const detail = await refusal(readClientCertificate(endpointWith(files), nobody));
      assert.match(detail, why);
      assert.ok(detail.includes(named) && detail.includes('"Work"'), detail);
    });
  }
});

describe('The passphrase of a key', () => {
  const endpoint = endpointWith({});
  const opens = (passphrase: string): boolean => passphrase === 'right';

  function stage(stored: Record<string, string> = {}, answers: readonly (string | undefined)[] = []) {
    const kept = { ...stored };
    const asked: boolean[] = [];
    const find = createFindPassphrase(
      {
        readPassphrase: (id, origin) => Promise.resolve(kept[`${id} ${origin}`]),
        storePassphrase: (id, origin, passphrase) => {
          kept[`${id} ${origin}`] = passphrase;
          return Promise.resolve();
        },
      },
      (_, file_, again) => {
        assert.equal(file_, '/key.pem');
        asked.push(again);
        return Promise.resolve(answers[asked.length - 1]);
      },
    );
    return { find: (of = endpoint) => find(of, '/key.pem', opens), kept, asked };
  }
  const place = 'work https://api.work.example';

  test('is asked for once and then kept for the origin', async () => {
    const { find, kept, asked } = stage({}, ['right']);
    assert.equal(await find(), 'right');
    assert.equal(await find(), 'right');
    assert.deepEqual(asked, [false]);
    assert.deepEqual(kept, { [place]: 'right' });
  });

  test('is asked for once however many requests wait for it', async () => {
    const { find, asked } = stage({}, ['right']);
    assert.deepEqual(await Promise.all([find(), find(), find()]), ['right', 'right', 'right']);
    assert.equal(asked.length, 1);
  });

  test('that does not fit is asked for again, and is not kept', async () => {
    const { find, kept, asked } = stage({ [place]: 'old' }, ['wrong', 'right']);
    assert.equal(await find(), 'right');
    assert.deepEqual(asked, [true, true]);
    assert.deepEqual(kept, { [place]: 'right' });
  });

  test('that nobody tells is missing, and asked for anew with the next request', async () => {
    const { find, kept, asked } = stage({}, [undefined, 'right']);
    assert.equal(await find(), undefined);
    assert.deepEqual(kept, {});
    assert.equal(await find(), 'right');
    assert.deepEqual(asked, [false, false]);
  });

  test('typed for one origin is not tried for another', async () => {
    const { find, asked } = stage({ [place]: 'right' }, [undefined]);
    assert.equal(await find({ ...endpoint, baseUrl: 'https://evil.example/v1' }), undefined);
    assert.deepEqual(asked, [false]);
  });
});
