/** UTF-16 offsets within the text of an element. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** What is selected inside `element`, if the selection lies in it from end to end. */
export function selectedRange(element: Element, selection: Selection | null): TextRange | undefined {
  if (!selection || selection.rangeCount === 0 || selection.isCollapsed) return undefined;
  const range = selection.getRangeAt(0);
  if (!element.contains(range.startContainer) || !element.contains(range.endContainer)) return undefined;
  const before = document.createRange();
  before.selectNodeContents(element);
  before.setEnd(range.startContainer, range.startOffset);
  const start = before.toString().length;
  const end = start + range.toString().length;
  return end > start ? { start, end } : undefined;
}
