import type { Parameter } from './parameters.ts';

/** Something that a piece of code declares. Lines are 0-based within the code and inclusive. */
export interface Declaration {
  readonly kind: 'function' | 'method' | 'class' | 'interface' | 'type' | 'enum' | 'struct' | 'trait';
  readonly name: string;
  /** The class, struct or trait that a method belongs to, where it can be seen. */
  readonly owner?: string;
  /** Of the first line of the header, after its comment and decorators. */
  readonly first: number;
  readonly last: number;
  /** Line on which the body begins: that of its `{`, or the first statement in Python. */
  readonly bodyFirst: number;
  readonly parameters: readonly Parameter[];
  readonly result?: string;
  readonly isAsync: boolean;
  readonly isPublic: boolean;
  readonly hasDoc: boolean;
}

export function isCallable(declaration: Declaration): boolean {
  return declaration.kind === 'function' || declaration.kind === 'method';
}

export function lineCount(declaration: Declaration): number {
  return declaration.last - declaration.first + 1;
}
