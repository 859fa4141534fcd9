import { createWriteStream } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { runTests } from '@vscode/test-electron';
import * as esbuild from 'esbuild';
import type { HostResults } from '../../host/index.ts';
import { root } from '../installOnce.mjs';
import { chooseExecutables, type Executable } from './executable.ts';
import { quietSettings } from './quietSettings.ts';

/** Counts of one run of the host suite; `failed` is at least 1 when VS Code ended without results. */
export interface HostRun {
  readonly passed: number;
  readonly failed: number;
  /** Full titles of skipped tests. */
  readonly skipped: readonly string[];
}

/**
 * Runs the host suite in VS Code: once in the newest release and once in the oldest supported one.
 * `files` are its test files, absolute. Expects `dist/extension.cjs` to be built.
 */
export async function runHostSuite(
  files: readonly string[],
  say: (text: string) => void,
): Promise<readonly HostRun[]> {
  await bundleSuite(files);
  const runs: HostRun[] = [];
  for (const executable of await chooseExecutables()) runs.push(await runIn(executable, say));
  return runs;
}

const bundleFolder = join(root, 'dist', 'test', 'host');

/** One file per test file, so that mocha can tell where a failure comes from. */
async function bundleSuite(files: readonly string[]): Promise<void> {
  await rm(bundleFolder, { recursive: true, force: true });
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['test/host/index.ts', ...files],
    outdir: bundleFolder,
    outbase: 'test/host',
    entryNames: '[name]',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
}

async function runIn(executable: Executable, say: (text: string) => void): Promise<HostRun> {
  // Short, because VS Code opens sockets below it and their paths have a limit.
  const temporary = await mkdtemp(join(tmpdir(), 'cq-'));
  const userData = join(temporary, 'user');
  const workspace = join(temporary, 'sample');
  const extensions = join(temporary, 'extensions');
  const resultsFile = join(temporary, 'results.json');
  try {
    await mkdir(join(userData, 'User'), { recursive: true });
    await writeFile(join(userData, 'User', 'settings.json'), JSON.stringify(quietSettings('light')));
    await cp(join(root, 'test', 'support', 'sample'), workspace, { recursive: true });
    // Lends the tests an extension context. Installed, because a browser takes only one extension from source.
    const companion = join(root, 'test', 'host', 'companion');
    await cp(companion, join(extensions, 'colloquy-test.companion-0.0.1'), { recursive: true });
    // A workspace file, so that tests can see what settings in one do.
    const workspaceFile = join(temporary, 'host.code-workspace');
    await writeFile(workspaceFile, JSON.stringify({ folders: [{ path: 'sample' }], settings: {} }));
    // What VS Code itself says is long and rarely of use; the suite reports in its results.
    const log = join(root, 'dist', 'test', `host-${executable.label}.log`);
    const sink = createWriteStream(log);
    await runTests({
      vscodeExecutablePath: executable.path,
      extensionDevelopmentPath: root,
      extensionTestsPath: join(bundleFolder, 'index.cjs'),
      stdout: sink,
      stderr: sink,
      extensionTestsEnv: { COLLOQUY_HOST_RESULTS: resultsFile },
      launchArgs: [
        workspaceFile,
        `--user-data-dir=${userData}`,
        `--extensions-dir=${extensions}`,
        ...executable.args,
      ],
    }).catch((error: unknown) => void sink.write(`${String(error)}\n`));
    await new Promise((resolve) => sink.end(resolve));
    const results = await readFile(resultsFile, 'utf8').catch(() => undefined);
    if (results === undefined) {
      console.error(`The host suite did not run in ${executable.name}:\n${await readFile(log, 'utf8')}`);
      return { passed: 0, failed: 1, skipped: [] };
    }
    // Written by the suite itself a moment ago.
    const { report, passed, failed, skipped, version, host } = JSON.parse(results) as HostResults;
    say(`Host suite in VS Code ${version} (${host})\n${report}\n`);
    if (failed > 0) console.log(`What VS Code said: ${relative(root, log)}`);
    return { passed, failed, skipped: skipped.map((title) => `${title} (VS Code ${version})`) };
  } finally {
    await rm(temporary, { recursive: true, force: true, maxRetries: 5 });
  }
}
