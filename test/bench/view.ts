import type { HostMessage } from '../../src/shared/protocol.ts';
import { FakeHost } from '../support/viewPage/fakeHost.ts';
import { answer } from '../support/viewPage/samples.ts';
import { createViewWorld, type ViewPage, type ViewWorld } from '../support/viewPage/viewPage.ts';
import type { BenchRow } from './benchRow.ts';

/** Each figure is the median of this many fresh pages. */
const runs = 5;

/**
 * What a person waits for: a long conversation to open, and a piece of a reply to get from the host's message to the
 * screen while that conversation is there. Milliseconds on this machine; the production build of the view.
 */
export async function benchView(): Promise<readonly BenchRow[]> {
  await using world = await createViewWorld({ production: true });
  const opened: Opening[] = [];
  const streamed: Streaming[] = [];
  for (let run = 0; run < runs; run += 1) {
    opened.push(await measureOpening(world, 1000));
    streamed.push(await measureStreaming(world, 1000));
  }
  const long = await measureOpening(world, 10_000);
  const row = (name: string, value: number, goal?: string, unit = 'ms'): BenchRow => ({
    name,
    value,
    unit,
    ...(goal !== undefined && { goal }),
  });
  return [
    row('view, 1,000 messages: first paint', median(opened.map(({ firstPaint }) => firstPaint)), '< 60'),
    row('view, 1,000 messages: all in the page', median(opened.map(({ complete }) => complete))),
    row('view, 1,000 messages: JavaScript heap', median(opened.map(({ heap }) => heap)), undefined, 'MB'),
    row('view, 10,000 messages: first paint', long.firstPaint, '< 200'),
    row('view, 10,000 messages: JavaScript heap', long.heap, '< 150', 'MB'),
    row(
      'view, message to text on screen, p50',
      median(streamed.map(({ latencies }) => quantile(latencies, 0.5))),
    ),
    row(
      'view, message to text on screen, p95',
      median(streamed.map(({ latencies }) => quantile(latencies, 0.95))),
    ),
    row(
      'view, frame while streaming, p95',
      median(streamed.map(({ frames }) => quantile(frames, 0.95))),
      '< 10',
    ),
  ];
}

interface Opening {
  readonly firstPaint: number;
  readonly complete: number;
  readonly heap: number;
}

async function measureOpening(world: ViewWorld, count: number): Promise<Opening> {
  await using view = await world.open();
  await prepareConversation(view, count);
  const { firstPaint, complete } = await view.frame.evaluate(async () => {
    const { measured } = window;
    const start = measured.post();
    await measured.painted(() => document.querySelector('.message-text') !== null);
    const first = performance.now() - start;
    const isComplete = (): boolean =>
      [...document.querySelectorAll('.log-content > *')].every((section) => section.childElementCount > 0);
    await measured.painted(isComplete);
    return { firstPaint: first, complete: performance.now() - start };
  });
  const session = await view.page.context().newCDPSession(view.page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return { firstPaint, complete, heap: usedSize / 1e6 };
}

interface Streaming {
  /** From the host's message to the end of the frame that shows its text. */
  readonly latencies: readonly number[];
  /** What the main thread does in such a frame. */
  readonly frames: readonly number[];
}

async function measureStreaming(world: ViewWorld, count: number): Promise<Streaming> {
  const host = conversationOf(count);
  const reply = host.add('assistant', 'Beginning');
  await using view = await world.open();
  await view.post(host.snapshot());
  await view.frame.waitForFunction(() =>
    [...document.querySelectorAll('.log-content > *')].every((section) => section.childElementCount > 0),
  );
  const latencies: number[] = [];
  const frames: number[] = [];
  for (let piece = 0; piece < 60; piece += 1) {
    const mark = `piece${String(piece)}`;
    host.append(
      reply,
      ` ${mark} is one of the **many** pieces of this reply.${piece % 5 === 0 ? '\n\n' : ''}`,
    );
    await prepare(view, host.events());
    const { latency, frame } = await view.frame.evaluate(async (wanted) => {
      const { measured } = window;
      const articles = document.querySelectorAll('article');
      const last = articles[articles.length - 1];
      const start = measured.post();
      const cost = await measured.painted(() => last?.textContent?.includes(wanted) ?? false);
      return { latency: performance.now() - start, frame: cost };
    }, mark);
    latencies.push(latency);
    frames.push(frame);
  }
  return { latencies, frames };
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
            channel.port1.onmessage = () => {
              if (isThere()) resolve(frame.performance.now() - start);
              else frame.requestAnimationFrame(look);
            };
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

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
