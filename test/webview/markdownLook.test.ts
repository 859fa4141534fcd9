import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { openMarkdownPage } from '../support/markdownCorpus/markdownPage.ts';
import { nastyReplies } from '../support/markdownCorpus/nastyReplies.ts';
import { realisticReply } from '../support/markdownCorpus/realisticReply.ts';
import { readTheme, themeNames } from '../support/viewPage/theme.ts';

// axe brings its own script into the page, which the view's policy would refuse.
const opened = await openMarkdownPage({ policy: 'none' });
after(() => opened[Symbol.asyncDispose]());
const { page } = opened;

const sample = [
  '# Title',
  'Text with `code`, **bold**, [a link](https://a.example), [a path](src/a.ts) and ![an image](https://b.example/c.png).',
  '- [x] done\n- [ ] open\n- item\n  1. nested',
  '| Name | Value |\n|------|------:|\n| `a` | 1 |',
  '> A quote',
  '```ts\n// comment\nexport class A<T> { private x: string = "s" + f(1, null, `t`); }\n```',
  '```diff\n-old\n+new\n```',
  '```html\n<p class="a">x</p>\n```',
  '```python\n@meta\ndef f(): ...\n```',
  '```md\n# Heading\n```',
  '```txt\nhidden \u202E here\n```',
  '<b>raw</b>\n\n---\n\nThe end.',
].join('\n\n');

async function show(text: string, theme: (typeof themeNames)[number], width: number): Promise<void> {
  await page.setViewportSize({ width, height: 800 });
  await page.evaluate(
    ({ variables, bodyClass, given }) => {
      document.documentElement.removeAttribute('style');
      for (const [name, value] of Object.entries(variables)) {
        document.documentElement.style.setProperty(name, value);
      }
      document.body.className = bodyClass;
      document.body.style.cssText =
        'margin: 0; padding: 8px; font: 13px sans-serif; background: var(--vscode-sideBar-background); color: var(--vscode-foreground)';
      const main = document.createElement('main');
      main.append(window.markdown.oneShot(given));
      document.querySelector('#root')?.replaceChildren(main);
    },
    { ...readTheme(theme), given: text },
  );
}

for (const theme of themeNames) {
  test(`markdown has no accessibility violation in the theme ${theme}`, async () => {
    await show(sample, theme, 420);
    const { violations } = await new AxeBuilder({ page }).analyze();
    assert.deepEqual(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
      [],
    );
  });
}

test('at 250 pixels nothing is wider than the view; code and tables scroll by themselves', async () => {
  for (const text of [
    sample,
    realisticReply(4_000),
    ...Object.values(nastyReplies),
    `${'w'.repeat(500)}\n\n\`${'c'.repeat(500)}\``,
  ]) {
    await show(text, 'dark', 250);
    const { scroll, client } = await page.evaluate(() => ({
      scroll: document.documentElement.scrollWidth,
      client: document.documentElement.clientWidth,
    }));
    assert.ok(scroll <= client, `${String(scroll)} > ${String(client)}: ${text.slice(0, 80)}`);
  }
});

test('every colour of code is a variable of the theme', async () => {
  const colours = await page.evaluate(() =>
    [...document.styleSheets].flatMap((sheet) =>
      [...sheet.cssRules].flatMap((rule) => {
        if (!(rule instanceof CSSStyleRule)) return [];
        return ['color', 'background-color', 'background', 'border', 'border-color', 'outline-color']
          .map((name) => rule.style.getPropertyValue(name))
          .filter((value) => value !== '');
      }),
    ),
  );
  assert.ok(colours.length > 20);
  const literal = /#[\da-f]{3,8}\b|\brgba?\(|\bhsla?\(|\b(?:red|green|blue|black|white|gr[ae]y)\b/iu;
  assert.deepEqual(
    colours.filter((value) => literal.test(value)),
    [],
  );
});
