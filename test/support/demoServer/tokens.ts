/**
 * Cuts a text into the pieces that this server calls tokens: 3 to 8 UTF-16 units, ending before a space where there
 * is one, never between the halves of a surrogate pair. The last one may be shorter. Joined they are the text.
 */
export function tokenize(text: string): readonly string[] {
  const tokens: string[] = [];
  let start = 0;
  while (start < text.length) {
    let end = Math.min(start + 8, text.length);
    for (let candidate = start + 3; candidate < end; candidate += 1) {
      if (text[candidate] === ' ' || text[candidate] === '\n') {
        end = candidate;
        break;
      }
    }
    const last = text.charCodeAt(end - 1);
    if (last >= 0xd800 && last <= 0xdbff && end < text.length) end += end - start >= 8 ? -1 : 1;
    tokens.push(text.slice(start, end));
    start = end;
  }
  return tokens;
}

export function countTokens(text: string): number {
  return tokenize(text).length;
}
