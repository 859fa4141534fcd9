import type { ProxyRoute } from '../core/proxy.ts';
import { NetworkError, ownCodes } from './networkError.ts';

/** Where a proxy is and what it is told about us. */
export interface ProxyAddress {
  /** For HTTP proxies without user name and password. */
  readonly uri: string;
  /** The value of `Proxy-Authorization`. */
  readonly authorization?: string;
}

/**
 * A proxy as undici takes it: `http.proxyAuthorization` wins over a user name in the URL. Raises `NetworkError`
 * (`PROXY_INVALID`) for what is no proxy's URL; the message holds neither the URL nor the password.
 */
export function proxyAddress(proxy: ProxyRoute): ProxyAddress {
  let url: URL;
  try {
    url = new URL(proxy.url);
  } catch {
    throw invalid('the proxy is no URL');
  }
  if (!['http:', 'https:', 'socks:', 'socks5:'].includes(url.protocol)) {
    throw invalid(`a proxy of the kind ${url.protocol} is not supported`);
  }
  if (url.protocol.startsWith('socks')) return { uri: url.href };
  const user = `${unescaped(url.username)}:${unescaped(url.password)}`;
  url.username = '';
  url.password = '';
  const authorization =
    proxy.authorization ?? (user === ':' ? undefined : `Basic ${Buffer.from(user).toString('base64')}`);
  if (authorization === undefined) return { uri: url.href };
  if (!/^[\x20-\x7e]+$/.test(authorization)) {
    throw invalid('the setting http.proxyAuthorization holds a character that a header must not have');
  }
  return { uri: url.href, authorization };
}

/** A stray percent sign stands for itself. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function invalid(message: string): NetworkError {
  return new NetworkError(ownCodes.proxyInvalid, message, 'connect');
}
