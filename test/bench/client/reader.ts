import { contenders, isContender } from './contenders.ts';

/*
 * One contender in a process of its own: reader.ts <contender> <server> <tokens> <pieces> <runs>. Reads a few short
 * replies first, so that nobody pays for starting, and tells what it took as JSON on its last line.
 */

const [name = '', server = '', tokens = '', pieces = '', runs = '1'] = process.argv.slice(2);
if (!isContender(name)) throw new Error(`There is no contender ${name}.`);
const read = contenders[name];

for (let run = 0; run < 5; run++)
  await read(`${server}/2000/${pieces === 'timed' ? 'small' : pieces}/v1`, () => {});
globalThis.gc?.();
const before = process.memoryUsage().rss;
let peak = before;
const delays: number[] = [];
let characters = 0;
let seen = 0;
const start = process.cpuUsage();
const started = performance.now();
for (let run = 0; run < Number(runs); run++) {
  await read(`${server}/${tokens}/${pieces}/v1`, (text) => {
    characters += text.length;
    if ((++seen & 1023) === 0) peak = Math.max(peak, process.memoryUsage.rss());
    if (pieces === 'timed' && text !== '') delays.push(Number(process.hrtime.bigint() - BigInt(text)) / 1e6);
  });
}
const { user, system } = process.cpuUsage(start);
peak = Math.max(peak, process.memoryUsage().rss);
const sorted = delays.toSorted((a, b) => a - b);
const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? 0;
const result = {
  cpuMs: (user + system) / 1000,
  wallMs: performance.now() - started,
  grownMb: (peak - before) / 1e6,
  peakMb: peak / 1e6,
  characters,
  medianMs: at(0.5),
  p99Ms: at(0.99),
};
process.stdout.write(`\n${JSON.stringify(result)}\n`);
process.exit();
