// The one door to every npm script: makes sure that Node 24 runs it. Plain ESM, so that Node 20 can open it.
//
//   node test/support/run.mjs <task> [arguments]

import { spawn } from 'node:child_process';
import { root } from './installOnce.mjs';
import { ensureNode, environmentWithNode } from './node24.mjs';

/** What Node 24 is given for each task, relative to the repository. @type {Record<string, readonly string[]>} */
const tasks = {
  start: ['test/support/start.ts'],
  test: ['test/support/testLayers.ts'],
  check: ['test/support/check.ts'],
  bench: ['test/bench/main.ts'],
  screenshots: ['test/support/screenshots.ts'],
  package: [
    '--input-type=module',
    '--eval',
    "import { packageExtension } from './test/support/build/package.ts'; await packageExtension();",
  ],
};

const [task = '', ...args] = process.argv.slice(2);
const command = tasks[task];
if (command === undefined) {
  console.error(`Usage: node test/support/run.mjs ${Object.keys(tasks).join('|')} [arguments]`);
  process.exit(2);
}

const node = await ensureNode(24);
const child = spawn(node, [...command, ...args], {
  cwd: root,
  env: environmentWithNode(node),
  stdio: 'inherit',
});
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  // Only passed on: the child stops what it started, and its end is ours.
  process.on(signal, () => child.kill(signal));
}
child.once('error', (error) => {
  console.error(error);
  process.exit(1);
});
child.once('close', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
});
