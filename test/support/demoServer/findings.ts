import { type CodeView, bareBody, plural, quote } from './codeView.ts';
import { type Declaration, isCallable, lineCount } from './declaration.ts';
import { lineRules } from './lineRules.ts';

/** Something worth saying in a review. `line` is 0-based within the code. */
export interface Finding {
  readonly line: number;
  readonly weight: 'bug' | 'risk' | 'style';
  /** Set on a missing documentation comment, of which there may be many. */
  readonly about?: 'comment';
  /** One or two sentences of markdown. */
  readonly says: string;
  /** The whole line as it should be, where one line is all that changes. */
  readonly better?: string;
}

/** What can be said truthfully about the code by looking at its lines, in their order. */
export function findFindings(view: CodeView): readonly Finding[] {
  const perLine = view.bare.flatMap((bare, line) =>
    lineRules(view.block.language).flatMap((rule) => {
      const text = view.lines[line] ?? '';
      const says = rule.finds({ bare, text, before: view.bare.slice(0, line) });
      if (says === undefined) return [];
      const better = rule.better?.(text);
      return [
        { line, weight: rule.weight, says, ...(better === undefined || better === text ? {} : { better }) },
      ];
    }),
  );
  const perDeclaration = view.declarations.flatMap((declaration) => aboutDeclaration(view, declaration));
  return [...perLine, ...perDeclaration].toSorted((one, other) => one.line - other.line);
}

function aboutDeclaration(view: CodeView, declaration: Declaration): readonly Finding[] {
  const found: Finding[] = [];
  const name = quote(declaration.name);
  const add = (weight: Finding['weight'], says: string) =>
    found.push({ line: declaration.first, weight, says });
  if (isCallable(declaration)) {
    const depth = nesting(view, declaration);
    if (depth > 3) add('style', `${name} nests ${depth} levels deep; an early return would flatten it.`);
    if (lineCount(declaration) > 40)
      add('style', `${name} is ${lineCount(declaration)} lines long: worth splitting.`);
    if (declaration.parameters.length > 4) {
      add(
        'style',
        `${name} takes ${plural(declaration.parameters.length, 'parameter')}; an object would read better.`,
      );
    }
    for (const unused of unusedParameters(view, declaration)) {
      add('risk', `${name} never uses its parameter ${quote(unused)}.`);
    }
  }
  if (!declaration.hasDoc && declaration.isPublic) {
    const says = `${name} can be used from elsewhere but has no documentation comment.`;
    found.push({ line: declaration.first, weight: 'style', about: 'comment', says });
  }
  return found;
}

/** How many blocks lie inside each other in the body. */
export function nesting(view: CodeView, declaration: Declaration): number {
  if (view.block.language.family === 'python') {
    const bodies = view.bare
      .slice(declaration.bodyFirst, declaration.last + 1)
      .filter((line) => line.trim() !== '');
    const indents = [...new Set(bodies.map((line) => /^\s*/u.exec(line)?.[0].length ?? 0))];
    return Math.max(0, indents.filter((indent) => indent > (indents[0] ?? 0)).length);
  }
  let depth = 0;
  let deepest = 0;
  for (const character of bareBody(view, declaration)) {
    if (character === '{') depth += 1;
    else if (character === '}') depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return Math.max(0, deepest - 1);
}

export function unusedParameters(view: CodeView, declaration: Declaration): readonly string[] {
  if (declaration.bodyFirst >= declaration.last && view.block.language.family !== 'python') return [];
  const text = view.lines.slice(declaration.first, declaration.last + 1).join('\n');
  return declaration.parameters
    .map((parameter) => parameter.name.replace(/^\.{3}|^\*+/u, ''))
    .filter((name) => /^[A-Za-z]\w*$/u.test(name) && occurrences(text, name) < 2)
    .filter(() => declaration.name !== 'constructor');
}

function occurrences(text: string, name: string): number {
  return text.match(new RegExp(String.raw`\b${name}\b`, 'gu'))?.length ?? 0;
}
