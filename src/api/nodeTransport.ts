import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { AbortSignalLike } from '../core/completion.ts';
import { type Answer, Exchange } from './exchange.ts';
import { proxyRefusal } from './networkError.ts';
import type { Route, Sender, TransportRequest } from './sender.ts';
import { tlsOptions } from './tlsOptions.ts';

/**
 * Requests on `node:http` and `node:https`. In the extension host VS Code has patched these two: it finds the proxy
 * (PAC, SOCKS), asks for its password (Basic, Kerberos) and opens the tunnel. That is why no agent is passed here, and
 * why the functions are looked up with every request. Each request has a connection of its own, as with VS Code's own
 * agent, so nothing is left behind and no connection can be stale.
 */
export function createNodeSender(lookup?: LookupFunction): Sender {
  const exchanges = new Set<Exchange>();
  let disposed = false;

  async function request(wanted: TransportRequest, route: Route, signal: AbortSignalLike): Promise<Answer> {
    const exchange: Exchange = new Exchange(wanted.timeouts, signal, () => exchanges.delete(exchange));
    exchanges.add(exchange);
    if (disposed || signal.aborted) exchange.stop();
    else send(exchange, wanted, route, lookup);
    return exchange.answer;
  }

  return {
    request,
    renew() {},
    async dispose() {
      disposed = true;
      for (const exchange of exchanges) exchange.stop();
      return Promise.resolve();
    },
  };
}

function send(
  exchange: Exchange,
  { url, method, headers, body }: TransportRequest,
  route: Route,
  lookup: LookupFunction | undefined,
): void {
  const isSecure = url.protocol === 'https:';
  let sent: http.ClientRequest;
  try {
    sent = (isSecure ? https : http).request(url, {
      method,
      headers: { ...headers, connection: 'close' },
      ...(lookup && { lookup }),
      ...(isSecure && tlsOptions(route)),
    });
  } catch (error) {
    exchange.fail(error);
    return;
  }
  let reply: http.IncomingMessage | undefined;
  exchange.attach({
    abort: () => void sent.destroy(),
    pause: () => void reply?.pause(),
    resume: () => void reply?.resume(),
  });
  /** VS Code's agent tells here what became of the proxy; the error that it raises afterwards does not say it. */
  let proxyError: unknown;
  sent.on('proxy', (told: { readonly error?: unknown }) => {
    proxyError = told.error;
  });
  /** What has come counts, though it may still wait in the stream. */
  const fail = (error: unknown): void => {
    reply?.removeAllListeners('data');
    for (let bytes: unknown = reply?.read(); bytes instanceof Uint8Array; bytes = reply?.read()) {
      exchange.received(bytes);
    }
    exchange.fail(proxyError ?? error);
  };
  sent.on('error', fail);
  sent.on('close', () => {
    if (reply === undefined) fail(new Error('the connection was closed'));
  });
  sent.on('socket', (socket) => {
    const connected = (): void => exchange.connected();
    if (isSecure && socket instanceof TLSSocket) {
      // A socket that stands already has said so before.
      if (socket.getFinished() !== undefined) connected();
      else socket.once('secureConnect', connected);
    } else if (socket.connecting) {
      socket.once('connect', connected);
    } else {
      connected();
    }
  });
  sent.on('information', ({ statusCode }) => exchange.answered(statusCode, {}));
  sent.on('upgrade', (_, socket) => {
    socket.destroy();
    exchange.fail(new Error('bad response'));
  });
  sent.on('response', (message) => {
    reply = message;
    // Where no tunnel came about, the agent hands on the proxy's answer as if it were the server's.
    if (isSecure && !(message.socket instanceof TLSSocket)) {
      exchange.fail(proxyRefusal(message.statusCode ?? 0));
      return;
    }
    exchange.connected();
    exchange.answered(message.statusCode ?? 0, message.headers);
    message.on('data', (chunk: Uint8Array) => exchange.received(chunk));
    message.on('end', () => exchange.ended());
    message.on('error', fail);
  });
  sent.end(body);
}
