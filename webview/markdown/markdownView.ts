import { browserScheduler, type Scheduler } from './scheduler.ts';

/** A code block as the rest of the view and the host know it: the text itself stays in the host. */
export type CodeBlockPlace = {
  /** Its number within the message, from 0, as `codeBlocks` of `src/core/blocks.ts` counts. */
  readonly block: number;
  /** First word of the info string, as written by the model; empty if there is none. */
  readonly language: string;
  /** The whole info string, for example `ts title="src/app.ts"`. */
  readonly info: string;
};

export type MarkdownViewOptions = {
  /** A click on a link or an image chip. `href` is absolute and `https:`, `http:` or `mailto:`; nothing was opened. */
  readonly onLink: (href: string) => void;
  /** A click on a link to a relative path, for example `src/app.ts#L10`; as written, the host resolves it. */
  readonly onPath: (path: string) => void;
  /**
   * Puts the buttons of a finished code block into `slot`, an empty element at the end of its header. Called once per
   * block, when no more text can come to it. What it returns is called when the block leaves the page.
   */
  readonly fillCodeActions: (slot: HTMLElement, place: CodeBlockPlace) => (() => void) | undefined;
  /** Called after every change of the page, so that a scroller can follow the end. */
  readonly onRender?: () => void;
  /** When to render; the browser's own frames unless a test says otherwise. */
  readonly scheduler?: Scheduler;
};

export type MarkdownView = {
  /** The element to put into the page; it stays the same for the life of the view. */
  readonly element: HTMLElement;
  /** All text given so far. */
  readonly text: string;
  /** Adds text to the end. It is rendered in the next frame, together with all other text that came until then. */
  readonly append: (text: string) => void;
  /** Says that no more text will come, and renders what is outstanding before it returns. */
  readonly end: () => void;
  /** Cancels outstanding work and calls what `fillCodeActions` returned. The element is left as it is. */
  readonly dispose: () => void;
};

/**
 * One message's markdown, streamed or whole. A finished message is `append(text)` and `end()`; a streamed one is any
 * number of `append` and then `end()`. However the text was cut, the page ends the same.
 *
 * The text is never an HTML string: marked's tokens become elements from a short fixed list through `createElement`,
 * and text nodes. Raw HTML is shown as text, images as chips that load nothing. Nothing here contacts anybody.
 */
export function createMarkdownView(options: MarkdownViewOptions): MarkdownView {
  const scheduler = options.scheduler ?? browserScheduler;
  const element = document.createElement('div');
  element.className = 'md';
  const node = document.createTextNode('');
  element.append(node);
  let text = '';
  let cancel: (() => void) | undefined;
  function render(): void {
    cancel?.();
    cancel = undefined;
    node.appendData(text.slice(node.length));
    options.onRender?.();
  }
  return {
    element,
    get text() {
      return text;
    },
    append(more) {
      text += more;
      cancel ??= scheduler.onFrame(render);
    },
    end: render,
    dispose: () => cancel?.(),
  };
}
