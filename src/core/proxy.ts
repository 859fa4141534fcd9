import { reachOf } from './baseUrl.ts';

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
  const url = new URL(origin);
  if (support === 'off' || reachOf(url.hostname) === 'loopback') return undefined;
  const excluded = noProxy.length > 0 ? noProxy : (read(env, 'NO_PROXY') ?? '').split(',');
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  if (excluded.some((entry) => matches(entry.trim().toLowerCase(), url.hostname, port))) return undefined;
  if (proxy !== '') return proxy;
  const found = url.protocol === 'https:' ? read(env, 'HTTPS_PROXY') : read(env, 'HTTP_PROXY');
  return found === undefined || found === '' ? undefined : found;
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
