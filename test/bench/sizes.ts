import { stat } from 'node:fs/promises';
import { build } from '../../esbuild.mjs';
import { packageExtension } from '../support/build/package.ts';
import { repositoryRoot } from '../support/build/plantedRepository.ts';
import type { BenchRow } from './benchRow.ts';

const kilobytes = (bytes: number) => Math.round(bytes / 100) / 10;

/**
 * What a user downloads and what is parsed at start: sizes in KB of 1,000 bytes, of a fresh production build.
 *
 * @throws When a size budget is broken, like the build itself.
 */
export async function benchSizes(): Promise<readonly BenchRow[]> {
  const { sizes } = await build({ root: repositoryRoot, production: true, report: () => undefined });
  const vsix = await packageExtension({ proveReproducible: false });
  const row = (name: string, bytes: number, limit?: number): BenchRow => ({
    name,
    value: kilobytes(bytes),
    unit: 'KB',
    ...(limit === undefined ? {} : { goal: `<= ${limit}` }),
  });
  return [
    row('package (.vsix)', (await stat(vsix)).size, 500),
    ...sizes.flatMap(({ name, bytes, gzip, budget }) => {
      const limit = budget === undefined ? undefined : kilobytes(budget);
      return gzip === undefined
        ? [row(name, bytes, limit)]
        : [row(`${name}, minified`, bytes), row(`${name}, gzip`, gzip, limit)];
    }),
  ];
}
