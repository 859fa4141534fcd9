import type { Definition, Marked, MarkedLexer, MarkedTokenizer } from './markedParts.ts';
import { boundSearches } from './markedSearch.ts';

/**
 * marked, made safe for hostile and for unfinished text:
 * - Nesting is bounded: marked's recursion overflows the stack at some thousand characters of `>`, and its handling of
 *   lazy lines in nested quotes doubles with every level.
 * - Work is bounded by counting characters, not by a clock, so that the same text reads the same everywhere.
 * - A block depends neither on text behind a blank line that follows it nor on raw HTML before it. So the finished
 *   blocks of a streamed reply stay as they are.
 */

/** Quotes and lists, or emphasis and links, nested deeper than this are text. */
const maxDepth = 24;
/**
 * How many characters of quotes marked may read again in one block at the top level, and what one such reading counts
 * besides. It does so for lazy lines behind a quote in a quote: twice for every level, once more for every such line.
 */
const rereadCharacters = 300_000;
const rereadCost = 500;
/** What may be spent on one run of inline content, in characters that a simple search passes. */
function inlineAllowance(length: number): number {
  return 400_000 + 200 * length;
}
/** A character of a nested run with emphasis is masked by several searches; of one without it is hardly looked at. */
const maskedCost = 30;
const nestedCost = 3;
/** Emphasis that finds no end looks at all delimiters to the end. */
const unclosedCost = 15;

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
  boundSearches(lexer, tokenizer);
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
  let reread = 0;
  let current = '';
  const rests: number[] = [];
  const blockTokens = lexer.blockTokens.bind(lexer);
  lexer.blockTokens = (src, tokens = [], lastParagraphClipped = false) => {
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
    current = src;
    if (depth === 1) {
      reread = 0;
      rests[lexer.tokens.length] = src.length;
    }
    return space(src);
  };
  // Asked about another text than where marked stands, they read lines of a quote again.
  const count = (src: string): void => {
    if (src === current) return;
    reread += src.length + rereadCost;
    if (reread > rereadCharacters) throw new TooHard();
  };
  const blockquote = tokenizer.blockquote.bind(tokenizer);
  tokenizer.blockquote = (src) => {
    count(src);
    return blockquote(src);
  };
  const list = tokenizer.list.bind(tokenizer);
  tokenizer.list = (src) => {
    count(src);
    return list(src);
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
  /** Where marked stood at the step before, if there could be emphasis. */
  let opener = '';
  const inlineTokens = lexer.inlineTokens.bind(lexer);
  lexer.inlineTokens = (src, tokens = []) => {
    allowance -= src.length * (/[*_~]/u.test(src) ? maskedCost : nestedCost);
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
    const taken = opener.slice(0, Math.max(0, opener.length - src.length));
    const isUnclosed = opener !== '' && taken.at(-1) !== opener[0];
    allowance -= src.length + (isUnclosed ? opener.length * unclosedCost : 0);
    opener = /^[*_~]/u.test(src) ? src : '';
    return allowance < 0 ? textToken(src) : escape(src);
  };

  return (source: string): readonly T[] => {
    allowance = inlineAllowance(source.length);
    opener = '';
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
