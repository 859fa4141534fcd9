import type { Finding } from './findings.ts';
import type { Language } from './language.ts';

interface Line {
  /** Without comments and texts. */
  readonly bare: string;
  readonly text: string;
  /** The bare lines above, as far as they matter: at most 60. */
  readonly before: readonly string[];
}

/** Something to look for in each line on its own. */
interface LineRule {
  readonly weight: Finding['weight'];
  readonly finds: (line: Line) => string | undefined;
  readonly better?: (text: string) => string;
}

export function lineRules(language: Language): readonly LineRule[] {
  return [...everywhere, ...(byFamily[language.family] ?? [])];
}

function when(
  pattern: RegExp,
  weight: Finding['weight'],
  says: string,
  better?: (text: string) => string,
): LineRule {
  const finds = ({ bare }: Line) => (pattern.test(bare) ? says : undefined);
  return better === undefined ? { weight, finds } : { weight, finds, better };
}

const everywhere: readonly LineRule[] = [
  {
    weight: 'style',
    finds({ text, bare }) {
      const note = /\b(TODO|FIXME|HACK|XXX)\b:?\s*(.*)/u.exec(text);
      if (note === null || new RegExp(String.raw`\b${note[1]}\b`, 'u').test(bare)) return undefined;
      const words = (note[2] ?? '').replace(/\s*(?:\*\/|-->)\s*$/u, '').trim();
      return words === '' ? `An open ${note[1]}.` : `An open ${note[1]}: “${words}”.`;
    },
  },
  {
    weight: 'style',
    finds: ({ text }) => (text.length > 140 ? `This line is ${text.length} characters long.` : undefined),
  },
];

/** Division by something that no line above compares with anything; `guard` makes a returned quotient safe. */
function division(guard?: (indent: string, divisor: string) => string): LineRule {
  const divisorIn = (bare: string) =>
    /^\s*(?:import|from|#include)/u.test(bare)
      ? undefined
      : /[\w)\]]\s*\/\s*([A-Za-z_][\w.]*)(?!\s*\()/u.exec(bare)?.[1];
  const rule: LineRule = {
    weight: 'risk',
    finds({ bare, before }) {
      const divisor = divisorIn(bare);
      if (divisor === undefined) return undefined;
      const checked = before.some(
        (line) => /\b(?:if|assert|while|return)\b|\?|==|[<>]/u.test(line) && line.includes(divisor),
      );
      return checked ? undefined : `Divides by \`${divisor}\`, and no line above it here rules out zero.`;
    },
  };
  if (guard === undefined) return rule;
  return {
    ...rule,
    better(text) {
      const divisor = divisorIn(text);
      const indent = /^(\s*)return\b/u.exec(text)?.[1];
      return divisor === undefined || indent === undefined ? text : `${guard(indent, divisor)}\n${text}`;
    },
  };
}

const byFamily: Partial<Record<Language['family'], readonly LineRule[]>> = {
  script: [
    division((indent, divisor) => `${indent}if (${divisor} === 0) return 0;`),
    when(
      /\bvar\s/u,
      'style',
      '`var` is visible in the whole function; `let` or `const` keeps it in its block.',
      (text) => text.replace(/\bvar\b/u, 'let'),
    ),
    when(
      /[^=!<>]==(?!=)(?!\s*null\b)|!=(?!=)(?!\s*null\b)/u,
      'bug',
      'A loose comparison converts its operands first: `0 == ""` is true. `===` says what is meant.',
      (text) => text.replaceAll(/([^=!<>])==(?!=)/gu, '$1===').replaceAll(/!=(?!=)/gu, '!=='),
    ),
    when(/\bconsole\.(?:log|debug)\(/u, 'style', 'A `console` call that looks like a leftover of debugging.'),
    when(
      /\bcatch\s*(?:\([^)]*\))?\s*\{\s*\}/u,
      'bug',
      'This `catch` swallows every error, also those nobody expects.',
    ),
    when(
      /:\s*any\b|\bas any\b/u,
      'style',
      '`any` switches type checking off from here on; `unknown` asks for a check.',
      (text) => text.replace(/\bany\b/u, 'unknown'),
    ),
    when(
      /\.forEach\(\s*async\b/u,
      'bug',
      '`forEach` does not wait for an async callback; `for … of` with `await` does.',
    ),
    when(/\bparseInt\(\s*[^,()]+\)/u, 'risk', '`parseInt` without a radix; `10` makes it explicit.', (text) =>
      text.replace(/\bparseInt\(\s*([^,()]+)\)/u, 'parseInt($1, 10)'),
    ),
    when(
      /\bJSON\.parse\(/u,
      'risk',
      '`JSON.parse` throws on anything that is not JSON; is the caller ready for that?',
    ),
    when(
      /\.innerHTML\s*=|\beval\(/u,
      'bug',
      'Text from elsewhere becomes markup or code here: an injection waiting to happen.',
    ),
    {
      weight: 'style',
      finds({ bare, before }) {
        const indent = /^\s*/u.exec(bare)?.[0].length ?? 0;
        const loop = before.findLast(
          (line) => line.trim() !== '' && (/^\s*/u.exec(line)?.[0].length ?? 0) < indent,
        );
        return /\bawait\b/u.test(bare) && /\bfor\s*\(/u.test(loop ?? '')
          ? 'Awaits one round of the loop after the other; `Promise.all` would let them overlap if order does not matter.'
          : undefined;
      },
    },
  ],
  python: [
    division((indent, divisor) => `${indent}if ${divisor} == 0:\n${indent}    return 0.0`),
    when(
      /^\s*except\s*:/u,
      'bug',
      'A bare `except` also catches `KeyboardInterrupt` and `SystemExit`.',
      (text) => text.replace(/except\s*:/u, 'except Exception:'),
    ),
    when(/[!=]=\s*None\b/u, 'style', '`None` is compared with `is`, not with `==`.', (text) =>
      text.replace(/!=\s*None\b/u, 'is not None').replace(/==\s*None\b/u, 'is None'),
    ),
    when(
      /(?<!with\s)\bopen\([^)]*\)\s*(?:\.|$)/u,
      'risk',
      'The file is closed whenever Python gets to it; `with` closes it here.',
    ),
    when(/^\s*print\(/u, 'style', 'A `print` that looks like a leftover of debugging.'),
  ],
  go: [
    division(),
    when(
      /\b_\s*(?::=|=)\s*\w+[\w.]*\(|,\s*_\s*:?=/u,
      'risk',
      'A result is thrown away; if it is an error, it passes unnoticed.',
    ),
    when(
      /\bpanic\(/u,
      'risk',
      '`panic` ends the program for every caller; returning an `error` leaves them the choice.',
    ),
  ],
  rust: [
    division(),
    when(/\.unwrap\(\)/u, 'risk', '`unwrap` panics where `?` or `expect("why")` would tell what went wrong.'),
    when(
      /\bunsafe\b/u,
      'risk',
      'An `unsafe` block deserves a `// SAFETY:` comment that says why it is sound.',
    ),
  ],
  java: [
    division(),
    when(
      /\bcatch\s*\(\s*(?:final\s+)?(?:Exception|Throwable)\b/u,
      'risk',
      'Catches more than it can know about.',
    ),
    when(
      /\.printStackTrace\(\)|\bSystem\.out\.print/u,
      'style',
      'Writes to the console where a logger would be expected.',
    ),
  ],
  c: [
    division(),
    when(
      /\b(?:strcpy|strcat|sprintf|gets)\s*\(/u,
      'bug',
      'Writes without knowing how much room there is; use the `n` variant.',
    ),
    when(
      /\b(?:malloc|calloc|realloc)\s*\(/u,
      'risk',
      'The result may be `NULL`; is it checked before its first use?',
    ),
  ],
};
