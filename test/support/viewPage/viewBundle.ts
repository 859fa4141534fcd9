import path from 'node:path';
import * as esbuild from 'esbuild';
import { partOptions } from '../../../esbuild.mjs';
import { repositoryRoot } from '../build/plantedRepository.ts';

/** The view's files by name, as the package would hold them. */
export type ViewBundle = ReadonlyMap<string, Uint8Array>;

/** Bundles the view with the build's own options, into memory. */
export async function bundleView({ production = false } = {}): Promise<ViewBundle> {
  const outdir = 'dist';
  const { view, style } = partOptions({ production, root: repositoryRoot, outdir, report: () => undefined });
  const built = await Promise.all(
    [view, style].map((options) => esbuild.build({ ...options, sourcemap: false, write: false })),
  );
  const folder = path.join(repositoryRoot, outdir, 'webview');
  return new Map(
    built.flatMap(({ outputFiles }) =>
      outputFiles.map((file) => [path.relative(folder, file.path), file.contents] as const),
    ),
  );
}
