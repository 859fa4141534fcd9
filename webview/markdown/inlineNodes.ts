import type { MarkedToken, Token, Tokens } from 'marked';
import { decodeReferences } from './characterReferences.ts';
import { nameOfCharacter, splitAtHidden } from './hiddenCharacters.ts';
import { linkTarget } from './linkTarget.ts';
import { element, type PageNode } from './pageNode.ts';

/** Inline tokens as page nodes. Inside a link nothing else can be clicked. */
export function inlineNodes(tokens: readonly Token[], isInLink = false): readonly PageNode[] {
  return tokens.flatMap((token) => inlineNode(token, isInLink));
}

function inlineNode(token: Token, isInLink: boolean): readonly PageNode[] {
  // No extension is installed, so marked makes its own tokens only.
  const known = token as MarkedToken;
  switch (known.type) {
    case 'text':
      return [decodeReferences(known.text)];
    case 'escape':
      return [known.text];
    case 'html':
      return [known.text];
    case 'strong':
    case 'em':
    case 'del':
      return [element(known.type, inlineNodes(known.tokens, isInLink))];
    case 'codespan':
      return [element('code', visibleText(known.text))];
    case 'br':
      return [element('br', [])];
    case 'link':
      return linkNodes(known, isInLink);
    case 'image':
      return [imageNode(known, isInLink)];
    case 'checkbox':
      return [checkboxNode(known)];
    // Blocks, which never stand inside a line.
    case 'blockquote':
    case 'code':
    case 'def':
    case 'heading':
    case 'hr':
    case 'list':
    case 'list_item':
    case 'paragraph':
    case 'space':
    case 'table':
      return [];
  }
}

/** Text with every hidden character in an element that names it; the text itself stays as it is. */
function visibleText(text: string): readonly PageNode[] {
  return splitAtHidden(text).map((part, index) =>
    index % 2 === 0 ? part : element('span', [part], { class: 'md-hidden', title: nameOfCharacter(part) }),
  );
}

function linkNodes(token: Tokens.Link, isInLink: boolean): readonly PageNode[] {
  const target = isInLink
    ? undefined
    : linkTarget(token.autolink === true ? token.href : decodeReferences(token.href));
  const children = inlineNodes(token.tokens, target !== undefined || isInLink);
  switch (target?.type) {
    case undefined:
      return children;
    case 'address':
      return [element('a', children, { class: 'md-link', href: target.href, title: target.href }, target)];
    case 'path':
      return [
        element('a', children, { class: 'md-path', role: 'link', tabindex: '0', title: target.path }, target),
      ];
  }
}

/** An image as a chip: what it shows, where it lies. It loads nothing; a click asks to open it elsewhere. */
function imageNode(token: Tokens.Image, isInLink: boolean): PageNode {
  const target = linkTarget(decodeReferences(token.href));
  const children = [
    textOf(inlineNodes(token.tokens, true)) || 'Image',
    element('span', [whereOf(target, token.href)], { class: 'md-host' }),
  ];
  if (target === undefined || isInLink) return element('span', children, { class: 'md-image' });
  const title = target.type === 'address' ? target.href : target.path;
  return element('button', children, { class: 'md-image', type: 'button', title }, target);
}

function whereOf(target: ReturnType<typeof linkTarget>, href: string): string {
  switch (target?.type) {
    case 'address':
      return target.host;
    case 'path':
      return target.path;
    case undefined:
      return `${/^[a-z][a-z\d+.-]*:/iu.exec(href.trim())?.[0] ?? ''} not shown`.trim();
  }
}

/** What an image shows, without any markup (CommonMark 0.31, section 6.4). */
function textOf(nodes: readonly PageNode[]): string {
  return nodes
    .map((node) => {
      if (typeof node === 'string') return node;
      return node.type === 'element' ? textOf(node.children) : '';
    })
    .join('');
}

function checkboxNode(token: Tokens.Checkbox): PageNode {
  return element('span', [], {
    class: token.checked ? 'md-task md-done' : 'md-task',
    role: 'img',
    'aria-label': token.checked ? 'Done' : 'To do',
  });
}
