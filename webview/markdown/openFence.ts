import type { CodeBlock } from './codeBlock.ts';
import { closes, openingFence, type Fence } from './settle.ts';

/**
 * A fenced code block at the left edge that is still being written. Nothing has to be read in it but line ends: code
 * goes to its block as it comes, until a line is the closing fence.
 */
export type OpenFence = {
  /** Takes more text. Returns the text behind the closing fence once that is there; then the block is complete. */
  readonly add: (text: string) => string | undefined;
  /** All text of the block: the opening line and everything behind it. */
  readonly text: () => string;
};

/** `source` begins with the opening fence, and `block` shows all code that is in it. Nothing if it can wait. */
export function createOpenFence(source: string, block: CodeBlock): OpenFence | undefined {
  const fence = openingFence(source);
  if (fence === undefined || source.startsWith(' ')) return undefined;
  const pieces = [source];
  /** Code that is not shown: a line end, which the closing fence takes away, and the beginning of such a fence. */
  let held = source.slice(fence.length + block.text().length);
  /** Whether the shown code ends within a line, one that no fence can begin. */
  let isInLine = block.text() !== '' && held === '';
  if (isInLine && mayClose(fence, source.slice(source.lastIndexOf('\n') + 1))) return undefined;

  return {
    add(text) {
      pieces.push(text);
      const code = held + text;
      const closing = findClosingLine(fence, code, isInLine);
      if (closing !== undefined) {
        block.append(code.slice(0, Math.max(closing.start - 1, 0)));
        return code.slice(closing.end);
      }
      const lineEnd = code.lastIndexOf('\n');
      const isStillInLine = isInLine && lineEnd === -1;
      const isHeld = !isStillInLine && mayClose(fence, code.slice(lineEnd + 1));
      const shown = isHeld ? code.slice(0, Math.max(lineEnd, 0)) : code;
      block.append(shown);
      held = code.slice(shown.length);
      isInLine = !isHeld;
      return undefined;
    },
    text: () => pieces.join(''),
  };
}

/** The first complete line that closes the block, its end included. */
function findClosingLine(
  fence: Fence,
  code: string,
  isInLine: boolean,
): { readonly start: number; readonly end: number } | undefined {
  if (!code.includes(fence.marker)) return undefined;
  let start = isInLine ? code.indexOf('\n') + 1 : 0;
  if (isInLine && start === 0) return undefined;
  for (let end = code.indexOf('\n', start); end !== -1; end = code.indexOf('\n', start)) {
    if (closes(fence, code.slice(start, end))) return { start, end: end + 1 };
    start = end + 1;
  }
  return undefined;
}

/** Whether a line that is not complete may grow into a closing fence. */
function mayClose(fence: Fence, line: string): boolean {
  return fence.marker.startsWith('~') ? /^ {0,3}~* *$/u.test(line) : /^ {0,3}`* *$/u.test(line);
}
