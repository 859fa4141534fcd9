import type { Page } from './page.ts';
import type { Attributes, PageElement, PageNode } from './pageNode.ts';

/** Builds a node. Every element of a message is created here or in codeBlock.ts. */
export function createNode(node: PageNode, page: Page): Node {
  if (typeof node === 'string') return document.createTextNode(node);
  if (node.type === 'code') return page.addCodeBlock(node).element;
  const element = document.createElement(node.tag);
  setAttributes(element, {}, node.attributes);
  if (node.target !== undefined) page.targets.set(element, node.target);
  for (const child of node.children) element.append(createNode(child, page));
  return element;
}

/**
 * Makes `existing`, built for `before`, what `createNode(after)` would build, and returns it or what took its place.
 * What is the same stays the same node, so that a selection in it survives.
 */
export function patchNode(existing: ChildNode, before: PageNode, after: PageNode, page: Page): ChildNode {
  if (before === after) return existing;
  if (typeof before === 'string' && typeof after === 'string' && existing instanceof Text) {
    patchText(existing, before, after);
    return existing;
  }
  if (typeof before === 'object' && typeof after === 'object' && existing instanceof HTMLElement) {
    if (before.type === 'element' && after.type === 'element' && before.tag === after.tag) {
      patchElement(existing, before, after, page);
      return existing;
    }
    if (after.type === 'code' && page.codeBlock(existing)?.update(after) === true) return existing;
  }
  page.removeCodeBlocks(existing);
  const created = createNode(after, page);
  existing.replaceWith(created);
  // `createNode` builds a text or an element, and both are child nodes.
  return created as ChildNode;
}

function patchText(text: Text, before: string, after: string): void {
  if (after.startsWith(before)) text.appendData(after.slice(before.length));
  else text.data = after;
}

function patchElement(element: HTMLElement, before: PageElement, after: PageElement, page: Page): void {
  setAttributes(element, before.attributes, after.attributes);
  if (after.target === undefined) page.targets.delete(element);
  else page.targets.set(element, after.target);
  patchChildren(element, before.children, after.children, page);
}

function patchChildren(
  parent: HTMLElement,
  before: readonly PageNode[],
  after: readonly PageNode[],
  page: Page,
): void {
  if (before === after) return;
  let existing = parent.firstChild;
  for (const [index, node] of after.entries()) {
    const old = before[index];
    if (old === undefined || existing === null) {
      parent.append(createNode(node, page));
    } else {
      existing = patchNode(existing, old, node, page).nextSibling;
    }
  }
  while (parent.childNodes.length > after.length) removeNode(parent.lastChild, page);
}

export function removeNode(node: ChildNode | null | undefined, page: Page): void {
  if (node === null || node === undefined) return;
  page.removeCodeBlocks(node);
  node.remove();
}

function setAttributes(element: HTMLElement, before: Attributes, after: Attributes): void {
  if (before === after) return;
  for (const name of Object.keys(before)) {
    if (!Object.hasOwn(after, name)) element.removeAttribute(name);
  }
  for (const [name, value] of Object.entries(after)) {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
}
