import type { Family } from './language.ts';

export interface Parameter {
  /** As a caller would call it; a pattern such as `{ a, b }` where it has no name. */
  readonly name: string;
  readonly type?: string;
  /** Text of the default value. */
  readonly fallback?: string;
}

/** Reads the text between the parentheses of a parameter list. Receivers (`self`, `this`) are left out. */
export function parseParameters(list: string, family: Family): readonly Parameter[] {
  const pieces = splitTopLevel(list, ',')
    .map((piece) => piece.replaceAll(/\/\*[^]*?\*\/|\/\/.*$/gmu, '').trim())
    .filter((piece) => piece !== '' && piece !== '*' && piece !== '/');
  switch (family) {
    case 'script':
      return pieces.map(scriptParameter).filter((parameter) => parameter.name !== 'this');
    case 'python':
      return pieces.map(colonParameter).filter((parameter) => !['self', 'cls'].includes(parameter.name));
    case 'rust':
      return pieces.filter((piece) => !/^&?(?:'\w+\s+)?(?:mut\s+)?self\b/u.test(piece)).map(colonParameter);
    case 'go':
      return goParameters(pieces);
    case 'java':
    case 'c':
      return pieces.filter((piece) => piece !== 'void').map(typeFirstParameter);
    case 'plain':
      return [];
  }
}

function scriptParameter(piece: string): Parameter {
  const bare = piece
    .replace(/^(?:(?:public|private|protected|readonly|override)\s+)+/u, '')
    .replace(/^@\w+(?:\([^)]*\))?\s*/u, '');
  return colonParameter(bare.replace(/^(\.{3}?[\w$]+)\?/u, '$1'));
}

/** `name: type = default` */
function colonParameter(piece: string): Parameter {
  const [left = '', ...defaults] = splitTopLevel(piece, '=');
  const [name = '', ...type] = splitTopLevel(left, ':');
  return build(
    name.replace(/^(?:mut\s+|ref\s+)+/u, '').replace(/\?$/u, ''),
    type.join(':'),
    defaults.join('='),
  );
}

/** `a, b int` gives both the type that follows the last of them. */
function goParameters(pieces: readonly string[]): readonly Parameter[] {
  const named = pieces.some((piece) => /^\w+\s+\S/u.test(piece));
  let type = '';
  const reversed = pieces.toReversed().map((piece) => {
    const match = /^(\w+)\s+(.+)$/su.exec(piece);
    if (match !== null) type = match[2] ?? '';
    return named ? build(match?.[1] ?? piece, type, '') : build('_', piece, '');
  });
  return reversed.toReversed();
}

/** `final Type name[] = default` */
function typeFirstParameter(piece: string): Parameter {
  const [left = '', ...defaults] = splitTopLevel(piece, '=');
  const match = /^(.*?[\s*&])(\w+)(\s*\[[^\]]*\])?$/su.exec(left.trim());
  if (match === null) return build(left, '', defaults.join('='));
  const type = `${(match[1] ?? '').replace(/^final\s+/u, '').trim()}${match[3]?.trim() ?? ''}`;
  return build(match[2] ?? '', type, defaults.join('='));
}

function build(name: string, type: string, fallback: string): Parameter {
  const tidy = (text: string) => text.trim().replaceAll(/\s+/gu, ' ');
  return {
    name: tidy(name),
    ...(type.trim() === '' ? {} : { type: tidy(type) }),
    ...(fallback.trim() === '' ? {} : { fallback: tidy(fallback) }),
  };
}

/** Splits at `separator` outside of brackets, texts and arrows. */
export function splitTopLevel(text: string, separator: ',' | '=' | ':'): readonly string[] {
  const pieces: string[] = [];
  let depth = 0;
  let quote = '';
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? '';
    if (quote !== '') {
      if (character === '\\') index += 1;
      else if (character === quote) quote = '';
      continue;
    }
    if ('"`'.includes(character) || (character === "'" && !/^'\w+\b(?!')/u.test(text.slice(index))))
      quote = character;
    else if ('([{<'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth -= 1;
    else if (character === '>' && !'=-'.includes(text[index - 1] ?? '')) depth -= 1;
    else if (character === separator && depth <= 0 && !isDouble(text, index)) {
      pieces.push(text.slice(start, index));
      start = index + 1;
    }
  }
  pieces.push(text.slice(start));
  return pieces;
}

/** Whether the character is part of `==`, `=>`, `::` and the like. */
function isDouble(text: string, index: number): boolean {
  const around = `${text[index - 1] ?? ''}${text[index + 1] ?? ''}`;
  return (
    text[index] !== ',' && /[=>:!<]/u.test(text[index] === ':' ? around.replaceAll(/[^:]/gu, '') : around)
  );
}
