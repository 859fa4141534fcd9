import { isAlwaysDirect, proxyFor, type ProxySettings } from './proxy.ts';

/**
 * Why requests to an origin go through the proxy that was found, or through none: the end of a sentence. It names
 * settings and variables and holds no value of either.
 */
export function proxyReason(origin: string, found: string | undefined, settings: ProxySettings): string {
  if (found === undefined) return whyDirect(origin, settings);
  if (samePlace(found, settings.proxy)) return 'from the setting http.proxy';
  const names = origin.startsWith('https:') ? ['HTTPS_PROXY', 'https_proxy'] : ['HTTP_PROXY', 'http_proxy'];
  const name = names.find((candidate) => samePlace(found, settings.env[candidate] ?? ''));
  return name === undefined
    ? 'found by VS Code in the system or in a PAC file'
    : `from the environment variable ${name}`;
}

function whyDirect(origin: string, settings: ProxySettings): string {
  if (settings.support === 'off') return 'http.proxySupport is off';
  if (isAlwaysDirect(origin, settings.support)) return 'no proxy is used for this computer itself';
  const isExcluded = proxyFor(origin, { ...settings, proxy: 'http://any.invalid' }) === undefined;
  if (!isExcluded) {
    return proxyFor(origin, settings) === undefined
      ? 'no proxy is configured'
      : 'VS Code finds none for this address';
  }
  return settings.noProxy.length > 0 ? 'http.noProxy names the host' : 'NO_PROXY names the host';
}

/** Whether two spellings name the same proxy. */
function samePlace(a: string, b: string): boolean {
  try {
    const [first, second] = [new URL(a), new URL(b)];
    return first.protocol === second.protocol && first.host === second.host && first.host !== '';
  } catch {
    return false;
  }
}
