import { nameOfCharacter, splitAtHidden } from './hiddenCharacters.ts';
import type { CodeToken } from './tokenize.ts';

/** Lines in one element, so that a line that is added costs the layout of no more than these. */
export const linesPerChunk = 40;

/** Ordinary text, in which no character can hide: such text is added to a text node as it comes. */
const ordinary = /^[\n\t\u0020-\u007E\u00A1-\u00AC\u00AE-\u02FF]*$/u;

export type CodeText = {
  readonly text: () => string;
  readonly append: (added: string) => void;
  /** Replaces the text of one chunk by the same text in coloured pieces. A selection in it stays. */
  readonly colour: (chunk: number, tokens: readonly CodeToken[]) => void;
};

/**
 * The text inside a `<code>`, in chunks of lines. Its `textContent` is exactly the code, also where a hidden character
 * is marked, so that offsets on the page are offsets in the host's text. However the text came, the elements are the
 * same.
 */
export function createCodeText(code: HTMLElement): CodeText {
  let pieces: string[] = [];
  let last: HTMLElement | undefined;
  /** The text of the last chunk, and how many line ends it has. */
  let chunk = '';
  let lineEnds = 0;

  function openChunk(): HTMLElement {
    const element = document.createElement('span');
    element.className = 'md-chunk';
    code.append(element);
    chunk = '';
    lineEnds = 0;
    return element;
  }

  return {
    text() {
      pieces = [pieces.join('')];
      return pieces[0] ?? '';
    },
    append(added) {
      pieces.push(added);
      let from = 0;
      while (from < added.length) {
        if (last === undefined || lineEnds === linesPerChunk) last = openChunk();
        const { end, count } = takeLines(added, from, linesPerChunk - lineEnds);
        const piece = added.slice(from, end);
        chunk += piece;
        lineEnds += count;
        from = end;
        const node = last.lastChild;
        if (node instanceof Text && ordinary.test(piece)) node.appendData(piece);
        else last.replaceChildren(...textNodes([{ text: chunk, kind: undefined }]));
      }
    },
    colour(index, tokens) {
      const element = code.children[index];
      if (element !== undefined) keepSelection(element, () => element.replaceChildren(...textNodes(tokens)));
    },
  };
}

/** The end of at most `limit` lines from `from`, and how many line ends lie before it. */
function takeLines(text: string, from: number, limit: number): { end: number; count: number } {
  let end = from;
  for (let count = 0; count < limit; count += 1) {
    const lineEnd = text.indexOf('\n', end);
    if (lineEnd === -1) return { end: text.length, count };
    end = lineEnd + 1;
  }
  return { end, count: limit };
}

function textNodes(tokens: readonly CodeToken[]): readonly Node[] {
  return tokens.map(({ text, kind }) => {
    const parts = splitAtHidden(text)
      .map((part, index) => (index % 2 === 0 ? part : hiddenMark(part)))
      .filter((part) => part !== '');
    if (kind === undefined && parts.length === 1 && typeof parts[0] === 'string')
      return document.createTextNode(parts[0]);
    const place = kind === undefined ? document.createDocumentFragment() : document.createElement('span');
    if (place instanceof HTMLElement) place.className = `md-${kind}`;
    place.append(...parts);
    return place;
  });
}

/** An element that names a hidden character in its style and holds it as its text. */
function hiddenMark(character: string): HTMLElement {
  const mark = document.createElement('span');
  mark.className = 'md-hidden';
  mark.title = nameOfCharacter(character);
  mark.textContent = character;
  return mark;
}

/** Runs `change`, which replaces the nodes in `element` and not their text, and selects again what was selected. */
function keepSelection(element: Element, change: () => void): void {
  const selection = document.getSelection();
  const ends = [
    { node: selection?.anchorNode ?? null, offset: selection?.anchorOffset ?? 0 },
    { node: selection?.focusNode ?? null, offset: selection?.focusOffset ?? 0 },
  ].map((end) => ({
    ...end,
    inElement:
      end.node !== null && element.contains(end.node) ? textOffset(element, end.node, end.offset) : undefined,
  }));
  change();
  if (selection === null || ends.every(({ inElement }) => inElement === undefined)) return;
  const [anchor, focus] = ends.map((end) =>
    end.inElement === undefined ? end : pointAt(element, end.inElement),
  );
  if (anchor?.node && focus?.node) {
    selection.setBaseAndExtent(anchor.node, anchor.offset, focus.node, focus.offset);
  }
}

/** How much text lies in `element` before a point in it. */
function textOffset(element: Element, node: Node, offset: number): number {
  const range = document.createRange();
  range.setStart(element, 0);
  range.setEnd(node, offset);
  // Unlike a selection, a range gives the text of the nodes, whatever their style.
  return range.toString().length;
}

function pointAt(element: Element, offset: number): { node: Node; offset: number } {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let rest = offset;
  let node: Node = element;
  while (walker.nextNode() !== null) {
    node = walker.currentNode;
    const length = node.textContent?.length ?? 0;
    if (rest <= length) return { node, offset: rest };
    rest -= length;
  }
  return { node, offset: node.textContent?.length ?? 0 };
}
