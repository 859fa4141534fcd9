import { createRef, render } from 'preact';
import { Announcer } from './announcer.ts';
import { Draft } from './draft.ts';
import { listenToHost, postTo } from './hostLink.ts';
import { browserScheduler } from './markdown/scheduler.ts';
import { Store } from './store.ts';
import { App } from './view/app.tsx';
import { summarizeReply } from './view/replySummary.ts';
import { ViewMemory } from './viewMemory.ts';

/** Builds the view: the only place where its parts are made. */
function start(root: HTMLElement): void {
  const api = acquireVsCodeApi();
  const post = postTo(api);
  const announcer = new Announcer();
  const input = createRef<HTMLTextAreaElement>();
  const draft = new Draft(post, (action, ms) => {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  });
  const store = new Store({
    post,
    draft,
    now: () => Date.now(),
    onReplyEnded: (message) => {
      const ended = message.ended.peek();
      if (ended) announcer.say(summarizeReply(ended.ending, message.feeds.content.text));
    },
    // It may have come just before, and is on the page with the next frame.
    onFocusDiagnosis: () =>
      requestAnimationFrame(() => root.querySelector<HTMLElement>('.diagnosis')?.focus()),
    // Where there is no composer there is one button, and it is what comes next.
    onFocusComposer: () => (input.current ?? root.querySelector<HTMLElement>('.setup button'))?.focus(),
  });
  render(
    <App
      store={store}
      draft={draft}
      memory={new ViewMemory(api)}
      announcer={announcer}
      post={post}
      onIdle={browserScheduler.onIdle}
      input={input}
    />,
    root,
  );
  listenToHost(window, (message) => store.receive(message));
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) store.becameVisible();
  });
  store.requestSnapshot();
}

const root = document.getElementById('root');
if (root) start(root);
