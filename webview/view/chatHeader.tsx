import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { ConversationId } from '../../src/shared/conversation.ts';
import type { Post } from '../hostLink.ts';
import type { Store } from '../store.ts';
import { IconButton } from './iconButton.tsx';
import { plainLabel } from './plainLabel.ts';

interface ChatHeaderProps {
  readonly store: Store;
  readonly post: Post;
}

/** The conversation's title, the way to the others of this window, and to a new one. */
export function ChatHeader({ store, post }: ChatHeaderProps): JSX.Element {
  const title = nameOf(store.title.value);
  const current = store.conversation.value;
  const others = (store.status.value?.conversations ?? []).filter(({ id }) => id !== current);
  return (
    <div class="chat-header">
      {others.length > 0 ? (
        <ChatMenu
          title={title}
          others={others}
          onShow={(conversation) => post({ type: 'showChat', conversation })}
        />
      ) : (
        <h1 class="chat-title" title={title}>
          {title}
        </h1>
      )}
      <IconButton icon="add" label="New chat" onClick={() => post({ type: 'newChat' })} />
    </div>
  );
}

interface ChatMenuProps {
  readonly title: string;
  readonly others: readonly { readonly id: ConversationId; readonly title: string }[];
  readonly onShow: (conversation: ConversationId) => void;
}

/** The title as a button that drops down the other conversations. */
function ChatMenu({ title, others, onShow }: ChatMenuProps): JSX.Element {
  const menu = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = (): void => menu.current?.hidePopover();
  return (
    <h1 class="chat-title">
      <button
        type="button"
        ref={button}
        class="chat-switch"
        aria-haspopup="menu"
        title={`${title}\nShow another chat`}
        onClick={() => menu.current?.togglePopover()}
      >
        <span class="chat-name">{title}</span>
        <span class="codicon codicon-chevron-down" aria-hidden="true" />
      </button>
      <div
        ref={menu}
        class="menu"
        role="menu"
        aria-label="Chats"
        popover="auto"
        onToggle={(event) => {
          if (event.newState === 'open') event.currentTarget.querySelector('button')?.focus();
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown' || event.key === 'ArrowUp') moveFocus(event.currentTarget, event.key);
          else if (event.key === 'Tab') close();
          else return;
          event.preventDefault();
        }}
      >
        {others.map(({ id, title: name }) => (
          <button
            key={id}
            type="button"
            role="menuitem"
            tabIndex={-1}
            onClick={() => {
              close();
              onShow(id);
            }}
          >
            {nameOf(name)}
          </button>
        ))}
      </div>
    </h1>
  );
}

function moveFocus(menu: HTMLElement, key: 'ArrowDown' | 'ArrowUp'): void {
  const items = [...menu.querySelectorAll('button')];
  const at = items.findIndex((item) => item === document.activeElement);
  items.at((at + (key === 'ArrowDown' ? 1 : -1)) % items.length)?.focus();
}

function nameOf(title: string | undefined): string {
  return title === undefined || title === '' ? 'New chat' : plainLabel(title);
}
