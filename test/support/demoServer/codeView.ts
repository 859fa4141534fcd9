import type { CodeBlock } from './codeBlock.ts';
import type { Declaration } from './declaration.ts';
import { findDeclarations } from './findDeclarations.ts';
import { maskCode } from './maskCode.ts';

/** A block of code, read once. Line numbers of lists are 0-based; `shown` turns them into those of the file. */
export interface CodeView {
  readonly block: CodeBlock;
  readonly lines: readonly string[];
  /** The same lines without comments and texts. */
  readonly bare: readonly string[];
  readonly declarations: readonly Declaration[];
}

export function viewCode(block: CodeBlock): CodeView {
  return {
    block,
    lines: block.code.split('\n'),
    bare: maskCode(block.code, block.language.family).split('\n'),
    declarations: findDeclarations(block.code, block.language),
  };
}

/** The number of a line as the reader's editor shows it. */
export function shown(view: CodeView, line: number): number {
  return view.block.firstLine + line;
}

export function lineRange(view: CodeView, first: number, last: number): string {
  return first === last ? `line ${shown(view, first)}` : `lines ${shown(view, first)}–${shown(view, last)}`;
}

/** The lines of a declaration that are its body's, without comments and texts. */
export function bareBody(view: CodeView, declaration: Declaration): string {
  return view.bare.slice(declaration.first, declaration.last + 1).join('\n');
}

/** A fenced block that its content cannot close. */
export function fence(code: string, info: string): string {
  const longest = Math.max(2, ...(code.match(/`+/gu) ?? []).map((run) => run.length));
  const mark = '`'.repeat(longest + 1);
  return `${mark}${info}\n${code}\n${mark}`;
}

/** Inline code, also for text with backticks in it. */
export function quote(code: string): string {
  const text = code.trim().replaceAll(/\s+/gu, ' ');
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  const words = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
  return `${words[count] ?? count} ${count === 1 ? noun : nouns}`;
}

export function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** "a, b and c" */
export function enumerate(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}
