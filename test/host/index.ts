import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';

/** What the suite leaves behind for the process that started VS Code. */
export interface HostResults {
  /** `vscode.version`. */
  readonly version: string;
  /** Which VS Code, for people. */
  readonly host: string;
  /** A line for each test, and what failed. */
  readonly report: string;
  readonly passed: number;
  readonly failed: number;
  /** Full titles. */
  readonly skipped: readonly string[];
}

/**
 * Called by VS Code inside its extension host: runs every bundled test file beside this one with mocha. Rejects
 * when a test failed, which VS Code turns into its exit code.
 */
export async function run(): Promise<void> {
  const results = await runFiles();
  const file = process.env['COLLOQUY_HOST_RESULTS'];
  if (file === undefined) console.log(results.report);
  else writeFileSync(file, JSON.stringify(results));
  if (results.failed > 0) throw new Error(`${results.failed} of the host tests failed.`);
}

async function runFiles(): Promise<HostResults> {
  const { default: Mocha } = await import('mocha');
  const mocha = new Mocha({ ui: 'bdd', timeout: 20_000, color: false });
  for (const name of readdirSync(__dirname)) {
    if (name.endsWith('.test.cjs')) mocha.addFile(join(__dirname, name));
  }
  const lines: string[] = [];
  const skipped: string[] = [];
  let passed = 0;
  const failed = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    runner.on('pass', (test) => {
      passed += 1;
      lines.push(`✔ ${test.fullTitle()} (${test.duration ?? 0} ms)`);
    });
    runner.on('fail', (test, error: Error) =>
      lines.push(`✖ ${test.fullTitle()}\n${error.stack ?? error.message}`),
    );
    runner.on('pending', (test) => skipped.push(test.fullTitle()));
  });
  lines.push(...skipped.map((title) => `- ${title} (skipped)`));
  const host = `${vscode.env.appName}, ${vscode.env.appHost}, Node ${process.versions.node}`;
  return { version: vscode.version, host, report: lines.join('\n'), passed, failed, skipped };
}
