import type { CodeBlock } from './codeBlock.ts';
import { linesPerChunk } from './codeText.ts';
import type { Scheduler } from './scheduler.ts';
import type { CodeToken, Tokenize } from './tokenize.ts';

/** Longer code, or code with longer lines, stays plain: it is data, and colours would cost more than they tell. */
const maxLines = 5_000;
const maxLineLength = 10_000;

/** Milliseconds of work before the browser gets its turn. */
const slice = 5;

export type Highlighter = {
  /** Colours a block that is complete, when there is time. */
  readonly add: (block: CodeBlock) => void;
  readonly dispose: () => void;
};

/** Colours code blocks one after the other, a chunk of lines at a time, in the pauses of everything else. */
export function createHighlighter(scheduler: Scheduler, tokenize: Tokenize): Highlighter {
  const waiting: Iterator<void>[] = [];
  let cancel: (() => void) | undefined;

  function work(): void {
    cancel = undefined;
    const deadline = scheduler.now() + slice;
    while (waiting[0] !== undefined && scheduler.now() < deadline) {
      if (waiting[0].next().done === true) waiting.shift();
    }
    if (waiting.length > 0) cancel = scheduler.onIdle(work);
  }

  return {
    add(block) {
      const text = block.text();
      if (isTooLong(text)) return;
      const lines = tokenize(block.place.language, text);
      if (lines === undefined) return;
      waiting.push(colour(block, lines));
      cancel ??= scheduler.onIdle(work);
    },
    dispose() {
      cancel?.();
      waiting.length = 0;
    },
  };
}

function* colour(block: CodeBlock, lines: Iterable<readonly CodeToken[]>): Generator<void> {
  let chunk = 0;
  let tokens: CodeToken[] = [];
  let count = 0;
  let rest = block.text().length;
  for (const line of lines) {
    if (!block.isOnPage()) return;
    tokens.push(...line);
    rest -= line.reduce((length, token) => length + token.text.length, 0);
    if (rest > 0) {
      tokens.push({ text: '\n', kind: undefined });
      rest -= 1;
    }
    count += 1;
    if (count === linesPerChunk) {
      block.colour(chunk, joinTokens(tokens));
      chunk += 1;
      count = 0;
      tokens = [];
      yield;
    }
  }
  if (tokens.length > 0 && block.isOnPage()) block.colour(chunk, joinTokens(tokens));
}

/** Neighbours of one kind are one element, or one text. */
function joinTokens(tokens: readonly CodeToken[]): readonly CodeToken[] {
  const joined: { text: string; kind: CodeToken['kind'] }[] = [];
  for (const { text, kind } of tokens) {
    const last = joined.at(-1);
    if (last !== undefined && last.kind === kind) last.text += text;
    else joined.push({ text, kind });
  }
  return joined;
}

function isTooLong(text: string): boolean {
  let from = 0;
  for (let lines = 0; lines < maxLines; lines += 1) {
    const lineEnd = text.indexOf('\n', from);
    if (lineEnd === -1) return text.length - from > maxLineLength;
    if (lineEnd - from > maxLineLength) return true;
    from = lineEnd + 1;
  }
  return true;
}
