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

/** Small enough that filling one takes a few milliseconds. */
const sectionSize = 10;

/**
 * Groups the path, keeping every section of `before` that did not change. What is new is filled at once near
 * `visible` (a place on the path; the end if there is none); the rest waits for idle time.
 */
export function groupSlots(
  slots: readonly Slot[],
  before: readonly Section[],
  visible: number | undefined,
): readonly Section[] {
  const known = new Map(before.map((section) => [section.key, section]));
  const count = Math.ceil(slots.length / sectionSize);
  const near = visible === undefined ? count - 1 : Math.floor(visible / sectionSize);
  return Array.from({ length: count }, (_, index) => {
    const group = slots.slice(index * sectionSize, (index + 1) * sectionSize);
    const key = `${String(index)} ${group[0]?.key ?? ''}`;
    const old = known.get(key);
    if (old && same(old.slots, group)) return old;
    const filled = old?.filled ?? signal(Math.abs(index - near) <= 1);
    return { key, slots: group, filled, estimate: old?.estimate ?? estimateHeight(group) };
  });
}

function same(a: readonly Slot[], b: readonly Slot[]): boolean {
  return a.length === b.length && a.every((slot, index) => slot === b[index]);
}

/** A guess for a panel of usual width: it only decides how long the scrollbar's thumb is until the reader comes by. */
function estimateHeight(slots: readonly Slot[]): number {
  const frame = 70;
  const lineHeight = 20;
  const lineLength = 55;
  const lines = slots.map(({ message }) => Math.ceil(message.feeds.content.text.length / lineLength));
  return lines.reduce((height, count) => height + frame + count * lineHeight, 0);
}
