import { createHash } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { AbortSignalLike } from '../core/completion.ts';
import { untilStopped } from '../core/untilStopped.ts';
import type { Endpoint } from '../core/endpoint.ts';
import { type Answer, Exchange, type Timeouts } from './exchange.ts';
import { NetworkError, ownCodes, toNetworkError } from './networkError.ts';
import type * as Undici from './undici.ts';

export interface TransportRequest {
  readonly endpoint: Endpoint;
  readonly url: URL;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Checked already: values hold no character that a header must not have. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeouts: Timeouts;
}

/** How requests leave the machine. Redirects are never followed: a 3xx is an answer like any other. */
export interface Transport {
  /** Raises `NetworkError` and nothing else. */
  request(request: TransportRequest, signal: AbortSignalLike): Promise<Answer>;
  /** Stops what is running and closes every connection. */
  dispose(): Promise<void>;
}

export interface TransportOptions {
  /** The proxy for requests to an origin, as a URL that may hold a user name and a password. */
  readonly proxyFor: (origin: string) => Promise<string | undefined>;
  /** The certificate authorities (PEM) to trust for this endpoint, in place of Node's own list. */
  readonly certificates: (endpoint: Endpoint) => Promise<readonly string[] | undefined>;
}

interface Route {
  readonly dispatcher: Undici.Dispatcher;
  running: number;
}

/** More routes than anybody configures: beyond it the one that was used longest ago is closed. */
const maxRoutes = 32;

/**
 * The transport on a bundled undici. One dispatcher for each (origin, proxy, certificates, connect limit), made when
 * it is first needed; undici's own 300 s limits are off, because local models may think for longer.
 */
export function createTransport({ proxyFor, certificates }: TransportOptions): Transport {
  const routes = new Map<string, Route>();
  const exchanges = new Set<Exchange>();
  let disposed = false;

  async function routeFor({ endpoint, url, timeouts }: TransportRequest): Promise<[string, Route]> {
    const [proxy, ca, undici] = await Promise.all([
      proxyFor(url.origin),
      url.protocol === 'https:' ? certificates(endpoint) : undefined,
      import('./undici.ts'),
    ]);
    const key = JSON.stringify([url.origin, proxy, ca && digest(ca), timeouts.connectMs]);
    const known = routes.get(key);
    const route = known ?? { dispatcher: createDispatcher(undici, url, proxy, ca, timeouts), running: 0 };
    // Deleted and set again, so that the order of the map is that of last use.
    routes.delete(key);
    routes.set(key, route);
    for (const [oldKey, old] of routes) {
      if (routes.size <= maxRoutes) break;
      if (old.running === 0) drop(oldKey, old);
    }
    return [key, route];
  }

  function drop(key: string, route: Route): void {
    if (routes.get(key) === route) routes.delete(key);
    if (route.running === 0) void route.dispatcher.destroy();
  }

  async function request(wanted: TransportRequest, signal: AbortSignalLike): Promise<Answer> {
    const found = await untilStopped(routeFor(wanted), signal).catch((error: unknown) => {
      throw toNetworkError(error, 'connect');
    });
    if (found === undefined) throw new NetworkError(ownCodes.stopped, 'stopped', 'connect');
    const [key, route] = found;
    route.running++;
    const exchange: Exchange = new Exchange(wanted.timeouts, signal, (phase) => {
      route.running--;
      exchanges.delete(exchange);
      // A connection that hangs half-way would linger; this route starts afresh next time.
      if (phase === 'connect' || disposed) drop(key, route);
    });
    exchanges.add(exchange);
    if (disposed) exchange.stop();
    try {
      route.dispatcher.dispatch(
        {
          origin: wanted.url.origin,
          path: wanted.url.pathname + wanted.url.search,
          method: wanted.method,
          headers: { ...wanted.headers },
          ...(wanted.body !== undefined && { body: wanted.body }),
        },
        exchange,
      );
    } catch (error) {
      exchange.fail(error);
    }
    return exchange.answer;
  }

  return {
    request,
    async dispose() {
      disposed = true;
      for (const exchange of exchanges) exchange.stop();
      const closing = [...routes.values()].map(({ dispatcher }) => dispatcher.destroy());
      routes.clear();
      await Promise.all(closing);
    },
  };
}

function createDispatcher(
  { Agent, Pool, ProxyAgent }: typeof Undici,
  url: URL,
  proxy: string | undefined,
  ca: readonly string[] | undefined,
  { connectMs }: Timeouts,
): Undici.Dispatcher {
  // Made once: reading some hundred certificates anew for each connection takes tens of milliseconds.
  const secureContext: SecureContext | undefined = ca && createSecureContext({ ca: [...ca] });
  const connect = { timeout: connectMs, ...(secureContext && { secureContext }) };
  const noLimits = { headersTimeout: 0, bodyTimeout: 0 };
  if (proxy === undefined) return new Agent({ ...noLimits, connect });
  const { uri, token } = parseProxy(proxy);
  return new ProxyAgent({
    ...noLimits,
    uri,
    ...(token !== undefined && { token }),
    requestTls: connect,
    proxyTls: connect,
    // A tunnel through a plain proxy to a plain server is refused by many: those get an ordinary proxy request.
    proxyTunnel: url.protocol === 'https:' || !uri.startsWith('http:'),
    // The request for the tunnel itself; silence there is no thinking model.
    clientFactory: (origin, options) => new Pool(origin, { ...options, headersTimeout: connectMs }),
  });
}

function parseProxy(proxy: string): { readonly uri: string; readonly token?: string } {
  let url: URL;
  try {
    url = new URL(proxy);
  } catch {
    throw new NetworkError(ownCodes.proxyInvalid, 'the proxy is no URL', 'connect');
  }
  if (!['http:', 'https:', 'socks:', 'socks5:'].includes(url.protocol)) {
    const message = `a proxy of the kind ${url.protocol} is not supported`;
    throw new NetworkError(ownCodes.proxyInvalid, message, 'connect');
  }
  if (url.protocol.startsWith('socks') || url.username === '') return { uri: url.href };
  const user = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = '';
  url.password = '';
  return { uri: url.href, token: `Basic ${Buffer.from(user).toString('base64')}` };
}

function digest(ca: readonly string[]): string {
  const hash = createHash('sha256');
  for (const certificate of ca) hash.update(certificate).update('\0');
  return hash.digest('base64');
}
