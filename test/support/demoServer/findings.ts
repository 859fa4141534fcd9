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
  /** What makes it better, where that is plain: for 0-based lines, what becomes of their text. May add lines. */
  readonly better?: ReadonlyMap<number, (text: string) => string>;
}

/** What can be said truthfully about the code by looking at its lines, in their order. */
export function findFindings(view: CodeView): readonly Finding[] {
  const perLine = view.bare.flatMap((bare, line) =>
    lineRules(view.block.language).flatMap((rule) => {
      const text = view.lines[line] ?? '';
      const says = rule.finds({ bare, text, before: view.bare.slice(Math.max(0, line - 60), line) });
      if (says === undefined) return [];
      const { weight, better } = rule;
      const helps = better !== undefined && better(text) !== text;
      return [{ line, weight, says, ...(helps ? { better: new Map([[line, better]]) } : {}) }];
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
  found.push(...sharedDefaults(view, declaration));
  if (!declaration.hasDoc && declaration.isPublic) {
    const says = `${name} can be used from elsewhere but has no documentation comment.`;
    found.push({ line: declaration.first, weight: 'style', about: 'comment', says });
  }
  return found;
}

/** Python makes a default value once; a list or dictionary is then shared by all calls. */
function sharedDefaults(view: CodeView, declaration: Declaration): readonly Finding[] {
  if (view.block.language.family !== 'python') return [];
  return declaration.parameters.flatMap(({ name, fallback = '' }): Finding[] => {
    if (!/^(?:\[\]|\{\}|set\(\)|list\(\)|dict\(\))$/u.test(fallback)) return [];
    const header = new RegExp(String.raw`(\b${name}\b[^,=)]*=\s*)(?:\[\]|\{\}|\w+\(\))`, 'u');
    const line = view.lines.findIndex((text, index) => index >= declaration.first && header.test(text));
    const body = view.bare.findIndex(
      (bare, index) => index >= declaration.bodyFirst && /^\s*[^\s"]/u.test(bare),
    );
    const indent = /^\s*/u.exec(view.lines[body] ?? '')?.[0] ?? '';
    return [
      {
        line: declaration.first,
        weight: 'bug',
        says: `The default of ${quote(name)} is made once and shared by all calls: what one call adds, the next one finds. ${quote('None')} and a line in the body are safe.`,
        ...(line >= 0 && line < body && body <= declaration.last
          ? {
              better: new Map([
                [line, (text: string) => text.replace(header, '$1None')],
                [
                  body,
                  (text: string) =>
                    `${indent}if ${name} is None:\n${indent}    ${name} = ${fallback}\n${text}`,
                ],
              ]),
            }
          : {}),
      },
    ];
  });
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

function unusedParameters(view: CodeView, declaration: Declaration): readonly string[] {
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
