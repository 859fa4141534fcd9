/** How far an exchange had come: no connection yet, no answer yet, within the answer's body. */
export type Phase = 'connect' | 'headers' | 'body';

/**
 * A network failure as plain values. Errors of TLS and of sockets are never passed on as they are: they carry
 * certificates that refer to themselves, and serialising such a cycle has taken whole extension hosts down.
 */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
  /** The system's, TLS's or undici's code (`ECONNREFUSED`), or one of ours: see `ownCodes`. */
  readonly code: string;
  readonly phase: Phase;
  /** The status with which a proxy refused, where that is what happened. */
  declare readonly proxyStatus?: number;

  constructor(code: string, message: string, phase: Phase, proxyStatus?: number) {
    super(withoutPasswords(message));
    this.code = code;
    this.phase = phase;
    if (proxyStatus !== undefined) this.proxyStatus = proxyStatus;
  }
}

/** Codes that this client gives where no other exists. */
export const ownCodes = {
  connectTimeout: 'CONNECT_TIMEOUT',
  firstByteTimeout: 'FIRST_BYTE_TIMEOUT',
  idleTimeout: 'IDLE_TIMEOUT',
  proxyRefused: 'PROXY_REFUSED',
  proxyInvalid: 'PROXY_INVALID',
  /** A file with certificates or a key that cannot be used; the message names it. */
  certificateFile: 'CERT_FILE',
  /** Interim answers (1xx) without end. */
  interimAnswers: 'INTERIM_ANSWERS',
  /** Our own doing, and no failure. */
  stopped: 'STOPPED',
  unknown: 'UNKNOWN',
} as const;

/** Whatever undici, TLS or the system raised, as a `NetworkError`. */
export function toNetworkError(error: unknown, phase: Phase): NetworkError {
  if (error instanceof NetworkError) return error;
  const chain = causes(error);
  const coded = chain.find((it) => codeOf(it) !== undefined);
  const told = chain.find((it) => it.message !== '');
  const message = told?.message ?? String(error).slice(0, 1000);
  const proxy = /^Proxy response \((\d+)\)|Proxy Authentication Required \((\d+)\)/.exec(message);
  if (proxy !== null) return proxyRefusal(Number(proxy[1] ?? proxy[2]));
  return new NetworkError((coded && codeOf(coded)) ?? ownCodes.unknown, message, phase);
}

/** A proxy that answered in place of the server, which has seen nothing. */
export function proxyRefusal(status: number): NetworkError {
  return new NetworkError(
    ownCodes.proxyRefused,
    `the proxy answered with status ${status}`,
    'connect',
    status,
  );
}

/** Messages may name the proxy as it is configured, with user name and password: in URLs and in PAC results. */
function withoutPasswords(message: string): string {
  return message.replaceAll(/(:\/\/|\b(?:PROXY|HTTPS?|SOCKS[45]?a?)\s+)[^\s/@]+@/gi, '$1');
}

/** The error, then what it was made of: `AggregateError.errors` (one for each address tried) and `cause`. */
function causes(error: unknown, depth = 0): readonly Error[] {
  if (!(error instanceof Error) || depth > 5) return [];
  const parts: readonly unknown[] = error instanceof AggregateError ? error.errors.slice(0, 8) : [];
  return [error, ...parts.flatMap((part) => causes(part, depth + 1)), ...causes(error.cause, depth + 1)];
}

function codeOf(error: Error): string | undefined {
  // undici's parser leaves its code out in most cases, Node's has one for each of its states.
  if (error.name === 'HTTPParserError') return 'HPE_INVALID';
  if (!('code' in error) || typeof error.code !== 'string' || error.code === '') return undefined;
  return /^HPE_(?!HEADER_OVERFLOW)/.test(error.code) ? 'HPE_INVALID' : error.code;
}
