/** How far away a host name or address is, judged by its spelling alone: nothing is looked up. */
export type Reach = 'loopback' | 'private' | 'public';

/** A base URL that requests may be built from. Everything in it comes out of one parse, re-serialised. */
export interface BaseUrl {
  /** Without query, hash and trailing slash. */
  readonly href: string;
  /** Scheme, host and port: what a key is bound to. */
  readonly origin: string;
  /** Parameters that stood behind a `?`; they are sent with every request. */
  readonly query: Readonly<Record<string, string>>;
  readonly encrypted: boolean;
  readonly reach: Reach;
}

/** Why a text is not a base URL. */
export type BaseUrlRefusal =
  | 'empty'
  | 'tooLong'
  /** A control character, a space or an invisible character inside; a backslash, which parsers read as a slash. */
  | 'badCharacter'
  | 'notAUrl'
  /** Neither `https:` nor `http:`. */
  | 'scheme'
  | 'userInfo'
  | 'hash'
  /** A query parameter that looks like a key: keys are asked for separately and never stored in a setting. */
  | 'keyInQuery'
  /** `http:` to a host that is neither this computer nor a private network. */
  | 'publicHttp';

export type BaseUrlCheck =
  | { readonly type: 'url'; readonly url: BaseUrl }
  | { readonly type: 'refused'; readonly why: BaseUrlRefusal };

const longest = 2048;
const badCharacter = /[\p{Cc}\p{Cf}\p{Z}\\]/u;
const keyName =
  /^(?:key|api[-_]?key|x-api-key|(?:access[-_]?)?token|subscription-key|sig|signature|password|secret)$/i;

/**
 * Checks what a person typed or a setting holds. A complete request address is understood too: `/chat/completions`
 * at its end is cut off and its query is taken out.
 */
export function readBaseUrl(typed: string): BaseUrlCheck {
  const text = typed.trim();
  if (text === '') return refused('empty');
  if (text.length > longest) return refused('tooLong');
  // Before parsing: the URL parser drops tabs and line breaks silently and turns backslashes round.
  if (badCharacter.test(text)) return refused('badCharacter');
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return refused(/^[a-z][a-z0-9+.-]*:/i.test(text) ? 'notAUrl' : 'scheme');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return refused('scheme');
  if (!/^https?:\/\/[^/]/i.test(text)) return refused('notAUrl');
  // By the text for userinfo and hash: an empty one (`https://@host`, `...#`) leaves no trace in the parsed URL.
  if (/^https?:\/\/[^/?#]*@/i.test(text)) return refused('userInfo');
  if (text.includes('#')) return refused('hash');
  const query = readQuery(url.search);
  if (query === undefined) return refused('notAUrl');
  if (Object.keys(query).some((name) => keyName.test(name))) return refused('keyInQuery');
  const reach = reachOf(url.hostname);
  const encrypted = url.protocol === 'https:';
  if (!encrypted && reach === 'public') return refused('publicHttp');
  const path = url.pathname.replace(/(?:\/(?:chat\/completions)?)+$/, '');
  return { type: 'url', url: { href: url.origin + path, origin: url.origin, query, encrypted, reach } };
}

function refused(why: BaseUrlRefusal): BaseUrlCheck {
  return { type: 'refused', why };
}

/** A query string as a record, the last of several equal names; `undefined` where an escape is broken. */
function readQuery(search: string): Record<string, string> | undefined {
  const pairs: [string, string][] = [];
  for (const part of search.replace(/^\?/, '').split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    try {
      const name = decodeQuery(equals < 0 ? part : part.slice(0, equals));
      const value = decodeQuery(equals < 0 ? '' : part.slice(equals + 1));
      if (!isQueryPair(name, value)) return undefined;
      pairs.push([name, value]);
    } catch {
      return undefined;
    }
  }
  return Object.fromEntries(pairs);
}

function decodeQuery(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

/** Whether both may be a query parameter: a name, and no control character in either. */
export function isQueryPair(name: string, value: string): boolean {
  return (
    name !== '' &&
    name !== '__proto__' &&
    !/\p{Cc}/u.test(name + value) &&
    name.length + value.length <= longest
  );
}

/** Whether a query parameter of this name would carry a key. */
export function isKeyName(name: string): boolean {
  return keyName.test(name);
}

/**
 * For Azure's classic path: the part before `/deployments/{name}`, and the name. `undefined` where there is none.
 */
export function splitDeployment(
  href: string,
): { readonly href: string; readonly deployment: string } | undefined {
  const found = /^(.+)\/deployments\/([^/]+)$/.exec(href);
  if (found?.[1] === undefined || found[2] === undefined) return undefined;
  try {
    return { href: found[1], deployment: decodeURIComponent(found[2]) };
  } catch {
    return undefined;
  }
}

/** Names that no public name server answers for (RFC 6761, RFC 6762, RFC 8375, ICANN's `.internal`) or that routers give out. */
const privateNames = /(?:^|\.)(?:local|internal|lan|localdomain|home\.arpa)$/;

/**
 * @param hostname as `URL.hostname` gives it: lower case, IPv4 in four decimal parts, IPv6 compressed in brackets.
 */
export function reachOf(hostname: string): Reach {
  const host = hostname.replace(/\.$/, '');
  if (host.startsWith('[')) return reachOfIPv6(host.slice(1, -1));
  const parts = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(host);
  if (parts !== null) return reachOfIPv4(Number(parts[1]), Number(parts[2]), host);
  if (host === 'localhost' || host.endsWith('.localhost')) return 'loopback';
  // A name without a dot is resolved on the local network.
  return host !== '' && (!host.includes('.') || privateNames.test(host)) ? 'private' : 'public';
}

/** Private use (RFC 1918) and the shared space that overlay networks take (RFC 6598). Link-local is left out. */
function reachOfIPv4(first: number, second: number, whole: string): Reach {
  // Systems connect 0.0.0.0 to themselves, and servers print it as their address.
  if (first === 127 || whole === '0.0.0.0') return 'loopback';
  if (first === 10 || (first === 192 && second === 168)) return 'private';
  if (first === 172 && second >= 16 && second <= 31) return 'private';
  return first === 100 && second >= 64 && second <= 127 ? 'private' : 'public';
}

function reachOfIPv6(address: string): Reach {
  if (address === '::1' || address === '::') return 'loopback';
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address);
  if (mapped?.[1] !== undefined && mapped[2] !== undefined) {
    const high = Number.parseInt(mapped[1], 16);
    const low = Number.parseInt(mapped[2], 16);
    return reachOfIPv4(high >> 8, high & 0xff, `${high >> 8}.${high & 0xff}.${low >> 8}.${low & 0xff}`);
  }
  const first = address.startsWith('::') ? 0 : Number.parseInt(address, 16);
  // Unique local (fc00::/7) and link-local (fe80::/10) addresses.
  return (first & 0xfe00) === 0xfc00 || (first & 0xffc0) === 0xfe80 ? 'private' : 'public';
}
