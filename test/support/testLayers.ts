import { existsSync, globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { packageExtension } from './build/package.ts';
import { canaryIn, logsWithCanary } from './canary.ts';
import { root } from './installOnce.mjs';
import { findChromium } from './vscode/chromium.ts';
import { runHostSuite } from './vscode/hostSuite.ts';

/*
 * Runs the tests, layer by layer:
 *
 *   testLayers.ts [layer ...] [part of a test file's path ...]
 *
 * Without a layer all of them but `long`. The last line of the output is `N passed, N failed, N skipped`.
 */

interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** Names. */
  readonly skipped: readonly string[];
}

interface Layer {
  /** Runs before the layer's tests. A rejection counts as one failed test. */
  readonly prepare?: () => Promise<void> | void;
  readonly concurrency?: number;
  readonly nodeFlags?: readonly string[];
  /** One test file that takes longer than this is ended. */
  readonly limitMs: number;
}

const minute = 60_000;
const layers = {
  unit: {
    // Nothing that is tested here, and nothing it uses, may turn text into code: the view's content security
    // policy would refuse it.
    nodeFlags: ['--disallow-code-generation-from-strings'],
    concurrency: availableParallelism(),
    limitMs: 2 * minute,
  },
  api: { concurrency: availableParallelism(), limitMs: 5 * minute },
  webview: { prepare: () => void findChromium(), limitMs: 10 * minute },
  host: { prepare: build, limitMs: 10 * minute },
  e2e: {
    prepare: packageForJourneys,
    nodeFlags: ['--import', new URL('journey/pictureFailures.ts', import.meta.url).href],
    limitMs: 20 * minute,
  },
  long: { limitMs: 120 * minute },
} as const satisfies Record<string, Layer>;

type LayerName = keyof typeof layers;

const args = process.argv.slice(2);
const names = Object.keys(layers).filter(isLayerName);
const chosen = names.filter((name) => args.includes(name));
const parts = args.filter((arg) => !isLayerName(arg));
const everyday = names.filter((name) => name !== 'long');
let printed = false;
await runLayers(chosen.length > 0 ? chosen : everyday);

function isLayerName(name: string): name is LayerName {
  return name in layers;
}

async function runLayers(wanted: readonly LayerName[]): Promise<void> {
  const results: Counts[] = [];
  for (const name of wanted) {
    const started = performance.now();
    console.log(`\n=== ${name} ===`);
    const counts = await runLayer(name).catch((error: unknown): readonly Counts[] => {
      console.error(error instanceof Error ? error.message : error);
      return [{ passed: 0, failed: 1, skipped: [] }];
    });
    results.push(...counts);
    console.log(
      `${name}: ${sentence(total(counts))} in ${((performance.now() - started) / 1000).toFixed(1)} s`,
    );
  }
  results.push(keysOutside());
  const all = total(results);
  if (all.skipped.length > 0) console.log(`\nSkipped:\n${all.skipped.map((name) => `  ${name}`).join('\n')}`);
  console.log(`\n${sentence(all)}`);
  if (all.failed > 0 || all.passed === 0) process.exitCode = 1;
}

async function runLayer(name: LayerName): Promise<readonly Counts[]> {
  const layer: Layer = layers[name];
  const files = globSync(`test/${name}/**/*.test.ts`, { cwd: root })
    .filter((file) => parts.length === 0 || parts.some((part) => file.includes(part)))
    .toSorted()
    .map((file) => join(root, file));
  if (files.length === 0) return [];
  await layer.prepare?.();
  return name === 'host' ? runHostSuite(files, say) : [await runFiles(files, layer)];
}

/** Runs test files with Node's own runner, a process for each, and shows its report. */
async function runFiles(files: readonly string[], layer: Layer): Promise<Counts> {
  let counts: Omit<Counts, 'skipped'> = { passed: 0, failed: 1 };
  const skipped: string[] = [];
  const stream = run({
    files: [...files],
    concurrency: layer.concurrency ?? 1,
    execArgv: [...(layer.nodeFlags ?? [])],
    timeout: layer.limitMs,
  });
  stream.on('test:summary', ({ file, counts: { tests, passed, skipped: left, todo } }) => {
    if (file === undefined) counts = { passed, failed: tests - passed - left - todo };
  });
  stream.on('test:pass', ({ name, skip, todo }) => {
    const reason = skip ?? todo;
    if (reason !== undefined && reason !== false) {
      skipped.push(typeof reason === 'string' ? `${name} (${reason})` : name);
    }
  });
  for await (const text of stream.compose(new spec())) say(String(text));
  return { ...counts, skipped };
}

/** Prints what tests say, and remembers whether one of their keys was in it. */
function say(text: string): void {
  process.stdout.write(text);
  printed ||= canaryIn(text) !== undefined;
}

/** After everything has run: no key that any test used was printed, or stands in a log that was left behind. */
function keysOutside(): Counts {
  const found = [
    ...(printed ? ['what the tests printed'] : []),
    ...logsWithCanary(join(root, 'dist', 'test')),
  ];
  if (found.length === 0) return { passed: 0, failed: 0, skipped: [] };
  console.error(`\nA key of a test stands in: ${found.join(', ')}`);
  return { passed: 0, failed: 1, skipped: [] };
}

function total(results: readonly Counts[]): Counts {
  return {
    passed: results.reduce((sum, { passed }) => sum + passed, 0),
    failed: results.reduce((sum, { failed }) => sum + failed, 0),
    skipped: results.flatMap(({ skipped }) => skipped),
  };
}

function sentence({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped.length} skipped`;
}

function build(): void {
  execFileSync(process.execPath, [join(root, 'esbuild.mjs')], { stdio: 'inherit' });
}

/** Journeys take the packaged extension; one package serves them all. */
async function packageForJourneys(): Promise<void> {
  findChromium();
  const given = process.env['COLLOQUY_VSIX'];
  if (given !== undefined && existsSync(given)) return;
  process.env['COLLOQUY_VSIX'] = await packageExtension({ proveReproducible: false });
}
