import { useEffect, useState } from 'preact/hooks';

/** Whole seconds until a point in time (milliseconds since 1970), counting down to 0. */
export function useWait(until: number): number {
  const [now, setNow] = useState(() => Date.now());
  const left = Math.max(0, Math.ceil((until - now) / 1000));
  useEffect(() => {
    if (left === 0) return undefined;
    // The next moment at which one second less is left.
    const timer = setTimeout(() => setNow(Date.now()), until - (left - 1) * 1000 - Date.now());
    return () => clearTimeout(timer);
  }, [until, now, left]);
  return left;
}
