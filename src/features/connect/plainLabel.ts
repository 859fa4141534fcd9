import { showHiddenCharacters } from '../../core/visible.ts';

/**
 * A text from a server or a setting as the label of a pick: one line, control and invisible characters written out,
 * at most `limit` characters, and no `$(name)` that VS Code would draw as an icon.
 */
export function plainLabel(text: string, limit = 200): string {
  const visible = showHiddenCharacters(text.slice(0, limit * 4))
    .replaceAll(
      /[\p{Cc}\p{Zl}\p{Zp}]/gu,
      (character) => `\\u{${character.codePointAt(0)?.toString(16).toUpperCase() ?? ''}}`,
    )
    .replaceAll('$(', '$\u200B(');
  return visible.length > limit ? `${visible.slice(0, limit - 1)}…` : visible;
}
