import type { MarkedLexer, MarkedTokenizer } from './markedParts.ts';

/** Longer definitions and setext headings are paragraphs, longer bare URLs are text: their search is quadratic. */
const longestDefinition = 4_000;
const longestSetextHeading = 2_000;
const longestBareUrl = 2_000;

/** A list ends where this much text has neither a blank line nor a bullet: marked copies an item for each such line. */
const longestItemParagraph = 20_000;

/** Bounds the searches of marked's that take a time that grows with the square of the text. */
export function boundSearches<T>(lexer: MarkedLexer<T>, tokenizer: MarkedTokenizer): void {
  boundDefinitions(tokenizer);
  boundLines(lexer, tokenizer);
  boundUrls(tokenizer);
}

/** A definition is looked for at every line that begins like one. */
function boundDefinitions(tokenizer: MarkedTokenizer): void {
  const def = tokenizer.def.bind(tokenizer);
  tokenizer.def = (src) => {
    if (!/^ {0,3}\[/u.test(src)) return undefined;
    const lines = wholeLines(src, longestDefinition);
    // A title ends before a blank line (CommonMark 0.31, section 4.7); marked lets it run on.
    const blank = /\n[ \t]*\n/u.exec(lines);
    return def(blank === null ? lines : lines.slice(0, blank.index + 1));
  };
}

/** Setext headings are looked for at every line of a list item, and lists take every line that may belong to them. */
function boundLines<T>(lexer: MarkedLexer<T>, tokenizer: MarkedTokenizer): void {
  let nextUnderline = createFinder(findUnderline);
  let nextCut = createFinder(findListCut);
  const blockTokens = lexer.blockTokens.bind(lexer);
  lexer.blockTokens = (src, tokens, lastParagraphClipped) => {
    const outer = [nextUnderline, nextCut] as const;
    nextUnderline = createFinder(findUnderline);
    nextCut = createFinder(findListCut);
    try {
      return blockTokens(src, tokens, lastParagraphClipped);
    } finally {
      [nextUnderline, nextCut] = outer;
    }
  };
  const lheading = tokenizer.lheading.bind(tokenizer);
  tokenizer.lheading = (src) =>
    nextUnderline(src) < longestSetextHeading ? lheading(wholeLines(src, longestSetextHeading)) : undefined;
  const list = tokenizer.list.bind(tokenizer);
  tokenizer.list = (src) => {
    if (!/^ {0,3}(?:[*+-]|\d{1,9}[.)])(?:[ \t]|\n|$)/u.test(src)) return undefined;
    const cut = nextCut(src);
    return list(cut === Infinity ? src : src.slice(0, cut));
  };
}

/** Remembers how far away something is while a text is used up from its beginning. */
function createFinder(find: (src: string) => number): (src: string) => number {
  /** How much text is left behind the place; larger than any rest while nothing was looked for. */
  let left = Infinity;
  return (src) => {
    if (left > src.length) {
      const distance = find(src);
      left = distance === Infinity ? -1 : src.length - distance;
    }
    return left === -1 ? Infinity : src.length - left;
  };
}

function findUnderline(src: string): number {
  return /\n {0,3}(?:=+|-+)[ \t]*(?:\n|$)/u.exec(src)?.index ?? Infinity;
}

function findListCut(src: string): number {
  const lines = /\n(?=[ \t]*(?:\n|(?:[*+-]|\d{1,9}[.)])[ \t\n])|$)/gu;
  let last = 0;
  for (const { index } of src.matchAll(lines)) {
    if (index - last > longestItemParagraph) break;
    last = index;
  }
  const cut = src.indexOf('\n', last + longestItemParagraph);
  return cut === -1 ? Infinity : cut + 1;
}

/** marked shortens a bare URL from its end one character at a time, from the beginning for each. */
function boundUrls(tokenizer: MarkedTokenizer): void {
  const url = tokenizer.url.bind(tokenizer);
  const tooLong = new RegExp(`^[^\\s<]{${longestBareUrl}}`, 'u');
  tokenizer.url = (src) => (tooLong.test(src) ? undefined : url(src));
}

/** The text, or as many whole lines of it as fit. */
function wholeLines(text: string, limit: number): string {
  return text.length <= limit ? text : text.slice(0, text.lastIndexOf('\n', limit - 1) + 1);
}
