import type { Family } from './language.ts';

/**
 * The code with every comment, text literal and regular expression blanked out: same length, same line ends, so that
 * a position in the result is a position in the code. Brackets and keywords that remain are real ones. A literal
 * leaves a quotation mark where it began, so that it still stands for a value.
 */
export function maskCode(code: string, family: Family): string {
  let masked = '';
  let position = 0;
  while (position < code.length) {
    const length = skippedLength(code, position, family, masked);
    if (length === 0) {
      masked += code[position] ?? '';
      position += 1;
    } else {
      const isComment = code[position] === '#' || /^\/[/*]/u.test(code.slice(position, position + 2));
      const blank = code.slice(position, position + length).replaceAll(/[^\n\r]/g, ' ');
      masked += isComment ? blank : `"${blank.slice(1)}`;
      position += length;
    }
  }
  return masked;
}

/** Length of the comment or literal that begins at `position`; 0 where none does. */
function skippedLength(code: string, position: number, family: Family, before: string): number {
  const match = (pattern: RegExp): number => {
    pattern.lastIndex = position;
    return pattern.exec(code)?.[0].length ?? 0;
  };
  const character = code[position];
  if (family === 'python') {
    if (character === '#') return match(/#.*/uy);
    if (character !== '"' && character !== "'") return 0;
    return match(/"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)/uy) || match(quoted);
  }
  if (family === 'plain') return 0;
  if (character === '/') {
    const comment = match(/\/\/.*|\/\*[^]*?(?:\*\/|$)/uy);
    if (comment > 0 || family !== 'script') return comment;
    const startsValue = /(?:^|[(,=:[!&|?{};\n]|\breturn|=>)\s*$/u.test(before.slice(-40));
    return startsValue ? match(/\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/uy) : 0;
  }
  if (character === '`') {
    if (family === 'go') return match(/`[^`]*(?:`|$)/uy);
    return family === 'script' ? templateLength(code, position) : 0;
  }
  if (character === '"') return match(quoted);
  if (character === "'") return family === 'script' ? match(quoted) : match(/'(?:\\[^'\n]+|[^\\'\n])'/uy);
  return 0;
}

const quoted = /"(?:\\[^]|[^"\\\n])*"?|'(?:\\[^]|[^'\\\n])*'?/uy;

/** A template literal with whatever is nested in its substitutions. */
function templateLength(code: string, start: number): number {
  let position = start + 1;
  let depth = 0;
  while (position < code.length) {
    const character = code[position];
    if (character === '\\') position += 1;
    else if (character === '`' && depth === 0) return position + 1 - start;
    else if (character === '`') position += templateLength(code, position) - 1;
    else if (depth > 0 && (character === '"' || character === "'")) {
      quoted.lastIndex = position;
      position += (quoted.exec(code)?.[0].length ?? 1) - 1;
    } else if (depth === 0 && code.startsWith('${', position)) {
      depth = 1;
      position += 1;
    } else if (depth > 0 && character === '{') depth += 1;
    else if (depth > 0 && character === '}') depth -= 1;
    position += 1;
  }
  return code.length - start;
}

/** Index of the bracket that closes the one at `open`, or -1. Expects masked code. */
export function closingBracket(masked: string, open: number): number {
  let depth = 0;
  for (let index = open; index < masked.length; index += 1) {
    const character = masked[index] ?? '';
    if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) {
      depth -= 1;
      if (depth === 0) return index;
    }
  }
  return -1;
}
