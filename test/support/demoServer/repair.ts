import { type CodeView, quote } from './codeView.ts';
import type { Problem } from './problems.ts';

/** What is done about a problem. */
export interface Repair {
  /** One sentence of markdown: what was wrong and what changes. */
  readonly says: string;
  /** 0-based lines with their new text; undefined for one that goes. */
  readonly changes: ReadonlyMap<number, string | undefined>;
}

type Cure = (problem: Problem, line: number, view: CodeView) => Repair | undefined;

/** Repairs for the best-known messages of compilers and linters; undefined where only a person can tell. */
export function repairOf(problem: Problem, view: CodeView): Repair | undefined {
  const line = problem.line - view.block.firstLine;
  if (line < 0 || line >= view.lines.length) return undefined;
  for (const cure of cures) {
    const repair = cure(problem, line, view);
    if (repair !== undefined) return repair;
  }
  return undefined;
}

const cures: readonly Cure[] = [
  byPattern(/Did you mean (?:to use )?['"`]([\w.]+)['"`]/u, (text, [suggestion = ''], message) => {
    const wrong = /['"`]([\w.]+)['"`]/u.exec(message)?.[1] ?? '';
    return swap(
      text,
      wrong,
      suggestion,
      `There is no ${quote(wrong)}; ${quote(suggestion)} is what is meant.`,
    );
  }),
  missingName,
  unusedName,
  byPattern(/['"`]([\w.]+)['"`] is possibly ['"`](?:undefined|null)/u, (text, [name = '']) =>
    swap(
      text,
      `${name}.`,
      `${name}?.`,
      `${quote(name)} may be missing here, so it is asked with ${quote('?.')}.`,
    ),
  ),
  byPattern(/Object is possibly ['"`]?(?:undefined|null)/u, (text) => ({
    text: text.replace(/([\w)\]])\.(?=\w)/u, '$1?.'),
    says: `The value may be missing here, so its property is asked for with ${quote('?.')}.`,
  })),
  byPattern(
    /Type ['"`](.+?)['"`] is not assignable to type ['"`](.+?)['"`]/u,
    (text, [given = '', wanted = '']) =>
      swap(
        text,
        `: ${wanted}`,
        `: ${given}`,
        `The value is a ${quote(given)}, and now the annotation says so too.`,
      ),
  ),
  byPattern(/Parameter ['"`](\w+)['"`] implicitly has an? ['"`]any['"`]/u, (text, [name = '']) => ({
    text: text.replace(new RegExp(String.raw`\b${name}\b(?!\s*:)`, 'u'), `${name}: unknown`),
    says: `${quote(name)} gets a type: ${quote('unknown')} until the callers tell more.`,
  })),
  constantAssigned,
  byPattern(/['"`];['"`] expected|[Mm]issing semicolon/u, (text) => ({
    text: `${text.trimEnd()};`,
    says: 'The semicolon is added.',
  })),
  byPattern(/expected ['"`]:['"`]/u, (text) => ({
    text: `${text.trimEnd()}:`,
    says: 'The colon at the end of the line is added.',
  })),
  byPattern(/Expected ['"`]===['"`]|use ['"`]?===/iu, (text) => ({
    text: text.replaceAll(/([^=!<>])==(?!=)/gu, '$1===').replaceAll(/!=(?!=)/gu, '!=='),
    says: 'The comparison no longer converts its operands.',
  })),
  byPattern(/['"`]await['"`] has no effect/u, (text) => ({
    text: text.replace(/\bawait\s+/u, ''),
    says: `There is nothing to wait for, so the ${quote('await')} goes.`,
  })),
];

function byPattern(
  pattern: RegExp,
  change: (
    text: string,
    groups: readonly string[],
    message: string,
  ) => { readonly text: string; readonly says: string },
): Cure {
  return (problem, line, view) => {
    const match = pattern.exec(problem.message);
    const before = view.lines[line] ?? '';
    if (match === null) return undefined;
    const after = change(before, match.slice(1), problem.message);
    return after.text === before ? undefined : { says: after.says, changes: new Map([[line, after.text]]) };
  };
}

function swap(
  text: string,
  wrong: string,
  right: string,
  says: string,
): { readonly text: string; readonly says: string } {
  if (wrong === '') return { text, says };
  const start = /^\w/u.test(wrong) ? String.raw`(?<!\w)` : '';
  const end = /\w$/u.test(wrong) ? String.raw`(?!\w)` : '';
  const escaped = wrong.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);
  return { text: text.replace(new RegExp(`${start}${escaped}${end}`, 'u'), () => right), says };
}

/** A name or property that does not exist: the most similar one of the code, when it is similar enough. */
function missingName(problem: Problem, line: number, view: CodeView): Repair | undefined {
  const match =
    /(?:Cannot find name|Property|[Uu]ndefined (?:name|variable)|undefined:|cannot find (?:value|function))\s*['"`]?(\w+)/u.exec(
      problem.message,
    ) ?? /['"`](\w+)['"`] is not defined/u.exec(problem.message);
  const wrong = match?.[1];
  if (wrong === undefined || /implicitly|is missing in/u.test(problem.message)) return undefined;
  const names = new Set(
    view.bare
      .filter((_, index) => index !== line)
      .join('\n')
      .match(/[A-Za-z_]\w+/gu) ?? [],
  );
  names.delete(wrong);
  const nearest = [...names]
    .map((name) => ({ name, distance: editDistance(name, wrong) }))
    .toSorted((one, other) => one.distance - other.distance)[0];
  if (nearest === undefined || nearest.distance > Math.max(1, Math.floor(wrong.length / 3))) return undefined;
  const says = `There is no ${quote(wrong)}; the code around it says ${quote(nearest.name)}.`;
  const { text } = swap(view.lines[line] ?? '', wrong, nearest.name, says);
  return text === view.lines[line] ? undefined : { says, changes: new Map([[line, text]]) };
}

/** An unused import or variable goes; an unused parameter keeps its place and gets an underscore. */
function unusedName(problem: Problem, line: number, view: CodeView): Repair | undefined {
  const match =
    /['"`](\w+)['"`] is (?:declared but|assigned a value but|defined but|not accessed|never)/u.exec(
      problem.message,
    ) ??
    /(?:unused (?:variable|import)|is not accessed)\W+(\w+)/iu.exec(problem.message) ??
    /['"`]?(\w+)['"`]? imported (?:and|but) (?:not used|unused)/u.exec(problem.message);
  const name = match?.[1];
  const text = view.lines[line] ?? '';
  if (name === undefined || !text.includes(name)) return undefined;
  const alone = new RegExp(
    String.raw`^\s*(?:import\s+(?:\{\s*${name}\s*\}\s+from\b.*|\*\s+as\s+${name}\b.*|${name}\b(?:\s+from\b.*)?)|from\s+\S+\s+import\s+${name}|(?:const|let|var)\s+${name}\b[^()]*)\s*;?\s*$`,
    'u',
  );
  if (alone.test(text))
    return { says: `Nothing uses ${quote(name)}, so its line goes.`, changes: new Map([[line, undefined]]) };
  const listed = text.replace(new RegExp(String.raw`\b${name}\s*,\s*|,\s*${name}\b`, 'u'), '');
  if (/\bimport\b/u.test(text) && listed !== text) {
    return { says: `${quote(name)} leaves the list of imports.`, changes: new Map([[line, listed]]) };
  }
  const { text: renamed } = swap(text, name, `_${name}`, '');
  return {
    says: `${quote(name)} is not used; the underscore says that this is known.`,
    changes: new Map([[line, renamed]]),
  };
}

function constantAssigned(problem: Problem, _line: number, view: CodeView): Repair | undefined {
  const name = /Cannot assign to ['"`](\w+)['"`] because it is a constant/u.exec(problem.message)?.[1];
  if (name === undefined) return undefined;
  const declared = new RegExp(String.raw`\bconst(?=\s+${name}\b)`, 'u');
  const line = view.lines.findIndex((text) => declared.test(text));
  if (line < 0) return undefined;
  const says = `${quote(name)} changes, so it is declared with ${quote('let')}.`;
  return { says, changes: new Map([[line, (view.lines[line] ?? '').replace(declared, 'let')]]) };
}

/** Levenshtein distance. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, character] of [...one].entries()) {
    const next = [index + 1];
    for (const [position, candidate] of [...other].entries()) {
      const substitution = (row[position] ?? 0) + (character === candidate ? 0 : 1);
      next.push(Math.min(substitution, (row[position + 1] ?? 0) + 1, (next[position] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
