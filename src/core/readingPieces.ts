/** So many pieces are joined into one. */
const pieceCount = 1024;

/**
 * A text that grows by a few characters at a time. Added up with `+=`, the engine would keep it as a tree with a node
 * for each addition, many times the size of the text; joined here in lots, it takes little more than its characters.
 */
export class TextPieces {
  #settled: string[] = [];
  #open: string[] = [];

  get isEmpty(): boolean {
    return this.#open.length === 0 && this.#settled.length === 0;
  }

  add(text: string): void {
    if (text === '') return;
    this.#open.push(text);
    if (this.#open.length < pieceCount) return;
    this.#settled.push(this.#open.join(''));
    this.#open = [];
    if (this.#settled.length === pieceCount) this.#settled = [this.#settled.join('')];
  }

  toString(): string {
    return this.#settled.join('') + this.#open.join('');
  }
}
