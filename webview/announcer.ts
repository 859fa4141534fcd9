import { signal, type ReadonlySignal } from '@preact/signals';

/** The one polite live region: short summaries for screen readers, never a stream of text. */
export class Announcer {
  readonly #text = signal('');

  get text(): ReadonlySignal<string> {
    return this.#text;
  }

  /** The same words twice are a change too, or the second time would not be read out. */
  say(words: string): void {
    this.#text.value = words === this.#text.peek() ? `${words}\u00A0` : words;
  }
}
