import type { CDPSession } from 'playwright-core';
import type { HostMessage } from '../../src/shared/protocol.ts';
import { FakeHost } from '../support/viewPage/fakeHost.ts';
import { answer } from '../support/viewPage/samples.ts';
import { createViewWorld, type ViewPage, type ViewWorld } from '../support/viewPage/viewPage.ts';
import type { BenchRow } from './benchRow.ts';
import { median, quantile } from './median.ts';

/** Each figure of an opening is the median of this many fresh pages. */
const runs = 5;
const pieces = 100;

/**
 * What a person waits for: a long conversation to open, and a piece of a reply to get from the host's message to the
 * screen while that conversation is there. The production build of the view. "Processor time" is that of the page's
 * main thread: other work of the machine does not count.
 */
export async function benchView(): Promise<readonly BenchRow[]> {
  await using world = await createViewWorld({ production: true });
  const opened: Opening[] = [];
  for (let run = 0; run < runs; run += 1) opened.push(await measureOpening(world, 1000));
  const long = await measureOpening(world, 10_000);
  const { latencies, frames, processor } = await measureStreaming(world, 1000);
  const row = (name: string, value: number, unit: string, goal?: string): BenchRow => ({
    name: `view, ${name}`,
    value,
    unit,
    ...(goal !== undefined && { goal }),
  });
  const middle = (part: keyof Opening): number => median(opened.map((opening) => opening[part]));
  return [
    row('1,000 messages: first paint', middle('firstPaint'), 'ms', '< 60'),
    row('1,000 messages: first paint, processor time', middle('processor'), 'ms'),
    row('1,000 messages: all in the page', middle('complete'), 'ms'),
    row('1,000 messages: JavaScript heap', middle('heap'), 'MB'),
    row('10,000 messages: first paint', long.firstPaint, 'ms', '< 200'),
    row('10,000 messages: first paint, processor time', long.processor, 'ms'),
    row('10,000 messages: JavaScript heap', long.heap, 'MB', '< 150'),
    row('message to text on screen, p50', quantile(latencies, 0.5), 'ms'),
    row('message to text on screen, p95', quantile(latencies, 0.95), 'ms'),
    row('frame while streaming, p95', quantile(frames, 0.95), 'ms', '< 10'),
    row('processor time for each piece while streaming', processor / pieces, 'ms'),
  ];
}

interface Opening {
  readonly firstPaint: number;
  /** Of the main thread until the first paint. */
  readonly processor: number;
  readonly complete: number;
  /** Megabytes. */
  readonly heap: number;
}

async function measureOpening(world: ViewWorld, count: number): Promise<Opening> {
  await using view = await world.open();
  await prepareConversation(view, count);
  const session = await openSession(view);
  const before = await mainThreadMs(session);
  const firstPaint = await view.frame.evaluate(async () => {
    const { measured } = window;
    // Idle work waits until the first paint has been measured.
    const later: IdleRequestCallback[] = [];
    const idle = window.requestIdleCallback.bind(window);
    window.requestIdleCallback = (callback) => later.push(callback);
    const start = measured.post();
    await measured.painted(() => document.querySelector('.message-text') !== null);
    const first = performance.now() - start;
    measured.resume = () => {
      window.requestIdleCallback = idle;
      for (const callback of later) idle(callback);
    };
    return first;
  });
  const processor = (await mainThreadMs(session)) - before;
  const filling = await view.frame.evaluate(async () => {
    const { measured } = window;
    const start = performance.now();
    measured.resume?.();
    await measured.painted(() =>
      [...document.querySelectorAll('.log-content > *')].every((section) => section.childElementCount > 0),
    );
    return performance.now() - start;
  });
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return { firstPaint, processor, complete: firstPaint + filling, heap: usedSize / 1e6 };
}

interface Streaming {
  /** From the host's message to the end of the frame that shows its text. */
  readonly latencies: readonly number[];
  /** How long such a frame takes. */
  readonly frames: readonly number[];
  /** Of the main thread, for all pieces. */
  readonly processor: number;
}

async function measureStreaming(world: ViewWorld, count: number): Promise<Streaming> {
  const host = conversationOf(count);
  const reply = host.add('assistant', 'Beginning');
  await using view = await world.open();
  await view.post(host.snapshot());
  await view.frame.waitForFunction(() =>
    [...document.querySelectorAll('.log-content > *')].every((section) => section.childElementCount > 0),
  );
  const session = await openSession(view);
  const before = await mainThreadMs(session);
  const latencies: number[] = [];
  const frames: number[] = [];
  for (let piece = 0; piece < pieces; piece += 1) {
    const mark = `piece${String(piece)}.`;
    host.append(reply, ` And *here* is \`more\` of it, ${mark}${piece % 5 === 0 ? '\n\n' : ''}`);
    await prepare(view, host.events());
    const { latency, frame } = await view.frame.evaluate(async (wanted) => {
      const { measured } = window;
      const last = [...document.querySelectorAll('article')].at(-1);
      const start = measured.post();
      const cost = await measured.painted(() => last?.textContent?.includes(wanted) ?? false);
      return { latency: performance.now() - start, frame: cost };
    }, mark);
    latencies.push(latency);
    frames.push(frame);
  }
  return { latencies, frames, processor: (await mainThreadMs(session)) - before };
}

async function openSession(view: ViewPage): Promise<CDPSession> {
  const session = await view.page.context().newCDPSession(view.page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return session;
}

async function mainThreadMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000;
}

declare global {
  interface Window {
    /** Of the page around the view: what is posted next. */
    prepared: unknown;
    measured: {
      /** Posts the prepared message as the host would; gives the time at which it did. */
      readonly post: () => number;
      /** Waits for the end of the first frame in which `isThere`; gives what that frame cost in milliseconds. */
      readonly painted: (isThere: () => boolean) => Promise<number>;
      resume?: () => void;
    };
  }
}

/** Puts a message beside the page, so that only its way into the view is measured. */
async function prepare(view: ViewPage, message: HostMessage): Promise<void> {
  await view.page.evaluate((value) => {
    window.prepared = value;
  }, message);
  await installMeasure(view);
}

/** The same for a long conversation, which is made of a short one inside the page. */
async function prepareConversation(view: ViewPage, count: number): Promise<void> {
  await view.page.evaluate(
    ({ message, size }) => {
      const events = message.type === 'snapshot' ? message.events : [];
      const added = events.flatMap((event) => (event.type === 'messageAdded' ? [event] : []));
      const ended = events.find(({ type }) => type === 'replyEnded');
      const many = Array.from({ length: size }, (_, index) => {
        const event = added[index % 2];
        if (!event || !ended) return [];
        const parent = index === 0 ? undefined : `m${String(index - 1)}`;
        const header = { ...event.header, id: `m${String(index)}`, parent };
        const isReply = header.role === 'assistant';
        return [{ ...event, header }, ...(isReply ? [{ ...ended, message: header.id }] : [])];
      });
      window.prepared = { ...message, events: many.flat() };
    },
    { message: conversationOf(2).snapshot(), size: count },
  );
  await installMeasure(view);
}

async function installMeasure(view: ViewPage): Promise<void> {
  await view.page.evaluate(() => {
    const outer = window;
    const frame = document.querySelector('iframe')?.contentWindow;
    if (!frame) return;
    frame.measured = {
      post: () => {
        const start = frame.performance.now();
        outer.postToView(outer.prepared);
        return start;
      },
      painted: (isThere) =>
        new Promise((resolve) => {
          const look = (): void => {
            const start = frame.performance.now();
            // Rendering happens between the callbacks of a frame and the next task.
            const channel = new MessageChannel();
            channel.port1.addEventListener('message', () => {
              if (isThere()) resolve(frame.performance.now() - start);
              else frame.requestAnimationFrame(look);
            });
            channel.port1.start();
            channel.port2.postMessage(undefined);
          };
          frame.requestAnimationFrame(look);
        }),
    };
  });
}

/** Questions and answers of about 2,000 characters each. */
function conversationOf(count: number): FakeHost {
  const host = new FakeHost();
  const long = answer.repeat(2).slice(0, 2000);
  for (let index = 0; index < count; index += 1) {
    if (index % 2 === 0) host.add('user', `${String(index)} ${'Why is that so? '.repeat(125)}`);
    else host.addReply(`${String(index)}\n\n${long}`);
  }
  return host;
}
