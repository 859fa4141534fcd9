import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import {
  connect,
  type ConnectionOptions,
  type PeerCertificate,
  type DetailedPeerCertificate,
  type TLSSocket,
} from 'node:tls';
import { cleanText } from '../core/readingText.ts';
import type { Outcome } from './diagnosisStage.ts';
import { clientCertificateWanted } from './diagnosisWords.ts';
import { NetworkError, ownCodes, toNetworkError } from './networkError.ts';

/** One certificate as plain values. */
interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly isSelfSigned: boolean;
}

export interface TlsProbe {
  /** Connected to the server, directly or through a tunnel. */
  readonly socket: Socket;
  /** Without brackets. */
  readonly host: string;
  /** What requests to this endpoint use: authorities, client certificate. */
  readonly settings: Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'passphrase'>;
  /** Whether requests refuse a certificate that is not trusted. */
  readonly strict: boolean;
}

const longestChain = 8;

/**
 * Shakes hands and looks at the certificates. The handshake is allowed to go on with a certificate that is not
 * trusted, so that the report can say what is wrong with it; nothing is sent over such a connection.
 */
export async function probeTls(
  { socket, host, settings, strict }: TlsProbe,
  signal: AbortSignal,
): Promise<Outcome> {
  let secure: TLSSocket;
  try {
    secure = await shakeHands(
      {
        ...settings,
        socket,
        host,
        ...(isIP(host) === 0 && { servername: host }),
        ALPNProtocols: ['http/1.1'],
        // eslint-disable-next-line colloquy/banned -- only looks at the certificates; nothing is sent over it
        rejectUnauthorized: false,
      },
      signal,
    );
  } catch (error) {
    return refusedHandshake(toNetworkError(error, 'connect'), host);
  }
  const chain = chainOf(secure.getPeerCertificate(true));
  const names = cleanText(secure.getPeerCertificate().subjectaltname ?? '', [], 200);
  // Its type says Error, but it holds the code.
  const problem: unknown = secure.authorized ? undefined : secure.authorizationError;
  const facts = [
    `${secure.getProtocol() ?? 'unknown protocol'}, ${secure.getCipher().name}`,
    ...chain.map(
      ({ subject, issuer, validFrom, validTo }, index) =>
        `Certificate ${String(index + 1)}: "${subject}", issued by "${issuer}", valid ${validFrom} to ${validTo}`,
    ),
  ];
  secure.destroy();
  if (problem === undefined || problem === null) {
    return { state: 'passed', found: 'The certificate is trusted.', facts };
  }
  const { found, advice } = describeProblem(codeOf(problem), chain, host, names);
  return strict
    ? { state: 'failed', found, facts, advice }
    : {
        state: 'warning',
        found: `${found} It is used all the same, because http.proxyStrictSSL is off.`,
        facts,
        advice: `${advice} Then switch http.proxyStrictSSL on again: without it anybody on the way can read the key.`,
      };
}

/** Raises `NetworkError`. */
function shakeHands(options: ConnectionOptions, signal: AbortSignal): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    let secure: TLSSocket;
    const stop = (): void => {
      secure.destroy();
      reject(new NetworkError(ownCodes.stopped, 'stopped', 'connect'));
    };
    try {
      secure = connect(options);
    } catch (error) {
      // A client certificate that cannot be read, for example.
      reject(toNetworkError(error, 'connect'));
      return;
    }
    if (signal.aborted) {
      stop();
      return;
    }
    signal.addEventListener('abort', stop, { once: true });
    secure.on('error', (error) => {
      signal.removeEventListener('abort', stop);
      reject(toNetworkError(error, 'connect'));
    });
    secure.once('close', () => {
      signal.removeEventListener('abort', stop);
      reject(new NetworkError('ECONNRESET', 'closed during the handshake', 'connect'));
    });
    secure.once('secureConnect', () => {
      signal.removeEventListener('abort', stop);
      resolve(secure);
    });
  });
}

/** From the server's own certificate up. The last one may name itself as its issuer, for ever. */
function chainOf(first: DetailedPeerCertificate): readonly Certificate[] {
  const chain: Certificate[] = [];
  const seen = new Set<string>();
  let next: DetailedPeerCertificate | undefined = first;
  while (next !== undefined && chain.length < longestChain) {
    // An empty object stands for no certificate at all.
    if (next.subject === undefined || seen.has(next.fingerprint256)) break;
    seen.add(next.fingerprint256);
    chain.push({
      subject: nameIn(next.subject),
      issuer: nameIn(next.issuer),
      validFrom: dayOf(next.valid_from),
      validTo: dayOf(next.valid_to),
      isSelfSigned: next.issuerCertificate?.fingerprint256 === next.fingerprint256,
    });
    next = next.issuerCertificate;
  }
  return chain;
}

function nameIn(subject: PeerCertificate['subject']): string {
  const name: unknown = subject.CN ?? subject.O ?? subject.OU;
  const first: unknown = Array.isArray(name) ? name[0] : name;
  return typeof first === 'string' && first !== '' ? cleanText(first, [], 100) : 'no name';
}

function dayOf(date: string): string {
  const time = Date.parse(date);
  return Number.isNaN(time) ? 'an unreadable date' : new Date(time).toISOString().slice(0, 10);
}

function codeOf(problem: unknown): string {
  if (typeof problem === 'string') return problem;
  const code: unknown = problem instanceof Error && 'code' in problem ? problem.code : undefined;
  return typeof code === 'string' ? code : 'unknown reason';
}

const addAuthority =
  'Get its certificate as a PEM file from whoever runs the server or the network, and name the file in "caFile" of the endpoint (setting colloquy.endpoints), or install it in the system and reload the window.';

/** What is wrong with a chain, by Node's code for it. */
function describeProblem(
  code: string,
  chain: readonly Certificate[],
  host: string,
  names: string,
): { readonly found: string; readonly advice: string } {
  const [own] = chain;
  const last = chain.at(-1);
  switch (code) {
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return {
        found: `The certificate authority "${last?.issuer ?? 'without a name'}" is not known on this machine (${code}).`,
        advice: `${addAuthority} If the authority is a public one, the server does not send its intermediate certificate: whoever runs it must add that.`,
      };
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return {
        found: `The certificate authority "${last?.subject ?? 'without a name'}" is not known on this machine (${code}).`,
        advice: `${addAuthority} An authority of your organization here means that a proxy or a virus scanner reads encrypted connections.`,
      };
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return {
        found: `The server made its certificate "${own?.subject ?? ''}" itself (${code}).`,
        advice: `Save that certificate as a PEM file and name it in "caFile" of the endpoint (setting colloquy.endpoints), if you know the server.`,
      };
    case 'CERT_HAS_EXPIRED': {
      const today = new Date().toISOString().slice(0, 10);
      const expired = chain.find(({ validTo }) => validTo < today) ?? own;
      return {
        found: `The certificate "${expired?.subject ?? ''}" expired on ${expired?.validTo ?? 'an unknown day'}.`,
        advice: `Whoever runs the server must renew it. If today is not ${today}, the clock of this machine is wrong.`,
      };
    }
    case 'CERT_NOT_YET_VALID':
      return {
        found: `The certificate "${own?.subject ?? ''}" is valid only from ${own?.validFrom ?? 'an unknown day'} on.`,
        advice: 'Check the clock of this machine.',
      };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return {
        found: `The certificate is for another host: ${names === '' ? (own?.subject ?? 'no name') : names}.`,
        advice: `Use one of these names in the base URL in place of ${host}. If you expected ${host}, something on the way answers in its place.`,
      };
    default:
      return {
        found: `The certificate is not accepted (${code}).`,
        advice: addAuthority,
      };
  }
}

/** The connection ended before the certificates were known. */
function refusedHandshake({ code, message }: NetworkError, host: string): Outcome {
  const words = `${code} ${message}`.toLowerCase();
  if (/wrong.version.number|packet length too long|http_request|unexpected message/.test(words)) {
    return {
      state: 'failed',
      found: 'What answers on this port does not speak TLS.',
      advice:
        'Begin the base URL with http:// in place of https://, or use the port for encrypted connections.',
    };
  }
  if (/protocol.version|unsupported.protocol|no protocols available/.test(words)) {
    return {
      state: 'failed',
      found: `${host} speaks only a version of TLS that is too old (${code}).`,
      advice: 'Versions before TLS 1.2 are not safe and not used. Whoever runs the server must update it.',
    };
  }
  if (/certificate.required|bad.certificate|unknown.ca|certificate.unknown/.test(words)) {
    return { state: 'failed', ...clientCertificateWanted(host, ` (${code})`) };
  }
  if (/\bpem\b|\basn1\b|decrypt|passphrase|key values mismatch/.test(words)) {
    return {
      state: 'failed',
      found: `The certificate files of the endpoint cannot be used (${code}).`,
      advice:
        'Check "caFile", "clientCertFile" and "clientKeyFile" of the endpoint: PEM files, certificate and key belonging together, the passphrase of the key.',
    };
  }
  return {
    state: 'failed',
    found: `The encrypted connection to ${host} did not come about (${code}).`,
    advice:
      'A firewall or a proxy on the way may have ended it, or the server and VS Code share no way to encrypt.',
  };
}
