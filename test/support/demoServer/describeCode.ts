import { type CodeView, enumerate, lineRange, plural, quote, shown } from './codeView.ts';
import { type Declaration, isCallable } from './declaration.ts';
import { findFindings, nesting } from './findings.ts';
import { narrate } from './narrate.ts';
import type { Parameter } from './parameters.ts';
import { sentenceFor } from './phrases.ts';

/** "`src/cart.ts`, lines 3–24" */
export function where(view: CodeView): string {
  const { path } = view.block;
  return path === undefined
    ? `this code (${plural(view.lines.length, 'line')})`
    : `${quote(path)}, ${lineRange(view, 0, view.lines.length - 1)}`;
}

/** How much code it is, in what language, and what it declares: the end of a sentence. */
export function contents(view: CodeView): string {
  const kinds = new Map<string, number>();
  for (const { kind } of view.declarations) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const parts = [...kinds].map(([kind, count]) =>
    plural(count, kind, kind.endsWith('s') ? `${kind}es` : `${kind}s`),
  );
  const { name } = view.block.language;
  const amount = `${plural(view.lines.length, 'line')}${name === '' ? '' : ` of ${name}`}`;
  if (parts.length > 0) return `${amount} with ${enumerate(parts)}.`;
  const keys = topLevelKeys(view);
  return keys.length === 0
    ? `${amount}.`
    : `${amount}. The top level has ${enumerate(keys.slice(0, 6).map(quote))}.`;
}

/** Keys of data and configuration files: what stands before a colon or an equals sign with the least indentation. */
function topLevelKeys(view: CodeView): readonly string[] {
  if (view.block.language.family !== 'plain') return [];
  const keys = view.lines.flatMap((line) => {
    const match = /^(\s*)["']?([A-Za-z_][\w.-]*)["']?\s*[:=](?!\/\/)/u.exec(line);
    return match === null ? [] : [{ indent: match[1]?.length ?? 0, key: match[2] ?? '' }];
  });
  const least = Math.min(...keys.map(({ indent }) => indent));
  return [...new Set(keys.filter(({ indent }) => indent === least).map(({ key }) => key))];
}

/** A paragraph about one declaration, and a list of what its body does, in at most `steps` lines. */
export function aboutDeclaration(view: CodeView, declaration: Declaration, steps: number): string {
  if (!isCallable(declaration)) return aboutType(view, declaration);
  const list = narrate(view, declaration, steps);
  return [aboutCallable(view, declaration), ...(list.length === 0 ? [] : [list.join('\n')])].join('\n\n');
}

function aboutCallable(view: CodeView, declaration: Declaration): string {
  const parameters = declaration.parameters.map((parameter) => quote(signatureOf(parameter)));
  const takes = parameters.length === 0 ? 'It takes nothing' : `It takes ${enumerate(parameters)}`;
  const gives = declaration.result === undefined ? '' : ` and returns ${quote(declaration.result)}`;
  const depth = nesting(view, declaration);
  const notes = [
    lineRange(view, declaration.first, declaration.last),
    declaration.isAsync ? 'asynchronous' : '',
    depth > 1 ? `nested ${depth} levels deep` : '',
    declaration.hasDoc ? 'documented' : 'no documentation comment',
  ].filter((note) => note !== '');
  return `${sentenceFor(declaration)} ${takes}${gives} (${notes.join(', ')}).`;
}

function signatureOf(parameter: Parameter): string {
  const type = parameter.type === undefined ? '' : `: ${parameter.type}`;
  return `${parameter.name}${type}${parameter.fallback === undefined ? '' : ` = ${parameter.fallback}`}`;
}

function aboutType(view: CodeView, declaration: Declaration): string {
  const methods = view.declarations.filter((one) => one.owner === declaration.name).length;
  const fields = fieldsOf(view, declaration);
  const holds = fields.length === 0 ? '' : ` holds ${enumerate(fields.slice(0, 6).map(quote))}`;
  const range = `(${lineRange(view, declaration.first, declaration.last)})`;
  const has = methods === 0 ? '' : `${holds === '' ? '' : ' and'} has ${plural(methods, 'method')}`;
  const says = `${holds}${has}` === '' ? ' is declared here' : `${holds}${has}`;
  return `The ${declaration.kind} ${quote(declaration.name)} ${range}${says}.`;
}

/** Names of the fields that stand directly in a type, where a name begins the line. */
function fieldsOf(view: CodeView, declaration: Declaration): readonly string[] {
  const isPython = view.block.language.family === 'python';
  const body = view.bare.slice(declaration.first + 1, declaration.last + (isPython ? 1 : 0));
  const indents = body
    .filter((line) => line.trim() !== '')
    .map((line) => /^\s*/u.exec(line)?.[0].length ?? 0);
  const least = Math.min(...indents);
  const shapes: Partial<Record<string, RegExp>> = {
    script: /^\s*(?:(?:readonly|public|private|protected|static)\s+)*(#?[\w$]+)[?!]?\s*(?::|=(?!>)|;)/u,
    rust: /^\s*(?:pub(?:\([^)]*\))?\s+)?(\w+)\s*:/u,
    go: /^\s*([A-Za-z]\w*)\s+[\w*[\]]/u,
    java: /^\s*(?:(?:private|public|protected|final|static)\s+)+[\w<>[\], ]+?\s(\w+)\s*[;=]/u,
    c: /^\s*[\w\s*]+?[\s*](\w+)(?:\[[^\]]*\])?;/u,
    python: /^\s*(\w+)\s*:\s*[\w"]/u,
  };
  const shape = shapes[view.block.language.family];
  if (shape === undefined || declaration.kind === 'enum') return [];
  return body
    .filter((line) => (/^\s*/u.exec(line)?.[0].length ?? 0) === least)
    .flatMap((line) => shape.exec(line)?.[1] ?? []);
}

/** A table of up to eight declarations. */
export function table(view: CodeView): string {
  if (view.declarations.length === 0) return '';
  const cell = (text: string) => quote(text).replaceAll('|', String.raw`\|`);
  const rows = view.declarations.slice(0, 8).map((one) => {
    const names = one.parameters.map((parameter) => cell(parameter.name)).join(', ');
    const parameters = isCallable(one) ? names || 'none' : '';
    const result = one.result === undefined ? '' : cell(one.result);
    return `| ${cell(one.name)} | ${one.kind} | ${shown(view, one.first)}–${shown(view, one.last)} | ${parameters} | ${result} |`;
  });
  return ['| Name | Kind | Lines | Parameters | Returns |', '| --- | --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

/** Up to `limit` findings as a list under a heading, without those about comments; empty where there are none. */
export function worthKnowing(view: CodeView, limit: number): string {
  const notes = findFindings(view)
    .filter((finding) => finding.about !== 'comment')
    .slice(0, limit)
    .map((finding) => `- Line ${shown(view, finding.line)}: ${finding.says}`);
  return notes.length === 0 ? '' : `### Worth knowing\n\n${notes.join('\n')}`;
}

/** Code without declarations, line by line: a selection from the middle of a function, for example. */
export function aboutLines(view: CodeView, steps: number): string {
  if (view.declarations.length > 0) return '';
  const whole: Declaration = {
    kind: 'function',
    name: '',
    first: 0,
    last: view.lines.length - 1,
    bodyFirst: -1,
    parameters: [],
    isAsync: false,
    isPublic: false,
    hasDoc: true,
  };
  return narrate(view, whole, steps).join('\n');
}
