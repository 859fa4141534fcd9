import { isIP, type LookupFunction } from 'node:net';
import type { Outcome } from './diagnosisStage.ts';
import { toNetworkError } from './networkError.ts';

/** One address of a host. */
export interface Address {
  readonly address: string;
  readonly family: number;
}

/** Asks the system for the addresses of a host name. Raises the system's error. */
type Lookup = (host: string) => Promise<readonly Address[]>;

/** More addresses than these are neither tried nor told. */
const mostAddresses = 6;

/**
 * Finds the addresses of a host.
 *
 * @param host as in a URL: an IPv6 address in brackets.
 * @param role whose name it is, at the start of a sentence.
 */
export async function probeName(
  host: string,
  role: string,
  lookup: Lookup,
): Promise<{ readonly outcome: Outcome; readonly addresses: readonly Address[] }> {
  const bare = bareHost(host);
  const family = isIP(bare);
  if (family !== 0) {
    const found = `${role} is given by its address, ${bare}. There is no name to look up.`;
    return { outcome: { state: 'skipped', found }, addresses: [{ address: bare, family }] };
  }
  try {
    const all = await lookup(bare);
    const addresses = all.slice(0, mostAddresses);
    if (addresses.length === 0) return { outcome: unknownName(bare, 'ENODATA'), addresses };
    const several = all.length === 1 ? (addresses[0]?.address ?? '') : `${String(all.length)} addresses`;
    return {
      outcome: {
        state: 'passed',
        found: `${role} ${bare} has ${all.length === 1 ? 'the address ' : ''}${several}.`,
        facts: all.length === 1 ? [] : addresses.map(({ address }) => address),
      },
      addresses,
    };
  } catch (error) {
    return { outcome: unknownName(bare, toNetworkError(error, 'connect').code), addresses: [] };
  }
}

/** The host of a URL without the brackets of an IPv6 address. */
export function bareHost(host: string): string {
  return host.startsWith('[') ? host.slice(1, -1) : host;
}

function unknownName(host: string, code: string): Outcome {
  if (code === 'EAI_AGAIN' || code === 'ETIMEOUT' || code === 'ETIMEDOUT') {
    return {
      state: 'failed',
      found: `The name server did not answer when it was asked for ${host} (${code}).`,
      advice: 'Check the network connection and the VPN, then run this again.',
    };
  }
  return {
    state: 'failed',
    found: `No address is known for ${host} (${code}).`,
    advice:
      'Check the spelling of the host in the base URL. A name of a private network may need a VPN; in a remote window names are looked up on the remote machine.',
  };
}

/** Node's callback as a promise of all addresses. */
export function promisedLookup(lookup: LookupFunction): Lookup {
  return (host) =>
    new Promise((resolve, reject) => {
      lookup(host, { all: true }, (error, found, family) => {
        if (error) reject(error);
        else if (typeof found === 'string') resolve([{ address: found, family: family ?? 4 }]);
        else resolve(found);
      });
    });
}
