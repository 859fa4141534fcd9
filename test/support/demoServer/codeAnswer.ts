import type { CodeBlock } from './codeBlock.ts';
import { capitalised, type CodeView, enumerate, fence, plural, quote, shown, viewCode } from './codeView.ts';
import { isCallable } from './declaration.ts';
import { aboutDeclaration, aboutLines, contents, table, where, worthKnowing } from './describeCode.ts';
import { findFindings } from './findings.ts';
import { pick } from './json.ts';
import { asMarkdown, suggestChange, suggestComments, suggestFix, weightOf } from './suggest.ts';
import { testSkeleton, testSubjects } from './testSkeleton.ts';

export type Intent = 'explain' | 'fix' | 'document' | 'test' | 'review' | 'ask';

/** Words that ask for something; the first of them in the question counts. */
const orders: readonly (readonly [Intent, RegExp])[] = [
  ['explain', /\bexplain\b|\bdescribe\b/iu],
  ['fix', /\bfix\b|\brepair\b|\bwhat is wrong\b/iu],
  ['document', /\bdocument(?:ation)?\b|\bdoc ?(?:string|comment)s?\b|\b(?:js|ts)doc\b|\badd comments?\b/iu],
  ['test', /^(?:unit )?tests?\b|\b(?:write|add|generate|create)\b[^.\n]{0,30}\btests?\b/iu],
  ['review', /\breview\b|\bcritique\b|\bimprove\b/iu],
];

/** What else tells what is wanted, when no order is given. */
const hints: readonly (readonly [Intent, RegExp])[] = [
  ['explain', /\bwhat (?:does|do)\b[^.?\n]*\bdo\b|\bhow (?:does|do)\b[^.?\n]*\bwork\b|\bwhat is this\b/iu],
  ['fix', /\bdiagnostics?\b|\bwhy\b.*\b(?:errors?|fails?)\b/iu],
  ['test', /\bunit tests?\b/iu],
];

/** What a question asks for. */
export function intentOf(prose: string): Intent {
  const question = questionOf(prose);
  for (const list of [orders, hints]) {
    const found = list
      .map(([intent, pattern]) => ({ intent, at: question.search(pattern) }))
      .filter(({ at }) => at >= 0)
      .toSorted((one, other) => one.at - other.at)[0];
    if (found !== undefined) return found.intent;
  }
  return 'ask';
}

/** The prose without the lists of problems that come along with code. */
function questionOf(prose: string): string {
  return prose.replaceAll(/(?:^[^\n]*:[ \t]*\n+)?(?:^[ \t]*[-*•][ \t][^\n]*(?:\n|$))+/gmu, '').trim();
}

/** Markdown about the code of a message. `variation` chooses the opening words, nothing else. */
export function codeAnswer(
  blocks: readonly [CodeBlock, ...CodeBlock[]],
  prose: string,
  variation: number,
): string {
  const [view, ...others] = blocks.map(viewCode) as [CodeView, ...CodeView[]];
  const sections = sectionsFor(intentOf(prose), view, prose, variation);
  for (const other of others) sections.push(`### Also sent: ${where(other)}`, capitalised(contents(other)));
  return sections.filter((section) => section !== '').join('\n\n');
}

/** Nothing but code: what an edit in place asks for. */
export function codeOnly(block: CodeBlock, prose: string): string {
  const view = viewCode(block);
  const fixed = suggestFix(view, prose);
  switch (intentOf(prose)) {
    case 'test':
      return testSkeleton(view)?.code ?? block.code;
    case 'fix':
      return fixed.code;
    case 'document':
      return suggestComments(view)?.code ?? block.code;
    case 'explain':
    case 'review':
    case 'ask':
      return fixed.done.length > 0 ? fixed.code : (suggestComments(view)?.code ?? block.code);
  }
}

function sectionsFor(intent: Intent, view: CodeView, prose: string, variation: number): string[] {
  switch (intent) {
    case 'explain':
      return explain(view, variation);
    case 'fix':
      return fix(view, prose);
    case 'document':
      return document(view);
    case 'test':
      return tests(view);
    case 'review':
      return review(view, variation);
    case 'ask':
      return ask(view, prose, variation);
  }
}

function explain(view: CodeView, variation: number): string[] {
  const opening = pick(
    ['Here is what it does, piece by piece.', 'Step by step:', 'From top to bottom:'],
    variation,
  );
  const callables = view.declarations.filter(isCallable).slice(0, 3);
  const types = view.declarations.filter((one) => !isCallable(one)).slice(0, 3);
  return [
    `${capitalised(where(view))}: ${contents(view)} ${callables.length > 0 ? opening : ''}`.trim(),
    types.map((one) => aboutDeclaration(view, one, 0)).join(' '),
    ...callables.map((one) => `### \`${one.name}\`\n\n${aboutDeclaration(view, one, 7)}`),
    aboutLines(view, 12),
    worthKnowing(view, 4),
    changeSection(view),
  ];
}

function fix(view: CodeView, prose: string): string[] {
  const { code, done, open } = suggestFix(view, prose);
  const unsolved = open.map(
    (problem) =>
      `- **Line ${problem.line}:** ${problem.message.replace(/[.\s]*$/u, '.')} This one needs a decision of yours: ${lineText(view, problem.line)}`,
  );
  const sections = [
    done.length === 0
      ? `I found nothing in ${where(view)} that I would change without knowing what it should do.`
      : `${capitalised(plural(done.length, 'change'))} in ${where(view)}:`,
    done.map((line) => `- ${line}`).join('\n'),
    unsolved.length === 0 ? '' : `Still open:\n\n${unsolved.join('\n')}`,
  ];
  if (done.length > 0) sections.push(fence(code, view.block.language.fence));
  else sections.push(changeSection(view));
  return sections;
}

function document(view: CodeView): string[] {
  const comments = suggestComments(view);
  if (comments !== undefined) return [asMarkdown(view, comments)];
  const named =
    view.declarations.length === 0
      ? 'I see nothing here that takes a documentation comment'
      : 'Everything here is documented already';
  return [`${named} (${where(view)}). As it stands:`, fence(view.block.code, view.block.language.fence)];
}

function tests(view: CodeView): string[] {
  const skeleton = testSkeleton(view);
  if (skeleton === undefined)
    return [
      `${capitalised(where(view))}: ${contents(view)} There is no function to call, so there is nothing to test on its own.`,
    ];
  const names = testSubjects(view).map((one) => quote(one.name));
  return [
    `Tests for ${enumerate(names)}, written for ${skeleton.framework}. The values you expect are left open: I cannot run the code.`,
    fence(skeleton.code, view.block.language.fence),
    'Cases worth adding:',
    [
      '- nothing at all: an empty list, an empty text, zero',
      '- the largest and the smallest value that is allowed',
      '- what the function refuses, and how it says so',
    ].join('\n'),
  ];
}

function review(view: CodeView, variation: number): string[] {
  const all = findFindings(view);
  const findings = all.filter((finding) => finding.about !== 'comment');
  const opening = pick(['I read', 'I went through', 'I looked at'], variation);
  const list = findings.map(
    (finding) => `- **Line ${shown(view, finding.line)}** · ${weightOf(finding)}: ${finding.says}`,
  );
  const silent = view.declarations.filter((one) =>
    all.some((finding) => finding.about === 'comment' && finding.line === one.first),
  );
  if (silent.length > 0) {
    const lines = silent.map((one) => shown(view, one.first)).join(', ');
    list.push(
      `- **${silent.length === 1 ? 'Line' : 'Lines'} ${lines}** · Style: ${enumerate(silent.map((one) => quote(one.name)))} can be used from elsewhere without a documentation comment.`,
    );
  }
  return [
    list.length === 0
      ? `${opening} ${where(view)} and have nothing to object to.`
      : `${opening} ${where(view)}: ${plural(list.length, 'remark')}.`,
    list.join('\n'),
    changeSection(view),
  ];
}

function ask(view: CodeView, prose: string, variation: number): string[] {
  const question = questionOf(prose).split('\n')[0];
  const opening = pick(['Looking at', 'About', 'On'], variation);
  const first = view.declarations.find(isCallable) ?? view.declarations[0];
  return [
    question === undefined || question === '' ? '' : `> ${question}`,
    `${opening} ${where(view)}: ${contents(view)}`,
    view.declarations.length > 1 ? table(view) : '',
    first === undefined
      ? aboutLines(view, 6)
      : `### \`${first.name}\`\n\n${aboutDeclaration(view, first, 4)}`,
    worthKnowing(view, 3),
    changeSection(view),
  ];
}

function changeSection(view: CodeView): string {
  const change = suggestChange(view);
  return change === undefined ? '' : `### A small change\n\n${asMarkdown(view, change)}`;
}

function lineText(view: CodeView, line: number): string {
  const text = view.lines[line - view.block.firstLine];
  return text === undefined || text.trim() === '' ? 'it is not in the lines you sent.' : quote(text);
}
