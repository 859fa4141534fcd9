/*
 * Control characters, line and paragraph separators, bidirectional controls, zero-width and tag characters: in a file
 * name, a model id or a server's words they could hide or turn round what stands beside them.
 */
const unseen =
  /[\p{Cc}\p{Zl}\p{Zp}\u{61C}\u{200B}\u{200C}\u{200E}\u{200F}\u{202A}-\u{202E}\u{2060}-\u{2064}\u{2066}-\u{2069}\u{FEFF}\u{E0000}-\u{E007F}]/gu;

/** A short text from outside as a label: everything in it can be seen, and it is at most `limit` characters long. */
export function plainLabel(text: string, limit = 200): string {
  const cut = text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
  return cut.replaceAll(
    unseen,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`,
  );
}
