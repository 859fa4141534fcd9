import type { MarkedToken, Token, Tokens } from 'marked';
import { codeOf } from '../../src/shared/codeToken.ts';
import { withoutLineEnds } from './lineEnds.ts';
import { element, type ClassName, type PageNode } from './pageNode.ts';

export type BlockContext = {
  /** The page nodes of inline content, given the token's array that holds it. */
  readonly inline: (tokens: readonly Token[]) => readonly PageNode[];
  /** The number of the next code block. */
  readonly nextCode: () => number;
};

/** A block at the top level as one page node; nothing for what has no place on the page. */
export function blockNode(token: Token, context: BlockContext): PageNode | undefined {
  const nodes = blockNodes(token, context);
  const [only] = nodes;
  return nodes.length > 1 || typeof only === 'string' ? element('p', nodes) : only;
}

function blockNodes(token: Token, context: BlockContext): readonly PageNode[] {
  // No extension is installed, so marked makes its own tokens only.
  const known = token as MarkedToken;
  switch (known.type) {
    case 'paragraph':
      return [element('p', context.inline(known.tokens))];
    case 'heading':
      return [element(headings[known.depth] ?? 'h6', context.inline(known.tokens))];
    case 'code':
      return [{ type: 'code', block: context.nextCode(), code: codeOf(known) }];
    case 'list':
      return [listNode(known, context)];
    case 'blockquote':
      return [element('blockquote', childNodes(known.tokens, context))];
    case 'table':
      return [tableNode(known, context)];
    case 'hr':
      return [element('hr', [])];
    case 'html':
      return [element('div', [withoutLineEnds(known.text)], { class: 'md-plain' })];
    case 'space':
    case 'def':
      return [];
    // A paragraph of a tight list, without the paragraph.
    case 'text':
      return known.tokens === undefined ? [known.text] : context.inline(known.tokens);
    // What stands inside a line stands in such a paragraph as well.
    case 'checkbox':
      return context.inline([known]);
    case 'br':
    case 'codespan':
    case 'del':
    case 'em':
    case 'escape':
    case 'image':
    case 'link':
    case 'list_item':
    case 'strong':
      return [];
  }
}

const headings = ['h1', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'] as const;

function childNodes(tokens: readonly Token[], context: BlockContext): readonly PageNode[] {
  return tokens.flatMap((token) => blockNodes(token, context));
}

function listNode(list: Tokens.List, context: BlockContext): PageNode {
  const items = list.items.map((item) =>
    element('li', childNodes(item.tokens, context), item.task ? { class: 'md-tasks' } : {}),
  );
  if (!list.ordered) return element('ul', items);
  return element('ol', items, list.start === 1 || list.start === '' ? {} : { start: String(list.start) });
}

function tableNode(table: Tokens.Table, context: BlockContext): PageNode {
  const row = (tag: 'th' | 'td', cells: readonly Tokens.TableCell[]) =>
    element(
      'tr',
      cells.map((cell) => element(tag, context.inline(cell.tokens), alignment(cell.align))),
    );
  const head = element('thead', [row('th', table.header)]);
  const body = element(
    'tbody',
    table.rows.map((cells) => row('td', cells)),
  );
  const whole = element('table', table.rows.length === 0 ? [head] : [head, body]);
  // Wider than the view it scrolls by itself, also with the keyboard.
  return element('div', [whole], { class: 'md-table', role: 'group', tabindex: '0', 'aria-label': 'Table' });
}

function alignment(align: Tokens.TableCell['align']): { readonly class?: ClassName } {
  switch (align) {
    case 'center':
      return { class: 'md-center' };
    case 'right':
      return { class: 'md-right' };
    case 'left':
    case null:
      return {};
  }
}
