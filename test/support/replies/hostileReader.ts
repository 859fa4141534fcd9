import { streamChatCompletion } from '../../../src/api/client.ts';
import { createTransport } from '../../../src/api/transport.ts';
import { failureOf } from '../../../src/core/completionError.ts';

/* The client in a process of its own, so that its memory can be told: hostileReader.ts <base URL ...>. */

/** What reading one body took. */
export interface HostileResult {
  /** `done`, or the kind of the failure and its detail. */
  readonly ended: string;
  readonly ms: number;
  /** The longest time in which nothing else got its turn. */
  readonly longestGapMs: number;
  /** Characters of text that were passed on. */
  readonly characters: number;
  /** How far the process's memory had grown at most meanwhile, in MB. */
  readonly grownMb: number;
}

const transport = createTransport({
  proxyFor: () => Promise.resolve(undefined),
  certificates: () => Promise.resolve(undefined),
});

async function read(baseUrl: string): Promise<{ readonly ended: string; readonly characters: number }> {
  const connection = { endpoint: { id: 'e', name: 'E', baseUrl }, key: undefined, transport };
  const request = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] } as const;
  let characters = 0;
  let ended = 'nothing';
  try {
    for await (const delta of streamChatCompletion(connection, request, new AbortController().signal)) {
      if (delta.type === 'content') characters += delta.text.length;
      if (delta.type === 'done') ended = 'done';
    }
  } catch (error) {
    const { kind, detail } = failureOf(error);
    ended = `${kind} ${detail ?? ''}`;
  }
  return { ended, characters };
}

const [first, ...rest] = process.argv.slice(2);
// The first one is harmless: what is read and compiled once does not count.
if (first !== undefined) await read(first);
const results: HostileResult[] = [];
for (const baseUrl of rest) {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  const peakBefore = process.resourceUsage().maxRSS;
  let peak = before;
  let longestGapMs = 0;
  let last = performance.now();
  const watch = setInterval(() => {
    const now = performance.now();
    longestGapMs = Math.max(longestGapMs, now - last);
    last = now;
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 1);
  const started = performance.now();
  const { ended, characters } = await read(baseUrl);
  longestGapMs = Math.max(longestGapMs, performance.now() - last);
  clearInterval(watch);
  // The highest of all times, which samples may have missed, if it is of this one.
  const { maxRSS } = process.resourceUsage();
  if (maxRSS > peakBefore) peak = maxRSS * 1024;
  const ms = performance.now() - started;
  results.push({ ended, ms, longestGapMs, characters, grownMb: (peak - before) / 1e6 });
}
if ('polluted' in {}) throw new Error('A prototype was changed.');
process.stdout.write(`\n${JSON.stringify(results)}\n`);
process.exit();
