/**
 * When the view may work: one callback before the next paint, one when the browser has nothing better to do.
 * It is an argument everywhere so that tests decide when a frame happens instead of sleeping.
 */
export type Scheduler = {
  /** Milliseconds from any fixed point, never going backwards. */
  readonly now: () => number;
  /** Runs `task` once, before the next paint. Returns what cancels it. */
  readonly onFrame: (task: () => void) => () => void;
  /** Runs `task` once, soon, when nothing more urgent waits. Returns what cancels it. */
  readonly onIdle: (task: () => void) => () => void;
};

/** Idle work is done within this many milliseconds even while a reply keeps every frame busy. */
const idleTimeout = 300;

export const browserScheduler: Scheduler = {
  now: () => performance.now(),
  onFrame: (task) => {
    const handle = requestAnimationFrame(task);
    return () => cancelAnimationFrame(handle);
  },
  onIdle: (task) => {
    const handle = requestIdleCallback(task, { timeout: idleTimeout });
    return () => cancelIdleCallback(handle);
  },
};
