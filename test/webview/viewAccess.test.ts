import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { AxeBuilder } from '@axe-core/playwright';
import type { Screen } from '../support/viewPage/screen.ts';
import { screens, show } from '../support/viewPage/screens.ts';
import { themeNames } from '../support/viewPage/theme.ts';
import { createViewWorld, type ViewPage, type ViewWorld } from '../support/viewPage/viewPage.ts';

let world: ViewWorld;
before(async () => {
  world = await createViewWorld();
});
after(() => world[Symbol.asyncDispose]());

type AxeResults = Awaited<ReturnType<AxeBuilder['analyze']>>;

// axe itself, which is run inside the view's frame.
const require = createRequire(import.meta.resolve('@axe-core/playwright'));
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds in the view, one line each. */
async function violations(view: ViewPage, rules?: readonly string[]): Promise<readonly string[]> {
  const isThere = await view.frame.evaluate(() => 'axe' in globalThis);
  if (!isThere) await view.frame.evaluate(axeSource);
  const results: Pick<AxeResults, 'violations'> = await view.frame.evaluate((only) => {
    // Put there by the script just above.
    const { axe } = globalThis as unknown as {
      readonly axe: { run: (...args: readonly unknown[]) => Promise<AxeResults> };
    };
    return axe.run(document, { resultTypes: ['violations'], ...(only && { runOnly: only }) });
  }, rules);
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, any }) => `${id}: ${html.slice(0, 200)} ${any[0]?.message ?? ''}`),
  );
}

/** A condition and a screen: everything that is wrong, as lines. */
async function inspect(view: ViewPage, screen: Screen): Promise<string[]> {
  await show(view, screen);
  await view.setTheme('dark');
  const found = (await violations(view)).map((line) => `dark: ${line}`);
  // What depends on the theme are the colours.
  for (const theme of themeNames.slice(1)) {
    await view.setTheme(theme);
    const rules = ['color-contrast', 'link-in-text-block'];
    found.push(...(await violations(view, rules)).map((line) => `${theme}: ${line}`));
  }
  return found.map((line) => `${screen.name}: ${line}`);
}

describe('axe finds nothing', () => {
  for (const part of ['setup and drafts', 'replies', 'waits', 'endings', 'failures', 'diagnosis'] as const) {
    it(`in any theme: ${part}`, async () => {
      await using view = await world.open({ reducedMotion: true });
      const found: string[] = [];
      for (const screen of screens.filter((candidate) => candidate.part === part)) {
        found.push(...(await inspect(view, screen)));
      }
      assert.deepEqual(found, []);
    });
  }

  for (const [name, options] of [
    ['in a narrow panel', { width: 250, height: 600 }],
    ['at 300 % zoom', { width: 160, height: 280 }],
    ['in a wide panel', { width: 1200, height: 700 }],
  ] as const) {
    it(`${name}, and nothing overflows`, async () => {
      await using view = await world.open({ ...options, reducedMotion: true });
      const found: string[] = [];
      for (const screen of screens) {
        await show(view, screen);
        const wrong = screen.part === 'failures' ? [] : await violations(view);
        found.push(...[...wrong, ...(await overflows(view))].map((line) => `${screen.name}: ${line}`));
      }
      assert.deepEqual(found, []);
    });
  }
});

/** What is wider than it has room for, or out of sight. */
async function overflows(view: ViewPage): Promise<readonly string[]> {
  return view.frame.evaluate(() => {
    const wide = [...document.querySelectorAll('body, .chat, .chat-header, .log, .composer, .empty, article')]
      .filter((element) => element.scrollWidth > element.clientWidth + 1)
      .map((element) => `too wide: ${element.localName}.${element.className}`);
    const hidden = [...document.querySelectorAll('.composer button, .setup button, .chat-header button')]
      .filter((element) => {
        const { left, right, bottom } = element.getBoundingClientRect();
        return (
          !element.closest('.chips, [popover]') && (left < 0 || right > innerWidth || bottom > innerHeight)
        );
      })
      .map((element) => `out of sight: ${element.ariaLabel ?? element.textContent}`);
    return [...wide, ...hidden];
  });
}

describe('motion', () => {
  it('stands still for those who want less of it, by VS Code’s setting or the system’s', async () => {
    const waiting = screens.find(({ name }) => name === 'waiting');
    assert.ok(waiting);
    const moving = (view: ViewPage): Promise<number> =>
      view.frame.evaluate(
        () => document.getAnimations().filter(({ playState }) => playState === 'running').length,
      );
    await using reduced = await world.open({ reducedMotion: true });
    await show(reduced, waiting);
    assert.equal(await moving(reduced), 0);
    await using view = await world.open();
    await show(view, waiting);
    assert.equal(await moving(view), 1);
    await view.frame.evaluate(() => document.body.classList.add('vscode-reduce-motion'));
    assert.equal(await moving(view), 0);
  });
});

describe('the colours', () => {
  it('all come from VS Code: every variable that is used is one it has', async () => {
    const css = Buffer.from(world.bundle.get('style.css') ?? []).toString('utf8');
    const used = new Set([...css.matchAll(/var\((--[\w-]+)/g)].map(([, name = '']) => name));
    const known = new Set<string>();
    for (const theme of themeNames) {
      await using view = await world.open({ theme });
      for (const name of await view.frame.evaluate(() => [...document.documentElement.style]))
        known.add(name);
    }
    const own = new Set([...css.matchAll(/(--[\w-]+)\s*:/g)].map(([, name = '']) => name));
    assert.deepEqual(
      [...used].filter((name) => !known.has(name) && !own.has(name)),
      [],
    );
    const sheet = css.replaceAll(/\.codicon-[^{}]*\{[^}]*\}/g, '');
    assert.deepEqual(sheet.match(/#[\da-f]{3,8}\b(?=[;\s}])|rgba?\(|hsla?\(/gi) ?? [], []);
  });
});
