import { redact } from './redact.ts';
import { showHiddenCharacters } from './visible.ts';

/**
 * Somebody else's text made fit to be shown, logged and stored: secrets replaced, one line, control characters and
 * invisible ones written out, at most `limit` characters.
 */
export function cleanText(text: string, secrets: readonly string[] = [], limit = 300): string {
  // Cut only afterwards: half a key is not recognised.
  const line = redact(text, secrets)
    .slice(0, 65_536)
    .replaceAll(/[\t\r\n ]+/g, ' ')
    .trim();
  const clean = showHiddenCharacters(line).replaceAll(
    /[\p{Cc}\p{Zl}\p{Zp}]/gu,
    (it) => `\\u{${it.codePointAt(0)?.toString(16).toUpperCase() ?? ''}}`,
  );
  return clean.length > limit ? `${clean.slice(0, limit - 1)}…` : clean;
}
