import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** This repository. */
export const repositoryRoot = path.resolve(import.meta.dirname, '../../..');

/** A scratch repository on disk; disposing of it deletes it. */
export interface PlantedRepository extends AsyncDisposable {
  readonly root: string;
  /** Adds or replaces a file. */
  plant(file: string, text: string): Promise<void>;
}

/** What makes this repository's compiler, linter and bundler behave as they do here. */
const settings = [
  'package.json',
  'tsconfig.json',
  'src/tsconfig.json',
  'src/shared/tsconfig.json',
  'src/core/tsconfig.json',
  'webview/tsconfig.json',
  'test/tsconfig.json',
  '.oxlintrc.json',
  'test/support/build/lintPlugin.mjs',
  'test/support/build/banned.mjs',
  'test/support/build/rooms.mjs',
];

/**
 * A scratch repository with this one's settings and dependencies and the given files, for tests that plant
 * a violation and expect a guard to find it.
 *
 * @param files Path -> text.
 */
export async function plantRepository(files: Readonly<Record<string, string>>): Promise<PlantedRepository> {
  const root = await realpath(await mkdtemp(path.join(tmpdir(), 'colloquy-planted-')));
  const plant = async (file: string, text: string): Promise<void> => {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), text);
  };
  await Promise.all(settings.map((file) => cp(path.join(repositoryRoot, file), path.join(root, file))));
  await symlink(path.join(repositoryRoot, 'node_modules'), path.join(root, 'node_modules'), 'junction');
  await Promise.all(Object.entries(files).map(([file, text]) => plant(file, text)));
  return { root, plant, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
}
