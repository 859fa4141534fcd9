import type { Declaration } from './declaration.ts';
import { closingBracket } from './maskCode.ts';
import { parseParameters } from './parameters.ts';

const header = /^(?<indent>[ \t]*)(?:(?<async>async)[ \t]+)?(?<keyword>def|class)[ \t]+(?<name>\w+)[ \t]*/gmu;

/** Functions and classes of Python code; a body ends where the indentation of its header returns. */
export function findPython(code: string, masked: string): readonly Declaration[] {
  const lines = code.split('\n');
  const maskedLines = masked.split('\n');
  const found: Declaration[] = [];
  for (const match of masked.matchAll(header)) {
    const { indent = '', name = '', keyword } = match.groups ?? {};
    const afterName = match.index + match[0].length;
    const close = masked[afterName] === '(' ? closingBracket(masked, afterName) : afterName;
    const colon = masked.indexOf(':', Math.max(close, afterName));
    if (close < 0 || colon < 0) continue;
    const first = countLines(code, match.index);
    const headerLast = countLines(code, colon);
    const last = lastLine(maskedLines, lines, headerLast, indent.length);
    const owner = found.findLast(
      (one) =>
        one.kind === 'class' &&
        one.first < first &&
        one.last >= first &&
        indentOf(lines[one.first]) < indent.length,
    );
    const result = /->\s*([^]+?)\s*$/u.exec(code.slice(close, colon))?.[1];
    found.push({
      kind: keyword === 'class' ? 'class' : owner === undefined ? 'function' : 'method',
      name,
      ...(owner === undefined ? {} : { owner: owner.name }),
      first,
      last,
      bodyFirst: Math.min(headerLast + 1, last),
      parameters: keyword === 'class' ? [] : parseParameters(code.slice(afterName + 1, close), 'python'),
      ...(result === undefined ? {} : { result: result.replaceAll(/\s+/gu, ' ') }),
      isAsync: match.groups?.['async'] !== undefined,
      isPublic: !name.startsWith('_'),
      hasDoc: /^\s*[rbuRBU]?(?:"""|''')/u.test(firstStatement(lines, headerLast + 1)),
    });
  }
  return found;
}

function lastLine(
  masked: readonly string[],
  lines: readonly string[],
  headerLast: number,
  indent: number,
): number {
  let last = headerLast;
  for (let index = headerLast + 1; index < masked.length; index += 1) {
    const line = masked[index] ?? '';
    // Blank, a comment or the inside of a text: belongs to whatever comes after it.
    if (line.trim() === '') {
      if (/^\s*["']|["']{3}\s*$/u.test(lines[index] ?? '') && indentOf(lines[index]) > indent) last = index;
      continue;
    }
    if (indentOf(line) <= indent && !/^[)\]}]/u.test(line.trim())) break;
    last = index;
  }
  return last;
}

function firstStatement(lines: readonly string[], from: number): string {
  return lines.slice(from).find((line) => line.trim() !== '') ?? '';
}

function indentOf(line: string | undefined): number {
  return /^[ \t]*/u.exec(line ?? '')?.[0].length ?? 0;
}

function countLines(code: string, offset: number): number {
  return code.slice(0, offset).split('\n').length - 1;
}
