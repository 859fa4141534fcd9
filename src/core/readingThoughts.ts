/**
 * Where a server puts what its model thinks: in fields of their own (`fields`: the text is left as it is), in front of
 * the text between `<think>` and `</think>` (`tags`), or there with only the closing tag, because the opening one is
 * part of the prompt's template (`closingTag`).
 */
export const thoughtPlaces = ['fields', 'tags', 'closingTag'] as const;
export type Thoughts = (typeof thoughtPlaces)[number];

const opening = '<think>';
const closing = '</think>';
/** So much blank space in front of a tag, so many line ends before the closing one; more of it is text. */
const mostBlank = 1000;
const mostLineEnds = 64;

type Emit = (type: 'content' | 'reasoning', text: string) => void;

/**
 * Takes the thoughts out of a text that comes in pieces of any size: the same text is divided the same way however it
 * was cut. Only what stands in front of the text is a thought; a tag further on belongs to what the text is about.
 * Line ends beside the tags are dropped with them.
 */
export class ThoughtSplitter {
  #state: 'start' | 'opened' | 'thought' | 'closed' | 'text';
  /** What cannot be decided before more comes: blank space, and what may become a tag. */
  #held = '';

  constructor(thoughts: Exclude<Thoughts, 'fields'>) {
    this.#state = thoughts === 'tags' ? 'start' : 'opened';
  }

  add(piece: string, emit: Emit): void {
    let text = this.#held + piece;
    this.#held = '';
    for (;;) {
      switch (this.#state) {
        case 'start': {
          const start = text.trimStart();
          const isFar = text.length - start.length > mostBlank;
          if (!isFar && start.length < opening.length && opening.startsWith(start)) {
            this.#held = text;
            return;
          }
          if (isFar || !start.startsWith(opening)) {
            this.#state = 'text';
            break;
          }
          text = start.slice(opening.length);
          this.#state = 'opened';
          break;
        }
        case 'opened': {
          text = text.replace(/^[\r\n]+/, '');
          if (text === '') return;
          // Where the template opens the thought, some models open it once more.
          if (text.length < opening.length && opening.startsWith(text)) {
            this.#held = text;
            return;
          }
          if (text.startsWith(opening)) text = text.slice(opening.length);
          else this.#state = 'thought';
          break;
        }
        case 'thought': {
          const end = text.indexOf(closing);
          if (end < 0) {
            const kept = openEnd(text);
            this.#held = text.slice(text.length - kept);
            if (kept < text.length) emit('reasoning', text.slice(0, text.length - kept));
            return;
          }
          const thought = text.slice(0, lineEndsBefore(text, end));
          if (thought !== '') emit('reasoning', thought);
          text = text.slice(end + closing.length);
          this.#state = 'closed';
          break;
        }
        case 'closed':
          text = text.replace(/^[\r\n]+/, '');
          if (text === '') return;
          this.#state = 'text';
          break;
        case 'text':
          if (text !== '') emit('content', text);
          return;
      }
    }
  }

  /** The text has ended: what was held back is what it looks like. */
  end(emit: Emit): void {
    const held = this.#held;
    this.#held = '';
    if (held !== '') emit(this.#state === 'start' ? 'content' : 'reasoning', held);
  }
}

/** The length of an end of the text that may turn out to belong to the closing tag: line ends and a part of it. */
function openEnd(text: string): number {
  const tag = /<(?:\/(?:t(?:h(?:i(?:n(?:k)?)?)?)?)?)?$/.exec(text.slice(-closing.length))?.[0].length ?? 0;
  return text.length - lineEndsBefore(text, text.length - tag);
}

/** Where the line ends begin that stand before `end`. */
function lineEndsBefore(text: string, end: number): number {
  let start = end;
  while (start > 0 && end - start < mostLineEnds && (text[start - 1] === '\n' || text[start - 1] === '\r'))
    start--;
  return start;
}
