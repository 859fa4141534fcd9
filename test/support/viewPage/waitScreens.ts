import type { Failure } from '../../../src/shared/failure.ts';
import type { FakeHost } from './fakeHost.ts';
import { answer, failures, oddRepairs, repairs } from './samples.ts';
import { asked, postEvents, type Screen } from './screen.ts';
import type { ViewPage } from './viewPage.ts';

/** A reply that was asked for `seconds` ago and has not begun; `retry` says when the next attempt follows. */
function waiting(seconds: number, failure?: Failure, retryMs = 0): FakeHost {
  const host = asked();
  const created = host.now() - seconds * 1000;
  const message = host.add('assistant', '', { created });
  if (failure) host.retry = { message, attempt: 2, until: host.now() + retryMs, failure };
  return host;
}

const { rateLimited, cannotConnect } = failures;
/** What a reply can wait for before and while it is answered. */
export const waitScreens: readonly Screen[] = [
  { name: 'wait-retry-short', part: 'waits', host: () => waiting(1, rateLimited, 1500) },
  { name: 'wait-retry-12', part: 'waits', host: () => waiting(1, rateLimited, 12_000) },
  { name: 'wait-retry-90', part: 'waits', host: () => waiting(1, rateLimited, 200_000) },
  { name: 'wait-retry-connect', part: 'waits', host: () => waiting(1, cannotConnect, 5000) },
  {
    name: 'wait-retry-sent',
    part: 'waits',
    host: () => waiting(1, rateLimited, 90_000),
    afterwards: async (view, host) => {
      await view.role('button', { name: 'Try again now' }).waitFor();
      if (host.retry) await view.post(host.retryChanged({ ...host.retry, until: host.now() }));
      await view.role('progressbar').waitFor();
    },
  },
  { name: 'wait-still', part: 'waits', host: () => waiting(23) },
  { name: 'wait-still-long', part: 'waits', host: () => waiting(245) },
  {
    name: 'wait-continue',
    part: 'waits',
    host: asked,
    afterwards: async (view, host) => {
      const created = host.now() - 14_000;
      host.add('assistant', 'For an **empty cart** it returns `0`: the loop', { created });
      await postEvents(view, host);
    },
  },
  {
    name: 'wait-silent',
    part: 'waits',
    host: asked,
    afterwards: async (view, host) => {
      await view.page.clock.install();
      const reply = host.add('assistant', '');
      host.append(reply, answer.slice(0, 148));
      await postEvents(view, host);
      await view.page.clock.fastForward(75_000);
      await view.frame.locator('.waiting').getByText('No text has arrived').waitFor();
    },
  },
];

/** A reply whose request was changed: folded, opened, and one that failed all the same. */
export const repairScreens: readonly Screen[] = [
  ...(
    [
      ['closed', repairs],
      ['open', repairs],
      ['odd', oddRepairs],
    ] as const
  ).map(([name, changes]): Screen => ({
    name: `repairs-${name}`,
    part: 'endings',
    host: () => {
      const host = asked();
      host.end(host.add('assistant', 'It returns `0`.'), undefined, { repairs: changes });
      return host;
    },
    ...(name !== 'closed' && {
      afterwards: async (view: ViewPage) => {
        await view.frame.locator('.repairs summary').click();
      },
    }),
  })),
  {
    name: 'repairs-failed',
    part: 'endings',
    host: () => {
      const host = asked();
      const failure = failures.badRequest;
      host.end(host.add('assistant', ''), { type: 'failed', failure }, { repairs: repairs.slice(0, 1) });
      return host;
    },
  },
];
