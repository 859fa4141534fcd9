// Runs every benchmark of this folder, prints one table and writes dist/bench.json.
//
//   node test/bench/main.ts [name ...]     only those whose file name contains one of the names

import { globSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, release } from 'node:os';
import path from 'node:path';
import { repositoryRoot } from '../support/build/plantedRepository.ts';
import type { BenchRow } from './benchRow.ts';

const out = path.join(repositoryRoot, 'dist', 'bench.json');

/** Every exported function whose name begins with `bench` takes nothing and returns rows. */
type Benchmark = () => Promise<readonly BenchRow[]>;

async function findBenchmarks(names: readonly string[]): Promise<ReadonlyMap<string, Benchmark>> {
  const files = globSync('*.ts', { cwd: import.meta.dirname })
    .filter((file) => file !== 'main.ts' && file !== 'benchRow.ts')
    .filter((file) => names.length === 0 || names.some((name) => file.includes(name)))
    .toSorted();
  const benchmarks = new Map<string, Benchmark>();
  for (const file of files) {
    const exported = (await import(`./${file}`)) as Readonly<Record<string, unknown>>;
    for (const [name, value] of Object.entries(exported)) {
      if (/^bench[A-Z]/u.test(name) && typeof value === 'function') benchmarks.set(name, value as Benchmark);
    }
  }
  return benchmarks;
}

function table(rows: readonly BenchRow[]): string {
  const cells = [
    ['what', 'value', 'unit', 'baseline', 'goal'],
    ...rows.map(({ name, value, unit, baseline, goal }) => [
      name,
      String(Math.round(value * 100) / 100),
      unit,
      baseline === undefined ? '' : String(Math.round(baseline * 100) / 100),
      goal ?? '',
    ]),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const isNumber = (column: number) => column === 1 || column === 3;
  return cells
    .map((row) =>
      row
        .map((cell, column) =>
          isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const rows: BenchRow[] = [];
const failures: { readonly name: string; readonly error: string }[] = [];
for (const [name, benchmark] of await findBenchmarks(process.argv.slice(2))) {
  try {
    rows.push(...(await benchmark()));
  } catch (error) {
    failures.push({ name, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

process.stdout.write(`\n${table(rows)}\n`);
for (const { name, error } of failures) process.stderr.write(`\n${name} failed: ${error}\n`);
await mkdir(path.dirname(out), { recursive: true });
const machine = {
  node: process.version,
  platform: process.platform,
  release: release(),
  cpus: cpus().length,
};
await writeFile(out, `${JSON.stringify({ machine, rows, failures }, undefined, 2)}\n`);
process.exitCode = failures.length === 0 ? 0 : 1;
