import type { Browser, CDPSession, Page } from 'playwright-core';
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

const approaches = ['limit', 'markdown', 'markdown with colours'] as const;

/**
 * The page's main thread while a reply streams in, as a multiple of the bare text: lines appended as text nodes in
 * sections with `content-visibility`. The approaches take turns in one page; medians of several runs. All times are
 * processor time of that thread, so that other work of the machine does not count.
 */
export async function benchMarkdown(): Promise<BenchRow[]> {
  await using opened = await openMarkdownPage({ script: 'benchScript.ts' });
  const { page } = opened;
  const browser = page.context().browser();
  if (browser === null) throw new Error('The page has no browser.');
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  for (const approach of approaches) await stream(page, approach, realisticReply(20_000), 20_000);

  const rows: BenchRow[] = [];
  const costs = new Map<string, { readonly plain: number; readonly limit: number }>();
  for (const { characters, tokensPerSecond, runs } of cases) {
    const text = realisticReply(characters);
    const times = new Map<benchScript.Approach, number[]>(approaches.map((approach) => [approach, []]));
    for (let run = 0; run < runs; run += 1) {
      for (const [approach, measured] of times) {
        await session.send('HeapProfiler.collectGarbage');
        const before = await mainThreadMs(session);
        await stream(page, approach, text, tokensPerSecond);
        measured.push((await mainThreadMs(session)) - before);
      }
    }
    const limit = median(times.get('limit') ?? []);
    const plain = median(times.get('markdown') ?? []);
    const coloured = median(times.get('markdown with colours') ?? []);
    costs.set(`${String(characters)} ${String(tokensPerSecond)}`, { plain, limit });
    const tasks = await traceTasks(browser, page, 'markdown with colours', text, tokensPerSecond);
    const name = `markdown, ${String(characters / 1000)}k characters at ${String(tokensPerSecond)} tokens/s`;
    rows.push(
      { name, value: plain / limit, unit: 'x bare text', baseline: 1, goal: '<= 2.0' },
      { name: `${name}, colours`, value: coloured / limit, unit: 'x bare text', baseline: 1 },
      { name: `${name}, main thread`, value: plain, unit: 'ms', baseline: limit },
      { name: `${name}, frame p95`, value: quantile(tasks.frames, 0.95), unit: 'ms', goal: '< 8' },
      { name: `${name}, longest task`, value: Math.max(...tasks.all), unit: 'ms', goal: '< 50' },
    );
  }
  const [small, large] = [costs.get('20000 5000'), costs.get('200000 5000')];
  if (small !== undefined && large !== undefined) {
    rows.push({
      name: 'markdown, cost of 10 times the text',
      value: large.plain / small.plain,
      unit: 'x',
      // A page costs more the longer it is, whatever is on it.
      baseline: large.limit / small.limit,
      goal: '<= 11, or the bare text',
    });
  }
  return rows;
}

async function stream(
  page: Page,
  approach: benchScript.Approach,
  text: string,
  tokensPerSecond: number,
): Promise<void> {
  await page.evaluate(
    async (given) => {
      // The page was opened with this script.
      const script = window.markdown as unknown as { readonly streamReply: typeof benchScript.streamReply };
      await script.streamReply(given.approach, given.text, given.tokensPerSecond);
    },
    { approach, text, tokensPerSecond },
  );
}

async function mainThreadMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000;
}

type TraceEvent = {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds: when it began, how long it took, and how much of that was processor time of its thread. */
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
};

/** Milliseconds of every task of the main thread, and of those among them that made a frame. */
async function traceTasks(
  browser: Browser,
  page: Page,
  approach: benchScript.Approach,
  text: string,
  tokensPerSecond: number,
): Promise<{ readonly all: readonly number[]; readonly frames: readonly number[] }> {
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline'] });
  await stream(page, approach, text, tokensPerSecond);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: readonly TraceEvent[];
  };
  const callbacks = traceEvents.filter(({ name }) => name === 'FireAnimationFrame');
  const thread = callbacks[0];
  const tasks = traceEvents.filter(
    ({ name, pid, tid, dur }) =>
      name.includes('RunTask') && pid === thread?.pid && tid === thread.tid && dur !== undefined,
  );
  const isFrame = ({ ts, dur = 0 }: TraceEvent) =>
    callbacks.some((callback) => callback.ts >= ts && callback.ts <= ts + dur);
  const milliseconds = ({ dur = 0, tdur = dur }: TraceEvent) => tdur / 1000;
  return { all: tasks.map(milliseconds), frames: tasks.filter(isFrame).map(milliseconds) };
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
