import { isAlwaysDirect, proxyFor, type ProxyRoute } from '../core/proxy.ts';

/** VS Code's own answer for a URL: `undefined` for a direct connection. */
export type ResolveUrl = (url: string) => Promise<string | undefined>;

export interface ProxyResolverPorts {
  /** The user's own value of an `http.*` setting, else VS Code's default; a workspace has no say. */
  readonly setting: (name: string) => unknown;
  /** VS Code's resolver, which knows PAC files and the system's proxy; `undefined` where it cannot be had. */
  readonly hostResolver: () => ResolveUrl | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds after which VS Code's resolver is not waited for any longer. */
  readonly limitMs: number;
}

/**
 * The proxy for requests to an origin. Loopback is direct, and so is everything where `http.proxySupport` is off;
 * then VS Code's own resolver decides, and where it is missing, fails or does not answer, the settings and the
 * environment in the same order. Raises nothing.
 */
export async function resolveProxy(
  origin: string,
  { setting, hostResolver, env, limitMs }: ProxyResolverPorts,
): Promise<ProxyRoute | undefined> {
  const support = text(setting('proxySupport')) ?? 'override';
  if (isAlwaysDirect(origin, support)) return undefined;
  const noProxy = setting('noProxy');
  const own = (): string | undefined =>
    proxyFor(origin, {
      support,
      proxy: text(setting('proxy')) ?? '',
      noProxy: Array.isArray(noProxy) ? noProxy.filter((entry) => typeof entry === 'string') : [],
      env,
    });
  const url = await withinLimit(async () => hostResolver()?.(`${origin}/`) ?? notHad, limitMs);
  const found = url === notHad ? own() : url;
  if (found === undefined) return undefined;
  const authorization = text(setting('proxyAuthorization'));
  return {
    url: found,
    ...(authorization !== undefined && { authorization }),
    strictSsl: setting('proxyStrictSSL') !== false,
  };
}

const notHad = Symbol('not had');

async function withinLimit(
  work: () => Promise<string | undefined | typeof notHad>,
  limitMs: number,
): Promise<string | undefined | typeof notHad> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<typeof notHad>((resolve) => {
    timer = setTimeout(() => resolve(notHad), limitMs);
  });
  try {
    return await Promise.race([work(), late]);
  } catch {
    return notHad;
  } finally {
    clearTimeout(timer);
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
