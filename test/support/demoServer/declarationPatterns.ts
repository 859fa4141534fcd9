import type { Declaration } from './declaration.ts';
import type { Family } from './language.ts';

/** How one kind of declaration looks in masked code. Groups: indent, name; owner and result where they stand before. */
export interface Pattern {
  readonly expression: RegExp;
  /** Undefined for what only encloses methods (`impl`). */
  readonly kind: Declaration['kind'] | undefined;
  /** The match ends after the opening parenthesis. */
  readonly takesParameters: boolean;
  /** May go on with `=>`. */
  readonly arrow?: boolean;
  /** Is a function even without `=>`. */
  readonly functionKeyword?: boolean;
  /** Is something else when no `{` follows. */
  readonly needsBody?: boolean;
  /** Only directly inside an owner, or in code that shows no owner at all. */
  readonly insideOnly?: boolean;
  /** Encloses methods. */
  readonly owns?: boolean;
  readonly reject?: (name: string) => boolean;
}

const keywords = new Set(
  'if for while switch catch return function with do else new typeof await throw case super sizeof match loop unsafe synchronized using lock foreach yield'.split(
    ' ',
  ),
);
const isKeyword = (name: string) => keywords.has(name);

const type = (expression: RegExp, kind: Declaration['kind'] | undefined, owns = false): Pattern => ({
  expression,
  kind,
  takesParameters: false,
  ...(owns ? { owns } : {}),
});

const script: readonly Pattern[] = [
  type(
    /^(?<indent>[ \t]*)(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:abstract\s+)?class\s+(?<name>[\w$]+)/gmu,
    'class',
    true,
  ),
  type(/^(?<indent>[ \t]*)(?:export\s+)?(?:declare\s+)?interface\s+(?<name>[\w$]+)/gmu, 'interface'),
  type(/^(?<indent>[ \t]*)(?:export\s+)?(?:declare\s+)?type\s+(?<name>[\w$]+)(?=\s*[=<])/gmu, 'type'),
  type(/^(?<indent>[ \t]*)(?:export\s+)?(?:declare\s+)?(?:const\s+)?enum\s+(?<name>[\w$]+)/gmu, 'enum'),
  {
    expression:
      /^(?<indent>[ \t]*)(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:async\s+)?function\s*\*?\s*(?<name>[\w$]+)\s*(?:<[^(]*>)?\s*\(/gmu,
    kind: 'function',
    takesParameters: true,
  },
  {
    expression:
      /^(?<indent>[ \t]*)(?:export\s+)?(?:const|let|var)\s+(?<name>[\w$]+)\s*(?::[^=;\n]+(?:=>[^=;\n]+)?)?=\s*(?:async\s+)?function\s*\*?\s*[\w$]*\s*\(/gmu,
    kind: 'function',
    takesParameters: true,
  },
  {
    expression:
      /^(?<indent>[ \t]*)(?:export\s+)?(?:const|let|var)\s+(?<name>[\w$]+)\s*(?::[^=;\n]+(?:=>[^=;\n]+)?)?=\s*(?:async\s*)?(?:<[^(]*>\s*)?(?:\(|(?=[\w$]+\s*=>))/gmu,
    kind: 'function',
    takesParameters: true,
    arrow: true,
  },
  {
    expression:
      /^(?<indent>[ \t]*)(?:(?:public|private|protected|static|readonly|override|abstract|async|get|set)\s+)*\*?(?<name>#?[\w$]+)\s*(?:<[^(;=]*>)?\s*\(/gmu,
    kind: 'method',
    takesParameters: true,
    needsBody: true,
    insideOnly: true,
    reject: isKeyword,
  },
];

const go: readonly Pattern[] = [
  type(/^(?<indent>)type\s+(?<name>\w+)(?:\[[^\]]*\])?\s+struct\b/gmu, 'struct'),
  type(/^(?<indent>)type\s+(?<name>\w+)(?:\[[^\]]*\])?\s+interface\b/gmu, 'interface'),
  type(/^(?<indent>)type\s+(?<name>\w+)\s+(?!struct|interface)/gmu, 'type'),
  {
    expression:
      /^(?<indent>)func\s+(?:\(\s*(?:\w+\s+)?\*?(?<owner>\w+)[^)]*\)\s*)?(?<name>\w+)(?:\[[^\]]*\])?\s*\(/gmu,
    kind: 'function',
    takesParameters: true,
  },
];

const rust: readonly Pattern[] = [
  type(/^(?<indent>[ \t]*)(?:pub(?:\([^)]*\))?\s+)?struct\s+(?<name>\w+)/gmu, 'struct'),
  type(/^(?<indent>[ \t]*)(?:pub(?:\([^)]*\))?\s+)?enum\s+(?<name>\w+)/gmu, 'enum'),
  type(/^(?<indent>[ \t]*)(?:pub(?:\([^)]*\))?\s+)?trait\s+(?<name>\w+)/gmu, 'trait', true),
  type(/^(?<indent>[ \t]*)impl(?:<[^{]*?>)?\s+(?:[\w:<>', &]+\s+for\s+)?(?<name>\w+)/gmu, undefined, true),
  {
    expression:
      /^(?<indent>[ \t]*)(?:pub(?:\([^)]*\))?\s+)?(?:(?:const|async|unsafe|extern)\s+)*fn\s+(?<name>\w+)\s*(?:<[^(]*>)?\s*\(/gmu,
    kind: 'function',
    takesParameters: true,
  },
];

const modifiers = String.raw`(?:(?:public|private|protected|internal|static|final|abstract|sealed|virtual|override|async|synchronized|default|partial|readonly|unsafe|extern)\s+)*`;

const java: readonly Pattern[] = [
  type(
    new RegExp(String.raw`^(?<indent>[ \t]*)${modifiers}(?:class|record)\s+(?<name>\w+)`, 'gmu'),
    'class',
    true,
  ),
  type(
    new RegExp(String.raw`^(?<indent>[ \t]*)${modifiers}interface\s+(?<name>\w+)`, 'gmu'),
    'interface',
    true,
  ),
  type(new RegExp(String.raw`^(?<indent>[ \t]*)${modifiers}enum\s+(?<name>\w+)`, 'gmu'), 'enum', true),
  type(new RegExp(String.raw`^(?<indent>[ \t]*)${modifiers}struct\s+(?<name>\w+)`, 'gmu'), 'struct', true),
  {
    expression: new RegExp(
      String.raw`^(?<indent>[ \t]*)${modifiers}(?:<[^>]*>\s+)?(?:(?<result>[\w.]+(?:<[^;(){}=]*>)?(?:\[\])*\??)\s+)?(?<name>\w+)\s*(?:<\w+>)?\(`,
      'gmu',
    ),
    kind: 'method',
    takesParameters: true,
    needsBody: true,
    insideOnly: true,
    reject: isKeyword,
  },
];

const c: readonly Pattern[] = [
  type(/^(?<indent>[ \t]*)(?:typedef\s+)?struct\s+(?<name>\w+)\s*(?=\{)/gmu, 'struct', true),
  type(/^(?<indent>[ \t]*)(?:template\s*<[^>]*>\s*)?class\s+(?<name>\w+)(?=[^;(]*\{)/gmu, 'class', true),
  type(/^(?<indent>[ \t]*)enum\s+(?:class\s+)?(?<name>\w+)/gmu, 'enum'),
  {
    expression:
      /^(?<indent>[ \t]*)(?<result>(?:[\w:]+(?:<[^;(){}]*>)?[\s*&]+)+)(?:(?<owner>\w+)::)?(?<name>~?\w+)\s*\(/gmu,
    kind: 'function',
    takesParameters: true,
    needsBody: true,
    reject: isKeyword,
  },
];

const patterns: Readonly<Record<Family, readonly Pattern[]>> = {
  script,
  go,
  rust,
  java,
  c,
  python: [],
  plain: [],
};

export function patternsOf(family: Family): readonly Pattern[] {
  return patterns[family];
}

/** Whether `position` is directly in the body that opens at `open`; without an owner, outside of all braces. */
export function isInside(masked: string, position: number, open: number | undefined): boolean {
  let depth = 0;
  for (const character of masked.slice(open ?? 0, position)) {
    if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth -= 1;
  }
  return depth === (open === undefined ? 0 : 1);
}
