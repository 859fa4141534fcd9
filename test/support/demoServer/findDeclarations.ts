import type { Declaration } from './declaration.ts';
import { findPython } from './findPython.ts';
import { isInside, type Pattern, patternsOf } from './declarationPatterns.ts';
import type { Family, Language } from './language.ts';
import { closingBracket, maskCode } from './maskCode.ts';
import { parseParameters } from './parameters.ts';

/** Functions, methods and types of a piece of code in the order of their first lines, by patterns, without parsing. */
export function findDeclarations(code: string, language: Language): readonly Declaration[] {
  const masked = maskCode(code, language.family);
  const found =
    language.family === 'python' ? findPython(code, masked) : findBraced(code, masked, language.family);
  return found.toSorted((one, other) => one.first - other.first);
}

function findBraced(code: string, masked: string, family: Family): readonly Declaration[] {
  const lineOf = lineFinder(code);
  const owners: Owner[] = [];
  const found: Declaration[] = [];
  for (const pattern of patternsOf(family)) {
    for (const match of masked.matchAll(pattern.expression)) {
      const groups = match.groups ?? {};
      const name = groups['name'] ?? '';
      const start = match.index + (groups['indent']?.length ?? 0);
      const extent = findExtent(masked, match.index + match[0].length, pattern);
      if (extent === undefined || name === '' || pattern.reject?.(name) === true) continue;
      const owner = groups['owner'] ?? ownerAt(owners, start)?.name;
      if (pattern.insideOnly === true && !isInside(masked, start, ownerAt(owners, start)?.open)) continue;
      if (pattern.owns) owners.push({ name, open: extent.bodyOpen, close: extent.end });
      if (pattern.kind === undefined) continue;
      const first = lineOf(start);
      found.push({
        kind: pattern.kind === 'function' && owner !== undefined ? 'method' : pattern.kind,
        name,
        ...(owner === undefined ? {} : { owner }),
        first,
        last: lineOf(extent.end),
        bodyFirst: lineOf(extent.bodyOpen),
        parameters: extent.list === undefined ? [] : parseParameters(code.slice(...extent.list), family),
        ...resultOf(code, extent, groups, family),
        isAsync: /\basync\b/u.test(masked.slice(start, extent.bodyOpen)),
        isPublic: isPublic(masked.slice(start, extent.list?.[0] ?? extent.bodyOpen), name, family, owner),
        hasDoc: hasDocAbove(code.split('\n'), first, family),
      });
    }
  }
  return withoutDoubles(found);
}

interface Owner {
  readonly name: string;
  readonly open: number;
  readonly close: number;
}

interface Extent {
  /** Offsets of the text between the parentheses, for what has parameters. */
  readonly list?: readonly [number, number];
  readonly bodyOpen: number;
  /** Offset of the last character. */
  readonly end: number;
}

/** From the end of a pattern's match over parameters and result to the end of the body. */
function findExtent(masked: string, from: number, pattern: Pattern): Extent | undefined {
  let position = from;
  let list: readonly [number, number] | undefined;
  if (pattern.takesParameters) {
    const close = masked[from - 1] === '(' ? closingBracket(masked, from - 1) : -1;
    if (close < 0) {
      if (pattern.arrow !== true) return undefined;
      // An arrow function with one bare parameter: its name ends where the match ends.
      const bare = /^\s*([\w$]+)\s*(?==>)/u.exec(masked.slice(from));
      if (bare === null) return undefined;
      list = [from, from + bare[0].length];
      position = from + bare[0].length;
    } else {
      list = [from, close];
      position = close + 1;
    }
  }
  const tail = masked.slice(position);
  if (pattern.arrow === true) {
    const arrow = /^(?:\s*:[^=;{}]*(?:\{[^}]*\}[^=;]*)?)?\s*=>\s*/u.exec(tail);
    if (arrow !== null) return bodyExtent(masked, position + arrow[0].length, list, true);
    if (!pattern.functionKeyword) return undefined;
  }
  const brace = bodyBrace(tail);
  // A call of a function and a block somewhere below it look like a method, but for what stands in between.
  if (pattern.needsBody === true && brace >= 0 && !betweenHeadAndBody.test(tail.slice(0, brace)))
    return undefined;
  if (brace >= 0) return bodyExtent(masked, position + brace, list, false);
  if (pattern.needsBody) return undefined;
  const end = /[;\n]/u.exec(tail)?.index ?? tail.length;
  return {
    ...(list === undefined ? {} : { list }),
    bodyOpen: position + end,
    end: Math.max(from, position + end - 1),
  };
}

const betweenHeadAndBody =
  /^\s*(?:[:-][^;]*|(?:throws|where)\s[^;{]*|(?:const|noexcept|override|final|\s)*)$/u;

function bodyExtent(
  masked: string,
  open: number,
  list: readonly [number, number] | undefined,
  mayBeExpression: boolean,
): Extent {
  const range = list === undefined ? {} : { list };
  if (masked[open] === '{') {
    const close = closingBracket(masked, open);
    return { ...range, bodyOpen: open, end: close < 0 ? masked.trimEnd().length - 1 : close };
  }
  if (!mayBeExpression) return { ...range, bodyOpen: open, end: open };
  let end = open;
  while (end < masked.length && masked[end] !== ';') {
    if ('([{'.includes(masked[end] ?? '')) end = Math.max(closingBracket(masked, end), end);
    else if (masked[end] === '\n' && !/^\s*[.?:&|+]/u.test(masked.slice(end))) break;
    end += 1;
  }
  return { ...range, bodyOpen: open, end: Math.min(end, masked.length - 1) };
}

/** Offset of the `{` of the body, after a result type that may have braces of its own; -1 before a `;`. */
function bodyBrace(tail: string): number {
  for (let index = 0; index < tail.length; index += 1) {
    const character = tail[index] ?? '';
    if (character === ';') return -1;
    if (character === '{') {
      if (!/(?:[:|&,<]|=>|\bis)\s*$/u.test(tail.slice(0, index))) return index;
      const close = closingBracket(tail, index);
      if (close < 0) return -1;
      index = close;
    } else if ('(['.includes(character)) {
      const close = closingBracket(tail, index);
      if (close < 0) return -1;
      index = close;
    } else if (character === '}' || character === ')') return -1;
  }
  return -1;
}

function resultOf(
  code: string,
  extent: Extent,
  groups: Readonly<Record<string, string | undefined>>,
  family: Family,
): { readonly result?: string } {
  if (extent.list === undefined) return {};
  const tail = code
    .slice(extent.list[1], extent.bodyOpen)
    .replace(/^\s*\)/u, '')
    .trim();
  const patterns: Readonly<Record<string, RegExp>> = {
    script: /^:\s*([^]+?)\s*(?:=>)?$/u,
    rust: /^->\s*([^]+?)(?:\s+where\b[^]*)?$/u,
    go: /^([^]+)$/u,
  };
  const found =
    groups['result']?.replace(/^(?:(?:static|inline|extern)\s+)+/u, '') ?? patterns[family]?.exec(tail)?.[1];
  return found === undefined || found.trim() === '' ? {} : { result: found.trim().replaceAll(/\s+/gu, ' ') };
}

function isPublic(header: string, name: string, family: Family, owner: string | undefined): boolean {
  if (family === 'go') return /^\p{Lu}/u.test(name);
  if (family === 'rust') return /\bpub\b/u.test(header);
  if (family === 'java') return /\bpublic\b/u.test(header);
  if (family === 'c') return !/\bstatic\b/u.test(header);
  return owner === undefined ? /\bexport\b/u.test(header) : !/\b(?:private|protected)\b|^#/u.test(header);
}

/** A documentation comment directly above, decorators and attributes in between allowed. */
function hasDocAbove(lines: readonly string[], first: number, family: Family): boolean {
  let index = first - 1;
  while (index >= 0 && /^\s*(?:@\w|#\[|\[\w)/u.test(lines[index] ?? '')) index -= 1;
  const line = lines[index]?.trim() ?? '';
  if (line.endsWith('*/')) return true;
  if (family === 'rust') return line.startsWith('///');
  return (family === 'go' || family === 'c' || family === 'java') && line.startsWith('//');
}

function ownerAt(owners: readonly Owner[], position: number): Owner | undefined {
  return owners.findLast((owner) => owner.open < position && position < owner.close);
}

function lineFinder(code: string): (offset: number) => number {
  const starts = [0];
  for (let index = code.indexOf('\n'); index >= 0; index = code.indexOf('\n', index + 1))
    starts.push(index + 1);
  return (offset) => starts.findLastIndex((start) => start <= offset);
}

/** Two patterns may fit one place; the first of them counts. */
function withoutDoubles(found: readonly Declaration[]): readonly Declaration[] {
  const seen = new Set<string>();
  return found.filter((declaration) => {
    const key = `${declaration.first} ${declaration.name}`;
    return seen.has(key) ? false : seen.add(key);
  });
}
