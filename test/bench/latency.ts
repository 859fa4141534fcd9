import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Frame, Page } from 'playwright-core';
import { openHouse } from '../support/journey/house.ts';
import type { BenchRow } from './benchRow.ts';
import { median, quantile } from './median.ts';

const words = 100;
/** Longer than a frame, so that every word is a delta of its own. */
const pauseMs = 60;

/**
 * From a word written to the socket to its text on screen, in the real workbench: server, client, extension host,
 * VS Code's message channel, reducer, markdown, paint. Every word carries the time at which it was sent. The baseline
 * is a bare page in the same browser that reads the same stream and appends to one text node.
 */
export async function benchLatency(): Promise<readonly BenchRow[]> {
  const server = await startClockServer();
  const { port } = server.address() as AddressInfo;
  try {
    await using house = await openHouse({
      endpoint: { baseUrl: `http://127.0.0.1:${port}/v1`, apiKeyEnv: undefined, dialect: 'generic' },
    });
    const { chat, workbench } = house;
    await chat.open();
    const frame = await workbench.chatFrame();
    await watch(frame);
    await chat.ask('What time is it?');
    const own = await seen(frame);
    const page = await workbench.page.context().newPage();
    await page.goto(`http://127.0.0.1:${port}/bare`);
    await watch(page);
    await page.evaluate(readBare);
    const bare = await seen(page);
    return [
      row('median', median(own), median(bare)),
      row('95th percentile', quantile(own, 0.95), quantile(bare, 0.95)),
    ];
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function row(name: string, value: number, baseline: number): BenchRow {
  return {
    name: `byte on the socket to text on screen, ${name} (baseline: bare page)`,
    value,
    unit: 'ms',
    baseline,
  };
}

/** Writes down when each word's text is there and the frame that shows it begins. */
async function watch(page: Page | Frame): Promise<void> {
  await page.evaluate(() => {
    const known = new Set<string>();
    const latencies: number[] = [];
    Reflect.set(globalThis, 'latencies', latencies);
    new MutationObserver(() => {
      const fresh = [...(document.body.textContent ?? '').matchAll(/at(\d{13})z/g)].flatMap(([, at]) =>
        at === undefined || known.has(at) ? [] : [at],
      );
      for (const at of fresh) known.add(at);
      requestAnimationFrame(() => {
        for (const at of fresh) latencies.push(Date.now() - Number(at));
      });
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
  });
}

async function seen(page: Page | Frame): Promise<readonly number[]> {
  const latencies = await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const found: unknown = Reflect.get(globalThis, 'latencies');
    return Array.isArray(found) ? found.map(Number) : [];
  });
  if (latencies.length < words / 2) throw new Error(`Only ${latencies.length} of ${words} words were seen.`);
  return latencies;
}

async function readBare(): Promise<void> {
  const response = await fetch('/v1/chat/completions', { method: 'POST' });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const node = document.body.appendChild(document.createTextNode(''));
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read())
    node.appendData(part.value);
}

/** A Chat Completions server that says the time, word by word. */
function startClockServer(): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      response.setHeader('content-type', 'text/html').end('<!doctype html><body></body>');
      return;
    }
    request.resume();
    response.setHeader('content-type', 'text/event-stream');
    let said = 0;
    const timer = setInterval(() => {
      said += 1;
      const done = said > words;
      const delta = done ? {} : { content: `at${Date.now()}z ` };
      const choice = { index: 0, delta, finish_reason: done ? 'stop' : null };
      const chunk = {
        id: 'c',
        object: 'chat.completion.chunk',
        created: 0,
        model: 'clock',
        choices: [choice],
      };
      response.write(`data: ${JSON.stringify(chunk)}\n\n`);
      if (!done) return;
      clearInterval(timer);
      response.end('data: [DONE]\n\n');
    }, pauseMs);
    response.on('close', () => clearInterval(timer));
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}
