import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendError } from './apiError.ts';
import { handle, type Memory } from './handle.ts';
import type { Json } from './json.ts';
import { type OpenRecord, type RecordedRequest, RequestLog } from './requestLog.ts';
import { decide, type DemoServerOptions } from './settings.ts';
import { StoredCompletions } from './storedCompletions.ts';

export { ordinaryModel } from './models.ts';
export type { RecordedRequest } from './requestLog.ts';
export type { DemoServerOptions } from './settings.ts';

/** A running demo server. Development equipment: it answers on the loopback interface only. */
export interface DemoServer {
  /** Base URL as a person would type it: `http://127.0.0.1:<port>/v1`. */
  readonly url: string;
  readonly port: number;
  readonly key: string;
  /** What arrived, oldest first. Entries go on changing until they are closed. */
  readonly requests: readonly RecordedRequest[];
  /** The first request for which `fits` holds, now or as soon as there is one. Rejects when `signal` aborts. */
  readonly waitForRequest: (
    fits: (request: RecordedRequest) => boolean,
    signal?: AbortSignal,
  ) => Promise<RecordedRequest>;
  /** Ends every connection, also in the middle of an answer, and stops listening. May be called twice. */
  readonly close: () => Promise<void>;
}

const largestBody = 64 * 1024 * 1024;

/**
 * Starts a server that speaks the Chat Completions API. Rejects with the system's error when the port is taken.
 */
export async function startDemoServer(options: DemoServerOptions = {}): Promise<DemoServer> {
  const settings = decide(options);
  const log = new RequestLog(settings.keepRequests);
  const closing = new AbortController();
  const visits = new Map<string, number>();
  let arrived = 0;
  let completions = 0;
  let port = 0;
  const memory: Memory = {
    nextNumber: () => (completions += 1),
    visit(model) {
      const visit = (visits.get(model) ?? 0) + 1;
      visits.set(model, visit);
      return visit;
    },
    otherOrigin: () => `http://localhost:${port}`,
    stored: new StoredCompletions(),
  };

  const server = createServer((incoming, response) => {
    void answer(incoming, response);
  });
  server.keepAliveTimeout = 30_000;

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
    const { record, signal } = open(incoming, response, url);
    try {
      const text = await readBody(incoming, signal);
      if (text === undefined) {
        sendError(
          response,
          413,
          {
            message: 'The request is too large.',
            type: 'invalid_request_error',
            param: null,
            code: null,
          },
          { connection: 'close' },
        );
        return;
      }
      record.text = text;
      record.body = parseJson(text);
      log.changed();
      const { method, path, headers, body } = record;
      await handle(
        { method, path, query: url.searchParams, headers, body, response, signal },
        settings,
        memory,
      );
    } catch (error) {
      if (signal.aborted) return;
      if (response.headersSent) response.destroy();
      else
        sendError(response, 500, { message: String(error), type: 'server_error', param: null, code: null });
    }
  }

  /** Enters the request into the log and keeps the entry up to date until both sides are done. */
  function open(incoming: IncomingMessage, response: ServerResponse, url: URL) {
    const gone = new AbortController();
    let over = () => {};
    const closed = new Promise<void>((resolve) => {
      over = resolve;
    });
    const record: OpenRecord = {
      method: incoming.method ?? '',
      path: url.pathname,
      query: url.search.slice(1),
      headers: incoming.headers,
      rawHeaders: incoming.rawHeaders,
      text: '',
      body: undefined,
      receivedAt: Date.now(),
      answeredAt: undefined,
      status: undefined,
      closedAt: undefined,
      finished: false,
      closed,
    };
    log.add(record);
    log.changed();
    arrived += 1;
    setServiceHeaders(response, arrived);
    const writeHead = response.writeHead.bind(response);
    response.writeHead = ((...head: Parameters<typeof writeHead>) => {
      record.answeredAt = Date.now();
      record.status = head[0];
      log.changed();
      return writeHead(...head);
    }) as typeof response.writeHead;
    response.once('close', () => {
      record.closedAt = Date.now();
      record.finished = response.writableFinished;
      gone.abort();
      over();
      log.changed();
    });
    return { record, signal: AbortSignal.any([gone.signal, closing.signal]) };
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  // A server that listens on TCP has an address of this kind.
  port = (server.address() as AddressInfo).port;

  return {
    url: `http://127.0.0.1:${port}/v1`,
    port,
    key: settings.key,
    requests: log.entries,
    waitForRequest: (fits, signal) => log.waitFor(fits, signal),
    close: async () => {
      closing.abort();
      if (!server.listening) return;
      const stopped = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      server.closeAllConnections();
      await stopped;
    },
  };
}

/** The headers that OpenAI sends with every answer, with constant values. */
function setServiceHeaders(response: ServerResponse, number: number): void {
  response.setHeader('x-request-id', `req_demo_${String(number).padStart(6, '0')}`);
  response.setHeader('openai-processing-ms', '7');
  response.setHeader('openai-version', '2020-10-01');
  response.setHeader('x-ratelimit-limit-requests', '500');
  response.setHeader('x-ratelimit-remaining-requests', '499');
  response.setHeader('x-ratelimit-reset-requests', '120ms');
}

/** The body as text; undefined when it is larger than any request may be. Rejects when the client hangs up. */
async function readBody(incoming: IncomingMessage, signal: AbortSignal): Promise<string | undefined> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of incoming as AsyncIterable<Buffer>) {
    signal.throwIfAborted();
    length += piece.length;
    if (length > largestBody) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
