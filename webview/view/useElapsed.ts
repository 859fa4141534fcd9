import { useEffect, useState } from 'preact/hooks';

/**
 * Whole seconds since a point in time (milliseconds since 1970), from `from` seconds on; before that 0. One timer:
 * until then it fires once, afterwards once a second.
 */
export function useElapsed(since: number, from: number): number {
  const [now, setNow] = useState(() => Date.now());
  const passed = Math.max(0, Math.floor((now - since) / 1000));
  useEffect(() => {
    const next = since + Math.max(passed + 1, from) * 1000;
    const timer = setTimeout(() => setNow(Date.now()), next - Date.now());
    return () => clearTimeout(timer);
  }, [since, from, now, passed]);
  return passed < from ? 0 : passed;
}
