import type { AbortSignalLike } from './completion.ts';

/** The result of some work, or `undefined` as soon as the signal says stop; the work's own end is then ignored. */
export async function untilStopped<T>(work: Promise<T>, signal: AbortSignalLike): Promise<T | undefined> {
  if (signal.aborted) {
    work.catch(() => {});
    return undefined;
  }
  let stop: (() => void) | undefined;
  const stopped = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}
