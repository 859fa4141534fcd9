import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { build } from 'esbuild';
import { collectNotices } from '../support/build/notices.ts';
import { contentProblems, fileListProblems, reviewedFiles, sizeProblems } from '../support/build/package.ts';
import { plantRepository, repositoryRoot } from '../support/build/plantedRepository.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('A package is not fit to ship', () => {
  test('with a file that nobody reviewed, or without one that belongs to it', () => {
    const problems = fileListProblems(['package.json', 'dist\\extension.cjs', '.env']);
    assert.ok(problems.includes('.env would be shipped unreviewed.'));
    assert.ok(problems.includes('dist/webview/main.js is missing.'));
    assert.ok(
      !problems.some((problem) => problem.includes('package.json') || problem.includes('extension.cjs')),
    );
  });

  const machine = ['/builds/colloquy'];
  const plants: readonly (readonly [why: string, name: string, content: string])[] = [
    ['has a source map', 'extension/dist/extension.cjs.map', '{}'],
    ['has a source map', 'extension/dist/webview/main.js', 'let a;\n//# sourceMappingURL=main.js.map'],
    ['is not for users', 'extension/test/unit/a.js', ''],
    ['is not for users', 'extension/src/extension.ts', ''],
    [
      'names /builds/colloquy/ of this machine',
      'extension/dist/extension.cjs',
      '"/builds/colloquy/src/a.ts"',
    ],
    ["names somebody's home folder", 'extension/dist/extension.cjs', '"/home/somebody/a"'],
    ["names somebody's home folder", 'extension/dist/extension.cjs', 'C:\\Users\\somebody\\a'],
    ['what looks like a secret', 'extension/dist/extension.cjs', `"sk-${'a1'.repeat(12)}"`],
    ['what looks like a secret', 'extension/readme.md', `ghp_${'a1'.repeat(18)}`],
    ['what looks like a secret', 'extension/a.txt', `-----BEGIN RSA PRIVATE KEY-----\n${'a1'.repeat(12)}`],
  ];
  for (const [why, name, content] of plants) {
    test(`when ${name} ${why}`, () => {
      const problems = contentProblems({ [name]: bytes(content) }, machine);
      assert.ok(
        problems.some((problem) => problem.startsWith(name) && problem.includes(why)),
        problems.join('\n'),
      );
    });
  }

  test('when it is over its size budget', () => {
    assert.deepEqual(sizeProblems(500_000), []);
    assert.deepEqual(sizeProblems(500_001), ['The package has 500001 bytes, 1 over its budget.']);
  });
});

test('.vscodeignore lets through exactly the reviewed files', async () => {
  const [first, ...rest] = (await readFile(path.join(repositoryRoot, '.vscodeignore'), 'utf8'))
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  assert.equal(first, '**');
  assert.deepEqual([...rest, '!package.json'].toSorted(), reviewedFiles.map((file) => `!${file}`).toSorted());
});

test('ordinary contents are fit to ship', () => {
  const files: Readonly<Record<string, string>> = {
    'extension/dist/extension.cjs': 'const key = "sk-"; const home = os.homedir();',
    'extension/readme.md': 'See the folder /home and -----BEGIN PRIVATE KEY-----.',
    'extension/dist/webview/codicon.ttf': '\0',
  };
  const contents = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, bytes(text)]));
  assert.deepEqual(contentProblems(contents, ['/builds/colloquy']), []);
});

describe('The licence notices', () => {
  /** Bundles an entry that uses two packages, of which only one reaches the output, and collects the notices. */
  async function noticesOf(manifest: object, other: Readonly<Record<string, string>>) {
    await using repository = await plantRepository({
      'packages/node_modules/used/package.json': JSON.stringify({
        name: 'used',
        version: '1.2.3',
        main: 'a.js',
        ...manifest,
      }),
      'packages/node_modules/used/a.js': 'export const used = document.title;',
      'packages/node_modules/unused/package.json': JSON.stringify({
        name: 'unused',
        version: '1.0.0',
        main: 'a.js',
        license: 'GPL-3.0',
        sideEffects: false,
      }),
      'packages/node_modules/unused/a.js': 'export const unused = 1;',
      'packages/entry.js': `import { used } from 'used'; import { unused } from 'unused'; export { used };`,
      ...other,
    });
    const { metafile } = await build({
      absWorkingDir: repository.root,
      entryPoints: ['packages/entry.js'],
      bundle: true,
      format: 'esm',
      metafile: true,
      write: false,
    });
    return await collectNotices([metafile], repository.root);
  }

  const licence = { 'packages/node_modules/used/LICENSE': 'Permission is granted by Used.' };

  test('name every bundled package with version, licence and text, and no other', async () => {
    const notices = await noticesOf({ license: 'MIT', homepage: 'https://used.example' }, licence);
    assert.match(
      notices,
      /used 1\.2\.3, MIT\nhttps:\/\/used\.example\n-+\n\nPermission is granted by Used\./u,
    );
    assert.doesNotMatch(notices, /unused/u);
  });

  test('cannot be made without a licence text', async () => {
    await assert.rejects(noticesOf({ license: 'MIT' }, {}), /used 1\.2\.3 carries no licence text/u);
  });

  test('cannot be made for a licence that is not allowed, or for none', async () => {
    await assert.rejects(noticesOf({ license: 'GPL-3.0' }, licence), /used 1\.2\.3 is under GPL-3\.0/u);
    await assert.rejects(noticesOf({}, licence), /used 1\.2\.3 is under no licence/u);
  });
});
