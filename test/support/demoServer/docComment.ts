import type { CodeView } from './codeView.ts';
import type { Declaration } from './declaration.ts';
import type { Parameter } from './parameters.ts';
import { sentenceFor, spoken } from './phrases.ts';

/** Lines to put in front of a line of the code, 0-based. */
export interface Insertion {
  readonly line: number;
  readonly lines: readonly string[];
}

/** The documentation comment of a declaration, in the manner of its language; undefined where there is no room for it. */
export function docInsertion(view: CodeView, declaration: Declaration): Insertion | undefined {
  const indent = /^[ \t]*/u.exec(view.lines[declaration.first] ?? '')?.[0] ?? '';
  if (view.block.language.family === 'python') return docstring(view, declaration, indent);
  const lines = docLines(view, declaration).map((line) => `${indent}${line}`.trimEnd());
  return lines.length === 0 ? undefined : { line: firstWithDecorators(view, declaration), lines };
}

/** The lines of a declaration as they stand, in their own indentation, with the comment added. */
export function documented(view: CodeView, declaration: Declaration): string {
  const first = firstWithDecorators(view, declaration);
  const insertion = docInsertion(view, declaration);
  return insertAll(view.lines, insertion === undefined ? [] : [insertion])
    .slice(first, declaration.last + 1 + (insertion?.lines.length ?? 0))
    .join('\n');
}

/** `lines` with all insertions made; they count the lines of the original. */
export function insertAll(lines: readonly string[], insertions: readonly Insertion[]): readonly string[] {
  const result = [...lines];
  for (const insertion of insertions.toSorted((one, other) => other.line - one.line)) {
    result.splice(insertion.line, 0, ...insertion.lines);
  }
  return result;
}

function firstWithDecorators(view: CodeView, declaration: Declaration): number {
  let first = declaration.first;
  while (first > 0 && /^\s*(?:@\w|#\[|\[\w+\]\s*$)/u.test(view.lines[first - 1] ?? '')) first -= 1;
  return first;
}

/** The comment alone, without indentation. */
function docLines(view: CodeView, declaration: Declaration): readonly string[] {
  const summary = sentenceFor(declaration);
  const { parameters, result } = declaration;
  const body = view.bare.slice(declaration.first, declaration.last + 1).join('\n');
  switch (view.block.language.family) {
    case 'script': {
      const tags = parameters.map((parameter) => `@param ${plainName(parameter)} - ${describe(parameter)}`);
      const value = result?.replace(/^Promise<([^]*)>$/u, '$1');
      if (returnsValue(body, value)) tags.push(`@returns ${returned(declaration)}`);
      for (const thrown of thrownIn(view, declaration)) tags.push(`@throws {${thrown.name}} ${thrown.when}`);
      return block([summary, ...(tags.length === 0 ? [] : ['', ...tags])]);
    }
    case 'java': {
      const tags = parameters.map((parameter) => `@param ${parameter.name} ${describe(parameter)}`);
      if (result !== undefined && result !== 'void') tags.push(`@return ${returned(declaration)}`);
      return block([summary, ...(tags.length === 0 ? [] : ['', ...tags])]);
    }
    case 'c': {
      const tags = parameters.map((parameter) => `@param ${parameter.name} ${describe(parameter)}`);
      if (result !== undefined && result.trim() !== 'void') tags.push(`@return ${returned(declaration)}`);
      return block([summary, ...(tags.length === 0 ? [] : ['', ...tags])]);
    }
    case 'rust': {
      const errors =
        result?.startsWith('Result') === true
          ? ['', '# Errors', '', 'Returns the error of the step that failed.']
          : [];
      const panics = /\.unwrap\(\)|\bpanic!/u.test(body)
        ? ['', '# Panics', '', 'Panics where a value is missing.']
        : [];
      return [summary, ...errors, ...panics].map((line) => `/// ${line}`.trimEnd());
    }
    case 'go':
      return [`// ${declaration.name} ${summary.slice(0, 1).toLowerCase()}${summary.slice(1)}`];
    case 'python':
    case 'plain':
      return [];
  }
}

function block(lines: readonly string[]): readonly string[] {
  const [only] = lines;
  if (lines.length === 1 && only !== undefined) return [`/** ${only} */`];
  return ['/**', ...lines.map((line) => ` * ${line}`.trimEnd()), ' */'];
}

function docstring(view: CodeView, declaration: Declaration, indent: string): Insertion | undefined {
  if (declaration.first === declaration.last) return undefined;
  const inner = /^[ \t]*/u.exec(view.lines[declaration.bodyFirst] ?? '')?.[0] ?? '';
  const { parameters, result } = declaration;
  const body = view.bare.slice(declaration.first, declaration.last + 1).join('\n');
  const sections: string[] = [];
  if (parameters.length > 0) {
    sections.push(
      '',
      'Args:',
      ...parameters.map((parameter) => `    ${plainName(parameter)}: ${describe(parameter)}`),
    );
  }
  if (declaration.kind !== 'class' && result !== 'None' && /\breturn\s+\S/u.test(body)) {
    sections.push('', 'Returns:', `    ${returned(declaration)}`);
  }
  const raised = declaration.kind === 'class' ? [] : thrownIn(view, declaration);
  if (raised.length > 0)
    sections.push('', 'Raises:', ...raised.map(({ name, when }) => `    ${name}: ${when}`));
  const summary = sentenceFor(declaration);
  const text = sections.length === 0 ? [`"""${summary}"""`] : [`"""${summary}`, ...sections, '"""'];
  if (declaration.kind === 'class') text.push('');
  return {
    line: declaration.bodyFirst,
    lines: text.map((line) => `${inner === '' ? `${indent}    ` : inner}${line}`.trimEnd()),
  };
}

function describe(parameter: Parameter): string {
  const rest = /^(?:\.{3}|\*)/u.test(parameter.name) ? 'Any number of ' : 'The ';
  const fallback = parameter.fallback === undefined ? '' : ` (default: ${parameter.fallback})`;
  return `${rest}${spoken(plainName(parameter))}${fallback}.`;
}

function plainName(parameter: Parameter): string {
  const name = parameter.name.replace(/^(?:\.{3}|\*+)/u, '');
  return /^\w+$/u.test(name) ? name : 'options';
}

function returned(declaration: Declaration): string {
  const result = declaration.result ?? '';
  const inner = /^(?:Promise|Future|Task)<([^]*)>$/u.exec(result)?.[1];
  const what = (type: string) => (type === '' ? 'The result.' : `A value of type \`${type}\`.`);
  if (/^bool(?:ean)?$/u.test(result)) {
    return /^(?:is|has|can|should|are)(?=[A-Z_])/u.test(declaration.name)
      ? 'Whether that is so.'
      : 'A truth value.';
  }
  return inner === undefined && !declaration.isAsync
    ? what(result)
    : `A promise of ${what(inner ?? result).replace(/^A |^T/u, (start) => start.toLowerCase())}`;
}

function returnsValue(body: string, result: string | undefined): boolean {
  if (result !== undefined) return !['void', 'undefined', 'never'].includes(result);
  return /\breturn\s+[^;\s}]|=>\s*[^{\s]/u.test(body);
}

interface Thrown {
  readonly name: string;
  /** The condition in front of it, as a sentence. */
  readonly when: string;
}

/** The errors that a body throws or raises itself, each once. */
function thrownIn(view: CodeView, declaration: Declaration): readonly Thrown[] {
  const thrown = new Map<string, Thrown>();
  for (let line = declaration.first; line <= declaration.last; line += 1) {
    const name = /\b(?:throw\s+new|raise)\s+([A-Z]\w*)/u.exec(view.bare[line] ?? '')?.[1];
    if (name === undefined || thrown.has(name)) continue;
    const around = `${line > declaration.first ? (view.lines[line - 1] ?? '') : ''}\n${view.lines[line] ?? ''}`;
    const condition = /\bif\s*\(([^\n]*?)\)\s*\{?\s*throw\b|\bif\s+([^\n]+?):\s*raise\b/u.exec(around);
    const text = condition?.[1] ?? condition?.[2];
    thrown.set(name, {
      name,
      when: text === undefined ? 'When a check in the body fails.' : `If \`${text.trim()}\`.`,
    });
  }
  return [...thrown.values()];
}
