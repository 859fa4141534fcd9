import { useComputed, useSignal } from '@preact/signals';
import type { JSX, RefObject } from 'preact';
import { useCallback, useEffect, useMemo, useRef } from 'preact/hooks';
import type { Announcer } from '../announcer.ts';
import type { Draft } from '../draft.ts';
import type { Post } from '../hostLink.ts';
import type { Store } from '../store.ts';
import type { ViewMemory } from '../viewMemory.ts';
import { ChatHeader } from './chatHeader.tsx';
import { Composer } from './composer.tsx';
import { DiagnosisCard } from './diagnosis.tsx';
import { EmptyHints } from './emptyHints.tsx';
import { keepFocus } from './focusKeeper.ts';
import { JumpButton } from './jumpButton.tsx';
import type { MessagePorts } from './message.tsx';
import type { ScrollKeeper } from './scrollKeeper.ts';
import type { OnIdle } from './sectionFiller.ts';
import { SetupNotice } from './setupNotice.tsx';
import { Transcript } from './transcript.tsx';

interface AppProps {
  readonly store: Store;
  readonly draft: Draft;
  readonly memory: ViewMemory;
  readonly announcer: Announcer;
  readonly post: Post;
  readonly onIdle: OnIdle;
  readonly input: RefObject<HTMLTextAreaElement | null>;
}

/** The whole view. Nothing is shown before the host has said what there is. */
export function App(props: AppProps): JSX.Element | null {
  const { store, draft, memory, announcer, post, onIdle, input } = props;
  const root = useRef<HTMLDivElement>(null);
  const keeper = useSignal<ScrollKeeper | undefined>(undefined);
  const onScroller = useCallback(
    (scroller: ScrollKeeper | undefined) => {
      keeper.value = scroller;
    },
    [keeper],
  );
  const isEmpty = useComputed(() => store.slots.value.length === 0);
  const conversation = store.conversation.value;
  const ports = useMemo(
    (): MessagePorts | undefined =>
      conversation === undefined ? undefined : { conversation, store, post, memory, announcer },
    [conversation, store, post, memory, announcer],
  );
  const status = store.status.value;
  const ready = status !== undefined;
  useEffect(() => (root.current ? keepFocus(root.current, () => input.current) : undefined), [input, ready]);
  if (!status || !ports) return null;

  const { setup } = status;
  const needsSetup = setup.type !== 'ready';
  const hasDraft = draft.text.value !== '' || store.items.value.length > 0;
  const showNewest = (): void => {
    root.current?.querySelector<HTMLElement>('.section:last-child > article:last-child')?.focus();
  };
  return (
    <main
      class="chat"
      data-conversation={ports.conversation}
      ref={root}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowDown' || !(event.ctrlKey || event.metaKey)) return;
        if (event.target instanceof Element && event.target.closest('article')) input.current?.focus();
      }}
    >
      {!isEmpty.value || !needsSetup || status.conversations.length > 0 ? (
        <ChatHeader store={store} post={post} />
      ) : (
        <h1 class="unseen">Chat</h1>
      )}
      <div class="transcript">
        {isEmpty.value ? (
          needsSetup ? (
            <SetupNotice setup={setup} post={post} />
          ) : (
            <EmptyHints status={status} />
          )
        ) : (
          <Transcript key={ports.conversation} ports={ports} onIdle={onIdle} onScroller={onScroller} />
        )}
        <JumpButton keeper={keeper} />
      </div>
      <DiagnosisCard
        diagnosis={store.diagnosis}
        post={post}
        announcer={announcer}
        onLeave={() => input.current?.focus()}
      />
      {needsSetup && !isEmpty.value && <SetupNotice setup={setup} post={post} />}
      {(!needsSetup || !isEmpty.value || hasDraft) && (
        <Composer
          store={store}
          draft={draft}
          post={post}
          announcer={announcer}
          input={input}
          onSent={() => keeper.peek()?.toEnd()}
          onLeaveUp={showNewest}
        />
      )}
      <div class="unseen" role="status" aria-live="polite">
        {announcer.text}
      </div>
    </main>
  );
}
