import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { codeAnswer, intentOf } from '../support/demoServer/codeAnswer.ts';
import { parseMessage } from '../support/demoServer/codeBlock.ts';
import { viewCode } from '../support/demoServer/codeView.ts';
import { findDeclarations } from '../support/demoServer/findDeclarations.ts';
import { findProblems } from '../support/demoServer/problems.ts';
import { findLanguage } from '../support/demoServer/language.ts';
import { startDemoServer, type DemoServer } from '../support/demoServer/server.ts';
import { suggestComments } from '../support/demoServer/suggest.ts';
import { complete, textAt } from '../support/demoServer/testClient.ts';

let server: DemoServer;
before(async () => {
  server = await startDemoServer({ tokenDelayMs: 0 });
});
after(() => server.close());

/** What the server says to code with a question, and the blocks of code in it. */
async function ask(
  code: string,
  language: string,
  question: string,
  more: Readonly<Record<string, unknown>> = {},
) {
  const text = `From \`src/cart.${language}\`, lines 10-${9 + code.split('\n').length} (${language}):\n\n\`\`\`\`\`${language}\n${code}\n\`\`\`\`\`\n\n${question}`;
  const answer = await complete(server, { messages: [{ role: 'user', content: text }], ...more });
  const said = textAt(answer.json, 'choices.0.message.content');
  return { said, blocks: parseMessage(said).blocks };
}

const cart = `export interface Item {
  readonly price: number;
  readonly count: number;
}

export async function total(items: readonly Item[], discount = 0): Promise<number> {
  let sum = 0;
  for (const item of items) {
    if (item.price < 0) throw new RangeError('negative');
    sum += item.price * item.count;
  }
  // TODO: round
  return sum * (1 - discount);
}`;

describe('an answer about code', () => {
  test('names the file, the lines, the language and what is declared', async () => {
    const { said } = await ask(cart, 'ts', 'Explain what this code does and how.');
    assert.match(
      said,
      /^`src\/cart\.ts`, lines 10–23: 14 lines of TypeScript with one interface and one function\./u,
    );
    assert.match(said, /The interface `Item` \(lines 10–13\) holds `price` and `count`\./u);
    assert.match(
      said,
      /It takes `items: readonly Item\[\]` and `discount = 0` and returns `Promise<number>` \(lines 15–23, asynchronous, no documentation comment\)/u,
    );
    assert.match(said, /Line 17: goes through `items`, one `item` at a time\./u);
    assert.match(said, /Line 18: throws a `RangeError` if `item\.price < 0`\./u);
    assert.match(said, /Line 21: An open TODO: “round”\./u);
  });

  test('suggests a documented version with the signature and the body as they are', async () => {
    const { blocks } = await ask(cart, 'ts', 'What happens with an empty cart?');
    const [suggestion] = blocks;
    assert.equal(suggestion?.language.name, 'TypeScript');
    assert.equal(
      suggestion?.code,
      `/**
 * Works out the total of the items.
 *
 * @param items - The items.
 * @param discount - The discount (default: 0).
 * @returns A promise of a value of type \`number\`.
 * @throws {RangeError} If \`item.price < 0\`.
 */
${cart.split('\n').slice(5).join('\n')}`,
    );
  });

  test('keeps the indentation of a method and documents it above its decorators', async () => {
    const code = `class Cart {\n  @logged\n  add(item: Item): void {\n    this.items.push(item);\n  }\n}`;
    const { blocks } = await ask(code, 'ts', 'Write documentation comments for this code.');
    assert.equal(
      blocks[0]?.code,
      `/** Describes a cart. */\nclass Cart {\n  /**\n   * Adds the item.\n   *\n   * @param item - The item.\n   */\n  @logged\n  add(item: Item): void {\n    this.items.push(item);\n  }\n}`,
    );
  });

  test('writes a docstring in Python, inside the function', async () => {
    const code = `class Account:\n    def withdraw(self, amount: float) -> bool:\n        if amount <= 0:\n            raise ValueError("no")\n        return True`;
    const { blocks } = await ask(code, 'python', 'document this');
    assert.match(
      blocks[0]?.code ?? '',
      /^class Account:\n {4}"""Describes an account\."""\n\n {4}def withdraw\(self, amount: float\) -> bool:\n {8}"""Withdraws the amount\.\n\n {8}Args:\n {12}amount: The amount\.\n\n {8}Returns:\n {12}A truth value\.\n\n {8}Raises:\n {12}ValueError: If `amount <= 0`\.\n {8}"""\n {8}if amount <= 0:/u,
    );
  });

  test('reviews with the line numbers of the file and mends what is plain', async () => {
    const code = `export function check(a: any, unused: number) {\n  if (a == 1) console.log(a);\n  return 5 / a;\n}`;
    const { said, blocks } = await ask(code, 'ts', 'Review this code: correctness, edge cases.');
    assert.match(said, /- \*\*Line 10\*\* · Style: `any` switches type checking off/u);
    assert.match(said, /- \*\*Line 10\*\* · Risk: `check` never uses its parameter `unused`\./u);
    assert.match(said, /- \*\*Line 11\*\* · Bug: A loose comparison/u);
    assert.match(blocks[0]?.code ?? '', /\n {2}if \(a === 1\) console\.log\(a\);\n/u);
    const clean = await ask('/** Doubles. */\nexport const twice = (n: number) => 2 * n;', 'ts', 'Review');
    assert.match(clean.said, /nothing to object to/u);
  });

  test('fixes the problems that came with the code, and says which need a decision', async () => {
    const code = `import { b, c } from './b.ts';\nconst items = [1, 2];\nlet unused = 3;\nconst fixed = 1;\nfixed = 2;\nfor (const i of itemz) consle.log(i, b);\nconst x: number = "a";\nconst y = maybe.length`;
    const problems = [
      "- Line 10, warning: 'c' is declared but its value is never read. (ts)",
      "- Line 12, hint: 'unused' is declared but its value is never read.",
      "- Line 14, error: Cannot assign to 'fixed' because it is a constant.",
      "- Line 15, error: Cannot find name 'itemz'. Did you mean 'items'?",
      "- Line 16, error: Type 'string' is not assignable to type 'number'.",
      "- Line 17, error: 'maybe' is possibly 'undefined'.",
      '- Line 17, error: This is beyond me.',
      '- Line 99, error: Out of range.',
    ];
    const { said, blocks } = await ask(
      code,
      'ts',
      `Problems reported on these lines:\n${problems.join('\n')}\n\nFind what is wrong with this code and fix it.`,
    );
    assert.equal(
      blocks[0]?.code,
      `import { b } from './b.ts';\nconst items = [1, 2];\nlet fixed = 1;\nfixed = 2;\nfor (const i of items) consle.log(i, b);\nconst x: string = "a";\nconst y = maybe?.length`,
    );
    assert.match(said, /^Six changes in/u);
    assert.match(
      said,
      /Still open:\n\n- \*\*Line 17:\*\* This is beyond me\. This one needs a decision of yours: `const y = maybe\.length`\n- \*\*Line 99:\*\* Out of range\./u,
    );
  });

  test('fixes what it finds itself when no problems came along', async () => {
    const python =
      'def collect(x, seen=[]):\n    """Doc."""\n    try:\n        seen.append(x)\n    except:\n        pass\n    return 1 / x';
    const { blocks } = await ask(python, 'python', 'Find what is wrong with this code and fix it.');
    assert.equal(
      blocks[0]?.code,
      'def collect(x, seen=None):\n    """Doc."""\n    if seen is None:\n        seen = []\n    try:\n        seen.append(x)\n    except Exception:\n        pass\n    if x == 0:\n        return 0.0\n    return 1 / x',
    );
    const { said } = await ask('/** A. */\nexport const a = 1;', 'ts', 'fix');
    assert.match(said, /nothing in `src\/cart\.ts`, lines 10–11 that I would change/u);
  });

  test('writes tests that call the functions', async () => {
    const { said, blocks } = await ask(cart, 'ts', 'Write tests for this code.');
    assert.match(said, /^Tests for `total`, written for node:test\./u);
    assert.match(blocks[0]?.code ?? '', /import \{ total \} from '\.\/cart\.ts';/u);
    assert.match(
      blocks[0]?.code ?? '',
      /test\('total', async \(\) => \{\n {2}const result = await total\(\[\], 1\);/u,
    );
    const languages: readonly (readonly [string, string, RegExp])[] = [
      [
        'python',
        'def add(a: int, b: int):\n    return a + b',
        /def test_add\(\):\n {4}result = add\(1, 1\)/u,
      ],
      [
        'go',
        'func Add(a, b int) (int, error) {\n\treturn a + b, nil\n}',
        /func TestAdd\(t \*testing\.T\) \{\n\tgot, err := Add\(1, 1\)/u,
      ],
      [
        'rust',
        'fn add(a: i32, b: i32) -> i32 {\n    a + b\n}',
        /fn add_works\(\) \{\n {8}let result = add\(1, 1\);/u,
      ],
      [
        'java',
        'class Sum {\n  int add(int a, int b) {\n    return a + b;\n  }\n}',
        /void add\(\) \{\n {8}var result = subject\.add\(1, 1\);/u,
      ],
      ['c', 'int add(int a, int b) {\n  return a + b;\n}', /assert\(add\(1, 1\) == 0\);/u],
    ];
    for (const [language, code, expected] of languages) {
      assert.match((await ask(code, language, 'Write tests')).blocks[0]?.code ?? '', expected);
    }
  });

  test('tells a selection from the middle of a function line by line, and gives it a name', async () => {
    const { said, blocks } = await ask(
      '  const a = await load(path);\n  if (!a) return;',
      'ts',
      'What is this?',
    );
    assert.match(
      said,
      /1\. Line 10: waits for `load\(path\)` and keeps it as `a`\.\n2\. Line 11: returns early if `!a`\./u,
    );
    assert.equal(
      blocks[0]?.code,
      '  async function step() {\n    const a = await load(path);\n    if (!a) return;\n  }',
    );
  });

  test('about data names its keys', async () => {
    const { said } = await ask('name: x\non:\n  push: true', 'yaml', 'Explain');
    assert.match(said, /three lines of YAML\. The top level has `name` and `on`\./u);
  });

  test('about several blocks mentions all of them', async () => {
    const content =
      'File `a.py` (python):\n\n```python\ndef a(): pass\n```\n\nFile `b.py` (python):\n\n```python\ndef b(): pass\n```\n\nCompare them.';
    const answer = await complete(server, { messages: [{ role: 'user', content }] });
    assert.match(textAt(answer.json, 'choices.0.message.content'), /`a\.py`[^]*Also sent: `b\.py`/u);
  });

  test('is nothing but code when nothing but code is wanted', async () => {
    const code = 'export function add(a: number, b: number) {\n  return a + b;\n}';
    const rules = { role: 'system', content: 'Reply with only the code that replaces the selection.' };
    const content = `\`\`\`ts\n${code}\n\`\`\`\n\nAdd comments`;
    const fenced = await complete(server, { messages: [rules, { role: 'user', content }] });
    assert.match(textAt(fenced.json, 'choices.0.message.content'), /^```ts\n\/\*\*[^]*\n```$/u);
    const bare = {
      role: 'system',
      content: 'Reply with only the code that replaces the selection, without Markdown fences.',
    };
    const answer = await complete(server, { messages: [bare, { role: 'user', content }] });
    assert.match(textAt(answer.json, 'choices.0.message.content'), /^\/\*\*[^`]*\n\}$/u);
  });

  test('puts code with fences in it into a fence that it cannot close', async () => {
    const code = 'export function help() {\n  return `\n```js\ncode\n```\n````\n`;\n}';
    const { blocks } = await ask(code, 'ts', 'document');
    assert.equal(blocks.length, 1);
    assert.ok(blocks[0]?.code.endsWith(code));
  });
});

describe('the meaning of a question', () => {
  const questions: readonly (readonly [string, ReturnType<typeof intentOf>])[] = [
    ['Explain what this code does and how.', 'explain'],
    ['Find what is wrong with this code and fix it.', 'fix'],
    ['Write documentation comments for this code, in the style of its language.', 'document'],
    ['Write tests for this code.', 'test'],
    ['Review this code: correctness, edge cases, security, readability.', 'review'],
    ['What does this do?', 'explain'],
    ['Fix the failing test', 'fix'],
    ['tests', 'test'],
    ['Which of these is faster?', 'ask'],
    ['Problems reported on these lines:\n- Line 5, error: Write tests first\n\nExplain this.', 'explain'],
  ];
  for (const [question, intent] of questions) {
    test(`is ${intent}: ${question.split('\n').at(-1)}`, () => assert.equal(intentOf(question), intent));
  }
});

describe('declarations', () => {
  const names = (language: string, code: string) =>
    findDeclarations(code, findLanguage(language, undefined)).map(
      (one) =>
        `${one.isAsync ? 'async ' : ''}${one.kind} ${one.owner === undefined ? '' : `${one.owner}.`}${one.name}(${one.parameters.map((parameter) => parameter.name).join(', ')}) ${one.first + 1}-${one.last + 1}`,
    );

  test('of TypeScript and JavaScript are found, and nothing in comments and texts', () => {
    assert.deepEqual(
      names(
        'ts',
        [
          '// function commented(a) {}',
          "const text = 'function quoted(a) { }';",
          'const rule = /function re\\(\\{/u;',
          'export async function load({ path }: Options, ...rest: string[]): Promise<{ a: 1 }> {',
          "  return `${rest.map((x) => `{${x}`)} '`;",
          '}',
          'const add = (a: number, b = 2): number => a + b;',
          'const inc = x => x + 1;',
          'const sum = (1 + 2) * 3;',
          'export default class Shop<T> extends Base {',
          '  constructor(private readonly store: Store) { super(); }',
          '  get size() { return 1; }',
          '  static async open<K>(path: string): Promise<Shop<K>> {',
          '    if (path) { call(path); }',
          '    return new Shop(path);',
          '  }',
          '}',
          'type Fn = (a: number) => void;',
          'enum Color { Red }',
        ].join('\n'),
      ),
      [
        'async function load({ path }, ...rest) 4-6',
        'function add(a, b) 7-7',
        'function inc(x) 8-8',
        'class Shop() 10-17',
        'method Shop.constructor(store) 11-11',
        'method Shop.size() 12-12',
        'async method Shop.open(path) 13-16',
        'type Fn() 18-18',
        'enum Color() 19-19',
      ],
    );
  });

  test('of Python, Go, Rust, Java and C are found', () => {
    assert.deepEqual(
      names(
        'py',
        'class Cart(Base):\n    """Doc def x():"""\n\n    async def total(self, rate=0.2, *, key=None):\n        x = {\n            1: 2,\n        }\n        return x\n\ndef parse(text,\n          sep=","):\n    return text\n\nx = 1',
      ),
      ['class Cart() 1-8', 'async method Cart.total(rate, key) 4-8', 'function parse(text, sep) 10-12'],
    );
    assert.deepEqual(
      names(
        'go',
        'type Server struct {\n\tport int\n}\n\nfunc (s *Server) listen(a, b int, c ...string) (int, error) {\n\tif a > b {\n\t\treturn 1, nil\n\t}\n\treturn 0, nil\n}',
      ),
      ['struct Server() 1-3', 'method Server.listen(a, b, c) 5-10'],
    );
    assert.deepEqual(
      names(
        'rust',
        "pub struct P { x: f64 }\nimpl<T> Show for P {\n    pub async fn norm<'a>(&'a mut self, mut k: Map<String, u8>) -> f64 where T: Foo { let c = '{'; 0.0 }\n}\nfn main() {}",
      ),
      ['struct P() 1-1', 'async method P.norm(k) 3-3', 'function main() 5-5'],
    );
    assert.deepEqual(
      names(
        'java',
        'public class Cart<T> {\n    public Cart(List<T> items) { this.items = items; }\n    @Override\n    public static Map<String, T> group(final List<T> items, int[] n) throws IOException {\n        if (items == null) { return foo(bar); }\n        return null;\n    }\n}',
      ),
      ['class Cart() 1-8', 'method Cart.Cart(items) 2-2', 'method Cart.group(items, n) 4-7'],
    );
    assert.deepEqual(
      names(
        'c',
        'struct point { int x; };\n\nstatic int add(const int a, char *b[]) {\n  if (a) { foo(a); }\n  return a;\n}\nint main(void)\n{\n  return add(1, 2);\n}',
      ),
      ['struct point() 1-1', 'function add(a, b) 3-6', 'function main() 7-10'],
    );
  });
});

describe('a message', () => {
  test('gives up its code with language, path and first line, however they are written', () => {
    const forms: readonly (readonly [string, string | undefined, number, string])[] = [
      ['From `src/a.ts`, lines 3-9 (typescript):\n\n```typescript\nx\n```', 'src/a.ts', 3, 'TypeScript'],
      ['From `a.py`, line 7 (python):\n\n~~~~python\nx\n~~~~', 'a.py', 7, 'Python'],
      ['```ts src/a.ts:12-20\nx\n```', 'src/a.ts', 12, 'TypeScript'],
      ['```go path=cmd/main.go lines=5-6\nx\n```', 'cmd/main.go', 5, 'Go'],
      ['See src\\win.rs#L4-L8\n\n```\nx\n```', 'src/win.rs', 4, 'Rust'],
      ['```js\nx\n```', undefined, 1, 'JavaScript'],
      ['```\nx\n```', undefined, 1, ''],
      ['`````ts\nx\n`````', undefined, 1, 'TypeScript'],
    ];
    for (const [text, path, firstLine, language] of forms) {
      const [block] = parseMessage(`${text}\n\nWhy?`).blocks;
      assert.deepEqual(
        [block?.code, block?.path, block?.firstLine, block?.language.name],
        ['x', path, firstLine, language],
        text,
      );
      assert.match(parseMessage(`${text}\n\nWhy?`).prose, /Why\?$/u);
    }
  });

  test('gives up its problems, however they are written', () => {
    for (const text of [
      '- Line 12, error: It broke. (ts)',
      '- line 12: error: It broke. (ts)',
      '* 12:5 error It broke. (ts)',
      'error (12,5): It broke. (ts)',
      '1. src/a.ts:12:5 - error: It broke. (ts)',
    ]) {
      assert.deepEqual(findProblems(text), [{ line: 12, message: 'It broke. (ts)' }], text);
    }
    assert.deepEqual(findProblems('What is on line 5?'), []);
  });
});

describe('an answer without code', () => {
  const say = async (content: string, more: Readonly<Record<string, unknown>> = {}) =>
    textAt(
      (await complete(server, { messages: [{ role: 'user', content }], ...more })).json,
      'choices.0.message.content',
    );

  test('greets, and otherwise quotes the question and has headings, a list, a table and code', async () => {
    assert.match(await say('Hello!'), /^Hello!/u);
    const said = await say('How should I debounce a search box in React?');
    assert.match(said, /^You asked:\n\n> How should I debounce a search box in React\?\n/u);
    for (const part of [/\n## Debounce/u, /\n1\. /u, /\n\| --- \|/u, /\n```ts\n[^]*\n```\n/u])
      assert.match(said, part);
    assert.match(await say('Write a Python function that trims text'), /\n```python\ndef /u);
  });

  test('is one for the last question of a longer conversation', async () => {
    const messages = [
      { role: 'user', content: 'What about caching?' },
      { role: 'assistant', content: 'It depends.' },
      { role: 'user', content: 'And about retries?' },
    ];
    const said = textAt((await complete(server, { messages })).json, 'choices.0.message.content');
    assert.match(said, /> And about retries\?/u);
    assert.match(said, /the earlier question of this conversation/u);
  });
});

describe('whatever is sent', () => {
  const pieces = [
    'function f(a, b) {\n',
    'class A:\n',
    '  def x(self):\n',
    '```',
    '`',
    '"""',
    '/*',
    '*/',
    '{',
    '}',
    '(',
    ')',
    '\n',
    '  ',
    'return a / b;',
    "'",
    '"',
    '${',
    '=> ',
    '<T>',
    'if (x == 1)',
    ': ',
    '- Line 3, error: x\n',
    '🙂',
    '\u0000',
  ];

  test('is answered, and comments leave every line of the code as it was', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pieces), { maxLength: 40 }),
        fc.constantFrom('ts', 'py', 'go', 'rust', 'java', 'c', 'yaml', ''),
        fc.constantFrom('explain', 'fix', 'document', 'tests', 'review', 'hm'),
        (parts, language, question) => {
          const code = parts.join('');
          const block = { code, language: findLanguage(language, undefined), firstLine: 1 };
          assert.notEqual(codeAnswer([block], question, 0), '');
          assert.ok(parseMessage(code).blocks.length <= parts.length);
          const lines = suggestComments(viewCode(block))?.code.split('\n');
          let kept = 0;
          const original = code.split('\n');
          for (const line of lines ?? original) if (line === original[kept]) kept += 1;
          assert.equal(kept, original.length);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

test('the server can be started by hand and ends with Ctrl+C', async () => {
  const main = fileURLToPath(new URL('../support/demoServer/main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, '--port', '0', '--key', 'by-hand', '--delay', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let output = '';
  for await (const piece of child.stdout.setEncoding('utf8') as AsyncIterable<string>) {
    output += piece;
    if (output.split('\n').length > 2) break;
  }
  const url = /http:\/\/127\.0\.0\.1:\d+\/v1/u.exec(output)?.[0] ?? '';
  const answer = await fetch(`${url}/models`, { headers: { authorization: 'Bearer by-hand' } });
  assert.equal(answer.status, 200);
  await answer.arrayBuffer();
  child.kill('SIGINT');
  assert.deepEqual(await exited, [0, null]);
});
