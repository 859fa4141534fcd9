/** Somebody who shows a growing text. */
export interface TextListener {
  /** Text was added to the end. */
  readonly append: (text: string) => void;
  /** The text is no longer a continuation of what was shown: start again. */
  readonly replace: (text: string) => void;
}

/** One growing text of a message, told in pieces: whoever shows it never compares or copies the whole. */
export class TextFeed {
  #text = '';
  readonly #listeners = new Set<TextListener>();

  get text(): string {
    return this.#text;
  }

  /**
   * Takes the text as it is now. `piece` is what came last, where that is known: then nothing of the whole text is
   * looked at, which in a long reply would cost its length at every piece.
   */
  update(text: string, piece?: string): void {
    const before = this.#text;
    if (text === before) return;
    this.#text = text;
    const fits = piece !== undefined && before.length + piece.length === text.length;
    const added = fits ? piece : text.startsWith(before) ? text.slice(before.length) : undefined;
    for (const listener of this.#listeners) {
      if (added === undefined) listener.replace(text);
      else listener.append(added);
    }
  }

  /** The listener is told of changes from now on; the text so far is `text`. Returns what ends it. */
  listen(listener: TextListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
