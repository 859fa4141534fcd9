import type { Failure } from '../shared/failure.ts';
import { type NetworkError, ownCodes } from './networkError.ts';

/*
 * When a request is sent again by itself: as the official SDK does it, except that an exhausted quota is never tried
 * again, and that a server that asks for more than a minute is not asked again after half a second: the wait is as
 * long as it says, for everybody to see, and can be cut short.
 */

export const maxAttempts = 3;
/** Where somebody sees the time run and can end the wait. */
export const longestVisibleWaitMs = 24 * 60 * 60_000;
/** Where nobody does. */
export const longestHiddenWaitMs = 10_000;

type Headers = Readonly<Record<string, string>>;

/** How long the server asks to wait: `retry-after-ms`, else `retry-after` in seconds or as an HTTP date. */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const exact = asWait(headers['retry-after-ms'], 1);
  if (exact !== undefined) return exact;
  const header = headers['retry-after'];
  const seconds = asWait(header, 1000);
  if (seconds !== undefined || header === undefined) return seconds;
  // An HTTP date begins with the day of the week; the engine's parser would take `-1` for a year.
  const date = /^[A-Z][a-z]{2,8},? /.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function asWait(text: string | undefined, unit: number): number | undefined {
  if (text === undefined || !/^\s*\d+(?:\.\d+)?\s*$/.test(text)) return undefined;
  // 7.66 * 1000 is a hair more than 7660.
  const ms = Math.round(Number(text) * unit * 1000) / 1000;
  return Number.isFinite(ms) ? ms : undefined;
}

/** Whether an answer with an error status invites another attempt; `x-should-retry` has the last word. */
export function answerInvitesRetry(status: number, headers: Headers, failure: Failure): boolean {
  if (failure.kind === 'quotaExceeded') return false;
  const said = headers['x-should-retry'];
  if (said === 'true' || said === 'false') return said === 'true';
  return status === 408 || status === 409 || status === 429 || status >= 500;
}

/** Whether a request that got no answer may be sent again: nothing of the reply has come, and it may come next time. */
export function errorInvitesRetry(error: NetworkError, failure: Failure): boolean {
  if (error.phase === 'body' || failure.kind !== 'cannotConnect') return false;
  return ![ownCodes.proxyRefused, ownCodes.proxyInvalid, ownCodes.stopped].some(
    (code) => code === error.code,
  );
}

/**
 * Milliseconds before attempt number `attempt` (2 or 3): what the server asked for, otherwise half a second, doubled
 * each time, less up to a quarter by chance. `undefined` where the server asks for more than `longestMs`.
 */
export function waitBefore(
  attempt: number,
  failure: Failure,
  random: number,
  longestMs: number,
): number | undefined {
  const asked = failure.retryAfterMs;
  if (asked !== undefined) return asked <= longestMs ? asked : undefined;
  return Math.min(500 * 2 ** (attempt - 2), 8000) * (1 - random * 0.25);
}
