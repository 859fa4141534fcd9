import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Lexer, Tokenizer, type Token } from 'marked';
import { createMarkdownLexer } from '../../src/shared/markdownLexer.ts';
import { openMarkdownPage } from '../support/markdownCorpus/markdownPage.ts';
import { parseBombs } from '../support/markdownCorpus/parseBombs.ts';

// The full sizes of test/unit/markdownLexer.test.ts, and the same texts streamed into a page.

const opened = await openMarkdownPage();
after(() => opened[Symbol.asyncDispose]());
const { page } = opened;

test('R21: reading grows no faster than the text, up to 200,000 characters of every bomb', () => {
  const lexer = createMarkdownLexer<Token, Tokenizer>({ Lexer, Tokenizer });
  const none = (): undefined => undefined;
  for (const [name, build] of Object.entries(parseBombs)) {
    for (const length of [50_000, 200_000]) {
      const before = process.cpuUsage();
      const { inlineSources } = lexer.blocks(build(length), none, 0);
      for (const text of inlineSources.values()) lexer.inline(text, none);
      const { user, system } = process.cpuUsage(before);
      const ms = (user + system) / 1000;
      assert.ok(
        ms <= (length / 1_000) * 10,
        `${name} with ${String(length)} characters took ${ms.toFixed(0)} ms`,
      );
    }
  }
});

test('R21: a page into which a bomb streams answers in between, and ends as in one shot', async () => {
  for (const [name, build] of Object.entries(parseBombs)) {
    const result = await page.evaluate((text) => {
      const { view, frame } = window.markdown.open();
      let longest = 0;
      for (let at = 0; at < text.length; at += 500) {
        const start = performance.now();
        view.append(text.slice(at, at + 500));
        frame();
        longest = Math.max(longest, performance.now() - start);
      }
      view.end();
      return { longest, isSame: view.element.isEqualNode(window.markdown.oneShot(text)) };
    }, build(20_000));
    assert.ok(result.isSame, name);
    // A tenth of a second on a machine that has nothing else to do.
    assert.ok(result.longest < 500, `${name}: a frame of ${result.longest.toFixed(0)} ms`);
  }
});
