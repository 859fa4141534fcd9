import { simpleMode } from '@codemirror/legacy-modes/mode/simple-mode';

const keywords =
  'abstract and as break callable case catch class clone const continue declare default do echo else elseif empty ' +
  'enddeclare endfor endforeach endif endswitch endwhile enum exit extends final finally fn for foreach from function ' +
  'global goto if implements include include_once instanceof insteadof interface isset list match namespace new or ' +
  'print private protected public readonly require require_once return static switch throw trait try unset use var ' +
  'while xor yield';
const types = 'array bool float int iterable mixed never object self string void';

/** PHP, with or without its opening tag. */
export const php = simpleMode({
  start: [
    { regex: /<\?(?:php|=)?|\?>/, token: 'meta' },
    { regex: /\/\/.*|#(?!\[).*/, token: 'comment' },
    { regex: /\/\*/, token: 'comment', push: 'comment' },
    { regex: /#\[/, token: 'meta' },
    { regex: /"/, token: 'string', push: 'double' },
    { regex: /'/, token: 'string', push: 'single' },
    { regex: /\$this\b/, token: 'atom' },
    { regex: /\$+\w+/, token: 'variable' },
    { regex: /(?:0x[\da-f_]+|0b[01_]+|\d[\d_]*\.?\d*(?:e[+-]?\d+)?)\b/i, token: 'number' },
    { regex: /(?:true|false|null|parent|__[A-Z]+__)\b/i, token: 'atom' },
    { regex: new RegExp(`(?:${types.replaceAll(' ', '|')})\\b`), token: 'type' },
    { regex: new RegExp(`(?:${keywords.replaceAll(' ', '|')})\\b`, 'i'), token: 'keyword' },
    { regex: /[A-Z]\w*(?=::|\s+\$|\s*[({|])|\\?(?:[A-Z]\w*\\)+\w+/, token: 'type' },
    { regex: /<\/?[a-z][\w-]*|\/?>(?=\s*(?:<|$))/, token: 'tag' },
    { regex: /[\p{L}_][\p{L}\p{N}_]*/u, token: 'variable' },
  ],
  double: [
    { regex: /(?:[^"\\]|\\.)*"/, token: 'string', pop: true },
    { regex: /.+/, token: 'string' },
  ],
  single: [
    { regex: /(?:[^'\\]|\\.)*'/, token: 'string', pop: true },
    { regex: /.+/, token: 'string' },
  ],
  comment: [
    { regex: /.*?\*\//, token: 'comment', pop: true },
    { regex: /.+/, token: 'comment' },
  ],
});
