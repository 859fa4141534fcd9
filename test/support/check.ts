import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { root } from './installOnce.mjs';

/* Everything that can be known about the code in seconds: a line for each check, then what the failing ones said. */

interface Check {
  readonly name: string;
  readonly command: readonly [file: string, ...args: string[]];
}

const tool = (name: string, ...args: string[]): Check['command'] => [
  join(root, 'node_modules', '.bin', name),
  ...args,
];

/** What was found out about code that has not changed since: a second run takes half the time. */
const cache = join(root, 'node_modules', '.cache', 'colloquy');

// The slowest first.
const checks: readonly Check[] = [
  {
    name: 'unit tests',
    // All files in one process, which starts and loads everything once; `npm test` gives each file its own.
    command: [
      process.execPath,
      '--disallow-code-generation-from-strings',
      '--test',
      '--test-isolation=none',
      'test/unit/**/*.test.ts',
    ],
  },
  { name: 'lint', command: tool('oxlint', '--type-aware') },
  { name: 'unused code', command: tool('knip', '--no-progress') },
  ...['test', 'src', 'webview', 'src/core', 'src/shared'].map((world): Check => ({
    name: `types of ${world}`,
    command: tool(
      'tsc',
      '-p',
      world,
      '--incremental',
      '--tsBuildInfoFile',
      join(cache, `${world}.tsbuildinfo`),
    ),
  })),
  { name: 'format', command: tool('oxfmt', '--check', '.') },
];

interface Outcome {
  readonly name: string;
  readonly passed: boolean;
  readonly output: string;
}

const started = performance.now();
const waiting = [...checks];
const outcomes: Outcome[] = [];
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      outcomes.push(await perform(next));
    }
  }),
);
const failing = outcomes.filter(({ passed }) => !passed);
for (const { name, output } of failing) console.log(`\n--- ${name} ---\n${output.trim()}`);
console.log(
  failing.length === 0
    ? `\nAll ${checks.length} checks passed in ${seconds(started)}.`
    : `\n${failing.length} of ${checks.length} checks failed in ${seconds(started)}: ${failing.map(({ name }) => name).join(', ')}.`,
);
process.exitCode = failing.length === 0 ? 0 : 1;

async function perform({ name, command: [file, ...args] }: Check): Promise<Outcome> {
  const begun = performance.now();
  const child = spawn(file, args, {
    cwd: root,
    env: { COLLOQUY_TEST_SIZE: '0.1', ...process.env, NODE_COMPILE_CACHE: join(cache, 'compiled') },
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  const code = await new Promise<number | string | null>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', resolve);
  });
  if (typeof code === 'string') output += code;
  const passed = code === 0;
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${name.padEnd(20)} ${seconds(begun)}`);
  return { name, passed, output };
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
