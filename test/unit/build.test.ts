import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { build } from '../../esbuild.mjs';
import { plantRepository, repositoryRoot } from '../support/build/plantedRepository.ts';

/** A small extension with everything that the build has to deal with. */
const files = {
  'src/extension.ts': `
    export async function ask(origin: string): Promise<string> {
      const { Agent } = await import('./api/undici.ts');
      const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
      const { body } = await agent.request({ origin, path: '/', method: 'POST', body: 'question' });
      const text = await body.text();
      await agent.close();
      return text;
    }`,
  'src/api/undici.ts': readFileSync(path.join(repositoryRoot, 'src/api/undici.ts'), 'utf8'),
  'webview/main.tsx': `
    import { render } from 'preact';
    import { signal } from '@preact/signals';
    render(<p>{signal('text')}</p>, document.body);`,
  'webview/style.css': `@import '@vscode/codicons/dist/codicon.css';`,
};

/** A module of so many bytes that do not compress. */
const noise = (bytes: number) => `export const noise = '${randomBytes(bytes / 2).toString('hex')}';`;

const silent = () => undefined;

describe('The production build', () => {
  test('writes three minified bundles, the style sheet with its font, and no source map', async () => {
    await using repository = await plantRepository(files);
    let table = '';
    const { sizes } = await build({
      root: repository.root,
      production: true,
      report: (text) => {
        table = text;
      },
    });

    const written = await readdir(path.join(repository.root, 'dist'), { recursive: true });
    assert.deepEqual(written.map((file) => file.replaceAll('\\', '/')).toSorted(), [
      'extension.cjs',
      'meta',
      'meta/host.json',
      'meta/style.json',
      'meta/undici.json',
      'meta/view.json',
      'undici.cjs',
      'webview',
      'webview/codicon.ttf',
      'webview/main.js',
      'webview/style.css',
    ]);
    for (const { name } of sizes) assert.ok(table.includes(name), table);
    const style = await readFile(path.join(repository.root, 'dist/webview/style.css'), 'utf8');
    assert.match(style, /url\("?\.\/codicon\.ttf/u);
  });

  test('is over budget with a large host bundle', async () => {
    await using repository = await plantRepository({ ...files, 'src/noise.ts': noise(401_000) });
    await repository.plant('src/extension.ts', `export { noise } from './noise.ts';`);
    await assert.rejects(
      build({ root: repository.root, production: true, report: silent }),
      /Over the size budget: host without undici$/u,
    );
  });

  test('does not count undici as its own, and its own not as undici', async () => {
    await using repository = await plantRepository({ ...files, 'src/noise.ts': noise(200_000) });
    await repository.plant(
      'src/extension.ts',
      `${files['src/extension.ts']} export { noise } from './noise.ts';`,
    );
    const { sizes } = await build({ root: repository.root, production: true, report: silent });

    const size = (name: string) => sizes.find((row) => row.name.includes(name))?.bytes ?? 0;
    assert.ok(size('undici.cjs') > 250_000);
    assert.ok(
      size('host without undici') > 200_000 && size('host without undici') < 210_000,
      JSON.stringify(sizes),
    );
  });

  test('is over budget with a large view bundle', async () => {
    await using repository = await plantRepository({ ...files, 'webview/noise.ts': noise(260_000) });
    await repository.plant('webview/main.tsx', `import { noise } from './noise.ts'; document.title = noise;`);
    await assert.rejects(
      build({ root: repository.root, production: true, report: silent }),
      /Over the size budget: webview\/main\.js$/u,
    );
  });
});

test("undici's bundle is loaded when it is needed and streams without touching the dispatcher slots that all extensions share", async () => {
  await using repository = await plantRepository(files);
  await build({ root: repository.root, production: true, report: silent });
  const server = createServer((request, response) => {
    request
      .on('data', (question) => response.write(`${String(question)} `))
      .on('end', () => response.end('answer'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;

  const script = `
    const { ask } = require(${JSON.stringify(path.join(repository.root, 'dist/extension.cjs'))});
    const loadedAtStart = Object.keys(require.cache).some((file) => file.endsWith('undici.cjs'));
    ask('http://127.0.0.1:${port}').then((text) => {
      const slots = Object.getOwnPropertySymbols(globalThis).map(String).filter((name) => name.includes('undici'));
      console.log(JSON.stringify({ text, slots, loadedAtStart }));
    });`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script]);
  server.close();
  assert.deepEqual(JSON.parse(stdout), { text: 'question answer', slots: [], loadedAtStart: false });
});
