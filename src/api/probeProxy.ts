import { isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { cleanText } from '../core/readingText.ts';
import { isSocks, type ProxyRoute } from '../core/proxy.ts';
import type { Outcome } from './diagnosisStage.ts';
import { NetworkError, ownCodes, toNetworkError } from './networkError.ts';
import { probeConnection } from './probeConnection.ts';
import { type Address, bareHost } from './probeName.ts';
import type { Clock } from './stopping.ts';

/** A proxy as it is spoken to, and as it may be shown: without user name and password. */
export interface ProxyAddress {
  readonly kind: 'http' | 'https' | 'socks';
  /** As in a URL. */
  readonly host: string;
  readonly port: number;
  readonly shown: string;
  /** The value of `Proxy-Authorization`. */
  readonly authorization: string | undefined;
  /** What must never be shown: the password, and the header's value. */
  readonly secrets: readonly string[];
}

/** `undefined` for what is no proxy's URL. */
export function readProxy(route: ProxyRoute): ProxyAddress | undefined {
  let url: URL;
  try {
    url = new URL(route.url);
  } catch {
    return undefined;
  }
  const scheme = url.protocol.slice(0, -1);
  const kind = isSocks(route) ? 'socks' : scheme === 'http' || scheme === 'https' ? scheme : undefined;
  if (kind === undefined || url.hostname === '') return undefined;
  const port = url.port === '' ? { http: 80, https: 443, socks: 1080 }[kind] : Number(url.port);
  const user = decoded(url.username);
  const password = decoded(url.password);
  const basic =
    url.username === '' ? undefined : `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const authorization = route.authorization ?? basic;
  const hidden = [
    user,
    password,
    url.username,
    url.password,
    authorization,
    authorization?.split(' ').at(-1),
  ];
  return {
    kind,
    host: url.hostname,
    port,
    shown: `${scheme}://${url.hostname}:${String(port)}`,
    authorization,
    secrets: hidden.flatMap((text) => (text === undefined || text === '' ? [] : [text])),
  };
}

export interface ProxyProbe {
  readonly proxy: ProxyAddress;
  readonly addresses: readonly Address[];
  /** Where the endpoint is. */
  readonly target: URL;
  /** Where the proxy comes from, as the end of a sentence. */
  readonly reason: string | undefined;
  /** For a proxy that is spoken to by TLS. */
  readonly tls: ConnectionOptions;
  /** Whether requests are made by VS Code's own transport if this proxy wants what ours cannot do. */
  readonly hostHelps: boolean;
}

export interface ProxyProbed {
  readonly outcome: Outcome;
  /** To the server, through the proxy: present where a tunnel was opened. Whoever asked closes it. */
  readonly tunnel: Socket | undefined;
}

const longestHead = 16 * 1024;

/**
 * Connects to the proxy and, where the server is reached by https, asks for a tunnel as a request would. Raises
 * nothing; is given up with its signal.
 */
export async function probeProxy(probe: ProxyProbe, clock: Clock, signal: AbortSignal): Promise<ProxyProbed> {
  const { proxy, addresses, target, reason } = probe;
  const named = `${proxy.shown}${reason === undefined ? '' : ` (${reason})`}`;
  const failed = (found: string): ProxyProbed => ({
    outcome: { state: 'failed', found: `Requests go through ${named}, ${found}`, advice: checkProxy },
    tunnel: undefined,
  });
  if (addresses.length === 0) return failed('whose address is not known.');
  const connected = await probeConnection({ ...proxy, addresses }, clock, signal);
  let { socket } = connected;
  if (socket === undefined) return failed(`but it cannot be reached. ${connected.outcome.found}`);
  if (proxy.kind === 'https') {
    try {
      socket = await secure(socket, proxy, probe.tls, signal);
    } catch (error) {
      socket.destroy();
      const { code } = toNetworkError(error, 'connect');
      return failed(`but the encrypted connection to it did not come about (${code}).`);
    }
  }
  if (proxy.kind === 'socks' || target.protocol === 'http:') {
    socket.destroy();
    const found = `Requests go through ${named}. It takes connections.`;
    return { outcome: { state: 'passed', found }, tunnel: undefined };
  }
  try {
    const head = await askForTunnel(socket, target, proxy.authorization, signal);
    if (head.status >= 200 && head.status < 300) {
      const found = `Requests go through ${named}. It opened a tunnel to ${hostAndPort(target)}.`;
      return { outcome: { state: 'passed', found }, tunnel: socket };
    }
    socket.destroy();
    return { outcome: refusal(head, named, probe), tunnel: undefined };
  } catch (error) {
    socket.destroy();
    const { code } = toNetworkError(error, 'connect');
    return failed(`but it did not answer like a proxy (${code}).`);
  }
}

const checkProxy =
  'Check http.proxy in the settings and HTTPS_PROXY in the environment. If this server needs no proxy, add its host to http.noProxy.';

interface Head {
  readonly status: number;
  /** Values of `Proxy-Authenticate`: which kinds of password it takes. */
  readonly schemes: readonly string[];
}

/** Raises `NetworkError` where the answer is no HTTP. */
function askForTunnel(
  socket: Socket,
  target: URL,
  authorization: string | undefined,
  signal: AbortSignal,
): Promise<Head> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const done = (): void => {
      socket.off('data', onData);
      signal.removeEventListener('abort', onStop);
    };
    const fail = (code: string): void => {
      done();
      reject(new NetworkError(code, 'no answer of a proxy', 'connect'));
    };
    const onStop = (): void => {
      socket.destroy();
      fail(ownCodes.stopped);
    };
    const onData = (bytes: Buffer): void => {
      received = Buffer.concat([received, bytes]);
      const end = received.indexOf('\r\n\r\n');
      if (end < 0) {
        if (received.length > longestHead || !isHttpSoFar(received)) fail('HPE_INVALID');
        return;
      }
      const head = readHead(received.subarray(0, end).toString('latin1'));
      if (head === undefined) fail('HPE_INVALID');
      else {
        done();
        resolve(head);
      }
    };
    signal.addEventListener('abort', onStop, { once: true });
    socket.on('data', onData);
    socket.once('close', () => fail('ECONNRESET'));
    const host = hostAndPort(target);
    const password = authorization === undefined ? '' : `Proxy-Authorization: ${authorization}\r\n`;
    socket.write(`CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n${password}\r\n`);
  });
}

function isHttpSoFar(bytes: Buffer): boolean {
  const start = bytes.subarray(0, 5).toString('latin1');
  return 'HTTP/'.startsWith(start) || start === 'HTTP/';
}

function readHead(text: string): Head | undefined {
  const [first = '', ...lines] = text.split('\r\n');
  const status = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(first)?.[1];
  if (status === undefined) return undefined;
  const schemes = lines
    .filter((line) => /^proxy-authenticate:/i.test(line))
    .map((line) => /^[^:]+:\s*([A-Za-z][\w-]{0,30})/.exec(line)?.[1])
    .filter((scheme) => scheme !== undefined)
    .slice(0, 5);
  return { status: Number(status), schemes };
}

function refusal(
  { status, schemes }: Head,
  named: string,
  { proxy, target, hostHelps }: ProxyProbe,
): Outcome {
  if (status !== 407) {
    return {
      state: 'failed',
      found: `Requests go through ${named}. It answered ${String(status)} when it was asked for a tunnel to ${hostAndPort(target)}.`,
      advice: `The proxy may not allow ${target.hostname}: ask whoever runs it, or add the host to http.noProxy if it can be reached without.`,
    };
  }
  const kinds = schemes.length === 0 ? '' : ` (${cleanText(schemes.join(', '), [], 80)})`;
  const found =
    proxy.authorization === undefined
      ? `Requests go through ${named}. It wants a user name and a password${kinds}, and none is configured (407).`
      : `Requests go through ${named}. It refused the user name and password that are configured${kinds} (407).`;
  const onlyOthers = schemes.length > 0 && !schemes.some((scheme) => /^basic$/i.test(scheme));
  if (hostHelps) {
    return {
      state: 'warning',
      found: `${found} VS Code signs in to it in place of Colloquy, where it can.`,
      advice: `If requests fail all the same: ${writeDown}`,
    };
  }
  const advice = onlyOthers
    ? 'Sign in the way the proxy wants: set colloquy.network.transport to "node", so that VS Code makes the requests and asks.'
    : `To sign in, ${writeDown}`;
  return { state: 'failed', found, advice };
}

const writeDown =
  'put user name and password into http.proxy (http://user:password@host:port) or http.proxyAuthorization, in the user settings.';

/** Raises `NetworkError`. */
function secure(
  socket: Socket,
  proxy: ProxyAddress,
  tls: ConnectionOptions,
  signal: AbortSignal,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const host = bareHost(proxy.host);
    const over = connectTls({ ...tls, socket, host, ...(isIP(host) === 0 && { servername: host }) });
    const stop = (): void => {
      over.destroy();
      reject(new NetworkError(ownCodes.stopped, 'stopped', 'connect'));
    };
    signal.addEventListener('abort', stop, { once: true });
    over.on('error', (error) => reject(toNetworkError(error, 'connect')));
    over.once('close', () => reject(new NetworkError('ECONNRESET', 'closed', 'connect')));
    over.once('secureConnect', () => {
      signal.removeEventListener('abort', stop);
      resolve(over);
    });
  });
}

/** Host and port, the port also where it is the usual one. */
function hostAndPort({ protocol, hostname, port }: URL): string {
  return `${hostname}:${port === '' ? (protocol === 'https:' ? '443' : '80') : port}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
