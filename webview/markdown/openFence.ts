import type { CodeBlock } from './codeBlock.ts';
import { closes, openingFence, type Fence } from './settle.ts';

/**
 * A fenced code block at the left edge that is still being written. Nothing has to be read in it but line ends: code
 * goes to its block as it comes, until a line could be the closing fence.
 */
export type OpenFence = {
  /** Takes more text; false once a closing fence is in it, and the whole text must be read again. */
  readonly add: (text: string) => boolean;
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
      if (hasClosingLine(fence, code, isInLine)) return false;
      const lineEnd = code.lastIndexOf('\n');
      const isStillInLine = isInLine && lineEnd === -1;
      const isHeld = !isStillInLine && mayClose(fence, code.slice(lineEnd + 1));
      const shown = isHeld ? code.slice(0, Math.max(lineEnd, 0)) : code;
      block.append(shown);
      held = code.slice(shown.length);
      isInLine = !isHeld;
      return true;
    },
    text: () => pieces.join(''),
  };
}

/** Whether one of the complete lines closes the block. */
function hasClosingLine(fence: Fence, code: string, isInLine: boolean): boolean {
  if (!code.includes(fence.marker)) return false;
  return code
    .split('\n')
    .slice(isInLine ? 1 : 0, -1)
    .some((line) => closes(fence, line));
}

/** Whether a line that is not complete may grow into a closing fence. */
function mayClose(fence: Fence, line: string): boolean {
  return fence.marker.startsWith('~') ? /^ {0,3}~* *$/u.test(line) : /^ {0,3}`* *$/u.test(line);
}
