import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { tokenize, type TokenKind } from '../../webview/markdown/tokenize.ts';
import { sized } from '../support/sized.ts';

/** For each language a piece of code, and some of its tokens with what they are. */
const samples: readonly (readonly [
  language: string,
  code: string,
  tokens: Readonly<Record<string, TokenKind>>,
])[] = [
  [
    'ts',
    'const a: Map<string, T> = await f(`x${1}`); // c',
    { const: 'keyword', Map: 'type', f: 'function', '// c': 'comment' },
  ],
  [
    'js',
    "return null ?? /re/g.test('s');",
    { return: 'keyword', null: 'constant', '/re/g': 'string', test: 'function' },
  ],
  [
    'tsx',
    'const e = <div className="a">it {f(1)} b</div>;\nlet b = 1;',
    { className: 'type', '"a"': 'string', let: 'keyword', f: 'function' },
  ],
  ['json', '{ "a": [1, true, "s"] }', { '1': 'number', true: 'constant', '"s"': 'string' }],
  [
    'python',
    '@d\ndef f(x: int):\n    """doc"""\n    return None  # c',
    { def: 'keyword', '"""doc"""': 'string', '# c': 'comment', '@d': 'meta' },
  ],
  ['go', 'func main() { var s string = "x" } // c', { func: 'keyword', '"x"': 'string', '// c': 'comment' }],
  [
    'rust',
    'fn main() { let x = 1; println!("a"); }',
    { 'println!': 'function', '1': 'number', '"a"': 'string' },
  ],
  ['java', 'public class A { int x = 1; /* c */ }', { '1': 'number', '/* c */': 'comment' }],
  ['c', '#include <a.h>\nint main(void) { return 0; }', { '0': 'number', return: 'keyword' }],
  ['cpp', 'auto x = std::string("a"); // c', { '"a"': 'string', '// c': 'comment' }],
  ['csharp', 'public async Task F() => await G("x");', { '"x"': 'string', await: 'keyword' }],
  [
    'css',
    '.a:hover { color: red; margin: 0 4px }\n/* c */',
    { color: 'type', '4px': 'number', '/* c */': 'comment' },
  ],
  ['scss', '$a: 1px;\n.b { &:hover { @include m($a); } } // c', { '@include': 'keyword', '// c': 'comment' }],
  [
    'html',
    '<p class="a">x</p><script>const a = 1;</script><b>y</b>',
    { class: 'type', '"a"': 'string', const: 'keyword', '1': 'number' },
  ],
  ['xml', '<a b="c"><!-- d --></a>', { b: 'type', '"c"': 'string', '<!-- d -->': 'comment' }],
  ['bash', 'for f in *; do echo "$f"; done # c', { for: 'keyword', '# c': 'comment' }],
  [
    'sql',
    "SELECT a FROM t WHERE b = 'it''s' -- c\nselect 1",
    { SELECT: 'keyword', "'it''s'": 'string', '-- c': 'comment', '1': 'number' },
  ],
  ['yaml', 'a: "b" # c\nd: true', { '"b"': 'string', '# c': 'comment' }],
  ['toml', 'a = "b" # c', { '"b"': 'string', '# c': 'comment' }],
  ['markdown', '# T\ntext `c`\n```js\nx\n```\nend', { '# T': 'heading', '`c`': 'string', x: 'string' }],
  ['diff', '-a\n+b\n c', { '-a': 'deleted', '+b': 'inserted' }],
  [
    'php',
    '<?php\n$a = "x"; // c\nfunction f(): void { return null; }',
    { function: 'keyword', '"x"': 'string', '// c': 'comment', null: 'constant' },
  ],
  ['ruby', "def f(x)\n  'a' # c\nend", { def: 'keyword', "'a'": 'string', '# c': 'comment' }],
  ['swift', 'func f() -> Int { return 1 } // c', { func: 'keyword', '1': 'number', '// c': 'comment' }],
  ['kotlin', 'fun f(): Int = 1 // c', { fun: 'keyword', '1': 'number', '// c': 'comment' }],
  ['dockerfile', 'FROM node:22\n# c\nRUN npm ci', { FROM: 'keyword', '# c': 'comment', RUN: 'keyword' }],
  [
    'makefile',
    'CC = gcc\nall: $(OBJ)\n\t@echo "x" # c\nifdef A\nendif',
    { CC: 'type', all: 'function', ifdef: 'keyword' },
  ],
  ['lua', 'local a = "b" -- c', { local: 'keyword', '"b"': 'string', '-- c': 'comment' }],
  ['powershell', '# c\nGet-Item "a" | Where-Object { $_ }', { '# c': 'comment' }],
  ['ini', '; c\n[a]\nb=1', { '; c': 'comment' }],
];

function tokensOf(language: string, code: string) {
  return [...(tokenize(language, code) ?? [])];
}

test('every language tells its tokens apart', () => {
  for (const [language, code, expected] of samples) {
    const tokens = tokensOf(language, code).flat();
    for (const [text, kind] of Object.entries(expected)) {
      const found = tokens.find((token) => token.text.trim() === text);
      assert.equal(found?.kind, kind, `${language}: ${text} in ${JSON.stringify(tokens)}`);
    }
  }
});

test('lines of tokens are the lines of the text, in every language and for any text', () => {
  const piece = fc.constantFrom(
    ...samples.flatMap(([, code]) => code.split(/(?<=\s)/u)),
    ...[
      '\n',
      ' ',
      '\t',
      '"',
      "'",
      '`',
      '${',
      '}',
      '{',
      '<',
      '>',
      '</',
      '/*',
      '*/',
      '//',
      '#',
      '-->',
      '<!--',
      '"""',
      '\\',
      '😀',
      '\u202E',
      '<script>',
      '</style>',
      '<div',
      '/>',
      '(',
      '[',
    ],
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...samples.map(([language]) => language)),
      fc.array(piece, { maxLength: 40 }),
      (language, pieces) => {
        const text = pieces.join('');
        const lines = tokensOf(language, text).map((tokens) => tokens.map((token) => token.text).join(''));
        assert.equal(lines.join('\n'), text);
      },
    ),
    { numRuns: sized(2_000) },
  );
});

test('tokens of a text are the same whatever was read before it, and in between', () => {
  const odd = ['### ###\n  const value90 = compute(90);\n', '# a ? b\n@ `', '/*\n${', '\\ ` "', 'x', '`${'];
  const others = [...odd, ...samples.map(([, code]) => code)];
  for (const [language, code] of samples) {
    for (const text of [...odd, code]) {
      const alone = JSON.stringify(tokensOf(language, text));
      for (const other of others) {
        tokensOf(language, other);
        assert.equal(JSON.stringify(tokensOf(language, text)), alone, `${language}: ${text} behind ${other}`);
        const between = (tokenize(language, other) ?? [])[Symbol.iterator]();
        const mixed = [];
        for (const line of tokenize(language, text) ?? []) {
          mixed.push(line);
          between.next();
        }
        assert.equal(JSON.stringify(mixed), alone, `${language}: ${text} between ${other}`);
      }
    }
  }
});

test('names that models write are known, whatever their case', () => {
  for (const name of [
    'TypeScript',
    'c++',
    'C#',
    'sh',
    'shell',
    'yml',
    'PY',
    'golang',
    'docker',
    'objc',
    'jsonc',
    'patch',
    'vue',
    'ps1',
  ]) {
    assert.notEqual(tokenize(name, 'x'), undefined, name);
  }
});

test('R22: an unknown language has no tokens', () => {
  for (const name of ['', 'text', 'mermaid', 'brainfuck', '__proto__', 'constructor', 'a b']) {
    assert.equal(tokenize(name, 'x'), undefined, name);
  }
});

test('lines are read only when they are asked for', () => {
  const lines = tokenize('ts', 'const a = 1;\n'.repeat(1_000_000));
  const iterator = lines?.[Symbol.iterator]();
  const before = process.cpuUsage();
  for (let count = 0; count < 10; count += 1) iterator?.next();
  const { user, system } = process.cpuUsage(before);
  assert.ok(user + system < 1_000_000, 'ten lines of a million take no second');
});

test('an element in JavaScript ends where it ends, and "less than" is none', () => {
  const kindOf = (code: string, text: string) =>
    tokensOf('tsx', code)
      .flat()
      .find((token) => token.text.trim() === text)?.kind;
  assert.equal(kindOf('const a = b < c; const d = 1;', '1'), 'number');
  assert.equal(kindOf('const f = <T,>(x: T) => x; const d = 1;', '1'), 'number');
  assert.equal(kindOf('return <A b={{ c: 1 }} d="e"/>; const g = null;', 'null'), 'constant');
  assert.equal(kindOf("const a = <><b/>it's</>; const c = null;", 'null'), 'constant');
  assert.equal(kindOf('const a = <p>\n  {x ? <b>1</b> : null}\n</p>;\nconst c = 2;', '2'), 'number');
});
