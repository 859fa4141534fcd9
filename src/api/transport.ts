import type { LookupFunction } from 'node:net';
import type { AbortSignalLike } from '../core/completion.ts';
import { CompletionError } from '../core/completionError.ts';
import type { Endpoint } from '../core/endpoint.ts';
import { isSocks, type ProxyRoute } from '../core/proxy.ts';
import type { TlsSettings } from '../core/tlsSettings.ts';
import { untilStopped } from '../core/untilStopped.ts';
import type { Answer } from './exchange.ts';
import { NetworkError, ownCodes, toNetworkError } from './networkError.ts';
import { createNodeSender } from './nodeTransport.ts';
import type { Route, TransportRequest } from './sender.ts';
import { createUndiciSender } from './undiciTransport.ts';

export type { TransportRequest } from './sender.ts';

/** How requests leave the machine. Redirects are never followed: a 3xx is an answer like any other. */
export interface Transport {
  /** Raises `NetworkError` and nothing else. */
  request(request: TransportRequest, signal: AbortSignalLike): Promise<Answer>;
  /** A setting changed: nothing of the old configuration is used for another request. */
  renew(): void;
  /** Stops what is running and closes every connection. */
  dispose(): Promise<void>;
}

export interface TransportOptions {
  /** The proxy for requests to an origin, with what belongs to it; `undefined` for a direct connection. */
  readonly proxyFor: (origin: string) => Promise<ProxyRoute | undefined>;
  /**
   * What TLS to this endpoint is made with: the authorities to trust in place of Node's own list, and the client
   * certificate. Asked for where the server or the proxy is spoken to by TLS. `tlsOptions({ proxy, tls })` makes options for `tls.connect` of it. May raise
   * `CompletionError` (`certificate`), which names file and endpoint.
   */
  readonly certificates: (endpoint: Endpoint) => Promise<TlsSettings | undefined>;
  /**
   * `undici` and `node` use that one only, except that `node` does not go round a proxy which nobody there would find
   * (see `hostFindsProxies`). `auto`, the default: undici, but `node:https` where a proxy speaks SOCKS
   * or wants a password (407) and `hostFindsProxies`.
   */
  readonly kind?: () => 'auto' | 'undici' | 'node';
  /** Whether `node:https` finds proxies and asks for their passwords by itself, as in VS Code's extension host. */
  readonly hostFindsProxies?: () => boolean;
  /** Looks names up in place of the system. */
  readonly lookup?: LookupFunction;
}

/** The two ways in which requests are made, as one. */
export function createTransport(options: TransportOptions): Transport {
  const { proxyFor, certificates, kind = () => 'auto', hostFindsProxies = () => false, lookup } = options;
  const undici = createUndiciSender(lookup);
  const node = createNodeSender(lookup);
  /** Proxies that asked for a password that we do not have. */
  const asking = new Set<string>();

  async function routeFor({ endpoint, url }: TransportRequest): Promise<Route> {
    const isSecure = url.protocol === 'https:';
    const [proxy, tls] = await Promise.all([
      proxyFor(url.origin),
      isSecure ? certificates(endpoint) : undefined,
    ]);
    const isProxySecure = proxy?.url.toLowerCase().startsWith('https:') === true;
    return { proxy, tls: tls ?? (isProxySecure && !isSecure ? await certificates(endpoint) : undefined) };
  }

  async function request(wanted: TransportRequest, signal: AbortSignalLike): Promise<Answer> {
    const route = await untilStopped(routeFor(wanted), signal).catch((error: unknown) => {
      throw preparationError(error);
    });
    if (route === undefined) throw new NetworkError(ownCodes.stopped, 'stopped', 'connect');
    const { proxy } = route;
    const chosen = kind();
    const isFound = proxy === undefined || hostFindsProxies();
    const mayFallBack = chosen === 'auto' && proxy !== undefined && isFound;
    if ((chosen === 'node' && isFound) || (mayFallBack && (isSocks(proxy) || asking.has(proxy.url)))) {
      return node.request(wanted, route, signal);
    }
    try {
      return await undici.request(wanted, route, signal);
    } catch (error) {
      // The server has seen nothing yet: it was the proxy that answered.
      if (!mayFallBack || !(error instanceof NetworkError) || error.proxyStatus !== 407) throw error;
      asking.add(proxy.url);
      return node.request(wanted, route, signal);
    }
  }

  return {
    request,
    renew() {
      asking.clear();
      undici.renew();
      node.renew();
    },
    async dispose() {
      await Promise.all([undici.dispose(), node.dispose()]);
    },
  };
}

/** What went wrong before a connection was tried: a certificate's file, or the resolver of proxies. */
function preparationError(error: unknown): NetworkError {
  if (!(error instanceof CompletionError) || error.failure.kind !== 'certificate') {
    return toNetworkError(error, 'connect');
  }
  return new NetworkError(ownCodes.certificateFile, error.failure.detail ?? error.message, 'connect');
}
