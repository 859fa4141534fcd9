import { normaliseLineEnds } from '../../src/shared/markdownLexer.ts';

/**
 * Text in pieces, as whole characters with line ends `\n`. A piece may end within a line end (`\r\n`) or a character
 * (a surrogate pair): that end waits for the next piece.
 */
export function createTextInput() {
  let held = '';
  return {
    /** Takes a piece; returns what can be used. */
    take(piece: string): string {
      const text = held + piece;
      const end = /[\r\u{D800}-\u{DBFF}]$/u.test(text) ? text.length - 1 : text.length;
      held = text.slice(end);
      return normaliseLineEnds(text.slice(0, end));
    },
    /** Returns what was still waiting. */
    finish(): string {
      const rest = normaliseLineEnds(held);
      held = '';
      return rest;
    },
  };
}
