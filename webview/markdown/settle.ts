import type { MarkedToken, Token } from 'marked';
import type { LexedBlock } from '../../src/shared/markdownLexer.ts';
import { withoutLineEnds } from './lineEnds.ts';

/** How much of a text is finished: whatever comes behind it, these blocks stay as they are. */
export type Settled = { readonly count: number; readonly end: number };

const nothing: Settled = { count: 0, end: 0 };

/**
 * How many blocks from the beginning of `text` can change no more, and where they end. Reading the rest by itself gives
 * the same blocks as reading it behind them.
 *
 * A block ends for good at a blank line when the line behind that is complete and did not continue it (lists and
 * indented code go on over blank lines), and some kinds end by themselves. What could still become a reference
 * definition can swallow blocks, up to the next blank line.
 */
export function findSettled(text: string, blocks: readonly LexedBlock<Token>[]): Settled {
  for (let count = blocks.length; count > 0; count -= 1) {
    const end = boundaryBehind(text, blocks, count);
    if (end !== undefined) return { count, end };
  }
  return nothing;
}

function boundaryBehind(
  text: string,
  blocks: readonly LexedBlock<Token>[],
  count: number,
): number | undefined {
  const next = blocks[count];
  // Blank lines belong to what is before them; of the last line only blanks may stay behind.
  if (next !== undefined && typeOf(next) === 'space') return undefined;
  const end = next?.start ?? text.lastIndexOf('\n') + 1;
  if (next === undefined && !/^[ \t]*$/u.test(text.slice(end))) return undefined;
  const before = lastVisible(blocks, count);
  if (before === undefined) return end;
  const isNextLineComplete = next !== undefined && text.includes('\n', end);
  if (followsBlankLine(text, end)) {
    // A blank line within the last block, a row of a table that is a tab for example, does not end it.
    const isBehind = before !== blocks[count - 1] || typeOf(before) === 'plain';
    return isNextLineComplete || (isBehind && endsAtBlankLine(text, before)) ? end : undefined;
  }
  if (text[end - 1] !== '\n' || mayBeDefinition(text, end)) return undefined;
  const isInterrupted = isNextLineComplete && next !== undefined && interrupts(text, next);
  return isInterrupted || endsByItself(text, before) ? end : undefined;
}

function lastVisible(blocks: readonly LexedBlock<Token>[], count: number): LexedBlock<Token> | undefined {
  const last = blocks[count - 1];
  return last !== undefined && typeOf(last) === 'space' ? blocks[count - 2] : last;
}

function typeOf(block: LexedBlock<Token>): MarkedToken['type'] | 'plain' {
  // No extension is installed, so marked makes its own tokens only.
  return block.token === undefined ? 'plain' : (block.token as MarkedToken).type;
}

function endsAtBlankLine(text: string, block: LexedBlock<Token>): boolean {
  const type = typeOf(block);
  return (
    type === 'paragraph' ||
    type === 'blockquote' ||
    type === 'table' ||
    type === 'def' ||
    type === 'plain' ||
    endsByItself(text, block)
  );
}

function endsByItself(text: string, block: LexedBlock<Token>): boolean {
  const type = typeOf(block);
  return type === 'heading' || type === 'hr' || (type === 'code' && isClosedFence(text, block));
}

/**
 * Whether a block, whose first line is complete, began by that line alone, whatever stands before it. Numbered lists
 * from 2 on do not (such a line may have been taken for the header of a table whose next line is not complete), nor
 * bullets with a tab behind them (marked's setext headings run over those).
 */
function interrupts(text: string, block: LexedBlock<Token>): boolean {
  const type = typeOf(block);
  const line = text.slice(block.start, text.indexOf('\n', block.start) + 1);
  return (
    (type === 'list' && /^ {0,3}(?:[*+-]|1[.)]) [ \t]*[^ \t\n]/u.test(line)) ||
    type === 'blockquote' ||
    type === 'hr' ||
    (type === 'heading' && /^ {0,3}#{1,6}\s/u.test(line)) ||
    (type === 'code' && openingFence(line) !== undefined)
  );
}

function isClosedFence(text: string, block: LexedBlock<Token>): boolean {
  const source = withoutLineEnds(text.slice(block.start, block.end));
  const fence = openingFence(source);
  return fence !== undefined && closes(fence, source.slice(source.lastIndexOf('\n') + 1));
}

/** The first line of a fenced code block. */
export type Fence = {
  /** At least three backticks or tildes. */
  readonly marker: string;
  /** Length of the line, its end included. */
  readonly length: number;
};

/** The fence that a text begins with, if its line is complete. */
export function openingFence(text: string): Fence | undefined {
  const match = /^ {0,3}(?<marker>`{3,}(?=[^`\n]*\n)|~{3,})[^\n]*\n/u.exec(text);
  return match === null ? undefined : { marker: match.groups?.['marker'] ?? '', length: match[0].length };
}

/** Whether a line, without its end, closes a fenced code block. */
export function closes(fence: Fence, line: string): boolean {
  const marker = /^ {0,3}(?<marker>`{3,}|~{3,}) *$/u.exec(line)?.groups?.['marker'];
  return marker !== undefined && marker.startsWith(fence.marker);
}

function followsBlankLine(text: string, at: number): boolean {
  return /\n[ \t]*\n$/u.test(text.slice(Math.max(0, at - 200), at));
}

/** Whether a line between the last blank line and `end` begins like a definition, `[label]: address`. */
function mayBeDefinition(text: string, end: number): boolean {
  let lineEnd = end - 1;
  while (lineEnd > 0) {
    const start = text.lastIndexOf('\n', lineEnd - 1) + 1;
    const line = text.slice(start, lineEnd);
    if (/^[ \t]*$/u.test(line)) return false;
    if (/^ {0,3}\[/u.test(line)) return true;
    lineEnd = start - 1;
  }
  return false;
}
