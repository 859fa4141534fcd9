/*
 * A conversation can hold thousands of buttons. For Tab it is one message: the one that has the focus, or had it last,
 * or the newest. The arrow keys go from message to message, Tab goes through what is inside one.
 */

const tabbable = 'a[href], button, textarea, summary, input, [tabindex="0"]';

/** The controls in `root` that Tab stops at, in order. */
function stopsIn(root: ParentNode): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>(tabbable)].filter(
    (element) => element.tabIndex >= 0 && element.checkVisibility({ visibilityProperty: true }),
  );
}

/** Gives `log`, the element that holds the messages, its keyboard. Returns what takes it away again. */
export function keepTabOrder(log: HTMLElement): () => void {
  let last: HTMLElement | undefined;

  function current(): HTMLElement | undefined {
    if (last?.isConnected) return last;
    return [...log.querySelectorAll<HTMLElement>('article')].at(-1);
  }

  function onFocus({ target }: FocusEvent): void {
    last = target instanceof Element ? (target.closest<HTMLElement>('article') ?? undefined) : undefined;
  }

  function onTab(event: KeyboardEvent): void {
    const from = event.target;
    if (
      event.key !== 'Tab' ||
      event.ctrlKey ||
      event.altKey ||
      event.metaKey ||
      !(from instanceof HTMLElement)
    )
      return;
    const goal = event.shiftKey ? backward(from) : forward(from);
    if (!goal) return;
    event.preventDefault();
    goal.focus();
  }

  function forward(from: HTMLElement): HTMLElement | undefined {
    const article = from.closest<HTMLElement>('article');
    if (article && log.contains(article)) {
      if (stopsIn(article).at(-1) !== from && stopsIn(article).length > 0) return undefined;
      return stopsIn(document).find((stop) => follows(log, stop));
    }
    const message = current();
    const next = stopsIn(document).find((stop) => follows(from, stop));
    return next && message && log.contains(next) ? message : undefined;
  }

  function backward(from: HTMLElement): HTMLElement | undefined {
    const article = from.closest<HTMLElement>('article');
    if (article && log.contains(article)) {
      if (from === article)
        return stopsIn(document).findLast((stop) => follows(stop, log) && !stop.contains(log));
      return stopsIn(article)[0] === from ? article : undefined;
    }
    const message = current();
    const next = stopsIn(document).findLast((stop) => follows(stop, from));
    if (!next || !message || !(log.contains(next) || next === log)) return undefined;
    return stopsIn(message).at(-1) ?? message;
  }

  function onArrow(event: KeyboardEvent): void {
    const { target, key } = event;
    if (!(target instanceof HTMLElement) || target.tagName !== 'ARTICLE') return;
    if ((key !== 'ArrowUp' && key !== 'ArrowDown') || event.ctrlKey || event.altKey || event.metaKey) return;
    const view = log.getBoundingClientRect();
    const box = target.getBoundingClientRect();
    // A message that goes on out of sight is scrolled through first.
    if (key === 'ArrowUp' ? box.top < view.top - 1 : box.bottom > view.bottom + 1) return;
    const articles = [...log.querySelectorAll<HTMLElement>('article')];
    const next = articles[articles.indexOf(target) + (key === 'ArrowUp' ? -1 : 1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  log.addEventListener('focusin', onFocus);
  log.addEventListener('keydown', onArrow);
  document.addEventListener('keydown', onTab);
  return () => {
    log.removeEventListener('focusin', onFocus);
    log.removeEventListener('keydown', onArrow);
    document.removeEventListener('keydown', onTab);
  };
}

/** Whether `b` comes after `a` in the document and is not inside it. */
function follows(a: Element, b: Element): boolean {
  const place = a.compareDocumentPosition(b);
  return (
    (place & Node.DOCUMENT_POSITION_FOLLOWING) !== 0 && (place & Node.DOCUMENT_POSITION_CONTAINED_BY) === 0
  );
}
