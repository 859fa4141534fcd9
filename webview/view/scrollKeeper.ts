import { signal, type ReadonlySignal } from '@preact/signals';
import type { ReadingPlace } from '../viewMemory.ts';

/** This near to the end (pixels) counts as being there when the reader scrolls towards it. */
const nearEnd = 24;
/** Rounding of scroll positions on scaled screens. */
const rounding = 2;
/** So long (milliseconds) after the last turn of the wheel, or the last movement, a reader has arrived. */
const arrivedMs = 250;

/**
 * Keeps the transcript where it should be: at the end while the reader follows it, and otherwise exactly where the
 * reader is. Only the reader leaves the end (by scrolling up) and only the reader, or a message they send, returns.
 */
export class ScrollKeeper {
  readonly #scroller: HTMLElement;
  readonly #content: HTMLElement;
  readonly #onMoved: () => void;
  readonly #following = signal(true);
  readonly #sizes: ResizeObserver;
  #lastTop = 0;
  #lastLeft = 0;
  /** Runs while the wheel takes the reader up. */
  #leaving: ReturnType<typeof setTimeout> | undefined;
  /** A place that was gone back to: held while what is around it comes in, until the reader scrolls. */
  #held: { readonly article: HTMLElement; readonly offset: number } | undefined;

  constructor(scroller: HTMLElement, content: HTMLElement, onMoved: () => void) {
    this.#scroller = scroller;
    this.#content = content;
    this.#onMoved = onMoved;
    scroller.addEventListener('scroll', this.#onScroll, { passive: true });
    scroller.addEventListener('wheel', this.#onWheel, { passive: true });
    // Runs after layout and before paint: what has grown is never seen out of place.
    this.#sizes = new ResizeObserver(() => {
      if (this.#following.peek()) this.#pin();
      else this.#hold();
    });
    this.#sizes.observe(scroller);
    this.#sizes.observe(content);
  }

  get following(): ReadonlySignal<boolean> {
    return this.#following;
  }

  toEnd(): void {
    this.#held = undefined;
    this.#endLeaving();
    this.#following.value = true;
    this.#pin();
  }

  /** Where the reader is; undefined while they follow the end. */
  place(): ReadingPlace | undefined {
    if (this.#following.peek()) return undefined;
    const { top } = this.#scroller.getBoundingClientRect();
    // Section by section: asking a skipped one about its messages would make the browser lay it out.
    const isBelow = (element: Element): boolean => element.getBoundingClientRect().bottom > top;
    const section = [...this.#content.children].find(isBelow);
    const article = [...(section?.querySelectorAll<HTMLElement>('[data-message]') ?? [])].find(isBelow);
    const message = article?.dataset['message'];
    if (!article || message === undefined) return undefined;
    return { message, offset: Math.round(article.getBoundingClientRect().top - top) };
  }

  /** Goes to a remembered place; false if its message is not in the page. */
  restore({ message, offset }: ReadingPlace): boolean {
    const articles = [...this.#content.querySelectorAll<HTMLElement>('[data-message]')];
    const article = articles.find((candidate) => candidate.dataset['message'] === message);
    if (!article) return false;
    this.#following.value = false;
    this.#held = { article, offset };
    this.#hold();
    return true;
  }

  dispose(): void {
    this.#scroller.removeEventListener('scroll', this.#onScroll);
    this.#scroller.removeEventListener('wheel', this.#onWheel);
    this.#endLeaving();
    this.#sizes.disconnect();
  }

  /** Pixels between where the held place is and where it should be. */
  #shift(): number {
    if (!this.#held) return 0;
    const { article, offset } = this.#held;
    return article.getBoundingClientRect().top - this.#scroller.getBoundingClientRect().top - offset;
  }

  #hold(): void {
    const shift = this.#shift();
    if (Math.abs(shift) < 1) return;
    this.#scroller.scrollTop += shift;
    this.#lastTop = this.#scroller.scrollTop;
  }

  #pin(): void {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#lastTop = this.#scroller.scrollTop;
  }

  /**
   * The wheel upwards leaves the end at once. Its first steps may not show in the scroll position: what comes in above at
   * that moment moves the position down, by more.
   */
  readonly #onWheel = ({ deltaY }: WheelEvent): void => {
    if (deltaY > 0) this.#endLeaving();
    if (deltaY >= 0 || this.#scroller.scrollTop <= 0) return;
    this.#following.value = false;
    this.#leave();
  };

  #leave(): void {
    clearTimeout(this.#leaving);
    this.#leaving = setTimeout(() => {
      this.#leaving = undefined;
      // Nothing moved, or not far: something else took the wheel.
      const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
      if (scrollHeight - clientHeight - scrollTop <= rounding) this.toEnd();
    }, arrivedMs);
  }

  #endLeaving(): void {
    clearTimeout(this.#leaving);
    this.#leaving = undefined;
  }

  readonly #onScroll = (): void => {
    // The browser keeps the reader's place too, and tells that as scrolling: the place is where it was then.
    if (this.#held && Math.abs(this.#shift()) > rounding) this.#held = undefined;
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    const left = scrollHeight - clientHeight - scrollTop;
    const moved = scrollTop - this.#lastTop;
    const nearer = left < this.#lastLeft;
    this.#lastTop = scrollTop;
    this.#lastLeft = left;
    if (this.#leaving !== undefined) this.#leave();
    else if (left <= rounding || (nearer && left <= nearEnd)) this.#following.value = true;
    else if (moved < 0) this.#following.value = false;
    this.#onMoved();
  };
}
