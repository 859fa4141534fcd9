import { FakeHost } from './fakeHost.ts';
import { question, selection } from './samples.ts';
import type { ViewPage } from './viewPage.ts';

/** A state of the view that is worth looking at, and worth testing for accessibility. */
export interface Screen {
  readonly name: string;
  readonly part: 'setup and drafts' | 'replies' | 'waits' | 'endings' | 'failures' | 'diagnosis';
  /** The host before the view asks. */
  readonly host: () => FakeHost;
  /** What happens after the conversation is on the page. */
  readonly afterwards?: (view: ViewPage, host: FakeHost) => Promise<void>;
}

/** A question that has no reply yet. */
export function asked(): FakeHost {
  const host = new FakeHost();
  host.add('user', question, { context: [selection] });
  host.title('What does this do with an empty cart?');
  return host;
}

/** Posts what has happened, and waits until it can be seen. */
export async function postEvents(view: ViewPage, host: FakeHost): Promise<void> {
  await view.post(host.events());
  // Two frames: one to render the text in, one to see it.
  await view.frame.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
}
