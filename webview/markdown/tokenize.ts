import { StringStream, type StreamParser } from '@codemirror/streamparser';
import { findLanguage } from './highlight/languages.ts';

/** What a piece of code is, as far as colours go. Also the class of its element, behind `md-`. */
export type TokenKind =
  | 'comment'
  | 'constant'
  | 'deleted'
  | 'function'
  | 'heading'
  | 'inserted'
  | 'keyword'
  | 'meta'
  | 'number'
  | 'string'
  | 'tag'
  | 'type';

export type CodeToken = { readonly text: string; readonly kind: TokenKind | undefined };

/**
 * The tokens of a text line by line, without line ends, in the language that a model named behind a code fence.
 * Nothing if the language is unknown. Lines are read when they are asked for, so the caller decides how many at a time.
 */
export type Tokenize = (language: string, text: string) => Iterable<readonly CodeToken[]> | undefined;

export const tokenize: Tokenize = (language, text) => {
  const parser = findLanguage(language.toLowerCase());
  return parser === undefined ? undefined : tokenizeLines(parser, text);
};

const indentUnit = 2;
const tabSize = 4;

function* tokenizeLines(parser: StreamParser<unknown>, text: string): Generator<readonly CodeToken[]> {
  const state = parser.startState?.(indentUnit) ?? {};
  let start = 0;
  while (start <= text.length) {
    const next = text.indexOf('\n', start);
    const end = next === -1 ? text.length : next;
    if (start === end) parser.blankLine?.(state, indentUnit);
    yield tokenizeLine(parser, text.slice(start, end), state);
    start = end + 1;
  }
}

function tokenizeLine(parser: StreamParser<unknown>, line: string, state: unknown): readonly CodeToken[] {
  const tokens: { text: string; kind: TokenKind | undefined }[] = [];
  const stream = new StringStream(line, tabSize, indentUnit);
  while (!stream.eol()) {
    const style = readToken(parser, stream, state);
    // Some parsers answer with nothing at all, whatever their type says.
    const kind = typeof style === 'string' ? kindOf(style, stream) : undefined;
    const last = tokens.at(-1);
    if (last !== undefined && last.kind === kind) last.text += stream.current();
    else tokens.push({ text: stream.current(), kind });
  }
  return tokens;
}

/** A parser may answer without taking a character a few times, to change its state; more often is its mistake. */
const patience = 10;

function readToken(parser: StreamParser<unknown>, stream: StringStream, state: unknown): string | null {
  stream.start = stream.pos;
  try {
    for (let tries = 0; tries < patience; tries += 1) {
      const style = parser.token(stream, state);
      if (stream.pos > stream.start) return style;
    }
  } catch {
    // A parser's own mistake costs a colour, no more.
  }
  stream.next();
  return null;
}

/** The parsers' names for things, by the first one that has a colour (https://lezer.codemirror.net/docs/ref/#highlight.tags). */
const kinds: ReadonlyMap<string, TokenKind> = new Map([
  ['comment', 'comment'],
  ['string', 'string'],
  ['character', 'string'],
  ['regexp', 'string'],
  ['quote', 'comment'],
  ['number', 'number'],
  ['keyword', 'keyword'],
  ['modifier', 'keyword'],
  ['atom', 'constant'],
  ['bool', 'constant'],
  ['null', 'constant'],
  ['self', 'constant'],
  ['def', 'function'],
  ['macroName', 'function'],
  ['type', 'type'],
  ['builtin', 'type'],
  ['standard', 'type'],
  ['attribute', 'type'],
  ['tag', 'tag'],
  ['meta', 'meta'],
  ['link', 'string'],
  ['header', 'heading'],
  ['heading', 'heading'],
  ['inserted', 'inserted'],
  ['deleted', 'deleted'],
]);

function kindOf(style: string, stream: StringStream): TokenKind | undefined {
  const names = style.split(/[ .]/u);
  const isCalled = stream.peek() === '(' && /^[\p{L}_$]/u.test(stream.current());
  if (isCalled && names.some((name) => name === 'variable' || name === 'property')) return 'function';
  return names.map((name) => kinds.get(name)).find((kind) => kind !== undefined);
}
