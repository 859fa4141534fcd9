import { createCodeText } from './codeText.ts';
import type { PageCode } from './pageNode.ts';
import type { CodeToken } from './tokenize.ts';

/** A code block as the rest of the view and the host know it: the text itself stays in the host. */
export type CodeBlockPlace = {
  /** Its number within the message, from 0, as `codeBlocks` of `src/core/blocks.ts` counts. */
  readonly block: number;
  /** First word of the info string, as the model wrote it; empty if there is none. */
  readonly language: string;
  /** The whole info string, for example `ts title="src/app.ts"`. */
  readonly info: string;
};

/**
 * Puts the buttons of a finished code block into `slot`, an empty element at the end of its header. What it returns is
 * called when the block leaves the page.
 */
export type FillCodeActions = (slot: HTMLElement, place: CodeBlockPlace) => (() => void) | undefined;

export type CodeBlock = {
  readonly element: HTMLElement;
  readonly place: CodeBlockPlace;
  /** What is shown: exactly the text of the elements inside `<code>`. */
  readonly text: () => string;
  /** Shows this state of the block; false if that takes a new block. */
  readonly update: (node: PageCode) => boolean;
  /** Adds code while the block is open. */
  readonly append: (added: string) => void;
  /** Says that the block is complete: it gets its buttons. */
  readonly close: () => void;
  /** Replaces the plain text of one chunk of lines by the same text in coloured pieces. */
  readonly colour: (chunk: number, tokens: readonly CodeToken[]) => void;
  /** Says that the block leaves the page. */
  readonly dispose: () => void;
  readonly isOnPage: () => boolean;
};

/**
 * A code block on the page: a header with the language and a place for buttons, and the code in chunks of lines. While
 * it is open it only ever grows at its end.
 */
export function createCodeBlock(node: PageCode, fillCodeActions: FillCodeActions): CodeBlock {
  const place = { block: node.block, language: node.code.language, info: node.code.info };
  const { element, actions, code } = createElements(place);
  const content = createCodeText(code);
  let isClosed = false;
  let isOnPage = true;
  let clearActions: (() => void) | undefined;

  content.append(node.code.text);
  return {
    element,
    place,
    text: content.text,
    update({ block: number, code: { info, text } }) {
      if (number !== place.block || info !== place.info) return false;
      const shown = content.text();
      if (text === shown) return true;
      if (isClosed || !text.startsWith(shown)) return false;
      content.append(text.slice(shown.length));
      return true;
    },
    append: content.append,
    close() {
      if (isClosed) return;
      isClosed = true;
      clearActions = fillCodeActions(actions, place);
    },
    colour: content.colour,
    isOnPage: () => isOnPage,
    dispose() {
      isOnPage = false;
      clearActions?.();
      clearActions = undefined;
    },
  };
}

function createElements(place: CodeBlockPlace) {
  const element = document.createElement('div');
  element.className = 'md-code';
  element.dataset['block'] = String(place.block);
  const header = document.createElement('div');
  header.className = 'md-code-header';
  const language = document.createElement('span');
  language.className = 'md-code-language';
  language.textContent = place.language;
  const actions = document.createElement('span');
  actions.className = 'md-code-actions';
  header.append(language, actions);
  const pre = document.createElement('pre');
  pre.className = 'md-code-text';
  // It scrolls sideways, so it can be reached with the keyboard and has a name there.
  pre.tabIndex = 0;
  pre.setAttribute('role', 'group');
  pre.setAttribute('aria-label', place.language === '' ? 'Code' : `Code, ${place.language}`);
  const code = document.createElement('code');
  pre.append(code);
  element.append(header, pre);
  return { element, actions, code };
}
