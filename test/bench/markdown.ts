import type { CDPSession } from 'playwright-core';
import type * as benchScript from '../support/markdownCorpus/benchScript.ts';
import { openMarkdownPage } from '../support/markdownCorpus/markdownPage.ts';
import { realisticReply } from '../support/markdownCorpus/realisticReply.ts';
import type { BenchRow } from './benchRow.ts';

type Case = { readonly characters: number; readonly tokensPerSecond: number; readonly runs: number };

const cases: readonly Case[] = [
  { characters: 2_000, tokensPerSecond: 1_000, runs: 7 },
  { characters: 20_000, tokensPerSecond: 1_000, runs: 3 },
  { characters: 20_000, tokensPerSecond: 5_000, runs: 5 },
  { characters: 200_000, tokensPerSecond: 5_000, runs: 3 },
];

/**
 * Main-thread time of the page while a reply streams in, as a multiple of the bare text: lines appended as text nodes
 * in sections with `content-visibility`. The approaches take turns in one page; medians of several runs.
 */
export async function benchMarkdown(): Promise<BenchRow[]> {
  await using opened = await openMarkdownPage({ script: 'benchScript.ts' });
  const { page } = opened;
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });

  async function measure(approach: benchScript.Approach, text: string, tokensPerSecond: number) {
    await session.send('HeapProfiler.collectGarbage');
    const before = await mainThreadMs(session);
    const frames = await page.evaluate(
      async (given) => {
        // The page's script is the one named above.
        const script = window.markdown as unknown as typeof benchScript;
        return (await script.streamReply(given.approach, given.text, given.tokensPerSecond)).frames;
      },
      { approach, text, tokensPerSecond },
    );
    return { cpu: (await mainThreadMs(session)) - before, frames };
  }

  const approaches = ['limit', 'markdown', 'markdown with colours'] as const;
  for (const approach of approaches) await measure(approach, realisticReply(20_000), 20_000);

  const rows: BenchRow[] = [];
  const costs = new Map<string, number>();
  for (const { characters, tokensPerSecond, runs } of cases) {
    const text = realisticReply(characters);
    const results = new Map(
      approaches.map((approach) => [approach, { cpu: [] as number[], frames: [] as number[] }]),
    );
    for (let run = 0; run < runs; run += 1) {
      for (const [approach, result] of results) {
        const { cpu, frames } = await measure(approach, text, tokensPerSecond);
        result.cpu.push(cpu);
        result.frames.push(...frames);
      }
    }
    const name = `markdown ${String(characters / 1000)}k characters at ${String(tokensPerSecond)} tokens/s`;
    const limit = median(results.get('limit')?.cpu ?? []);
    for (const approach of ['markdown', 'markdown with colours'] as const) {
      const { cpu, frames } = results.get(approach) ?? { cpu: [], frames: [] };
      costs.set(`${approach} ${String(characters)} ${String(tokensPerSecond)}`, median(cpu));
      const colours = approach === 'markdown' ? '' : ', with colours';
      rows.push({
        name: `${name}${colours}: main thread`,
        value: median(cpu) / limit,
        unit: 'x bare text',
        baseline: 1,
        ...(approach === 'markdown' ? { goal: '<= 2.0' } : {}),
      });
      if (approach === 'markdown') {
        rows.push({ name: `${name}: main thread`, value: median(cpu), unit: 'ms', baseline: limit });
        rows.push({ name: `${name}: frame p95`, value: quantile(frames, 0.95), unit: 'ms', goal: '< 8' });
        rows.push({ name: `${name}: frame max`, value: Math.max(...frames), unit: 'ms', goal: '< 50' });
      }
    }
  }
  const growth = (costs.get('markdown 200000 5000') ?? 0) / (costs.get('markdown 20000 5000') ?? 1);
  rows.push({ name: 'markdown: cost of 10 times the text', value: growth, unit: 'x', goal: '<= 11' });
  return rows;
}

async function mainThreadMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000;
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
