import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { hostilePayloads } from '../support/markdownCorpus/hostilePayloads.ts';
import { openMarkdownPage, type MarkdownPage } from '../support/markdownCorpus/markdownPage.ts';

type NetLog = {
  readonly constants: { readonly logEventTypes: Readonly<Record<string, number>> };
  readonly events: readonly { readonly type: number; readonly params?: { readonly host?: string } }[];
};

/** What Chromium looked up or connected to, the page's own server aside, while `act` had its page. */
async function lookUps(act: (opened: MarkdownPage) => Promise<void>): Promise<readonly string[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'colloquy-netlog-'));
  const netLog = path.join(folder, 'net.json');
  try {
    let port = 0;
    {
      await using opened = await openMarkdownPage({ policy: 'none', netLog });
      port = opened.tripwirePort;
      await act(opened);
    }
    const log = JSON.parse(await readFile(netLog, 'utf8')) as NetLog;
    const request = log.constants.logEventTypes['HOST_RESOLVER_MANAGER_REQUEST'];
    const hosts = log.events.filter(({ type }) => type === request).map(({ params }) => params?.host ?? '');
    // Every `*.example` is resolved to the tripwire, so that is the host that is logged.
    return hosts.filter((host) => host.includes('.example') || host.endsWith(`:${String(port)}`));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function untilQuiet({ page }: MarkdownPage): Promise<void> {
  await page.evaluate(() => window.markdown.settleNetwork());
}

test('R5: this Chromium does look names up for links that only hint at them', async () => {
  for (const hint of ['dns-prefetch', 'preconnect']) {
    const found = await lookUps(async (opened) => {
      await opened.page.evaluate((rel) => {
        const link = document.createElement('link');
        link.rel = rel;
        link.href = 'https://control.leak.example';
        document.head.append(link);
      }, hint);
      await untilQuiet(opened);
    });
    assert.ok(found.length > 0, hint);
  }
});

test('R3, R4, R5, R6: no hostile reply makes it look up a name or connect, with no policy of the page to help', async () => {
  const found = await lookUps(async (opened) => {
    for (let at = 0; at < hostilePayloads.length; at += 100) {
      await opened.page.evaluate(
        (texts) => {
          for (const text of texts) window.markdown.attack(text, 1);
        },
        hostilePayloads.slice(at, at + 100),
      );
    }
    await opened.page.evaluate(() =>
      window.markdown.touchEverything(document.querySelector('#root') ?? document.body),
    );
    await untilQuiet(opened);
    assert.equal(opened.connections(), 0);
  });
  assert.deepEqual(found, []);
});
