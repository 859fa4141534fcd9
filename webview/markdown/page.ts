import { createCodeBlock, type CodeBlock, type FillCodeActions } from './codeBlock.ts';
import type { LinkTarget } from './linkTarget.ts';
import type { PageCode } from './pageNode.ts';

/** What elements of a message stand for, kept beside them: content puts nothing into the page but text. */
export type Page = {
  readonly targets: WeakMap<Element, LinkTarget>;
  readonly addCodeBlock: (node: PageCode) => CodeBlock;
  readonly codeBlock: (element: Element) => CodeBlock | undefined;
  /** Forgets the code blocks in a node that leaves the page. */
  readonly removeCodeBlocks: (node: Node) => void;
  /** Closes the code blocks that are not in `open`, or have something behind them there. */
  readonly closeCodeBlocks: (open: Node | undefined) => void;
};

export function createPage(fillCodeActions: FillCodeActions, onClose: (block: CodeBlock) => void): Page {
  const blocks = new Map<Element, CodeBlock>();
  const openBlocks = new Set<CodeBlock>();

  return {
    targets: new WeakMap(),
    addCodeBlock(node) {
      const block = createCodeBlock(node, fillCodeActions);
      blocks.set(block.element, block);
      openBlocks.add(block);
      return block;
    },
    codeBlock: (element) => blocks.get(element),
    removeCodeBlocks(node) {
      if (!(node instanceof Element)) return;
      for (const element of [node, ...node.querySelectorAll('.md-code')]) {
        const block = blocks.get(element);
        if (block === undefined) continue;
        block.dispose();
        blocks.delete(element);
        openBlocks.delete(block);
      }
    },
    closeCodeBlocks(open) {
      for (const block of openBlocks) {
        if (open?.contains(block.element) === true && !isFollowed(block.element, open)) continue;
        openBlocks.delete(block);
        block.close();
        onClose(block);
      }
    },
  };
}

/** Whether anything comes behind `node` within `root`. */
function isFollowed(node: Node, root: Node): boolean {
  for (let at: Node | null = node; at !== null && at !== root; at = at.parentNode) {
    if (at.nextSibling !== null) return true;
  }
  return false;
}
