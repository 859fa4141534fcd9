import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostileMarkup, hostilePayloads } from '../support/markdownCorpus/hostilePayloads.ts';
import { openMarkdownPage, type MarkdownPage } from '../support/markdownCorpus/markdownPage.ts';
import { nastyReplies } from '../support/markdownCorpus/nastyReplies.ts';

/** Shows every payload, streamed in pieces of `size` and restored, touches all of it, and returns what went wrong. */
async function attackWithEverything({ page }: MarkdownPage, size: number): Promise<readonly string[]> {
  const found: string[] = [];
  for (let at = 0; at < hostilePayloads.length; at += 100) {
    found.push(
      ...(await page.evaluate(
        (given) => given.texts.flatMap((text) => window.markdown.attack(text, given.size)),
        { texts: hostilePayloads.slice(at, at + 100), size },
      )),
    );
  }
  await page.evaluate(async () => {
    window.markdown.touchEverything(document.querySelector('#root') ?? document.body);
    await window.markdown.settleNetwork();
  });
  return found;
}

async function assertNothingHappened(opened: MarkdownPage): Promise<void> {
  const { page, requests, connections } = opened;
  assert.deepEqual(await page.evaluate(() => window.markdown.traps), []);
  assert.deepEqual(
    requests.filter((url) => !/\/sentinel-\d\.png$/u.test(url)),
    [],
  );
  assert.equal(connections(), 0);
  assert.match(page.url(), /^http:\/\/127\.0\.0\.1:\d+\/$/u);
  assert.equal(page.frames().length, 1);
  assert.equal(
    page
      .context()
      .pages()
      .filter((other) => other.url() !== 'about:blank').length,
    1,
  );
}

test('R1, R2, R3, R4, R6, R10, R11, R14, R15: hostile replies stay text and known elements under the policy', async () => {
  await using opened = await openMarkdownPage({ policy: 'strict' });
  assert.deepEqual(await attackWithEverything(opened, 1), []);
  await assertNothingHappened(opened);
  const followed = await opened.page.evaluate(() => [
    ...new Set(window.markdown.calls.filter((call) => call.startsWith('link '))),
  ]);
  assert.ok(followed.length > 5, 'everything was clicked');
  assert.deepEqual(
    followed.filter((call) => !/^link (?:https?:\/\/[^@/]*(?:\/|$)|mailto:)/u.test(call)),
    [],
  );
  // The image that the test itself asks for is the only thing that fails.
  assert.deepEqual(
    opened.complaints.filter((text) => !text.includes('404')),
    [],
    'the policy had nothing to refuse',
  );
});

test('R1, R3, R4, R6: the renderer alone, without any policy of the page, lets nothing run and nothing out', async () => {
  await using opened = await openMarkdownPage({ policy: 'none' });
  assert.deepEqual(await attackWithEverything(opened, 10), []);
  await assertNothingHappened(opened);
});

test('R1, R4: the sources of the policy alone, without the renderer, stop scripts and loads of raw markup', async () => {
  await using opened = await openMarkdownPage({ policy: 'without trusted types' });
  // What no policy stops, and what therefore must never become an element.
  const exceptions = /dns-prefetch|preconnect|http-equiv=refresh|<iframe|<frame|<object|<embed|<applet/iu;
  const payloads = hostileMarkup.filter((text) => !exceptions.test(text));
  assert.ok(payloads.length > 100);
  await opened.page.evaluate(async (texts) => {
    for (const text of texts) {
      const place = document.createElement('div');
      document.querySelector('#root')?.append(place);
      place.innerHTML = text;
    }
    await window.markdown.settleNetwork();
  }, payloads);
  assert.deepEqual(await opened.page.evaluate(() => window.markdown.traps), []);
  assert.equal(opened.connections(), 0);
});

test('R1: trusted types alone refuse to make markup or code of any string', async () => {
  await using opened = await openMarkdownPage({ policy: 'trusted types' });
  const accepted = await opened.page.evaluate((texts) => {
    const sinks: Readonly<Record<string, (text: string) => unknown>> = {
      innerHTML: (text) => {
        document.createElement('div').innerHTML = text;
      },
      outerHTML: (text) => {
        const inner = document.createElement('p');
        document.createElement('div').append(inner);
        inner.outerHTML = text;
      },
      insertAdjacentHTML: (text) => document.createElement('div').insertAdjacentHTML('beforeend', text),
      createContextualFragment: (text) => document.createRange().createContextualFragment(text),
      parseFromString: (text) => new DOMParser().parseFromString(text, 'text/html'),
      srcdoc: (text) => {
        document.createElement('iframe').srcdoc = text;
      },
      handler: (text) => document.createElement('p').setAttribute('onclick', text),
      script: (text) => {
        document.createElement('script').text = text;
      },
      policy: () => {
        // Younger than TypeScript's list of what a window has.
        const { trustedTypes } = window as unknown as {
          trustedTypes: { createPolicy: (name: string, rules: object) => unknown };
        };
        trustedTypes.createPolicy('any', { createHTML: (given: string) => given });
      },
    };
    return texts.flatMap((text) =>
      Object.entries(sinks).flatMap(([name, sink]) => {
        try {
          sink(text);
          return [`${name} took ${text}`];
        } catch {
          return [];
        }
      }),
    );
  }, hostileMarkup);
  assert.deepEqual(accepted, []);
});

test('the traps catch what gets past every layer', async () => {
  await using opened = await openMarkdownPage({ policy: 'none' });
  const { found, caught } = await opened.page.evaluate(async () => {
    const place = document.createElement('div');
    document.querySelector('#root')?.append(place);
    place.innerHTML =
      '<img src="https://control.leak.example/x.png" onerror="alert(2)"><a href="javascript:alert(3)" id="x">y</a>';
    const problems = window.markdown.inspect(place);
    await window.markdown.settleNetwork();
    while (window.markdown.traps.length === 0) await window.markdown.settleNetwork();
    return { found: problems, caught: window.markdown.traps };
  });
  assert.deepEqual(found, [
    'element IMG',
    'attribute src=https://control.leak.example/x.png',
    'attribute onerror=alert(2)',
    'href javascript:alert(3)',
    'attribute id=x',
  ]);
  assert.deepEqual(caught, ['alert 2']);
  assert.ok(opened.connections() > 0);
});

test('R15: nothing in a message can lie over what is outside of it', async () => {
  await using opened = await openMarkdownPage({ policy: 'strict' });
  const styles = await opened.page.evaluate(
    (texts) => {
      const root = document.querySelector('#root');
      for (const text of texts) root?.append(window.markdown.oneShot(text));
      return [...(root?.querySelectorAll('*') ?? [])].flatMap((element) => {
        const { position, zIndex } = getComputedStyle(element);
        return position === 'static' && zIndex === 'auto'
          ? []
          : [`${element.className} ${position} ${zIndex}`];
      });
    },
    [...hostilePayloads, ...Object.values(nastyReplies)],
  );
  assert.deepEqual(styles, []);
});
