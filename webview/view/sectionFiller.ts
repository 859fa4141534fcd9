import type { Section } from './sections.ts';

/** Runs `task` once when nothing more urgent waits. Returns what cancels it. */
export type OnIdle = (task: () => void) => () => void;

/**
 * Fills the sections of a long conversation bit by bit: one in each idle moment, from the end to the beginning, and at
 * once where the reader is about to look.
 */
export class SectionFiller {
  readonly #onIdle: OnIdle;
  #waiting: readonly Section[] = [];
  #cancel: (() => void) | undefined;
  #observer: IntersectionObserver | undefined;
  readonly #sections = new WeakMap<Element, Section>();

  constructor(onIdle: OnIdle) {
    this.#onIdle = onIdle;
  }

  /** Begins to watch `scroller` for sections that come near its visible part. */
  start(scroller: Element): void {
    this.#observer = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) {
          const section = this.#sections.get(entry.target);
          if (section && entry.isIntersecting) section.filled.value = true;
        }
      },
      { root: scroller, rootMargin: '100% 0px' },
    );
  }

  /** The element of a section that is not filled. Returns what ends it. */
  watch(element: Element, section: Section): () => void {
    this.#sections.set(element, section);
    this.#observer?.observe(element);
    return () => this.#observer?.unobserve(element);
  }

  /** These are the sections now. */
  fill(sections: readonly Section[]): void {
    this.#waiting = sections;
    this.#next();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#observer?.disconnect();
  }

  #next(): void {
    this.#cancel ??= this.#onIdle(() => {
      this.#cancel = undefined;
      const section = this.#waiting.findLast(({ filled }) => !filled.peek());
      if (!section) return;
      section.filled.value = true;
      this.#next();
    });
  }
}
