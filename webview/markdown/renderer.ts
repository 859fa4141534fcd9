import { Lexer, Tokenizer, type Token } from 'marked';
import type { Definition } from '../../src/shared/markedParts.ts';
import { createMarkdownLexer } from '../../src/shared/markdownLexer.ts';
import { blockNode } from './blockNodes.ts';
import { createDefinitions, isSameDefinition } from './definitions.ts';
import { inlineNodes } from './inlineNodes.ts';
import { createOpenFence, type OpenFence } from './openFence.ts';
import type { Page } from './page.ts';
import { element, joinTexts, type PageNode } from './pageNode.ts';
import { createNode, patchNode, removeNode } from './patch.ts';
import { createSections } from './sections.ts';
import { findSettled } from './settle.ts';

/** A block of the page as it was described when it was drawn. */
type DrawnBlock = {
  readonly node: PageNode;
  /** How many code blocks are in it. */
  readonly codes: number;
  /** What the labels in it stood for that no settled definition explains. */
  readonly labels: ReadonlyMap<string, Definition | undefined>;
  /** Describes it anew, with what its labels stand for now. */
  readonly describe: () => DrawnBlock | undefined;
};

export type Renderer = {
  /** Adds text, whose line ends are `\n`, and draws it. */
  readonly add: (text: string) => void;
  /** Adds the last text and draws the page as it stays. */
  readonly finish: (text: string) => void;
};

/**
 * Keeps a page equal to a text that grows. Blocks that can change no more are forgotten here and never touched again;
 * only the text behind them is read again when some is added, and of an open code fence not even that. The one
 * exception is a block that mentions a label: it is drawn again when the label's definition comes.
 */
export function createRenderer(root: HTMLElement, page: Page): Renderer {
  const lexer = createMarkdownLexer<Token, Tokenizer>({ Lexer, Tokenizer });
  const sections = createSections(root);
  const definitions = createDefinitions();
  /** The text behind the settled blocks, and what is drawn of it. */
  let tail = '';
  let drawn: readonly DrawnBlock[] = [];
  let fence: OpenFence | undefined;
  let settledBlocks = 0;
  let settledCodes = 0;
  let settledPlain = 0;
  /** Settled blocks with labels that may still find a definition, by their number. */
  const waiting = new Map<number, DrawnBlock>();
  /** Inline content of the last drawing by its source, where no label is in it. */
  let inlineCache = new Map<string, readonly PageNode[]>();

  function read(isComplete: boolean): void {
    const lexed = lexer.blocks(tail, definitions.findSettled, settledPlain);
    const isLinked = definitions.setOpen(lexed.definitions);
    const newCache = new Map<string, readonly PageNode[]>();
    let codes = settledCodes;
    const blocks = lexed.blocks.map(({ token, start, end }) => {
      const text = tail.slice(start, end);
      const block = describeBlock(token, text, codes, lexed.inlineSources, newCache);
      codes += block?.codes ?? 0;
      return block;
    });
    inlineCache = newCache;
    draw(blocks.filter((block) => block !== undefined));

    const settled = isComplete ? { count: blocks.length, end: tail.length } : findSettled(tail, lexed.blocks);
    definitions.settle(lexed.definitions.filter(({ block }) => block < settled.count));
    settledPlain += lexed.blocks.slice(0, settled.count).filter(({ token }) => token === undefined).length;
    settle(blocks.slice(0, settled.count).filter((block) => block !== undefined));
    tail = tail.slice(settled.end);
    if (isLinked) redrawWaiting();
    page.closeCodeBlocks(drawn.length === 0 ? undefined : sections.get(settledBlocks + drawn.length - 1));
  }

  function describeBlock(
    token: Token | undefined,
    text: string,
    firstCode: number,
    inlineSources: ReadonlyMap<readonly Token[], string>,
    cache: Map<string, readonly PageNode[]>,
  ): DrawnBlock | undefined {
    const labels = new Map<string, Definition | undefined>();
    let codes = 0;

    function inline(tokens: readonly Token[]): readonly PageNode[] {
      // A checkbox may stand before what is still to be read.
      const before = inlineNodes(tokens);
      const source = inlineSources.get(tokens);
      if (source === undefined) return before;
      const known = inlineCache.get(source);
      if (known !== undefined) cache.set(source, known);
      const content = known ?? readInline(source);
      return before.length === 0 ? content : [...before, ...content];
    }

    function readInline(source: string): readonly PageNode[] {
      let hasLabels = false;
      const tokens = lexer.inline(source, (label) => {
        hasLabels = true;
        const definition = definitions.find(label);
        if (definitions.findSettled(label) === undefined) labels.set(label, definition);
        return definition;
      });
      const nodes = joinTexts(inlineNodes(tokens));
      if (!hasLabels) cache.set(source, nodes);
      return nodes;
    }

    const node =
      token === undefined
        ? element('p', [text.trim()], { class: 'md-plain' })
        : blockNode(token, { inline, nextCode: () => firstCode + codes++ });
    if (node === undefined) return undefined;
    const describe = () => describeBlock(token, text, firstCode, inlineSources, new Map());
    return { node, codes, labels, describe };
  }

  function draw(blocks: readonly DrawnBlock[]): void {
    for (const [index, { node }] of blocks.entries()) {
      const before = drawn[index];
      const existing = sections.get(settledBlocks + index);
      if (before === undefined || existing === undefined) {
        sections.append(settledBlocks + index, createNode(node, page));
      } else {
        patchNode(existing, before.node, node, page);
      }
    }
    for (let count = drawn.length; count > blocks.length; count -= 1) {
      removeNode(sections.get(settledBlocks + count - 1), page);
      sections.trim();
    }
    drawn = blocks;
  }

  function settle(blocks: readonly DrawnBlock[]): void {
    for (const [index, block] of blocks.entries()) {
      settledCodes += block.codes;
      if (block.labels.size > 0) waiting.set(settledBlocks + index, block);
    }
    settledBlocks += blocks.length;
    drawn = drawn.slice(blocks.length);
  }

  function redrawWaiting(): void {
    for (const [index, block] of waiting) {
      const isChanged = [...block.labels].some(
        ([label, definition]) => !isSameDefinition(definition, definitions.find(label)),
      );
      const existing = sections.get(index);
      const next = isChanged ? block.describe() : undefined;
      if (next === undefined || existing === undefined) continue;
      patchNode(existing, block.node, next.node, page);
      if (next.labels.size === 0) waiting.delete(index);
      else waiting.set(index, next);
    }
  }

  function enterFence(): void {
    const existing = drawn.length === 1 ? sections.get(settledBlocks) : undefined;
    const block = existing instanceof Element ? page.codeBlock(existing) : undefined;
    fence = block === undefined ? undefined : createOpenFence(tail, block);
  }

  function leaveFence(): void {
    tail = fence?.text() ?? tail;
    fence = undefined;
  }

  return {
    add(text) {
      if (fence === undefined) {
        tail += text;
      } else {
        const rest = fence.add(text);
        if (rest === undefined) return;
        fence = undefined;
        settle(drawn);
        tail = rest;
      }
      read(false);
      enterFence();
    },
    finish(text) {
      leaveFence();
      tail += text;
      read(true);
      // Nothing comes any more that could use them; a long conversation has many finished messages.
      inlineCache.clear();
      waiting.clear();
    },
  };
}
