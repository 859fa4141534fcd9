/**
 * A duration as it is read: `45 s`, `3 min 20 s`, `2 h 5 min`. What would be zero at the end is left out, and no line
 * breaks between a number and its unit.
 */
export function durationInWords(seconds: number): string {
  if (seconds < 60) return count(seconds, 's');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return join(count(minutes, 'min'), seconds % 60, 's');
  return join(count(Math.floor(minutes / 60), 'h'), minutes % 60, 'min');
}

function count(amount: number, unit: string): string {
  return `${String(amount)}\u00A0${unit}`;
}

function join(large: string, small: number, unit: string): string {
  return small === 0 ? large : `${large} ${count(small, unit)}`;
}
