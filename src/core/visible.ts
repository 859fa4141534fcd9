/**
 * Characters that change what a reader sees without being seen: bidirectional controls (Trojan Source), zero-width
 * characters, tag characters, variation selectors. A zero-width joiner or a variation selector after a visible
 * character that takes one (an emoji sequence) is ordinary text.
 */
const hidden =
  // eslint-disable-next-line no-misleading-character-class -- the class lists invisible characters on purpose
  /(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\u{FE0F}])[\u{200D}\u{FE00}-\u{FE0F}]|[\u{61C}\u{202A}-\u{202E}\u{2066}-\u{2069}\u{200B}\u{200C}\u{200E}\u{200F}\u{2060}-\u{2064}\u{FEFF}\u{E0000}-\u{E007F}\u{E0100}-\u{E01EF}]/gu;

/** Whether a text holds characters that a reader cannot see and that are not part of an ordinary emoji. */
export function hasHiddenCharacters(text: string): boolean {
  return text.search(hidden) >= 0;
}

/** The same text with every hidden character written out as `\u{...}`. */
export function showHiddenCharacters(text: string): string {
  return text.replaceAll(
    hidden,
    (character) => `\\u{${character.codePointAt(0)?.toString(16).toUpperCase() ?? ''}}`,
  );
}

/** One line of plain text out of a name that may hold anything: no line breaks, no backticks, at most `limit` long. */
export function plainName(name: string, limit = 300): string {
  const line = showHiddenCharacters(name)
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll('`', "'");
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}
