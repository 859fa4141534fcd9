import type { AbortSignalLike } from '../core/completion.ts';
import type { Endpoint } from '../core/endpoint.ts';
import type { ProxyRoute } from '../core/proxy.ts';
import type { TlsSettings } from '../core/tlsSettings.ts';
import type { Answer, Timeouts } from './exchange.ts';

export interface TransportRequest {
  readonly endpoint: Endpoint;
  readonly url: URL;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Checked already: values hold no character that a header must not have. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeouts: Timeouts;
}

/** The way of one request, looked up before it begins. */
export interface Route {
  /** `undefined` for a direct connection. */
  readonly proxy: ProxyRoute | undefined;
  /** `undefined` for Node's own list of authorities and no client certificate. */
  readonly tls: TlsSettings | undefined;
}

/** One of the two ways in which requests are made: undici, or `node:http` and `node:https`. */
export interface Sender {
  /** Raises `NetworkError` and nothing else. Never follows a redirect. */
  request(request: TransportRequest, route: Route, signal: AbortSignalLike): Promise<Answer>;
  /** The configuration is another one: connections of the old one are closed once nothing runs on them. */
  renew(): void;
  /** Stops what is running and closes every connection. */
  dispose(): Promise<void>;
}
