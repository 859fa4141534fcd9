import { type CodeView, enumerate, quote, shown } from './codeView.ts';
import type { Declaration } from './declaration.ts';
import { splitTopLevel } from './parameters.ts';

/** What happens in a body, statement by statement: at most `limit` numbered lines of markdown. */
export function narrate(view: CodeView, declaration: Declaration, limit: number): readonly string[] {
  const steps: string[] = [];
  for (let line = declaration.first; line <= declaration.last && steps.length < limit; line += 1) {
    const isHeader =
      line < declaration.bodyFirst ||
      (line === declaration.bodyFirst && view.block.language.family !== 'python' && declaration.last > line);
    const says = isHeader ? undefined : step(view.lines[line] ?? '', view.bare[line] ?? '');
    if (says !== undefined) steps.push(`${steps.length + 1}. Line ${shown(view, line)}: ${says}`);
  }
  return steps;
}

/** The meaning of one line, as far as its first words tell. */
function step(text: string, bare: string): string | undefined {
  for (const [pattern, says] of statements) {
    if (!pattern.test(bare)) continue;
    const match = pattern.exec(text);
    if (match !== null) return says(match.slice(1).map((group) => (group ?? '').replace(/[;{:\s]+$/u, '')));
  }
  return undefined;
}

type Says = (groups: readonly string[]) => string;

const statements: readonly (readonly [RegExp, Says])[] = [
  // Loops.
  [
    /^\s*for\s*(?:await\s*)?\((?:(?:const|let|var)\s+)?(.+?)\s+(?:of|in)\s+(.+)\)\s*\{?/u,
    ([one = '', all = '']) => `goes through ${quote(all)}, one ${quote(one)} at a time.`,
  ],
  [
    /^\s*(?:async\s+)?for\s+([^(].*?)\s+in\s+(.+?)\s*(?::\s*|\{\s*)$/u,
    ([one = '', all = '']) => `goes through ${quote(all)}, one ${quote(one)} at a time.`,
  ],
  [
    /^\s*for\s*\((?:final\s+)?[\w<>[\]., &*]+?[\s&*](\w+)\s*:\s*(.+)\)\s*\{?/u,
    ([one = '', all = '']) => `goes through ${quote(all)}, one ${quote(one)} at a time.`,
  ],
  [
    /^\s*for\s+(.+?)\s*:=\s*range\s+(.+?)\s*\{/u,
    ([one = '', all = '']) => `goes through ${quote(all)} with ${quote(one)}.`,
  ],
  [/^\s*for\s*\((.+)\)\s*\{?\s*$/u, ([head = '']) => `counts: ${quote(head)}.`],
  [/^\s*while\s*\((.+)\)\s*\{?\s*$/u, ([condition = '']) => `repeats as long as ${quote(condition)}.`],
  [/^\s*while\s+(.+?)\s*[{:]\s*$/u, ([condition = '']) => `repeats as long as ${quote(condition)}.`],

  // Decisions; those on one line first.
  [
    /^\s*if\s*\((.+?)\)\s*(?:\{\s*)?return\b\s*([^;}]*);?\s*\}?\s*$/u,
    ([condition = '', value = '']) =>
      `returns ${value.trim() === '' ? 'early' : quote(value)} if ${quote(condition)}.`,
  ],
  [
    /^\s*if\s*\((.+?)\)\s*(?:\{\s*)?throw\s+(?:new\s+)?(\w+)/u,
    ([condition = '', error = '']) => `throws a ${quote(error)} if ${quote(condition)}.`,
  ],
  [/^\s*if\s*\((.+)\)\s*continue\b/u, ([condition = '']) => `skips to the next one if ${quote(condition)}.`],
  [/^\s*if\s*\((.+)\)\s*break\b/u, ([condition = '']) => `stops the loop if ${quote(condition)}.`],
  [
    /^\s*if\s*\((.+?)\)\s*\{?\s*([\w.]+)\([^{}]*\);?\s*\}?\s*$/u,
    ([condition = '', name = '']) => `calls ${quote(name)} if ${quote(condition)}.`,
  ],
  [
    /^\s*(?:\}\s*)?else\s+if\s*\((.+)\)\s*\{?\s*$/u,
    ([condition = '']) => `otherwise, if ${quote(condition)}:`,
  ],
  [
    /^\s*(?:\}\s*)?(?:else\s+if|elif)\s+(.+?)\s*[{:]\s*$/u,
    ([condition = '']) => `otherwise, if ${quote(condition)}:`,
  ],
  [/^\s*if\s*\((.+)\)\s*\{?\s*$/u, ([condition = '']) => `looks whether ${quote(condition)}.`],
  [/^\s*if\s+(.+?)\s*[{:]\s*$/u, ([condition = '']) => `looks whether ${quote(condition)}.`],
  [
    /^\s*(?:switch|match)\s*\(?(.+?)\)?\s*[{:]\s*$/u,
    ([value = '']) => `goes one of several ways by ${quote(value)}.`,
  ],
  [/^\s*(?:throw\s+new|raise)\s+(\w+)/u, ([error = '']) => `gives up with a ${quote(error)}.`],
  [/^\s*try\s*[{:]/u, () => 'tries the lines that follow and is ready for them to fail.'],
  [/^\s*\}?\s*(?:catch|except)\b/u, () => 'deals with the failure.'],

  // Results and values.
  [
    /^\s*return\s+await\s+(.+)$/u,
    ([value = '']) => `waits for ${quote(value)} and returns what comes of it.`,
  ],
  [/^\s*return\s+(.+)$/u, ([value = '']) => `returns ${quote(value)}.`],
  [
    /^\s*(?:const|let|var)\s+([[{].*[\]}])\s*(?::[^=]+)?=\s*(.+)$/u,
    ([names = '', value = '']) => `unpacks ${quote(value)} into ${enumerate(unpacked(names).map(quote))}.`,
  ],
  [
    /^\s*(?:const|let|var|auto|final)\s+([\w$]+)\s*(?::[^=]+)?=\s*await\s+(.+)$/u,
    ([name = '', value = '']) => `waits for ${quote(value)} and keeps it as ${quote(name)}.`,
  ],
  [
    /^\s*(?:const|let(?:\s+mut)?|var|auto|final)\s+(?:[\w<>]+\s+)?([\w$]+)\s*(?::[^=]+)?=\s*(.+)$/u,
    ([name = '', value = '']) => `sets ${quote(name)} to ${quote(value)}.`,
  ],
  [/^\s*([\w, ]+?)\s*:=\s*(.+)$/u, ([name = '', value = '']) => `sets ${quote(name)} to ${quote(value)}.`],
  [/^\s*([\w.[\]]+)\s*\+=\s*(.+)$/u, ([name = '', value = '']) => `adds ${quote(value)} to ${quote(name)}.`],
  [
    /^\s*([\w.[\]]+)\s*(?:\?\?=|\|\|=)\s*(.+)$/u,
    ([name = '', value = '']) => `sets ${quote(name)} to ${quote(value)} unless it has a value.`,
  ],
  [
    /^\s*([a-z_][\w.[\]]*)\s*=\s*([^=].*)$/u,
    ([name = '', value = '']) => `sets ${quote(name)} to ${quote(value)}.`,
  ],
  [/^\s*await\s+(.+)$/u, ([value = '']) => `waits for ${quote(value)}.`],
  [/^\s*([\w.]+)\((.*)\)\s*;?\s*$/u, ([name = '']) => `calls ${quote(name)}.`],
];

/** The names of a destructuring pattern, without their defaults. */
function unpacked(pattern: string): readonly string[] {
  const names = splitTopLevel(pattern.slice(1, -1), ',').map(
    (piece) => splitTopLevel(piece, '=')[0]?.trim() ?? '',
  );
  return names.filter((name) => name !== '');
}
