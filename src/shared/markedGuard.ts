/**
 * marked, made safe for hostile and for unfinished text:
 * - Nesting is bounded: marked's recursion overflows the stack at some thousand characters of `>`, and its handling of
 *   lazy lines in nested quotes doubles with every level.
 * - Work is bounded by counting characters, not by a clock, so that the same text reads the same everywhere.
 * - A block depends neither on text behind a blank line that follows it nor on raw HTML before it. So the finished
 *   blocks of a streamed reply stay as they are.
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
  def: (src: string) => unknown;
  lheading: (src: string) => unknown;
  escape: (src: string) => unknown;
  tag: (src: string) => unknown;
  url: (src: string) => unknown;
};

/** Quotes and lists, or emphasis and links, nested deeper than this are text. */
const maxDepth = 24;
/** How many characters of nested content one block at the top level may have read, each level counting anew. */
const nestedCharacters = 1_000_000;
/** Longer definitions and setext headings are paragraphs, longer bare URLs are text: their search is quadratic. */
const longestDefinition = 4_000;
const longestSetextHeading = 2_000;
const longestBareUrl = 2_000;

/** What marked's steps may cost in one run of inline content, in characters that lay before each step. */
function inlineAllowance(length: number): number {
  return 400_000 + 200 * length;
}

/** Raised inside marked to leave it; never leaves this file. */
class TooHard extends Error {}

/** Finds what a normalised label stands for. */
export type Lookup = (label: string) => Definition | undefined;

/** Told about a definition whose label is not known yet, and the index of the token that holds it. */
export type Define = (label: string, definition: Definition, token: number) => void;

/** A lexer of marked's with every bound in place. It reads blocks once, or inline content any number of times. */
export function openLexer<T, K extends MarkedTokenizer>(
  marked: Marked<T, K>,
  lookup: Lookup,
  define: Define,
) {
  const tokenizer = new marked.Tokenizer();
  const lexer = new marked.Lexer({ gfm: true, tokenizer });
  lexer.tokens.links = linkTable(lookup, (label, definition) =>
    define(label, definition, lexer.tokens.length),
  );
  boundDefinitions(tokenizer);
  boundUrls(tokenizer);
  forgetRawHtml(lexer, tokenizer);
  return { readBlocks: boundBlocks(lexer, tokenizer), readInline: boundInline(lexer, tokenizer) };
}

/** marked keeps its definitions in an object; this one asks and tells instead. */
function linkTable(lookup: Lookup, define: (label: string, definition: Definition) => void) {
  const target: Record<string, Definition> = {};
  return new Proxy(target, {
    get: (_, label) => lookup(String(label)),
    set(_, label, definition: Definition) {
      define(String(label), definition);
      return true;
    },
    getOwnPropertyDescriptor(_, label) {
      const value = lookup(String(label));
      return value === undefined
        ? undefined
        : { value, configurable: true, enumerable: true, writable: true };
    },
  });
}

/** Bounds definitions and setext headings; both are searched for at every line that could begin one. */
function boundDefinitions(tokenizer: MarkedTokenizer): void {
  const def = tokenizer.def.bind(tokenizer);
  tokenizer.def = (src) => {
    if (!/^ {0,3}\[/u.test(src)) return undefined;
    const lines = wholeLines(src, longestDefinition);
    // A title ends before a blank line (CommonMark 0.31, section 4.7); marked lets it run on.
    const blank = /\n[ \t]*\n/u.exec(lines);
    return def(blank === null ? lines : lines.slice(0, blank.index + 1));
  };
  const lheading = tokenizer.lheading.bind(tokenizer);
  tokenizer.lheading = (src) => lheading(wholeLines(src, longestSetextHeading));
}

/** marked shortens a bare URL from its end one character at a time, from the beginning for each. */
function boundUrls(tokenizer: MarkedTokenizer): void {
  const url = tokenizer.url.bind(tokenizer);
  const tooLong = new RegExp(`^[^\\s<]{${longestBareUrl}}`, 'u');
  tokenizer.url = (src) => (tooLong.test(src) ? undefined : url(src));
}

/** Raw HTML is shown as text, so it opens no link and no preformatted run; marked carries both into later blocks. */
function forgetRawHtml<T>(lexer: MarkedLexer<T>, tokenizer: MarkedTokenizer): void {
  const tag = tokenizer.tag.bind(tokenizer);
  tokenizer.tag = (src) => {
    const { inLink } = lexer.state;
    const token = tag(src);
    lexer.state.inLink = inLink;
    lexer.state.inRawBlock = false;
    return token;
  };
}

/** What `readBlocks` returns. */
export type ReadBlocks<T> = {
  readonly tokens: readonly T[];
  /** Where each token begins, as the number of characters from there to the end. */
  readonly rests: readonly number[];
  /** Inline content that waits to be read: its source, and the array in a token it belongs to. */
  readonly inlineQueue: readonly { readonly src: string; readonly tokens: T[] }[];
  /** If not, the block behind the last token was too hard; it begins at the last of `rests`. */
  readonly isComplete: boolean;
};

function boundBlocks<T>(lexer: MarkedLexer<T>, tokenizer: MarkedTokenizer) {
  let depth = 0;
  let nested = 0;
  const rests: number[] = [];
  const blockTokens = lexer.blockTokens.bind(lexer);
  lexer.blockTokens = (src, tokens = [], lastParagraphClipped = false) => {
    if (depth > 0) nested += src.length;
    if (nested > nestedCharacters) throw new TooHard();
    if (depth > maxDepth) {
      tokens.push(textToken(src));
      return tokens;
    }
    depth += 1;
    try {
      return blockTokens(src, tokens, lastParagraphClipped);
    } finally {
      depth -= 1;
    }
  };
  // The first question marked asks of every block: the place to learn where it stands. Asked again before the same
  // token, the text in between went into the token before it.
  const space = tokenizer.space.bind(tokenizer);
  tokenizer.space = (src) => {
    if (depth === 1) {
      nested = 0;
      rests[lexer.tokens.length] = src.length;
    }
    return space(src);
  };

  return (source: string): ReadBlocks<T> => {
    let isComplete = true;
    try {
      lexer.blockTokens(source, lexer.tokens);
    } catch {
      // Too hard, or an endless loop that marked noticed itself.
      isComplete = false;
    }
    return { tokens: lexer.tokens, rests, inlineQueue: lexer.inlineQueue, isComplete };
  };
}

function boundInline<T>(lexer: MarkedLexer<T>, tokenizer: MarkedTokenizer) {
  let depth = 0;
  let allowance = 0;
  const inlineTokens = lexer.inlineTokens.bind(lexer);
  lexer.inlineTokens = (src, tokens = []) => {
    allowance -= src.length;
    if (depth > maxDepth) {
      tokens.push(textToken(src));
      return tokens;
    }
    depth += 1;
    try {
      return inlineTokens(src, tokens);
    } finally {
      depth -= 1;
    }
  };
  // The first question marked asks at every step; an answer that takes all the rest ends the run.
  const escape = tokenizer.escape.bind(tokenizer);
  tokenizer.escape = (src) => {
    allowance -= src.length;
    return allowance < 0 ? textToken(src) : escape(src);
  };

  return (source: string): readonly T[] => {
    allowance = inlineAllowance(source.length);
    try {
      return lexer.inlineTokens(source);
    } catch {
      return [textToken(source)];
    }
  };
}

/** Plain text in marked's form. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller says what marked's token type is
function textToken<T>(text: string): T {
  // marked's token type has these members, which a type parameter cannot say.
  return { type: 'text', raw: text, text } as T;
}

/** The text, or as many whole lines of it as fit. */
function wholeLines(text: string, limit: number): string {
  return text.length <= limit ? text : text.slice(0, text.lastIndexOf('\n', limit - 1) + 1);
}
