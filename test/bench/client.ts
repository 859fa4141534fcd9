import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { promisify } from 'node:util';
import type { BenchRow } from './benchRow.ts';
import { median } from './median.ts';

/** What one contender took, as `client/reader.ts` tells it. */
interface Taken {
  readonly cpuMs: number;
  readonly grownMb: number;
  readonly characters: number;
  readonly medianMs: number;
  readonly p99Ms: number;
}

const folder = path.join(import.meta.dirname, 'client');
const contenders = ['raw', 'parse', 'ours', 'openai', 'openaiHelper', 'ai'] as const;
type Name = (typeof contenders)[number];
const names: Readonly<Record<Name, string>> = {
  raw: 'the bare body',
  parse: 'split and JSON.parse',
  ours: 'Colloquy',
  openai: 'openai, chunks',
  openaiHelper: 'openai, stream helper',
  ai: 'ai with openai-compatible',
};
/** Tokens of a reply, and how often it is read in one go. */
const sizes = [
  [2000, 20],
  [20_000, 4],
  [200_000, 1],
] as const;
const rounds = Number(process.env['COLLOQUY_BENCH_ROUNDS'] ?? 3);

/**
 * Processor time and memory of reading one streamed reply from loopback, beside npm's `openai` and `ai`, in the same
 * run: each contender is a process of its own, and so is the server. The contenders take turns, so that what else the
 * machine does falls on all of them.
 */
export async function benchClient(): Promise<readonly BenchRow[]> {
  await using server = await startServer();
  const rows: BenchRow[] = [];
  for (const pieces of ['small', 'large']) {
    const perMillion: Record<string, number> = {};
    for (const [tokens, runs] of sizes) {
      const taken = new Map<Name, Taken[]>(contenders.map((name) => [name, []]));
      for (let round = 0; round < rounds; round++) {
        for (const name of contenders) {
          taken.get(name)?.push(await read(name, server.url, tokens, pieces, runs));
        }
      }
      const of = (name: Name, what: keyof Taken): number =>
        median((taken.get(name) ?? []).map((it) => it[what]));
      const cpu = (name: Name): number => (of(name, 'cpuMs') / (tokens * runs)) * 1e6;
      const texts = contenders.filter((name) => name !== 'raw').map((name) => of(name, 'characters'));
      if (new Set(texts).size !== 1)
        throw new Error(`The contenders read different texts: ${texts.join(', ')}.`);
      const what = `${tokens / 1000}k tokens in ${pieces} pieces`;
      perMillion[tokens] = cpu('ours');
      for (const name of contenders) {
        rows.push({
          name: `${what}: ${names[name]}, processor time for a million tokens`,
          value: cpu(name),
          unit: 'ms',
          baseline: cpu('parse'),
        });
      }
      for (const name of contenders) {
        rows.push({
          name: `${what}: ${names[name]}, memory gained at most`,
          value: of(name, 'grownMb'),
          unit: 'MB',
        });
      }
      const ratio = (to: Name): number => cpu('ours') / cpu(to);
      rows.push(
        { name: `${what}: Colloquy / split and JSON.parse`, value: ratio('parse'), unit: 'x', goal: '< 1.5' },
        { name: `${what}: Colloquy / openai, chunks`, value: ratio('openai'), unit: 'x', goal: '< 0.33' },
        {
          name: `${what}: Colloquy / openai, stream helper`,
          value: ratio('openaiHelper'),
          unit: 'x',
          goal: '< 0.33',
        },
        { name: `${what}: Colloquy / ai`, value: ratio('ai'), unit: 'x' },
      );
    }
    const growth = ((perMillion[200_000] ?? 0) / (perMillion[20_000] ?? 1)) * 10;
    rows.push({ name: `ten times the tokens in ${pieces} pieces`, value: growth, unit: 'x', goal: '<= 11' });
  }
  return rows;
}

/** From a delta being written by the server to its event leaving the client, a delta every other millisecond. */
export async function benchClientDelay(): Promise<readonly BenchRow[]> {
  await using server = await startServer();
  const raw = await read('parse', server.url, 2000, 'timed', 1);
  const ours = await read('ours', server.url, 2000, 'timed', 1);
  const row = (name: string, what: 'medianMs' | 'p99Ms'): BenchRow => ({
    name: `from a delta on the socket to its event, ${name} (baseline: split and JSON.parse)`,
    value: ours[what],
    unit: 'ms',
    baseline: raw[what],
  });
  return [row('median', 'medianMs'), row('99th percentile', 'p99Ms')];
}

async function read(name: Name, url: string, tokens: number, pieces: string, runs: number): Promise<Taken> {
  const args = [
    '--expose-gc',
    path.join(folder, 'reader.ts'),
    name,
    url,
    String(tokens),
    pieces,
    String(runs),
  ];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 300_000 });
  // Written by our own reader.
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Taken;
}

async function startServer(): Promise<{ readonly url: string; [Symbol.asyncDispose](): Promise<void> }> {
  const child = fork(path.join(folder, 'server.ts'));
  const [port] = (await once(child, 'message')) as [number];
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}
