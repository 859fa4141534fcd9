import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import * as esbuild from 'esbuild';
import { partOptions } from '../../esbuild.mjs';

/*
 * Activation must not pay for the client: what it reaches only through `import()` is evaluated with the first request,
 * even inside one bundle.
 */

test('activation evaluates neither the client nor the schemas of the API', async () => {
  const root = path.resolve(import.meta.dirname, '../..');
  const { host } = partOptions({ root, outdir: 'dist', production: false, report: () => {} });
  const { metafile } = await esbuild.build(host);
  const reached = (follows: (kind: string) => boolean): ReadonlySet<string> => {
    const seen = new Set(['src/extension.ts']);
    for (const file of seen) {
      for (const { path: to, kind } of metafile.inputs[file]?.imports ?? []) if (follows(kind)) seen.add(to);
    }
    return seen;
  };
  const lazy = (file: string): boolean => file === 'src/api/client.ts' || file.startsWith('src/core/api/');

  const atStart = reached((kind) => kind !== 'dynamic-import');
  assert.deepEqual([...atStart].filter(lazy), []);
  const ever = [...reached(() => true)].filter(lazy);
  assert.ok(ever.includes('src/api/client.ts') && ever.includes('src/core/api/request.ts'), ever.join(' '));
  assert.ok(atStart.size > 50, `${atStart.size} files`);
});
