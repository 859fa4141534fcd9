import type { JSX } from 'preact';
import type { ConversationId, Role } from '../../src/shared/conversation.ts';
import type { Announcer } from '../announcer.ts';
import type { Post } from '../hostLink.ts';
import type { Slot, Store } from '../store.ts';
import type { ViewMemory } from '../viewMemory.ts';
import { ContextChip } from './contextChip.tsx';
import { MessageToolbar } from './messageToolbar.tsx';
import { plainLabel } from './plainLabel.ts';
import { PlainText } from './plainText.tsx';
import { Reply } from './reply.tsx';

/** What the messages of one conversation have in common. */
export interface MessagePorts {
  readonly conversation: ConversationId;
  readonly store: Store;
  readonly post: Post;
  readonly memory: ViewMemory;
  readonly announcer: Announcer;
}

/** Roles as they are read and heard. */
const roleNames: Readonly<Record<Role, string>> = {
  system: 'System',
  developer: 'Developer',
  user: 'You',
  assistant: 'Assistant',
  tool: 'Tool',
};

interface MessageProps {
  readonly slot: Slot;
  readonly ports: MessagePorts;
}

export function Message({ slot, ports }: MessageProps): JSX.Element {
  const { message } = slot;
  const { role, model, context } = message.header;
  const { conversation, post, announcer, store } = ports;
  const isReply = role === 'assistant';
  const ended = message.ended.value;
  const hasText = message.started('content').value;
  // Where there is nothing but a failure, its card offers to try again.
  const isFailure = ended?.ending.type === 'failed' && !hasText && store.last.value === message;
  const copy = (): void => {
    post({ type: 'copyMessage', conversation, message: message.id });
    announcer.say('Copied');
  };
  const regenerate = (): void => post({ type: 'regenerate', conversation, message: message.id });
  return (
    <article class={`message ${role}`} aria-label={roleNames[role]} tabIndex={-1} data-message={message.id}>
      <header>
        <span class="role">{roleNames[role]}</span>
        {isReply && model !== undefined && (
          <span class="model" title={plainLabel(model)}>
            {plainLabel(model.slice(model.indexOf('/') + 1))}
          </span>
        )}
      </header>
      {context.length > 0 && (
        <ul class="chips" aria-label="Context">
          {context.map((item) => (
            <ContextChip
              key={item.id}
              item={item}
              onOpen={() => post({ type: 'openContext', conversation, message: message.id, item: item.id })}
            />
          ))}
        </ul>
      )}
      {isReply ? (
        <Reply key={message.id} message={message} ports={ports} />
      ) : (
        hasText && <PlainText feed={message.feeds.content} class="plain-text" />
      )}
      {(!isReply || ended) && (
        <MessageToolbar
          slot={slot}
          busy={store.busy}
          onCopy={hasText ? copy : undefined}
          onRegenerate={isReply && !isFailure ? regenerate : undefined}
          onChooseVersion={(version) => post({ type: 'chooseVersion', conversation, message: version })}
        />
      )}
    </article>
  );
}
