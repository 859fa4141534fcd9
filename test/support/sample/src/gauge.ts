/** One line of the gauge: when, and how high the water stood. */
export interface Level {
  readonly at: Date;
  /** Metres above chart datum. */
  readonly metres: number;
}

/** Reads lines such as `2026-03-01T04:00Z 3.42`; anything else is left out. */
export function parseLevels(text: string): Level[] {
  const levels: Level[] = [];
  for (const line of text.split('\n')) {
    const [time = '', metres = ''] = line.trim().split(/\s+/);
    const at = new Date(time);
    if (Number.isNaN(at.getTime()) || metres === '') continue;
    levels.push({ at, metres: Number(metres) });
  }
  return levels;
}

export function averageLevel(levels: readonly Level[]): number {
  let sum = 0;
  for (const level of levels) {
    sum += level.metres;
  }
  return sum / levels.length;
}

/** The level at any moment, taking the water to move evenly between two readings. */
export function levelAt(levels: readonly Level[], moment: Date): number | undefined {
  const next = levels.findIndex((level) => level.at >= moment);
  const after = levels[next];
  const before = levels[next - 1];
  if (after === undefined || before === undefined) return after?.metres;
  const span = after.at.getTime() - before.at.getTime();
  const share = (moment.getTime() - before.at.getTime()) / span;
  return before.metres + share * (after.metres - before.metres);
}
