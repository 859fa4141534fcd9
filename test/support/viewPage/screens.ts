import { failureKinds } from '../../../src/shared/failure.ts';
import { diagnoses } from './diagnosisSamples.ts';
import { FakeHost, readyStatus } from './fakeHost.ts';
import { answer, brokenSelection, failures, file, longCode, reasoning, selection } from './samples.ts';
import { asked, postEvents, type Screen } from './screen.ts';
import { repairScreens, waitScreens } from './waitScreens.ts';
import type { ViewPage } from './viewPage.ts';

/** Posts what there is and waits until the view shows it. */
export async function show(view: ViewPage, screen: Screen): Promise<FakeHost> {
  const host = screen.host();
  await view.post(host.snapshot());
  await view.frame.waitForSelector(`.chat[data-conversation="${host.conversation}"]`);
  await screen.afterwards?.(view, host);
  return host;
}

function answered(text = answer): FakeHost {
  const host = asked();
  host.addReply(text);
  return host;
}

export const screens: readonly Screen[] = [
  {
    name: 'setup-endpoint',
    part: 'setup and drafts',
    host: () => new FakeHost({ ...readyStatus, setup: { type: 'noEndpoint' }, model: undefined }),
  },
  {
    name: 'setup-model',
    part: 'setup and drafts',
    host: () =>
      new FakeHost({ ...readyStatus, setup: { type: 'noModel', endpoint: 'Ollama' }, model: undefined }),
  },
  {
    name: 'setup-later',
    part: 'setup and drafts',
    host: () => {
      const host = answered();
      host.status = { ...readyStatus, setup: { type: 'noEndpoint' }, model: undefined };
      return host;
    },
  },
  { name: 'empty', part: 'setup and drafts', host: () => new FakeHost() },
  {
    name: 'empty-restricted',
    part: 'setup and drafts',
    host: () => new FakeHost({ ...readyStatus, trusted: false }),
  },
  {
    name: 'draft',
    part: 'setup and drafts',
    host: () => {
      const host = new FakeHost();
      for (const item of [selection, brokenSelection, file]) host.attach(item);
      host.draft('Why does this not compile?\n\nI would like to keep the type of `rate`.');
      return host;
    },
  },
  {
    name: 'waiting',
    part: 'replies',
    host: () => {
      const host = asked();
      host.add('assistant', '');
      return host;
    },
  },
  {
    name: 'streaming',
    part: 'replies',
    host: () => {
      const host = asked();
      host.add('assistant', answer.slice(0, 420));
      host.draft('And with a discount?');
      return host;
    },
    afterwards: async (view, host) => {
      const reply = [...host.state.nodes.keys()].at(-1) ?? '';
      host.append(reply, answer.slice(420, 560));
      await postEvents(view, host);
    },
  },
  { name: 'complete', part: 'replies', host: () => answered() },
  ...waitScreens,
  ...repairScreens,
  {
    name: 'reasoning',
    part: 'replies',
    host: () => {
      const host = asked();
      const reply = host.add('assistant', 'It returns `0`.');
      host.append(reply, reasoning, 'reasoning');
      host.end(reply);
      return host;
    },
    afterwards: async (view) => {
      await view.frame.locator('summary').click();
    },
  },
  {
    name: 'versions',
    part: 'replies',
    host: () => {
      const host = asked();
      const [user] = host.state.nodes.keys();
      host.addReply('It returns `0`.', undefined, { parent: user });
      host.addReply('For an empty cart the result is **0**.', undefined, { parent: user });
      host.add('user', 'Thanks. Write a test for it.');
      host.addReply(
        '```ts\ntest("an empty cart costs nothing", () => {\n  assert.equal(total([]), 0);\n});\n```',
      );
      return host;
    },
  },
  { name: 'long-code', part: 'replies', host: () => answered(longCode) },
  {
    name: 'scrolled-up',
    part: 'replies',
    host: () => answered(`${answer}\n${answer}`),
    afterwards: async (view) => {
      await view.frame.locator('.log').evaluate((log) => {
        log.scrollTop -= 500;
      });
      await view.role('button', { name: 'Jump to latest' }).waitFor();
    },
  },
  {
    name: 'chats',
    part: 'setup and drafts',
    host: () => {
      const host = answered();
      host.status = {
        ...readyStatus,
        conversations: [
          { id: host.conversation, title: 'What does this do with an empty cart?' },
          {
            id: 'chat-2',
            title: 'Explain src/checkout/discounts/percentageDiscount.ts and everything that uses it',
          },
          { id: 'chat-3', title: 'Tests for total()' },
        ],
      };
      return host;
    },
    afterwards: async (view) => {
      await view.frame.locator('.chat-switch').click();
      await view.role('menuitem', { name: 'Tests for total()' }).waitFor();
    },
  },
  {
    name: 'ended-length',
    part: 'endings',
    host: () => ended('It returns `0` because', { type: 'complete', finishReason: 'length' }),
  },
  {
    name: 'ended-filter',
    part: 'endings',
    host: () => ended('It', { type: 'complete', finishReason: 'content_filter' }),
  },
  { name: 'ended-empty', part: 'endings', host: () => ended('', { type: 'complete', finishReason: 'stop' }) },
  { name: 'ended-stopped', part: 'endings', host: () => ended('It returns `0`', { type: 'stopped' }) },
  {
    name: 'ended-refusal',
    part: 'endings',
    host: () => {
      const host = asked();
      const reply = host.add('assistant', '');
      host.append(reply, "I'm sorry, I cannot help with that request.", 'refusal');
      host.end(reply);
      return host;
    },
  },
  {
    name: 'ended-interrupted',
    part: 'endings',
    host: () =>
      ended('For an **empty cart** it returns `0`: the loop', { type: 'interrupted', failure: failures.cut }),
  },
  ...failureKinds.map((kind): Screen => ({
    name: `failed-${kind}`,
    part: 'failures',
    host: () => {
      const host = asked();
      host.addReply('', { type: 'failed', failure: failures[kind] }, { created: Date.now() });
      return host;
    },
  })),
  ...Object.entries(diagnoses).map(([name, diagnosis]): Screen => ({
    name: `diagnosis-${name}`,
    part: 'diagnosis',
    host: () => {
      const host = name === 'begun' ? new FakeHost() : answered();
      host.diagnosis = diagnosis;
      return host;
    },
  })),
];

function ended(text: string, ending: Parameters<FakeHost['addReply']>[1]): FakeHost {
  const host = asked();
  host.addReply(text, ending);
  return host;
}
