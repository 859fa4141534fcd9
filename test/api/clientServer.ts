import { EventEmitter, once } from 'node:events';
import net from 'node:net';
import type { Delta } from '../../src/core/completion.ts';
import type { Endpoint } from '../../src/core/endpoint.ts';
import { createTransport, type Transport, type TransportOptions } from '../../src/api/transport.ts';

/** What one request looked like on the wire. */
export interface SeenRequest {
  readonly line: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Milliseconds of `performance.now()`. */
  readonly at: number;
}

export interface RawServer {
  readonly port: number;
  readonly baseUrl: string;
  readonly requests: readonly SeenRequest[];
  /** Sockets that are open now. */
  readonly open: ReadonlySet<net.Socket>;
  /** Ends when that many requests have come. */
  requested(count: number): Promise<void>;
  /** Ends when no connection is open. */
  quiet(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Answers one request by writing to its socket whatever it likes. `count` is the number of the request, from 1. */
export type RawAnswer = (socket: net.Socket, request: SeenRequest, count: number) => void;

/** A server on loopback that speaks raw TCP, so that it can be wrong in every way. */
export async function serveRaw(answer: RawAnswer): Promise<RawServer> {
  const requests: SeenRequest[] = [];
  const open = new Set<net.Socket>();
  const changes = new EventEmitter().setMaxListeners(100);
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await once(changes, 'change');
  };
  const server = net.createServer((socket) => {
    open.add(socket);
    socket.on('close', () => {
      open.delete(socket);
      changes.emit('change');
    });
    socket.on('error', () => {});
    let bytes = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      for (let taken = takeRequest(bytes); taken !== undefined; taken = takeRequest(bytes)) {
        bytes = bytes.subarray(taken.length);
        requests.push(taken.request);
        changes.emit('change');
        answer(socket, taken.request, requests.length);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    port,
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    open,
    requested: (count) => until(() => requests.length >= count),
    quiet: () => until(() => open.size === 0),
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function takeRequest(bytes: Buffer): { readonly request: SeenRequest; readonly length: number } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [line = '', ...rest] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers = Object.fromEntries(
    rest.map((header): [string, string] => {
      const colon = header.indexOf(':');
      return [header.slice(0, colon).toLowerCase(), header.slice(colon + 1).trim()];
    }),
  );
  const length = end + 4 + Number(headers['content-length'] ?? 0);
  if (bytes.length < length) return undefined;
  const body = bytes.subarray(end + 4, length).toString();
  return { request: { line, headers, body, at: performance.now() }, length };
}

/** A head for an event stream whose end is the end of the connection. */
export const streamHead = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n';
export const chunkedHead =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';

export function chunk(text: string | Uint8Array): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
}

export const lastChunk = '0\r\n\r\n';

/** A whole answer with a length. */
export function plainAnswer(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): string {
  const all = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Something\r\n${lines.join('')}\r\n${body}`;
}

/** One event with a piece of text, and others that a stream is made of. */
export function textEvent(text: string): string {
  return `data: ${JSON.stringify({ id: 'c1', model: 'm', choices: [{ index: 0, delta: { content: text } }] })}\n\n`;
}
export const finishEvent = `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\n`;
export const doneEvent = 'data: [DONE]\n\n';

export const transportOptions = {
  proxyFor: () => Promise.resolve(undefined),
  certificates: () => Promise.resolve(undefined),
};

export async function withTransport<T>(
  use: (transport: Transport) => Promise<T>,
  options: Partial<TransportOptions> = {},
): Promise<T> {
  const transport = createTransport({ ...transportOptions, ...options });
  try {
    return await use(transport);
  } finally {
    await transport.dispose();
  }
}

export function endpointAt(baseUrl: string, more: Partial<Endpoint> = {}): Endpoint {
  return { id: 'test', name: 'Test', baseUrl, ...more };
}

export const request = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] } as const;

/** Everything that an iteration gave, and what it raised. */
export async function collect(
  deltas: AsyncIterable<Delta>,
): Promise<{ readonly deltas: readonly Delta[]; readonly text: string; readonly error: unknown }> {
  const all: Delta[] = [];
  let error: unknown;
  try {
    for await (const delta of deltas) all.push(delta);
  } catch (raised) {
    error = raised;
  }
  const text = all.map((delta) => (delta.type === 'content' ? delta.text : '')).join('');
  return { deltas: all, text, error };
}
