import { simpleMode, type Rule } from '@codemirror/legacy-modes/mode/simple-mode';

const comments: readonly Rule[] = [
  { regex: /\/\*/, token: 'comment', push: 'comment' },
  { regex: /\/\/.*/, token: 'comment' },
];
const literals: readonly Rule[] = [
  { regex: /"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?/, token: 'string' },
  { regex: /url\((?=[^"'\s)])/, token: 'variable', push: 'url' },
  { regex: /#[\da-f]{3,8}\b/i, token: 'atom' },
  { regex: /[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?(?:%|[a-z]+)?/i, token: 'number' },
  { regex: /!\s*(?:important|default|global)\b/i, token: 'keyword' },
  { regex: /--[\w-]+|\$[\w-]+|@\{?[\w-]+\}?/, token: 'def' },
  { regex: /[\w-]+/, token: 'variable' },
];

/** CSS, SCSS and Less, by their shape: names of properties are whatever stands before a colon. */
export const css = simpleMode({
  start: [
    ...comments,
    { regex: /@[\w-]+/, token: 'keyword' },
    { regex: /(?:--|\$)?[\w-]+(?=\s*:(?!\S*\s*[{,]|:)\s*[^;{]*(?:;|$|\}))/, token: 'type', push: 'value' },
    { regex: /::?[\w-]+/, token: 'keyword' },
    { regex: /[.#&%][\w-]*/, token: 'tag' },
    { regex: /\[/, push: 'attribute' },
    ...literals.slice(0, -2),
    { regex: /[\w-]+|\*/, token: 'tag' },
  ],
  value: [...comments, { regex: /[;}]/, pop: true }, { regex: /[^\S\n]+$/ }, ...literals],
  attribute: [{ regex: /\]/, pop: true }, ...literals],
  url: [
    { regex: /\)/, pop: true },
    { regex: /[^)]+/, token: 'string' },
  ],
  comment: [
    { regex: /.*?\*\//, token: 'comment', pop: true },
    { regex: /.+/, token: 'comment' },
  ],
});
