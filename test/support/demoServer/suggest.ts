import { type CodeView, fence, quote, shown } from './codeView.ts';
import { type Declaration, isCallable } from './declaration.ts';
import { docInsertion, documented, insertAll } from './docComment.ts';
import { findFindings, type Finding } from './findings.ts';
import { findProblems, type Problem } from './problems.ts';
import { repairOf } from './repair.ts';
import { testSkeleton } from './testSkeleton.ts';

/** Code to put in place of what was sent, or next to it, with the words that introduce it. */
export interface Suggestion {
  readonly says: string;
  readonly code: string;
}

export function asMarkdown(view: CodeView, suggestion: Suggestion): string {
  return `${suggestion.says}\n\n${fence(suggestion.code, view.block.language.fence)}`;
}

/** One small change: a line that can be bettered, else a comment for what has none, else a name or a test. */
export function suggestChange(view: CodeView): Suggestion | undefined {
  const findings = findFindings(view).filter((finding) => finding.better !== undefined);
  const mended = findings.find((finding) => finding.weight === 'bug') ?? findings[0];
  if (mended !== undefined) {
    const around = declarationAt(view, mended.line);
    const lines = view.lines.map((line, index) => mended.better?.get(index)?.(line) ?? line);
    const place = around === undefined ? '' : ` of ${quote(around.name)}`;
    return {
      says: `One thing${place} is worth changing now, in line ${shown(view, mended.line)}:`,
      code: around === undefined ? lines.join('\n') : lines.slice(around.first, around.last + 1).join('\n'),
    };
  }
  const silent = documentable(view)[0];
  if (silent !== undefined) {
    return {
      says: `${quote(silent.name)} says nothing about itself yet. With a comment, and otherwise unchanged, it reads:`,
      code: documented(view, silent),
    };
  }
  if (view.declarations.length === 0) return named(view);
  const tests = testSkeleton(view);
  return tests === undefined
    ? undefined
    : { says: `What is still missing is a test (for ${tests.framework}):`, code: tests.code };
}

/** Statements without a function around them get one. */
function named(view: CodeView): Suggestion | undefined {
  const { family } = view.block.language;
  if ((family !== 'script' && family !== 'python') || !isBalanced(view.bare.join('\n'))) return undefined;
  const indents = view.lines
    .filter((line) => line.trim() !== '')
    .map((line) => /^\s*/u.exec(line)?.[0].length ?? 0);
  if (indents.length === 0) return undefined;
  const outer = ' '.repeat(Math.min(...indents));
  const step = family === 'python' ? '    ' : '  ';
  const body = view.lines.map((line) => (line.trim() === '' ? '' : `${step}${line}`));
  const isAsync = /\bawait\b/u.test(view.bare.join('\n')) ? 'async ' : '';
  return {
    says: 'These lines have no name of their own. As a function they can be called, tested and found again:',
    code:
      family === 'python'
        ? [`${outer}${isAsync}def step():`, ...body].join('\n').trimEnd()
        : [`${outer}${isAsync}function step() {`, ...body, `${outer}}`].join('\n'),
  };
}

/** Whether every bracket closes; a selection that begins or ends inside a block does not. */
function isBalanced(bare: string): boolean {
  let depth = 0;
  for (const character of bare) {
    if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}

/** The whole code with a comment on everything that lacks one. */
export function suggestComments(view: CodeView): Suggestion | undefined {
  const silent = documentable(view);
  if (silent.length === 0) return undefined;
  const insertions = silent.flatMap((declaration) => docInsertion(view, declaration) ?? []);
  const names = silent.map((declaration) => quote(declaration.name));
  return {
    says: `Only comments are new (${names.join(', ')}); no line of code has changed:`,
    code: insertAll(view.lines, insertions).join('\n'),
  };
}

/** The whole code with the reported problems, or else the mechanical findings, taken care of; and what was done. */
export function suggestFix(
  view: CodeView,
  prose: string,
): { readonly code: string; readonly done: readonly string[]; readonly open: readonly Problem[] } {
  const lines: (string | undefined)[] = [...view.lines];
  const done: string[] = [];
  const open: Problem[] = [];
  const problems = findProblems(prose);
  for (const problem of problems) {
    // Later problems see the lines as the earlier ones left them.
    const repair = repairOf(problem, { ...view, lines: lines.map((line) => line ?? '') });
    if (repair === undefined) {
      open.push(problem);
      continue;
    }
    for (const [line, text] of repair.changes) lines[line] = text;
    done.push(`**Line ${problem.line}:** ${repair.says}`);
  }
  const findings =
    problems.length > 0 ? [] : findFindings(view).filter((finding) => finding.better !== undefined);
  for (const finding of findings) {
    for (const [line, change] of finding.better ?? []) lines[line] = change(lines[line] ?? '');
    done.push(`**Line ${shown(view, finding.line)}:** ${finding.says}`);
  }
  return { code: lines.filter((line) => line !== undefined).join('\n'), done, open };
}

function declarationAt(view: CodeView, line: number): Declaration | undefined {
  return view.declarations.findLast((one) => isCallable(one) && one.first <= line && one.last >= line);
}

/** Functions and types without a comment that are not hidden inside a function; functions first. */
function documentable(view: CodeView): readonly Declaration[] {
  const silent = view.declarations.filter(
    (one) =>
      !one.hasDoc &&
      docInsertion(view, one) !== undefined &&
      !view.declarations.some(
        (other) => isCallable(other) && other.first < one.first && other.last >= one.last,
      ),
  );
  return [...silent.filter(isCallable), ...silent.filter((one) => !isCallable(one))];
}

export function weightOf(finding: Finding): string {
  return { bug: 'Bug', risk: 'Risk', style: 'Style' }[finding.weight];
}
