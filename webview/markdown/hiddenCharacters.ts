/**
 * Characters that change what a reader sees without being seen: bidirectional controls (Trojan Source, CVE-2021-42574),
 * zero-width characters, tag characters, variation selectors, other controls. A joiner or a variation selector inside
 * an emoji sequence is ordinary text.
 */
const hidden =
  // eslint-disable-next-line no-misleading-character-class, no-control-regex -- the class lists invisible characters on purpose
  /(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\u{FE0F}])[\u{200D}\u{FE00}-\u{FE0F}]|[\u{0}-\u{8}\u{B}-\u{1F}\u{7F}-\u{9F}\u{AD}\u{61C}\u{180E}\u{200B}\u{200C}\u{200E}\u{200F}\u{2028}-\u{202E}\u{2060}-\u{206F}\u{FEFF}\u{FFF9}-\u{FFFB}\u{E0000}-\u{E007F}\u{E0100}-\u{E01EF}]/gu;

/** The text cut at every hidden character; those stand alone, at the odd places. */
export function splitAtHidden(text: string): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  for (const { 0: character, index } of text.matchAll(hidden)) {
    parts.push(text.slice(from, index), character);
    from = index + character.length;
  }
  parts.push(text.slice(from));
  return parts;
}

/** What is shown in place of a hidden character, for example `U+202E`. */
export function nameOfCharacter(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
