import type { CodeBlockPlace, FillCodeActions } from './codeBlock.ts';
import { createHighlighter } from './highlighter.ts';
import type { LinkTarget } from './linkTarget.ts';
import { createPage, type Page } from './page.ts';
import { createRenderer } from './renderer.ts';
import { browserScheduler, type Scheduler } from './scheduler.ts';
import { createTextInput } from './textInput.ts';
import { tokenize as ownTokenize, type Tokenize } from './tokenize.ts';

export type { CodeBlockPlace };

export type MarkdownViewOptions = {
  /** A click on a link or an image chip. `href` is absolute and `https:`, `http:` or `mailto:`; nothing was opened. */
  readonly onLink: (href: string) => void;
  /** A click on a link to a relative path, for example `src/app.ts#L10`; as written, the host resolves it. */
  readonly onPath: (path: string) => void;
  /**
   * Puts the buttons of a finished code block into `slot`, an empty element at the end of its header. Called once per
   * block, when no more text can come to it. What it returns is called when the block leaves the page.
   */
  readonly fillCodeActions: FillCodeActions;
  /** Called after every change of the page, so that a scroller can follow the end. */
  readonly onRender?: () => void;
  /** When to render; the browser's own frames unless a test says otherwise. */
  readonly scheduler?: Scheduler;
  /** What colours code blocks, if not the view's own grammars. */
  readonly tokenize?: Tokenize;
};

export type MarkdownView = {
  /** The element to put into the page; it stays the same for the life of the view. */
  readonly element: HTMLElement;
  /** All text given so far. */
  readonly text: string;
  /** Adds text to the end. It is rendered in the next frame, together with all other text that came until then. */
  readonly append: (text: string) => void;
  /** Says that no more text will come, and renders what is outstanding before it returns. Only colours come later. */
  readonly end: () => void;
  /** Cancels outstanding work and calls what `fillCodeActions` returned. The element is left as it is. */
  readonly dispose: () => void;
};

/** After a frame that took long, this many times as long belongs to everybody else. */
const restFactor = 3;

/**
 * One message's markdown, streamed or whole. A finished message is `append(text)` and `end()`; a streamed one is any
 * number of `append` and then `end()`. However the text was cut, the page ends the same.
 *
 * The text is never an HTML string: marked's tokens become elements from a short fixed list through `createElement`,
 * and text nodes. Raw HTML is shown as text, images as chips that load nothing. Nothing here contacts anybody.
 */
export function createMarkdownView(options: MarkdownViewOptions): MarkdownView {
  const scheduler = options.scheduler ?? browserScheduler;
  const highlighter = createHighlighter(scheduler, options.tokenize ?? ownTokenize);
  const page = createPage(options.fillCodeActions, highlighter.add);
  const element = document.createElement('div');
  element.className = 'md';
  followLinks(element, page, options);
  const renderer = createRenderer(element, page);
  const input = createTextInput();
  let text = '';
  let pending = '';
  let isEnded = false;
  let restUntil = 0;
  let cancel: (() => void) | undefined;

  function renderFrame(): void {
    cancel = undefined;
    const start = scheduler.now();
    if (start < restUntil) {
      cancel = scheduler.onFrame(renderFrame);
      return;
    }
    const ready = input.take(pending);
    pending = '';
    if (ready === '') return;
    renderer.add(ready);
    const end = scheduler.now();
    restUntil = end + (end - start) * restFactor;
    options.onRender?.();
  }

  return {
    element,
    get text() {
      return text;
    },
    append(more) {
      if (isEnded || more === '') return;
      text += more;
      pending += more;
      cancel ??= scheduler.onFrame(renderFrame);
    },
    end() {
      if (isEnded) return;
      isEnded = true;
      cancel?.();
      cancel = undefined;
      renderer.finish(input.take(pending) + input.finish());
      pending = '';
      options.onRender?.();
    },
    dispose() {
      isEnded = true;
      cancel?.();
      highlighter.dispose();
      page.removeCodeBlocks(element);
    },
  };
}

/** Clicks and the Enter key on links and chips. The browser follows nothing by itself. */
function followLinks(root: HTMLElement, page: Page, { onLink, onPath }: MarkdownViewOptions): void {
  const targetOf = (event: Event): LinkTarget | undefined => {
    let element = event.target instanceof Element ? event.target : null;
    while (element !== null && element !== root) {
      const target = page.targets.get(element);
      if (target !== undefined) return target;
      element = element.parentElement;
    }
    return undefined;
  };
  const follow = (event: Event): void => {
    const target = targetOf(event);
    if (target === undefined) return;
    // Nobody else may follow it: VS Code opens links that are clicked in a webview.
    event.preventDefault();
    event.stopPropagation();
    if (target.type === 'address') onLink(target.href);
    else onPath(target.path);
  };
  root.addEventListener('click', follow);
  root.addEventListener('keydown', (event) => {
    // A link without an address is not clicked by the browser when Enter is pressed on it.
    if (event.key === 'Enter' && targetOf(event)?.type === 'path') follow(event);
  });
  root.addEventListener('auxclick', (event) => {
    if (targetOf(event) !== undefined) event.preventDefault();
  });
}
