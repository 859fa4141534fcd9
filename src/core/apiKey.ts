/** Why a text cannot be sent as a key. */
export type KeyRefusal = 'empty' | 'tooLong' | 'controlCharacter' | 'notAscii' | 'space';

export type KeyCheck =
  | { readonly type: 'key'; readonly key: string }
  | { readonly type: 'refused'; readonly why: KeyRefusal };

/** Longer than any key or bearer token in use (an Entra token has 2 to 3 thousand characters). */
const longest = 8192;

/**
 * A key travels in a header, where a line break or a character outside ASCII makes HTTP libraries raise errors that
 * quote the header. So only visible ASCII passes; what a paste added around it is trimmed.
 */
export function checkKey(typed: string): KeyCheck {
  const key = typed.trim();
  if (key === '') return { type: 'refused', why: 'empty' };
  if (key.length > longest) return { type: 'refused', why: 'tooLong' };
  if (/\p{Cc}/u.test(key)) return { type: 'refused', why: 'controlCharacter' };
  if (key.includes(' ')) return { type: 'refused', why: 'space' };
  return /^[!-~]+$/.test(key) ? { type: 'key', key } : { type: 'refused', why: 'notAscii' };
}

/** Names that every system takes for an environment variable. */
export function isVariableName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name);
}
