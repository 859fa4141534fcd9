import { createHash } from 'node:crypto';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';
import { unzipSync } from 'fflate';
import { build } from '../../../esbuild.mjs';
import { collectNotices } from './notices.ts';
import { repositoryRoot } from './plantedRepository.ts';

/** Bytes. Data that is loaded only when it is needed has a larger limit of its own once there is some. */
const packageBudget = 500_000;

/**
 * What is shipped, file by file. Whoever adds one to .vscodeignore adds it here: a second look at whether
 * users need it.
 */
export const reviewedFiles: readonly string[] = [
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'dist/THIRD_PARTY_NOTICES.txt',
  'dist/extension.cjs',
  'dist/undici.cjs',
  'dist/webview/codicon.ttf',
  'dist/webview/main.js',
  'dist/webview/style.css',
  'media/icon.png',
  'media/view.svg',
  'media/walkthrough/ask.svg',
  'media/walkthrough/connect.svg',
  'media/walkthrough/insert.svg',
  'media/walkthrough/model.svg',
  'package.json',
];

export interface PackageOptions {
  /** The repository to package; this one by default. */
  readonly root?: string;
  /** Build and package a second time and compare; true by default. */
  readonly proveReproducible?: boolean;
}

/**
 * Makes the installable package: production build, licence notices, .vsix, and the checks of what is in it.
 *
 * @returns The absolute path of the .vsix, in dist/.
 * @throws When a size budget is broken, a licence is missing, or the contents are not what was reviewed.
 */
export async function packageExtension(options: PackageOptions = {}): Promise<string> {
  const { root = repositoryRoot, proveReproducible = true } = options;
  const { file, listed } = await makePackage(root, (table) => void process.stdout.write(table));
  const content = await readFile(file);
  const problems = [
    ...fileListProblems(listed),
    ...contentProblems(unzipSync(content), [root, homedir(), tmpdir()]),
    ...sizeProblems(content.length),
  ];
  if (proveReproducible) {
    await makePackage(root, () => undefined);
    const isSame = digest(await readFile(file)) === digest(content);
    if (!isSame) problems.push('Two builds of the same source gave different packages.');
  }
  if (problems.length > 0) throw new Error(`The package is not fit to ship:\n${problems.join('\n')}`);
  process.stdout.write(
    `${path.basename(file)}: ${(content.length / 1000).toFixed(1)} of ${packageBudget / 1000} KB, SHA-256 ${digest(content)}\n`,
  );
  return file;
}

/**
 * Builds and packages, without any check but the build's own.
 *
 * It happens in a folder that holds only what is shipped: the packager looks at every file below its folder, and
 * an unpacked editor for the tests lies in this one; and no build for development can come in between.
 */
async function makePackage(
  root: string,
  report: (table: string) => void,
): Promise<{ readonly file: string; readonly listed: readonly string[] }> {
  const stage = path.join('dist', `package-${process.pid}`);
  const cwd = path.join(root, stage);
  try {
    const { metafiles } = await build({ root, production: true, outdir: path.join(stage, 'dist'), report });
    const notices = await collectNotices(Object.values(metafiles), root);
    await writeFile(path.join(cwd, 'dist', 'THIRD_PARTY_NOTICES.txt'), notices);
    for (const file of ['.vscodeignore', ...reviewedFiles.filter((name) => !name.startsWith('dist/'))]) {
      await cp(path.join(root, file), path.join(cwd, file));
    }
    const { name, version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
      readonly name: string;
      readonly version: string;
    };
    const file = path.join(root, 'dist', `${name}-${version}.vsix`);
    // The packager reads the time stamps of its entries from here. The format stores local time: this is the same
    // stored day in every zone, so that the same source gives the same bytes anywhere.
    process.env['SOURCE_DATE_EPOCH'] = String(new Date(1980, 0, 2).getTime() / 1000);
    await createVSIX({
      cwd,
      packagePath: file,
      dependencies: false,
      allowMissingRepository: true,
      rewriteRelativeLinks: false,
    });
    return { file, listed: await listFiles({ cwd, packageManager: PackageManager.None }) };
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

function digest(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * Differences between what would be packaged and what was reviewed.
 * @param files Paths relative to the repository.
 */
export function fileListProblems(files: readonly string[]): readonly string[] {
  const packaged = new Set(files.map((file) => file.replaceAll('\\', '/')));
  const reviewed = new Set(reviewedFiles);
  return [
    ...[...packaged]
      .filter((file) => !reviewed.has(file))
      .map((file) => `${file} would be shipped unreviewed.`),
    ...reviewedFiles.filter((file) => !packaged.has(file)).map((file) => `${file} is missing.`),
  ];
}

/**
 * Things that no file of a package may contain.
 * @param files Name -> bytes.
 * @param machinePaths Folders of the building machine.
 */
export function contentProblems(
  files: Readonly<Record<string, Uint8Array>>,
  machinePaths: readonly string[],
): readonly string[] {
  const folders = machinePaths
    .flatMap((folder) => [folder, JSON.stringify(folder).slice(1, -1)])
    .map((folder) => `${folder}${path.sep}`);
  return Object.entries(files).flatMap(([name, bytes]) => {
    const text = Buffer.from(bytes).toString('latin1');
    const isCode = /\.(?:c?js|css)$/u.test(name);
    return [
      ...(name.endsWith('.map') || (isCode && text.includes('sourceMappingURL='))
        ? [`${name} has a source map.`]
        : []),
      ...(/(?:^|\/)(?:test|src|webview\/view|node_modules)\/|\.test\./u.test(name)
        ? [`${name} is not for users.`]
        : []),
      ...folders.flatMap((folder) =>
        text.includes(folder) ? [`${name} names ${folder} of this machine.`] : [],
      ),
      ...(/(?:\/home\/|\/Users\/|\\Users\\)\w+[/\\]/u.test(text)
        ? [`${name} names somebody's home folder.`]
        : []),
      ...(secret.test(text) ? [`${name} contains what looks like a secret.`] : []),
    ];
  });
}

const secret =
  /\bsk-[A-Za-z0-9_-]{20,}|\bgh[pousr]_[A-Za-z0-9]{30,}|\bAKIA[A-Z0-9]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY-----\s*[A-Za-z0-9+/]{16}/u;

/** @param bytes Size of the .vsix. */
export function sizeProblems(bytes: number): readonly string[] {
  return bytes > packageBudget
    ? [`The package has ${bytes} bytes, ${bytes - packageBudget} over its budget.`]
    : [];
}
