import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { LiveMessage } from '../liveMessage.ts';
import type { MarkdownViewOptions } from '../markdown/markdownView.ts';
import { fillCodeActions } from './codeActions.ts';
import { EndingLine } from './endingLine.tsx';
import { MarkdownText } from './markdownText.tsx';
import type { MessagePorts } from './message.tsx';
import { PlainText } from './plainText.tsx';
import { Reasoning } from './reasoning.tsx';
import { RequestNotes } from './requestNotes.tsx';
import { Waiting } from './waiting.tsx';

interface ReplyProps {
  readonly message: LiveMessage;
  readonly ports: MessagePorts;
}

/** The inside of an assistant's message: reasoning, text, refusal, what it waits for, and how it ended. */
export function Reply({ message, ports }: ReplyProps): JSX.Element {
  const { conversation, memory, post, store } = ports;
  const options = useMemo(() => optionsFor(message, ports), [message, ports]);
  const ended = message.ended.value;
  const details = ended?.details;
  const notesFold = `${message.id} request`;
  const hasContent = message.started('content').value;
  const hasRefusal = message.started('refusal').value;
  return (
    <>
      <Reasoning
        message={message}
        isOpen={memory.isOpen(conversation, message.id)}
        onToggle={(isOpen) => memory.setOpen(conversation, message.id, isOpen)}
        options={options.reasoning}
      />
      {hasContent && (
        <MarkdownText feed={message.feeds.content} ended={ended !== undefined} options={options.content} />
      )}
      {hasRefusal && (
        <div class="refusal">
          <span class="codicon codicon-circle-slash" aria-hidden="true" />
          <div>
            <p class="refusal-title">The model refused to answer.</p>
            <PlainText feed={message.feeds.refusal} class="plain-text" />
          </div>
        </div>
      )}
      {!ended && <Waiting message={message} ports={ports} />}
      {ended && (
        <EndingLine
          message={message}
          ended={ended}
          store={store}
          onRecover={(recovery) => post({ type: 'recover', conversation, message: message.id, recovery })}
        />
      )}
      {details && (
        <RequestNotes
          details={details}
          isOpen={memory.isOpen(conversation, notesFold)}
          onToggle={(isOpen) => memory.setOpen(conversation, notesFold, isOpen)}
          onForget={() => post({ type: 'forgetRepairs' })}
        />
      )}
    </>
  );
}

interface ReplyOptions {
  readonly content: MarkdownViewOptions;
  readonly reasoning: MarkdownViewOptions;
}

function optionsFor(message: LiveMessage, ports: MessagePorts): ReplyOptions {
  const { conversation, post, announcer } = ports;
  const target = { conversation, message: message.id };
  const open = (href: string): void => post({ type: 'openLink', ...target, href });
  const links = { onLink: open, onPath: open };
  return {
    content: {
      ...links,
      fillCodeActions: (slot, place) =>
        fillCodeActions(slot, place, (action, block, part) => {
          post({ type: 'useCode', ...target, block, action, ...(part && { part }) });
          if (action === 'copy') announcer.say('Copied');
        }),
    },
    // Code blocks are counted in the reply; those of its reasoning cannot be named to the host.
    reasoning: { ...links, fillCodeActions: () => undefined },
  };
}
