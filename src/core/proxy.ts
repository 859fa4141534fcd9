import { reachOf } from './baseUrl.ts';

/** The proxy for one request, and how it is to be treated. */
export interface ProxyRoute {
  /** `http:`, `https:`, `socks:` and its relatives; may hold a user name and a password. */
  readonly url: string;
  /** `http.proxyAuthorization`: the value of `Proxy-Authorization`, for this proxy and never for a server. */
  readonly authorization?: string | undefined;
  /**
   * False where the user's own `http.proxyStrictSSL` is off: the certificates of the proxy, and those of servers that
   * are reached through it (it may replace them by its own), are then not checked. A direct connection always checks.
   */
  readonly strictSsl: boolean;
}

/** What decides over a proxy: VS Code's settings first, then the environment. */
export interface ProxySettings {
  /** `http.proxySupport`. */
  readonly support: string;
  /** `http.proxy`; empty for none. */
  readonly proxy: string;
  /** `http.noProxy`. */
  readonly noProxy: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The proxy for requests to an origin, or `undefined` for a direct connection: loopback is direct; `http.noProxy`
 * (else `NO_PROXY`) wins; then `http.proxy`, then `HTTPS_PROXY` or `HTTP_PROXY` by scheme.
 */
export function proxyFor(
  origin: string,
  { support, proxy, noProxy, env }: ProxySettings,
): string | undefined {
  if (isAlwaysDirect(origin, support)) return undefined;
  const url = new URL(origin);
  const excluded = noProxy.length > 0 ? noProxy : (read(env, 'NO_PROXY') ?? '').split(',');
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  if (excluded.some((entry) => matches(entry.trim().toLowerCase(), url.hostname, port))) return undefined;
  if (proxy !== '') return proxy;
  const found = url.protocol === 'https:' ? read(env, 'HTTPS_PROXY') : read(env, 'HTTP_PROXY');
  return found === undefined || found === '' ? undefined : found;
}

/** Whether no proxy has a say: `http.proxySupport` is off, or the server is on this computer. */
export function isAlwaysDirect(origin: string, support: string): boolean {
  return support === 'off' || reachOf(new URL(origin).hostname) === 'loopback';
}

/** Whether a proxy speaks SOCKS, whatever its version. */
export function isSocks({ url }: ProxyRoute): boolean {
  return /^socks/i.test(url);
}

function read(env: ProxySettings['env'], name: string): string | undefined {
  return env[name] ?? env[name.toLowerCase()];
}

/** `*`, `host`, `.domain`, `*.domain`, each with an optional port. A bare domain covers its subdomains, as in curl. */
function matches(entry: string, hostname: string, port: string): boolean {
  const [, pattern = '', entryPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (pattern === '' || (entryPort !== undefined && entryPort !== port)) return false;
  if (pattern === '*') return true;
  const domain = pattern.replace(/^\*?\./, '');
  return hostname === domain || hostname.endsWith(`.${domain}`);
}
