import { connect, type Socket } from 'node:net';
import { reachOf } from '../core/baseUrl.ts';
import type { Outcome } from './diagnosisStage.ts';
import { NetworkError, ownCodes, toNetworkError } from './networkError.ts';
import type { Address } from './probeName.ts';
import type { Clock } from './stopping.ts';

/** Once one address has answered, the others are given this long to do so too. */
const othersMs = 1500;

/** How one address took it. */
interface Dialled {
  readonly address: Address;
  /** Neither `ms` nor `code` where nothing came back. */
  ms?: number;
  code?: string;
}

export interface Connected {
  readonly outcome: Outcome;
  /** Of the address that answered first. Whoever asked closes it. */
  readonly socket: Socket | undefined;
}

/**
 * Opens a TCP connection to every address of a host at once, and keeps the first. An address that does not answer
 * beside one that does is worth knowing: it makes requests begin late.
 */
export async function probeConnection(
  {
    host,
    port,
    addresses,
  }: { readonly host: string; readonly port: number; readonly addresses: readonly Address[] },
  clock: Clock,
  signal: AbortSignal,
): Promise<Connected> {
  const giveUp = new AbortController();
  const stop = (): void => giveUp.abort();
  signal.addEventListener('abort', stop, { once: true });
  const began = clock.now();
  const all = addresses.map((address): Dialled => ({ address }));
  let socket: Socket | undefined;
  const dials = all.map(async (dialled) => {
    try {
      const open = await connectTo(dialled.address, port, giveUp.signal);
      dialled.ms = clock.now() - began;
      if (socket === undefined && !giveUp.signal.aborted) socket = open;
      else open.destroy();
    } catch (error) {
      if (!giveUp.signal.aborted) dialled.code = toNetworkError(error, 'connect').code;
      throw error;
    }
  });
  try {
    const ended = Promise.allSettled(dials);
    const first = Promise.any(dials).then(
      () => clock.wait(othersMs, giveUp.signal),
      () => {},
    );
    await Promise.race([ended, first]);
  } finally {
    giveUp.abort();
    signal.removeEventListener('abort', stop);
  }
  if (signal.aborted) socket?.destroy();
  return { outcome: describe(all, host, port), socket };
}

/** A TCP connection. Raises `NetworkError`; its socket has a listener for errors that come later. */
function connectTo({ address, family }: Address, port: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, family });
    const stop = (): void => {
      socket.destroy();
      reject(new NetworkError(ownCodes.stopped, 'stopped', 'connect'));
    };
    if (signal.aborted) {
      stop();
      return;
    }
    signal.addEventListener('abort', stop, { once: true });
    socket.on('error', (error) => {
      signal.removeEventListener('abort', stop);
      reject(toNetworkError(error, 'connect'));
    });
    socket.once('connect', () => {
      signal.removeEventListener('abort', stop);
      resolve(socket);
    });
  });
}

function describe(all: readonly Dialled[], host: string, port: number): Outcome {
  const facts = all.map(({ address: { address }, ms, code }) =>
    ms === undefined ? `${address}: ${code ?? 'no answer'}` : `${address}: ${String(ms)} ms`,
  );
  const answered = all.filter(({ ms }) => ms !== undefined);
  if (answered.length === 0) return unreachable(all[0]?.code ?? ownCodes.connectTimeout, host, port, facts);
  if (answered.length === all.length) {
    return { state: 'passed', found: `${host} takes connections on port ${String(port)}.`, facts };
  }
  const silent = all.filter(({ ms }) => ms === undefined);
  const isIPv6 = silent.every(({ address }) => address.family === 6);
  return {
    state: 'warning',
    found: `${host} takes connections on port ${String(port)}, but not at every one of its addresses.`,
    facts,
    advice: isIPv6
      ? 'The IPv6 address does not answer and the IPv4 address does: requests work, but may begin late. Switch IPv6 off for this network, or use the IPv4 address in the base URL.'
      : 'Requests work, but may begin late or fail now and then. Whoever runs the server can take the dead address out of the name server.',
  };
}

/** Nothing took the connection. `code` is the system's. */
function unreachable(code: string, host: string, port: number, facts: readonly string[] = []): Outcome {
  const place = `${host}, port ${String(port)}`;
  const isHere = reachOf(/^[^[].*:/.test(host) ? `[${host}]` : host) === 'loopback';
  switch (code) {
    case 'ECONNREFUSED':
      return {
        state: 'failed',
        found: `Nothing listens at ${place} (${code}).`,
        facts,
        advice: isHere
          ? 'Start the server, and check its port. In a remote window (SSH, WSL, a container) this address means the remote machine.'
          : 'Check the port in the base URL and that the server is running.',
      };
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ENETDOWN':
    case 'EADDRNOTAVAIL':
      return {
        state: 'failed',
        found: `There is no way to ${place} from this machine (${code}).`,
        facts,
        advice: 'Check the network connection and the VPN.',
      };
    case 'EACCES':
    case 'EPERM':
      return {
        state: 'failed',
        found: `This machine does not allow connections to ${place} (${code}).`,
        facts,
        advice: 'A firewall on this machine blocks it: allow VS Code to connect.',
      };
    case ownCodes.connectTimeout:
    case 'ETIMEDOUT':
      return {
        state: 'failed',
        found: `${place} does not answer at all.`,
        facts,
        advice:
          'A firewall may drop the connection, or a VPN or proxy is needed. Check the host and the port in the base URL.',
      };
    default:
      return {
        state: 'failed',
        found: `The connection to ${place} did not come about (${code}).`,
        facts,
        advice: 'Check the address, the network connection and the proxy.',
      };
  }
}
