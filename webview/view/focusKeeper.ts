/**
 * Sees to it that the focus does not fall out of the view when the element that had it vanishes: it moves to the
 * nearest thing around it that is left, else to `fallback`. Returns what ends it.
 */
export function keepFocus(root: HTMLElement, fallback: () => HTMLElement | null): () => void {
  let holder: Element | undefined;
  let around: readonly Element[] = [];

  function onFocus({ target }: FocusEvent): void {
    if (!(target instanceof Element)) return;
    holder = target;
    const path: Element[] = [];
    for (let element = target.parentElement; element && element !== root; element = element.parentElement) {
      path.push(element);
    }
    around = path;
  }

  /** Left on purpose, unless it turns out to have been removed (Chromium tells that as a blur too). */
  function onBlur({ target }: FocusEvent): void {
    queueMicrotask(() => {
      if (target === holder && holder?.isConnected) holder = undefined;
    });
  }

  const observer = new MutationObserver(() => {
    if (!holder || holder.isConnected) return;
    holder = undefined;
    const taken = document.activeElement !== null && document.activeElement !== document.body;
    if (taken || !document.hasFocus()) return;
    const left = around.find((element) => element.isConnected && element.matches('article'));
    (left instanceof HTMLElement ? left : fallback())?.focus();
  });

  root.addEventListener('focusin', onFocus);
  root.addEventListener('focusout', onBlur);
  observer.observe(root, { childList: true, subtree: true });
  return () => {
    observer.disconnect();
    root.removeEventListener('focusin', onFocus);
    root.removeEventListener('focusout', onBlur);
  };
}
