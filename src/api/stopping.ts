import { randomInt } from 'node:crypto';
import type { AbortSignalLike } from '../core/completion.ts';
import { untilStopped } from '../core/untilStopped.ts';

/** Time as the client sees it; tests bring their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** From 0 up to 1, for the jitter of waits. */
  random(): number;
  /** Ends after `ms` milliseconds, or earlier when the signal says stop. */
  wait(ms: number, signal: AbortSignalLike): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  random: () => randomInt(2 ** 32) / 2 ** 32,
  async wait(ms, signal) {
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    try {
      await untilStopped(over, signal);
    } finally {
      clearTimeout(timer);
    }
  },
};
