import { globSync } from 'node:fs';
import path from 'node:path';
import { build, type Metafile } from 'esbuild';
import { wallViolation } from './rooms.mjs';

/**
 * Every import across a wall that esbuild resolves, of every file under src/ and webview/, whether anything
 * reaches it yet or not. Resolved paths see through `..`, symbolic links and path aliases. Type-only imports
 * are gone by then; the lint rule reads those.
 *
 * @param root The folder that holds src/ and webview/.
 * @returns One sentence per violation, empty when all walls stand.
 * @throws When a file does not parse or an import cannot be resolved.
 */
export async function findWallViolations(root: string): Promise<readonly string[]> {
  return readMetafile(await bundleEveryFile(root));
}

async function bundleEveryFile(root: string): Promise<Metafile> {
  const entryPoints = globSync('{src,webview}/**/*.{ts,tsx,css}', { cwd: root }).filter(
    (file) => !file.endsWith('.d.ts'),
  );
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints,
    bundle: true,
    packages: 'external',
    platform: 'node',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.ttf': 'file' },
    outdir: path.join(root, 'dist'),
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  return metafile;
}

function readMetafile(metafile: Metafile): readonly string[] {
  return Object.entries(metafile.inputs).flatMap(([file, { imports }]) =>
    imports.flatMap((imported) => {
      const violation = wallViolation(file, imported.path, imported.external ? 'package' : 'file');
      return violation === undefined ? [] : [`${file}: ${violation}`];
    }),
  );
}
