import { signal, type Signal } from '@preact/signals';
import type { Slot } from '../store.ts';

/**
 * Some messages in a row. The browser skips layout and paint of a section out of sight (`content-visibility`), and a
 * section that is not filled yet has no content at all, only its estimated height.
 */
export interface Section {
  /** Of its first slot: the same as long as the path up to here is. */
  readonly key: string;
  readonly slots: readonly Slot[];
  /** Whether its messages are in the page. */
  readonly filled: Signal<boolean>;
  /** Estimated height in pixels, used until the browser has laid it out. */
  readonly estimate: number;
}

/** About three screens, or this many messages: filling a section must not take longer than a moment. */
const sectionHeight = 2500;
const sectionLength = 12;
/** What is filled at once around the visible place, in pixels: more than a tall screen. */
const nearHeight = 2000;

/**
 * Groups the path, keeping every section of `before` that did not change. What is new is filled at once near
 * `visible` (a place on the path; the end if there is none); the rest waits for idle time.
 */
export function groupSlots(
  slots: readonly Slot[],
  before: readonly Section[],
  visible = slots.length - 1,
): readonly Section[] {
  const known = new Map(before.map((section) => [section.key, section]));
  const sections: Section[] = [];
  let near = 0;
  for (let at = 0; at < slots.length;) {
    const key = `${String(sections.length)} ${slots[at]?.key ?? ''}`;
    const old = known.get(key);
    const isKept = old?.slots.every((slot, index) => slot === slots[at + index]) ?? false;
    // Only the last section grows: any other is followed by what did not fit into it.
    const isLast = old !== undefined && old === before.at(-1);
    const section = old && isKept && !isLast ? old : nextSection(slots, at, key, old);
    if (visible >= at) near = sections.length;
    sections.push(section);
    at += section.slots.length;
  }
  fillAround(sections, near);
  return sections;
}

/** The section that begins at a place of the path; `old` if it turns out to be the same. */
function nextSection(slots: readonly Slot[], from: number, key: string, old: Section | undefined): Section {
  let to = from;
  let estimate = 0;
  while (to < slots.length && to - from < sectionLength && estimate < sectionHeight) {
    estimate += estimateHeight(slots[to]);
    to += 1;
  }
  // A section that was full stays as it is, although its last reply may have grown since.
  const isFull = old !== undefined && old.slots.length >= to - from;
  const group = slots.slice(from, isFull ? from + old.slots.length : to);
  if (old && group.length === old.slots.length && group.every((slot, index) => slot === old.slots[index]))
    return old;
  return { key, slots: group, filled: old?.filled ?? signal(false), estimate: old?.estimate ?? estimate };
}

function fillAround(sections: readonly Section[], near: number): void {
  for (const step of [-1, 1]) {
    for (let index = near, height = 0; height < nearHeight; index += step) {
      const section = sections[index];
      if (!section) break;
      section.filled.value = true;
      height += section.estimate;
    }
  }
}

/** A guess for a panel of usual width: it only decides how long the scrollbar's thumb is until the reader comes by. */
function estimateHeight(slot: Slot | undefined): number {
  const frame = 70;
  const lineHeight = 20;
  const lineLength = 55;
  return frame + Math.ceil((slot?.message.feeds.content.text.length ?? 0) / lineLength) * lineHeight;
}
