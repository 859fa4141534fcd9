import type { Level } from './gauge.ts';

/** A boat as far as the harbour cares. */
export interface Boat {
  readonly name: string;
  /** Metres. */
  readonly draught: number;
}

/** A stretch of time in which a boat can cross the sill. */
export interface Passage {
  readonly opens: Date;
  readonly closes: Date;
}

const sillMetres = 1.2;
const reserveMetres = 0.3;

export function clearance(level: Level, boat: Boat): number {
  return level.metres - sillMetres - boat.draught - reserveMetres;
}

/** Joins neighbouring readings that are deep enough into passages. */
export function findPassages(levels: readonly Level[], boat: Boat): Passage[] {
  const passages: Passage[] = [];
  let opens: Date | undefined;
  let closes: Date | undefined;
  for (const level of levels) {
    if (clearance(level, boat) >= 0) {
      opens ??= level.at;
      closes = level.at;
    } else if (opens !== undefined && closes !== undefined) {
      passages.push({ opens, closes });
      opens = undefined;
    }
  }
  if (opens !== undefined && closes !== undefined) passages.push({ opens, closes });
  return passages;
}

export function describePassage(passage: Passage): string {
  const hours = (passage.closes.getTime() - passage.opens.getTime()) / 3_600_000;
  return `open for ${hours.toFixed(1)} h from ${passage.opens.toISOString().slice(11, 16)}`;
}
