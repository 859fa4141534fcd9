import { signal, type ReadonlySignal } from '@preact/signals';
import type { Section } from './sections.ts';

/** Runs `task` once when nothing more urgent waits. Returns what cancels it. */
export type OnIdle = (task: () => void) => () => void;

/** So many sections get an element of their own at a time. */
const step = 10;

/**
 * Fills the sections of a long conversation bit by bit: one in each idle moment, from the end to the beginning, and at
 * once where the reader is about to look. The sections at the beginning that are far away are one empty space.
 */
export class SectionFiller {
  readonly #onIdle: OnIdle;
  readonly #from = signal<number | undefined>(undefined);
  #sections: readonly Section[] = [];
  #cancel: (() => void) | undefined;
  #observer: IntersectionObserver | undefined;
  #resizes: ResizeObserver | undefined;
  #scroller: Element | undefined;
  readonly #onNear = new WeakMap<Element, () => void>();
  readonly #near = new Set<Element>();
  /** The width at which the browser has laid out a section. */
  readonly #widths = new WeakMap<Element, number>();

  constructor(onIdle: OnIdle) {
    this.#onIdle = onIdle;
  }

  /** How many sections at the beginning have no element yet. */
  get from(): ReadonlySignal<number | undefined> {
    return this.#from;
  }

  /** Begins to watch `scroller` for what comes near its visible part. */
  start(scroller: Element): void {
    this.#scroller = scroller;
    this.#observer = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, target } of entries) {
          if (isIntersecting) this.#near.add(target);
          else this.#near.delete(target);
          if (isIntersecting) this.#onNear.get(target)?.();
        }
      },
      { root: scroller, rootMargin: '100% 0px' },
    );
    this.#resizes = new ResizeObserver(() => {
      for (const element of this.#near) this.#onNear.get(element)?.();
    });
    this.#resizes.observe(scroller);
  }

  /** The element of a section, or the room of those without one. Returns what ends it. */
  watch(element: Element, section: Section | undefined): () => void {
    this.#onNear.set(element, () => {
      if (!section) this.#from.value = 0;
      else if (section.filled.peek()) this.settle(element);
      else section.filled.value = true;
    });
    this.#observer?.observe(element);
    return () => {
      this.#observer?.unobserve(element);
      this.#near.delete(element);
    };
  }

  /**
   * Has a filled section laid out once at this width, even out of sight: the browser remembers its real height, and
   * may skip it from then on. With a guessed height it would move what the reader looks at when it comes into view.
   */
  settle(element: Element): void {
    const width = this.#scroller?.clientWidth;
    if (width === undefined || this.#widths.get(element) === width) return;
    this.#widths.set(element, width);
    element.classList.remove('settled');
    requestAnimationFrame(() => requestAnimationFrame(() => element.classList.add('settled')));
  }

  /** These are the sections now. */
  fill(sections: readonly Section[]): void {
    this.#sections = sections;
    const first = sections.findIndex(({ filled }) => filled.peek());
    this.#from.value = Math.min(this.#from.peek() ?? first, first);
    this.#next();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#observer?.disconnect();
    this.#resizes?.disconnect();
    this.#near.clear();
  }

  #next(): void {
    this.#cancel ??= this.#onIdle(() => {
      this.#cancel = undefined;
      const index = this.#sections.findLastIndex(({ filled }) => !filled.peek());
      const section = this.#sections[index];
      if (!section) return;
      section.filled.value = true;
      if (index < (this.#from.peek() ?? 0)) this.#from.value = Math.max(0, index + 1 - step);
      this.#next();
    });
  }
}
