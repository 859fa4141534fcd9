/**
 * The parts of marked's lexer that are used or replaced here, as types of our own: this folder imports nothing, and its
 * callers hand over their copy of marked.
 */

/** A link reference definition, `[label]: href "title"`. */
export type Definition = { readonly href?: string | null; readonly title?: string | null };

/** The parts of marked that are used or replaced here. `T` is its token type, `K` its tokenizer. */
export type Marked<T, K extends MarkedTokenizer> = {
  readonly Lexer: new (options: { gfm: boolean; tokenizer: K }) => MarkedLexer<T>;
  readonly Tokenizer: new () => K;
};

export type MarkedLexer<T> = {
  tokens: T[] & { links: Record<string, Definition> };
  inlineQueue: { readonly src: string; readonly tokens: T[] }[];
  state: { inLink: boolean; inRawBlock: boolean };
  blockTokens: (src: string, tokens?: T[], lastParagraphClipped?: boolean) => T[];
  inlineTokens: (src: string, tokens?: T[]) => T[];
};

export type MarkedTokenizer = {
  space: (src: string) => unknown;
  blockquote: (src: string) => unknown;
  list: (src: string) => unknown;
  def: (src: string) => unknown;
  lheading: (src: string) => unknown;
  escape: (src: string) => unknown;
  tag: (src: string) => unknown;
  url: (src: string) => unknown;
};
