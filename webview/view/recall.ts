/** What Up and Down in the composer do: walk through the messages sent before, like the shell's history. */
export class Recall {
  readonly #sent: () => readonly string[];
  /** Counts back from the newest; undefined while the composer holds the person's own words. */
  #back: number | undefined;
  #shown = '';

  /** `sent` gives the texts of the conversation's user messages, oldest first. */
  constructor(sent: () => readonly string[]) {
    this.#sent = sent;
  }

  /**
   * The text to put into the composer, or `undefined` if the key is to move the cursor as usual. The walk begins in an
   * empty composer and ends as soon as the text is changed.
   */
  walk(direction: 'older' | 'newer', text: string): string | undefined {
    const walking = this.#back !== undefined && text === this.#shown;
    if (!walking && (text !== '' || direction === 'newer')) return undefined;
    const sent = this.#sent().filter((entry, index, all) => entry !== '' && entry !== all[index + 1]);
    const back = (walking ? (this.#back ?? 0) : 0) + (direction === 'older' ? 1 : -1);
    if (back > sent.length) return walking ? text : undefined;
    this.#back = back === 0 ? undefined : back;
    this.#shown = back === 0 ? '' : (sent.at(-back) ?? '');
    return this.#shown;
  }
}
