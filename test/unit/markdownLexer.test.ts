import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Lexer, Tokenizer, type Token } from 'marked';
import fc from 'fast-check';
import type { Definition } from '../../src/shared/markedParts.ts';
import { createMarkdownLexer, normaliseLineEnds } from '../../src/shared/markdownLexer.ts';
import { parseBombs } from '../support/markdownCorpus/parseBombs.ts';
import { sized } from '../support/sized.ts';

const lexer = createMarkdownLexer<Token, Tokenizer>({ Lexer, Tokenizer });
const none = (): undefined => undefined;

/** Reads everything, inline content too; returns the milliseconds of processor time it took. */
function read(source: string): number {
  const before = process.cpuUsage();
  const { inlineSources } = lexer.blocks(source, none, 0);
  for (const text of inlineSources.values()) lexer.inline(text, none);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

test('R21: no small text takes long to read, however it is built', () => {
  read('warm *up*\n\n- list\n\n> quote\n\n| a |\n|---|\n| b |\n'.repeat(100));
  for (const [name, build] of Object.entries(parseBombs)) {
    for (const length of [100, 1_000, 10_000]) {
      const ms = read(build(length));
      assert.ok(ms <= 250, `${name} with ${String(length)} characters took ${ms.toFixed(0)} ms`);
    }
  }
});

test('R21: nesting beyond every sense neither overflows the stack nor loses text', () => {
  for (const source of [
    '>'.repeat(50_000),
    '- '.repeat(20_000),
    '**a _b '.repeat(5_000),
    '['.repeat(50_000),
  ]) {
    const { blocks } = lexer.blocks(source, none, 0);
    assert.equal(blocks.map(({ start, end }) => source.slice(start, end)).join(''), source);
  }
});

test('what is too hard stays plain until the next blank line, and the rest of the text is read', () => {
  const hard = `${Array.from({ length: 40 }, (_, index) => `${'>'.repeat(40 - index)} a`).join('\n')}\n\n`;
  const { blocks } = lexer.blocks(`# Before\n\n${hard}# After\n`, none, 0);
  const kinds = blocks.map(({ token }) => token?.type ?? 'plain').filter((kind) => kind !== 'space');
  assert.deepEqual(kinds, ['heading', 'plain', 'heading']);
  const many = lexer.blocks(`${hard.repeat(4)}# After\n`, none, 0);
  assert.deepEqual(
    many.blocks.map(({ token }) => token?.type ?? 'plain').filter((kind) => kind !== 'space'),
    ['plain', 'plain', 'plain', 'plain', 'plain'],
    'after three of them the text is hostile and nothing more is read',
  );
});

test('the blocks cover the text from end to end, without gap or overlap', () => {
  const piece = fc.constantFrom(
    ...[
      'a',
      ' ',
      '\n',
      '\n\n',
      '- ',
      '1. ',
      '> ',
      '# ',
      '```',
      '|',
      '|-|\n',
      '    ',
      '\t',
      '[a]: b\n',
      '<div>',
      '*',
      '---\n',
    ],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const source = pieces.join('');
      let at = 0;
      for (const { start, end } of lexer.blocks(source, none, 0).blocks) {
        assert.equal(start, at);
        assert.ok(end >= start);
        at = end;
      }
      assert.equal(at, source.length);
    }),
    { numRuns: sized(500) },
  );
});

test('raw HTML in one block changes nothing in another', () => {
  const after = 'see https://a.example and &lt;';
  const links = (source: string) =>
    [...lexer.blocks(source, none, 0).inlineSources.values()]
      .flatMap((text) => lexer.inline(text, none))
      .filter(({ type }) => type === 'link').length;
  assert.equal(links(after), 1);
  assert.equal(links(`<a href="x">open\n\n${after}`), 1);
  assert.equal(links(`text <pre><code>open\n\n${after}`), 1);
  assert.equal(links(`text </a></code> closed\n\n${after}`), 1);
});

test('a definition ends at a blank line, whatever quote it opened', () => {
  const { definitions, blocks } = lexer.blocks('[a]: b\n"title\n\nnot it"\n\n[c]: d "e\nf"\n', none, 0);
  assert.deepEqual(
    definitions.map(({ label, definition }) => [label, definition.href, definition.title ?? null]),
    [
      ['a', 'b', null],
      ['c', 'd', 'e\nf'],
    ],
  );
  assert.ok(blocks.length > 2);
});

test('the first definition of a label counts, and one that is known already counts more', () => {
  const known = new Map<string, Definition>([['b', { href: '/known' }]]);
  const { definitions } = lexer.blocks('[A]: /1\n[a]: /2\n[b]: /3\n', (label) => known.get(label), 0);
  assert.deepEqual(
    definitions.map(({ label, definition }) => [label, definition.href]),
    [['a', '/1']],
  );
});

test('labels named like members of objects are labels', () => {
  const source = '[__proto__]: /p\n[constructor]: /c\n\n[toString]\n';
  const { definitions } = lexer.blocks(source, none, 0);
  assert.deepEqual(
    definitions.map(({ label }) => label),
    ['__proto__', 'constructor'],
  );
  const [token] = lexer.inline('[toString]', none);
  assert.equal(token?.type, 'text');
});

test('line ends are normalised once and for all', () => {
  assert.equal(normaliseLineEnds('a\r\nb\rc\nd\r\r\n'), 'a\nb\nc\nd\n\n');
});
