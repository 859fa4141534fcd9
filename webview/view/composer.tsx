import { effect } from '@preact/signals';
import type { JSX, RefObject, TargetedKeyboardEvent } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { Announcer } from '../announcer.ts';
import type { Draft } from '../draft.ts';
import type { Post } from '../hostLink.ts';
import type { Store } from '../store.ts';
import { ComposerBar } from './composerBar.tsx';
import { ContextChip } from './contextChip.tsx';
import { Recall } from './recall.ts';

interface ComposerProps {
  readonly store: Store;
  readonly draft: Draft;
  readonly post: Post;
  readonly announcer: Announcer;
  readonly input: RefObject<HTMLTextAreaElement | null>;
  /** A message is on its way: the reader wants to see what comes. */
  readonly onSent: () => void;
  /** Puts the focus on the newest message. */
  readonly onLeaveUp: () => void;
}

/** Where a message is written. Nothing here ever waits for a reply: typing goes on while one streams. */
export function Composer(props: ComposerProps): JSX.Element {
  const { store, draft, post, announcer, input, onSent, onLeaveUp } = props;
  const chips = useRef<HTMLUListElement>(null);
  const recall = useMemo(() => new Recall(() => sentTexts(store)), [store]);
  const items = store.items.value;
  const conversation = store.conversation.value;

  // The textarea owns what is being typed (an input method may be at work in it): it is written to only when the text
  // comes from elsewhere. And at once: a key that comes before the next frame finds the new text.
  useLayoutEffect(
    () =>
      effect(() => {
        const text = draft.text.value;
        if (input.current && input.current.value !== text) input.current.value = text;
      }),
    [draft, input],
  );

  useEffect(() => {
    const flush = (): void => draft.flush();
    window.addEventListener('pagehide', flush);
    document.addEventListener('visibilitychange', flush);
    return () => {
      window.removeEventListener('pagehide', flush);
      document.removeEventListener('visibilitychange', flush);
    };
  }, [draft]);

  function send(): void {
    input.current?.focus();
    if (store.streaming.peek()) {
      announcer.say('A reply is streaming. Your text is kept.');
      return;
    }
    if (!canSend(store, draft) || draft.sending) return;
    draft.send();
    onSent();
  }

  function onKeyDown(event: TargetedKeyboardEvent<HTMLTextAreaElement>): void {
    // 229: a key that the input method takes, also in the moment in which it confirms.
    // oxlint-disable-next-line typescript/no-deprecated -- Safari says it in no other way
    if (event.isComposing || event.keyCode === 229) return;
    const field = event.currentTarget;
    const plain = !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      send();
    } else if ((event.key === 'ArrowUp' || event.key === 'ArrowDown') && plain) {
      const text = recall.walk(event.key === 'ArrowUp' ? 'older' : 'newer', field.value);
      if (
        text === undefined ||
        field.selectionStart !== field.selectionEnd ||
        field.selectionEnd !== field.value.length
      )
        return;
      event.preventDefault();
      draft.type(text);
      field.setSelectionRange(text.length, text.length);
    } else if (event.key === 'ArrowUp' && (event.ctrlKey || event.metaKey) && field.selectionEnd === 0) {
      event.preventDefault();
      onLeaveUp();
    }
  }

  function remove(item: string, index: number): void {
    if (conversation === undefined) return;
    // The button goes away with its chip: the next one takes the focus, or the text.
    const buttons = [...(chips.current?.querySelectorAll<HTMLElement>('.chip-remove') ?? [])];
    (buttons[index + 1] ?? buttons[index - 1] ?? input.current)?.focus();
    post({ type: 'removeContext', conversation, item });
  }

  return (
    <div class="composer">
      {items.length > 0 && conversation !== undefined && (
        <ul class="chips" aria-label="Attached context" ref={chips}>
          {items.map((item, index) => (
            <ContextChip
              key={item.id}
              item={item}
              onOpen={() => post({ type: 'openContext', conversation, item: item.id })}
              onRemove={() => remove(item.id, index)}
            />
          ))}
        </ul>
      )}
      <textarea
        ref={input}
        rows={1}
        aria-label="Message"
        placeholder="Ask a question"
        onInput={({ currentTarget }) => draft.type(currentTarget.value)}
        onKeyDown={onKeyDown}
        onBlur={() => draft.flush()}
      />
      <ComposerBar
        store={store}
        post={post}
        canSend={canSend(store, draft)}
        onSend={send}
        onStopped={() => input.current?.focus()}
      />
    </div>
  );
}

function canSend(store: Store, draft: Draft): boolean {
  const isSomething = draft.text.value.trim() !== '' || store.items.value.length > 0;
  return isSomething && store.status.value?.setup.type === 'ready' && !store.streaming.value;
}

function sentTexts(store: Store): readonly string[] {
  return store.slots
    .peek()
    .filter(({ message }) => message.header.role === 'user')
    .map(({ message }) => message.feeds.content.text);
}
