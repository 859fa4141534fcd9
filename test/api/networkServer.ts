import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { inspect } from 'node:util';
import { streamChatCompletion } from '../../src/api/client.ts';
import { createTransport, type TransportOptions } from '../../src/api/transport.ts';
import { failureOf } from '../../src/core/completionError.ts';
import type { Endpoint } from '../../src/core/endpoint.ts';
import * as at from './clientServer.ts';

/** A key that is searched for in everything that a request leaves behind. */
export const canary = 'sk-canary-0123456789';
export const never = new AbortController().signal;
export const noWaiting = { now: () => 0, random: () => 0, wait: () => Promise.resolve() };
/** The events of a reply that says Hello. */
export const whole = at.textEvent('Hello') + at.finishEvent + at.doneEvent;

/** Which of the two ways a request goes; every promise is made for both. */
export type Kind = 'undici' | 'node';
export const kinds: readonly Kind[] = ['undici', 'node'];

export function fixture(name: string): Buffer {
  return readFileSync(new URL(`../support/fixtures/tls/${name}`, import.meta.url));
}

export function pem(name: string): string {
  return fixture(name).toString();
}

/** No error, no delta and nothing that hangs on them holds a key or the password of a proxy. */
function assertNoSecret(...things: readonly unknown[]): void {
  const all = inspect(things, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null });
  const told = all + JSON.stringify(things);
  for (const secret of [canary, encodeURIComponent(canary), btoa(canary), 'hunter22', btoa('me:hunter22')]) {
    assert.equal(told.includes(secret), false, 'a secret is told');
  }
}

/** Streams one reply over a transport of its own. */
export async function ask(endpoint: Endpoint, options: Partial<TransportOptions> = {}) {
  const transport = createTransport({ ...at.transportOptions, ...options });
  try {
    const connection = { endpoint, key: canary, transport };
    const result = await at.collect(streamChatCompletion(connection, at.request, never, noWaiting));
    const failure = result.error === undefined ? undefined : failureOf(result.error);
    assertNoSecret(result, failure);
    return { ...result, failure };
  } finally {
    await transport.dispose();
  }
}

export function portOf(server: net.Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

export type Listening = net.Server & AsyncDisposable;

/** A server of Node's own kinds, listening on loopback and closed with everything that is connected to it. */
export async function listening(server: net.Server, port = 0, host = '127.0.0.1'): Promise<Listening> {
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket: net.Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(port, host);
  await once(server, 'listening');
  return Object.assign(server, {
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  });
}

export interface TlsListening extends Listening {
  /** The common name in each client's certificate. */
  readonly clients: readonly (string | undefined)[];
  /** Requests that came. */
  readonly answered: number;
}

/** A TLS server that answers every request with one reply and shows what certificate its client had. */
export async function serveTls(
  certificate: string,
  more: tls.TlsOptions = {},
  answer: (socket: tls.TLSSocket) => void = (socket) => socket.end(at.streamHead + whole),
): Promise<TlsListening> {
  const clients: (string | undefined)[] = [];
  let answered = 0;
  const server = tls.createServer(
    { cert: pem(`${certificate}.pem`), key: pem(`${certificate}.key`), ...more },
    (socket) => {
      const name: unknown = socket.getPeerCertificate().subject?.CN;
      clients.push(typeof name === 'string' ? name : undefined);
      socket.on('error', () => {});
      socket.once('data', () => {
        answered++;
        answer(socket);
      });
    },
  );
  server.on('tlsClientError', () => {});
  const started = await listening(server);
  return Object.defineProperties(started, {
    clients: { value: clients },
    answered: { get: () => answered },
  }) as TlsListening;
}

/** Limits that no test reaches unless it means to. */
const timeouts = { connectMs: 10_000, firstByteMs: 10_000, idleMs: 10_000 };

/** The endpoint of a server on this machine that speaks TLS. */
export function secureAt(server: net.Server, more: Partial<Endpoint> = {}): Endpoint {
  return at.endpointAt(`https://localhost:${portOf(server)}/v1`, { timeouts, ...more });
}

export const trustingTests = { certificates: () => Promise.resolve({ ca: [pem('ca.pem')] }) };

/** What a proxy does with a CONNECT that it allows: whatever the name, the port of loopback is connected to. */
export function openTunnel(request: IncomingMessage, socket: Duplex): void {
  const onward = net.connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    onward.pipe(socket);
    socket.pipe(onward);
  });
  onward.on('error', () => socket.destroy());
  socket.on('close', () => onward.destroy());
}
