/*
 * A text that fits a regular expression, for `pattern` in JSON schemas: literals, classes, groups, alternatives and
 * counts. Look-around and back-references are beyond it.
 */

type Piece = (count: number) => string;

/**
 * A text that matches `pattern` and has at least `minLength` characters, or undefined where none was found. Open
 * counts (`*`, `+`, `{2,}`) grow until the text is long enough.
 */
export function patternText(pattern: string, minLength: number): string | undefined {
  let expression: RegExp;
  try {
    expression = new RegExp(pattern, 'u');
  } catch {
    return undefined;
  }
  const piece = new Parser(pattern).parse();
  for (const extra of [0, 1, 2, 4, 8, 16, 32, 64]) {
    const text = piece?.(extra);
    if (text !== undefined && [...text].length >= minLength && expression.test(text)) return text;
  }
  return undefined;
}

class Parser {
  #rest: string;

  constructor(pattern: string) {
    this.#rest = pattern;
  }

  parse(): Piece | undefined {
    try {
      const piece = this.#alternatives();
      return this.#rest === '' ? piece : undefined;
    } catch (error) {
      if (error instanceof Unsupported) return undefined;
      throw error;
    }
  }

  /** Only the first alternative is used, but all of them are read. */
  #alternatives(): Piece {
    const first = this.#sequence();
    while (this.#take(/^\|/u) !== undefined) this.#sequence();
    return first;
  }

  #sequence(): Piece {
    const pieces: Piece[] = [];
    while (this.#rest !== '' && !/^[|)]/u.test(this.#rest)) pieces.push(this.#counted());
    return (extra) => pieces.map((piece) => piece(extra)).join('');
  }

  #counted(): Piece {
    const atom = this.#atom();
    const count = this.#take(/^(?:[*+?]|\{\d+(?:,\d*)?\})\??/u);
    if (count === undefined) return atom;
    const [least, most] = bounds(count);
    return (extra) => Array.from({ length: Math.min(least + extra, most) }, () => atom(extra)).join('');
  }

  #atom(): Piece {
    if (this.#take(/^[$^]/u) !== undefined || this.#take(/^\\[bB]/u) !== undefined) return () => '';
    if (this.#take(/^\((?:\?:|\?<\w+>)?(?!\?)/u) !== undefined) {
      const inner = this.#alternatives();
      if (this.#take(/^\)/u) === undefined) throw new Unsupported();
      return inner;
    }
    const set = this.#take(/^\[(?:\\.|[^\]\\])*\]/u);
    const atom = set ?? this.#take(/^\\[dDwWsS]/u) ?? this.#take(/^\./u);
    if (atom !== undefined) return member(atom);
    const escaped = this.#take(/^\\[^a-zA-Z0-9]/u) ?? this.#take(/^\\[tnr]/u);
    if (escaped !== undefined) return member(escaped);
    const literal = this.#take(/^[^\\^$.|?*+()[\]{}]/u);
    if (literal === undefined) throw new Unsupported();
    return () => literal;
  }

  #take(expression: RegExp): string | undefined {
    const found = expression.exec(this.#rest)?.[0];
    if (found !== undefined) this.#rest = this.#rest.slice(found.length);
    return found;
  }
}

class Unsupported extends Error {}

function bounds(count: string): readonly [number, number] {
  if (count.startsWith('*')) return [0, Number.POSITIVE_INFINITY];
  if (count.startsWith('+')) return [1, Number.POSITIVE_INFINITY];
  if (count.startsWith('?')) return [0, 1];
  const [least = '0', most] = count.replace(/[{}?]/gu, '').split(',');
  if (most === undefined) return [Number(least), Number(least)];
  return [Number(least), most === '' ? Number.POSITIVE_INFINITY : Number(most)];
}

const alphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_ .,:;/@#+*!?()%&=\'"\t\n';

/** The first character of a friendly alphabet that a class or escape contains. */
function member(atom: string): Piece {
  const expression = new RegExp(`^${atom}$`, 'u');
  const found = [...alphabet].find((character) => expression.test(character));
  if (found === undefined) throw new Unsupported();
  return () => found;
}
