import type { Code } from '../../src/shared/codeToken.ts';
import type { LinkTarget } from './linkTarget.ts';

/**
 * What a message's page may consist of. These types are the allow-list: nothing else can be described, so nothing else
 * can be created, whatever the text says. Names of classes are ours; no id and no name exists.
 */
export type PageNode = string | PageElement | PageCode;

export type PageElement = {
  readonly type: 'element';
  readonly tag: Tag;
  readonly attributes: Attributes;
  /** Where a click leads. It is kept beside the element, not in it. */
  readonly target: LinkTarget | undefined;
  readonly children: readonly PageNode[];
};

/** A code block: it draws itself (codeBlock.ts). */
export type PageCode = {
  readonly type: 'code';
  /** Its number within the message, from 0. */
  readonly block: number;
  readonly code: Code;
};

type Heading = 'h1' | 'h2' | 'h3' | 'h4' | 'h5' | 'h6';
type Table = 'table' | 'thead' | 'tbody' | 'tr' | 'th' | 'td';
type Inline = 'a' | 'br' | 'button' | 'code' | 'del' | 'em' | 'span' | 'strong';
export type Tag = Heading | Table | Inline | 'blockquote' | 'div' | 'hr' | 'li' | 'ol' | 'p' | 'ul';

export type ClassName =
  | 'md-center'
  | 'md-hidden'
  | 'md-host'
  | 'md-image'
  | 'md-link'
  | 'md-path'
  | 'md-plain'
  | 'md-right'
  | 'md-table'
  | 'md-task'
  | 'md-task md-done'
  | 'md-tasks';

export type Attributes = {
  readonly class?: ClassName;
  readonly href?: string;
  readonly title?: string;
  readonly start?: string;
  readonly type?: 'button';
  readonly role?: 'group' | 'img' | 'link';
  readonly tabindex?: '0';
  readonly 'aria-label'?: string;
};

const noAttributes: Attributes = {};

export function element(
  tag: Tag,
  children: readonly PageNode[],
  attributes: Attributes = noAttributes,
  target?: LinkTarget,
): PageElement {
  return { type: 'element', tag, attributes, target, children: joinTexts(children) };
}

/** Neighbouring texts are one text node, and an empty one is none: so the page depends only on what it shows. */
export function joinTexts(children: readonly PageNode[]): readonly PageNode[] {
  const isJoined = children.every(
    (child, index) => typeof child !== 'string' || (child !== '' && typeof children[index - 1] !== 'string'),
  );
  if (isJoined) return children;
  const joined: PageNode[] = [];
  for (const child of children) {
    const last = joined.at(-1);
    if (typeof child === 'string' && typeof last === 'string') joined[joined.length - 1] = last + child;
    else if (child !== '') joined.push(child);
  }
  return joined;
}
