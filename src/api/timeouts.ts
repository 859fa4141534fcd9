import type { Endpoint } from '../core/endpoint.ts';
import type { Timeouts } from './exchange.ts';

/**
 * Used where the endpoint says nothing. A model may think for ten minutes and more, before its first word or after
 * a first event without any; a connection that died meanwhile is found out by TCP's own probes.
 */
const defaultTimeouts: Timeouts = { connectMs: 30_000, firstByteMs: 1_200_000, idleMs: 900_000 };
/** Nobody waits longer than this for an answer that no model has to think about. */
const listTimeoutMs = 30_000;

/** The limits of a request that a model answers. */
export function timeoutsOf({ timeouts }: Endpoint): Timeouts {
  const idleMs = timeouts?.idleMs ?? defaultTimeouts.idleMs;
  return {
    connectMs: timeouts?.connectMs ?? defaultTimeouts.connectMs,
    // Whoever lets a reply pause for ever lets it begin so too.
    firstByteMs: timeouts?.firstByteMs ?? (idleMs === 0 ? 0 : Math.max(defaultTimeouts.firstByteMs, idleMs)),
    idleMs,
  };
}

/** The limits of a request that the server answers out of its own memory: models, stored completions. */
export function listTimeoutsOf(endpoint: Endpoint): Timeouts {
  return { ...timeoutsOf(endpoint), firstByteMs: listTimeoutMs, idleMs: listTimeoutMs };
}
