import { createHash } from 'node:crypto';
import { type LookupFunction, Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { AbortSignalLike } from '../core/completion.ts';
import type { TlsSettings } from '../core/tlsSettings.ts';
import { untilStopped } from '../core/untilStopped.ts';
import { type Answer, Exchange } from './exchange.ts';
import { NetworkError, ownCodes, toNetworkError } from './networkError.ts';
import { type ProxyAddress, proxyAddress } from './proxyAddress.ts';
import type { Route, Sender, TransportRequest } from './sender.ts';
import { proxyTlsOptions, tlsOptions } from './tlsOptions.ts';
import type * as Undici from './undici.ts';

interface Way {
  readonly dispatcher: Undici.Dispatcher;
  /** Connections that do not stand yet: undici forgets about them when it is destroyed. */
  readonly connecting: Set<Socket>;
  running: number;
}

const noLimits = { headersTimeout: 0, bodyTimeout: 0 };
type Connector = Undici.buildConnector.connector;

/** More ways than anybody configures: beyond it the one that was used longest ago is closed. */
const maxWays = 32;

/**
 * Requests on a bundled undici. One dispatcher for each (origin, proxy, TLS settings, connect limit), made when it is
 * first needed; undici's own 300 s limits are off, because local models may think for longer.
 */
export function createUndiciSender(lookup?: LookupFunction): Sender {
  const ways = new Map<string, Way>();
  const exchanges = new Set<Exchange>();
  let disposed = false;

  function wayFor(undici: typeof Undici, wanted: TransportRequest, route: Route): [string, Way] {
    const { url, timeouts } = wanted;
    const proxy = route.proxy && proxyAddress(route.proxy);
    const { strictSsl } = route.proxy ?? {};
    const key = JSON.stringify([url.origin, proxy, strictSsl, digest(route.tls), timeouts.connectMs]);
    const connecting = new Set<Socket>();
    const way = ways.get(key) ?? {
      dispatcher: createDispatcher(undici, wanted, route, proxy, connecting, lookup),
      connecting,
      running: 0,
    };
    // Deleted and set again, so that the order of the map is that of last use.
    ways.delete(key);
    ways.set(key, way);
    for (const [oldKey, old] of ways) {
      if (ways.size <= maxWays) break;
      if (old.running === 0) drop(oldKey, old);
    }
    return [key, way];
  }

  function drop(key: string, way: Way): void {
    if (ways.get(key) === way) ways.delete(key);
    if (way.running === 0) void close(way);
  }

  async function request(wanted: TransportRequest, route: Route, signal: AbortSignalLike): Promise<Answer> {
    const undici = await untilStopped(import('./undici.ts'), signal);
    if (undici === undefined) throw new NetworkError(ownCodes.stopped, 'stopped', 'connect');
    let found: [string, Way];
    try {
      found = wayFor(undici, wanted, route);
    } catch (error) {
      throw toNetworkError(error, 'connect');
    }
    const [key, way] = found;
    way.running++;
    const exchange: Exchange = new Exchange(wanted.timeouts, signal, (phase) => {
      way.running--;
      exchanges.delete(exchange);
      // A connection that hangs half-way would linger; this way starts afresh next time.
      if (phase === 'connect' || disposed || ways.get(key) !== way) drop(key, way);
    });
    exchanges.add(exchange);
    if (disposed) exchange.stop();
    try {
      way.dispatcher.dispatch(
        {
          origin: wanted.url.origin,
          path: wanted.url.pathname + wanted.url.search,
          method: wanted.method,
          headers: { ...wanted.headers },
          // Said here too: the pools that undici makes for SOCKS proxies do not get what the dispatcher was given.
          ...noLimits,
          ...(wanted.body !== undefined && { body: wanted.body }),
        },
        handlerOf(exchange),
      );
    } catch (error) {
      exchange.fail(error);
    }
    return exchange.answer;
  }

  return {
    request,
    renew() {
      for (const [key, way] of ways) drop(key, way);
    },
    async dispose() {
      disposed = true;
      for (const exchange of exchanges) exchange.stop();
      const closing = [...ways.values()].map(close);
      ways.clear();
      await Promise.all(closing);
    },
  };
}

async function close({ dispatcher, connecting }: Way): Promise<void> {
  const closed = dispatcher.destroy();
  for (const socket of connecting) socket.destroy(new Error('stopped'));
  await closed;
}

function handlerOf(exchange: Exchange): Undici.Dispatcher.DispatchHandler {
  return {
    onRequestStart(controller) {
      exchange.attach({
        // undici ignores it once the answer has ended.
        abort: () => controller.abort(new Error('stopped')),
        pause: () => controller.pause(),
        resume: () => controller.resume(),
      });
      exchange.connected();
    },
    onResponseStart: (_, status, headers) => exchange.answered(status, headers),
    onResponseData: (_, chunk) => exchange.received(chunk),
    onResponseEnd: () => exchange.ended(),
    onResponseError: (_, error) => exchange.fail(error),
  };
}

function createDispatcher(
  { Agent, buildConnector, Pool, ProxyAgent }: typeof Undici,
  { url, timeouts: { connectMs } }: TransportRequest,
  route: Route,
  proxy: ProxyAddress | undefined,
  connecting: Set<Socket>,
  lookup: LookupFunction | undefined,
): Undici.Dispatcher {
  const common = { timeout: connectMs, ...(lookup && { lookup }) };
  // Made once: reading some hundred certificates anew for each connection takes tens of milliseconds.
  const connect = { ...common, ...inContext(tlsOptions(route)) };
  if (proxy === undefined)
    return new Agent({ ...noLimits, connect: watched(buildConnector(connect), connecting) });
  const { uri, authorization } = proxy;
  return new ProxyAgent({
    ...noLimits,
    uri,
    ...(authorization !== undefined && { token: authorization }),
    requestTls: connect,
    // undici takes the presence of this for TLS to a SOCKS proxy, which none speaks.
    ...(!uri.startsWith('socks') && {
      proxyTls: { ...common, ...(uri.startsWith('https:') && inContext(proxyTlsOptions(route))) },
    }),
    // A tunnel through a plain proxy to a plain server is refused by many: those get an ordinary proxy request.
    proxyTunnel: url.protocol === 'https:' || !uri.startsWith('http:'),
    // The request for the tunnel itself; silence there is no thinking model.
    clientFactory: (origin, options) =>
      new Pool(origin, { ...watchedOptions(options, connecting), headersTimeout: connectMs }),
    factory: (origin, options: Undici.Pool.Options) => new Pool(origin, watchedOptions(options, connecting)),
  });
}

function watchedOptions(options: Undici.Pool.Options, connecting: Set<Socket>): Undici.Pool.Options {
  const { connect } = options;
  return typeof connect === 'function' ? { ...options, connect: watched(connect, connecting) } : options;
}

/**
 * Keeps account of the connections that are being opened. And closes those that fail later: undici waits for `close`,
 * but a TLS connection that stands and then fails (an alert, a bad record) raises its error and stays open, so that
 * the reply would be silent for ever.
 */
function watched(open: Connector, connecting: Set<Socket>): Connector {
  return (options, done) => {
    const opening: unknown = open(options, (...result) => {
      if (opening instanceof Socket) connecting.delete(opening);
      const [, socket] = result;
      socket?.on('error', () => socket.destroy());
      done(...result);
    });
    if (opening instanceof Socket) connecting.add(opening);
  };
}

function inContext({ rejectUnauthorized, ...options }: ReturnType<typeof tlsOptions>) {
  const isPlain = Object.keys(options).length === 0;
  return {
    ...(!isPlain && { secureContext: createSecureContext(options) }),
    ...(rejectUnauthorized === false && { rejectUnauthorized }),
  };
}

/** Of settings as they stand, computed once for each object: lists of authorities are long. */
const digests = new WeakMap<TlsSettings, string>();

function digest(tls: TlsSettings | undefined): string {
  if (tls === undefined) return '';
  const known = digests.get(tls);
  if (known !== undefined) return known;
  const hash = createHash('sha256');
  for (const part of [...(tls.ca ?? []), '', tls.cert ?? '', tls.key ?? '', tls.passphrase ?? '']) {
    hash.update(part).update('\0');
  }
  const result = hash.update(tls.pfx ?? '').digest('base64');
  digests.set(tls, result);
  return result;
}
