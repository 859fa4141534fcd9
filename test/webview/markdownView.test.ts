import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { openMarkdownPage } from '../support/markdownCorpus/markdownPage.ts';

const opened = await openMarkdownPage();
after(() => opened[Symbol.asyncDispose]());
const { page } = opened;

beforeEach(() =>
  page.evaluate(() => {
    window.markdown.calls.length = 0;
    document.querySelector('#root')?.replaceChildren();
  }),
);

test('settled blocks are never touched again while the rest streams in', async () => {
  const touched = await page.evaluate(() => {
    const { view, frame } = window.markdown.open();
    view.append(
      '# Title\n\nFirst *paragraph*.\n\n```ts\nconst a = 1;\n```\n\n- a\n- b\n\nSecond paragraph.\n\nTail',
    );
    frame();
    const settled = [...(view.element.firstElementChild?.children ?? [])].slice(0, -1);
    const observer = new MutationObserver(() => undefined);
    for (const element of settled) {
      observer.observe(element, { subtree: true, childList: true, characterData: true, attributes: true });
    }
    for (const piece of ' grows\n\n> quote\n\n1. list\n2. list\n\n| a |\n|---|\n| b |\n\n```\ncode\n```\nend'.split(
      '',
    )) {
      view.append(piece);
      frame();
    }
    view.end();
    return { settled: settled.length, records: observer.takeRecords().length };
  });
  assert.deepEqual(touched, { settled: 5, records: 0 });
});

test('finished list items and table rows keep their elements while the next ones come', async () => {
  const kept = await page.evaluate(() => {
    const { view, frame } = window.markdown.open();
    view.append('1. one **bold**\n2. two\n');
    frame();
    const items = [...view.element.querySelectorAll('li')];
    const bold = view.element.querySelector('strong');
    view.append('3. three\n   - deep\n');
    frame();
    const sameItems = items.every((item, index) => view.element.querySelectorAll('li')[index] === item);
    const sameBold = view.element.querySelector('strong') === bold;
    view.append('\n| a |\n|---|\n| b |\n');
    frame();
    const rows = [...view.element.querySelectorAll('tr')];
    view.append('| c |\n');
    frame();
    const sameRows = rows.every((row, index) => view.element.querySelectorAll('tr')[index] === row);
    return { items: items.length, rows: rows.length, sameItems, sameBold, sameRows };
  });
  assert.deepEqual(kept, { items: 2, rows: 2, sameItems: true, sameBold: true, sameRows: true });
});

test('a selection survives in the paragraph that grows, in the code that grows and when colours come', async () => {
  const selected = await page.evaluate(() => {
    const { view, frame, drain } = window.markdown.open();
    document.querySelector('#root')?.append(view.element);
    const select = (needle: string) => {
      const walker = document.createTreeWalker(view.element, NodeFilter.SHOW_TEXT);
      while (walker.nextNode() !== null) {
        const at = walker.currentNode.textContent?.indexOf(needle) ?? -1;
        if (at >= 0)
          document
            .getSelection()
            ?.setBaseAndExtent(walker.currentNode, at, walker.currentNode, at + needle.length);
      }
    };
    const texts: (string | undefined)[] = [];
    view.append('Some words here');
    frame();
    select('words');
    view.append(' and more of them');
    frame();
    texts.push(document.getSelection()?.toString());
    view.append('\n\n```ts\nconst name = "value";\n');
    frame();
    select('name = "va');
    view.append('let other;\n');
    frame();
    texts.push(document.getSelection()?.toString());
    view.append('```\n\nend');
    frame();
    view.end();
    drain();
    texts.push(
      document.getSelection()?.toString(),
      view.element.querySelector('.md-keyword')?.textContent ?? undefined,
    );
    return texts;
  });
  assert.deepEqual(selected, ['words', 'name = "va', 'name = "va', 'const']);
});

test('a code block gets its buttons once, when its fence closes, and gives them back when the view goes', async () => {
  const log = await page.evaluate(() => {
    const { view, frame } = window.markdown.open();
    const { calls } = window.markdown;
    const steps: string[][] = [];
    const step = (text: string) => {
      view.append(text);
      frame();
      steps.push(calls.splice(0));
    };
    step('```ts\nconst a = 1;\n');
    step('const b = 2;\n``');
    step('`\n');
    step('\n1. step\n   ```\n   x\n   ```\n');
    step('2. next\n');
    step('\n```\nopen');
    view.end();
    steps.push(calls.splice(0));
    view.dispose();
    steps.push(calls.splice(0));
    return steps;
  });
  assert.deepEqual(log, [
    [],
    [],
    ['fill 0'],
    [],
    ['fill 1'],
    [],
    ['fill 2'],
    ['clear 0', 'clear 1', 'clear 2'],
  ]);
});

test('a link asks to be opened and nothing else happens; a path asks for its file, with the keyboard too', async () => {
  await page.evaluate(() => {
    const { view } = window.markdown.open();
    view.append('[web](https://a.example/b?c) [file](src/a.ts#L10) ![chip](https://c.example/d.png) ');
    view.append('[mail](mailto:e@f.example) [![badge](https://g.example/h.svg)](https://i.example/)');
    view.end();
    document.querySelector('#root')?.append(view.element);
    document.addEventListener('click', (event) =>
      window.markdown.calls.push(`document ${String(event.defaultPrevented)}`),
    );
  });
  await page.getByRole('link', { name: 'web' }).click();
  await page.getByRole('link', { name: 'file' }).click();
  await page.getByRole('button', { name: 'chip' }).click();
  await page.getByRole('link', { name: 'mail' }).click();
  await page.getByText('badge').click();
  await page.getByRole('link', { name: 'file' }).press('Enter');
  await page.getByRole('link', { name: 'web' }).press('Enter');
  await page.getByRole('link', { name: 'web' }).click({ button: 'middle' });
  assert.deepEqual(await page.evaluate(() => window.markdown.calls), [
    'link https://a.example/b?c',
    'path src/a.ts#L10',
    'link https://c.example/d.png',
    'link mailto:e@f.example',
    'link https://i.example/',
    'path src/a.ts#L10',
    'link https://a.example/b?c',
  ]);
  assert.deepEqual(opened.requests, []);
  assert.equal(page.context().pages().length, 1);
});

test('R12: a link carries the address as the browser understands it, and shows it before it is followed', async () => {
  const links = await page.evaluate(() =>
    [
      ...window.markdown
        .oneShot('[x](HTTPS://A.example/?a&amp;b "title") <http://b.example> www.c.example')
        .querySelectorAll('a'),
    ].map((link) => [link.getAttribute('href'), link.title]),
  );
  assert.deepEqual(links, [
    ['https://a.example/?a&b', 'https://a.example/?a&b'],
    ['http://b.example/', 'http://b.example/'],
    ['http://www.c.example/', 'http://www.c.example/'],
  ]);
});

test('R3: an image is a chip that names its host and has no address to load', async () => {
  const chips = await page.evaluate(() => {
    const text =
      '![a *b*](https://h.example/?q=SECRET "t") ![ref][r] [![in link](https://i.example/x.png)](https://j.example)\n\n![](data:image/png;base64,AAAA) ![local](img/a.png)\n\n[r]: https://k.example/y.png\n';
    return [...window.markdown.oneShot(text).querySelectorAll('.md-image')].map(
      (chip) =>
        `${chip.tagName} ${chip.firstChild?.textContent ?? ''} | ${chip.lastChild?.textContent ?? ''}`,
    );
  });
  assert.deepEqual(chips, [
    'BUTTON a b | h.example',
    'BUTTON ref | k.example',
    'SPAN in link | i.example',
    'SPAN Image | data: not shown',
    'BUTTON local | img/a.png',
  ]);
});

test('what follows a closing fence is shown as what it is, at once, wherever the fence was cut', async () => {
  const text = '```ts\ncode\n\nmore\n  ```  \n# after\n\n~~~\n``\n~~\n~~~\n## and after\n';
  const late = await page.evaluate((given) => {
    const found: string[] = [];
    for (let at = 1; at < given.length; at += 1) {
      for (let to = at + 1; to <= given.length; to += 1) {
        const { view, frame } = window.markdown.open();
        for (const piece of [given.slice(0, at), given.slice(at, to), given.slice(to)]) {
          view.append(piece);
          frame();
        }
        const shown = [...view.element.querySelectorAll('code, h1, h2')]
          .map((part) => part.textContent)
          .join('|');
        if (shown !== 'code\n\nmore|after|``\n~~|and after')
          found.push(`${String(at)} ${String(to)}: ${shown}`);
        view.dispose();
      }
    }
    return found;
  }, text);
  assert.deepEqual(late, []);
});

test('a block that mentions a label is drawn again when the definition comes, and only that one', async () => {
  const result = await page.evaluate(() => {
    const { view, frame } = window.markdown.open();
    view.append('See [late] and [never].\n\nPlain.\n\nMore text.\n\n');
    frame();
    const [first, second] = view.element.querySelectorAll('p');
    const linksBefore = first?.querySelectorAll('a').length;
    view.append('[late]: https://late.example\n\nEnd.\n\n');
    frame();
    const [firstAfter, secondAfter] = view.element.querySelectorAll('p');
    return {
      linksBefore,
      linksAfter: firstAfter?.querySelectorAll('a').length,
      isSameSecond: second === secondAfter,
    };
  });
  assert.deepEqual(result, { linksBefore: 0, linksAfter: 1, isSameSecond: true });
});

test('text that came in one frame is drawn once, and a frame that took long is followed by a rest', async () => {
  const renders = await page.evaluate(() => {
    const frames = new Set<() => void>();
    let now = 0;
    let rendered = 0;
    let cost = 0;
    const view = window.markdown.createMarkdownView({
      scheduler: {
        now: () => {
          now += cost;
          return now;
        },
        onFrame: (task) => {
          frames.add(task);
          return () => frames.delete(task);
        },
        onIdle: () => () => undefined,
      },
      onLink: () => undefined,
      onPath: () => undefined,
      fillCodeActions: () => undefined,
      onRender: () => {
        rendered += 1;
      },
    });
    const frame = (passed: number) => {
      now += passed;
      for (const task of [...frames]) {
        frames.delete(task);
        task();
      }
      return rendered;
    };
    const seen: number[] = [];
    for (const word of ['a ', 'b ', 'c ']) view.append(word);
    seen.push(frames.size, frame(16));
    cost = 10;
    view.append('d ');
    seen.push(frame(16));
    cost = 0;
    view.append('e ');
    seen.push(frame(16), frame(20));
    view.append('f');
    view.end();
    seen.push(rendered, frames.size);
    return { seen, text: view.text, shown: view.element.textContent };
  });
  assert.deepEqual(renders, { seen: [1, 1, 2, 2, 3, 4, 0], text: 'a b c d e f', shown: 'a b c d e f' });
});

test('raw HTML is text, tables and tasks are elements, and everything has a name for screen readers', async () => {
  const text =
    '- [x] done\n- [ ] open\n\n<b onclick="x">raw</b>\n\n| a | b |\n|:-:|--:|\n| 1 | 2 |\n\n~~gone~~\n';
  const shown = await page.evaluate((given) => {
    const element = window.markdown.oneShot(given);
    return {
      tasks: [...element.querySelectorAll('[role=img]')].map((task) => task.getAttribute('aria-label')),
      raw: element.textContent?.includes('<b onclick="x">raw</b>'),
      inputs: element.querySelectorAll('input, b').length,
      cells: [...element.querySelectorAll('th, td')].map((cell) => cell.className),
      table: element.querySelector('[role=group]')?.getAttribute('aria-label'),
      struck: element.querySelector('del')?.textContent,
    };
  }, text);
  assert.deepEqual(shown, {
    tasks: ['Done', 'To do'],
    raw: true,
    inputs: 0,
    cells: ['md-center', 'md-right', 'md-center', 'md-right'],
    table: 'Table',
    struck: 'gone',
  });
});

test('blocks far from the reader are in sections that the browser skips', async () => {
  const sections = await page.evaluate(() => {
    const element = window.markdown.oneShot(
      Array.from({ length: 100 }, (_, index) => `Paragraph ${String(index)}`).join('\n\n'),
    );
    document.querySelector('#root')?.append(element);
    return [...element.children].map((section) => [
      section.children.length,
      getComputedStyle(section).contentVisibility,
    ]);
  });
  assert.deepEqual(sections, [
    [24, 'auto'],
    [24, 'auto'],
    [24, 'auto'],
    [24, 'auto'],
    [4, 'auto'],
  ]);
});

test('the page needs nothing that its policy refuses, and asks nobody for anything', () => {
  assert.deepEqual(opened.complaints, []);
  assert.deepEqual(opened.requests, []);
});
