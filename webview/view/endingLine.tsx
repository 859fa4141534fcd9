import type { JSX } from 'preact';
import type { Ending } from '../../src/shared/conversation.ts';
import type { Failure } from '../../src/shared/failure.ts';
import type { Recovery } from '../../src/shared/protocol.ts';
import type { Ended, LiveMessage } from '../liveMessage.ts';
import type { Store } from '../store.ts';
import { FailureCard } from './failureCard.tsx';
import { describeFailure, type FailureText } from './failureText.ts';
import { RecoveryButtons } from './recoveryButtons.tsx';

interface EndingLineProps {
  readonly message: LiveMessage;
  readonly ended: Ended;
  readonly store: Store;
  readonly onRecover: (recovery: Recovery) => void;
}

/** How a reply ended, where that is more than a full stop. */
export function EndingLine({ message, ended, store, onRecover }: EndingLineProps): JSX.Element | null {
  const { ending } = ended;
  const note = ending.type === 'complete' || ending.type === 'stopped' ? describeEnding(ending, textsOf(message)) : undefined;
  if (ending.type === 'complete' && !note) return null;
  // Only the last message can be taken up again.
  const isLast = store.last.value === message;
  const recover = isLast ? onRecover : undefined;
  const busy = isLast && store.streaming.value;
  switch (ending.type) {
    case 'failed':
    case 'interrupted': {
      const { failure } = ending;
      const text = ending.type === 'failed' ? describeFailure(failure) : describeInterruption(failure);
      return <FailureCard text={text} ended={ended} failure={failure} onRecover={recover} busy={busy} />;
    }
    case 'complete':
    case 'stopped':
      if (!note) return null;
      return (
        <div class="ending">
          <p>
            <span class={`codicon codicon-${note.icon}`} aria-hidden="true" />
            <span>{note.text}</span>
          </p>
          {recover && <RecoveryButtons recoveries={note.next} onRecover={recover} disabled={busy} />}
        </div>
      );
  }
}

/** Whether a message has text at all, by channel. */
export interface Texts {
  readonly content: boolean;
  readonly reasoning: boolean;
  readonly refusal: boolean;
}

function textsOf(message: LiveMessage): Texts {
  return {
    content: message.started('content').value,
    reasoning: message.started('reasoning').value,
    refusal: message.started('refusal').value,
  };
}

export interface EndingNote {
  readonly icon: string;
  readonly text: string;
  readonly next: readonly Recovery[];
}

/** The line under a reply that is not simply complete; `undefined` for one that is. */
export function describeEnding(
  ending: Exclude<Ending, { readonly type: 'failed' | 'interrupted' }>,
  { content, reasoning, refusal }: Texts,
): EndingNote | undefined {
  if (ending.type === 'stopped') {
    return content
      ? { icon: 'debug-stop', text: 'Stopped.', next: ['continue'] }
      : { icon: 'debug-stop', text: 'Stopped before the reply began.', next: ['tryAgain'] };
  }
  if (ending.finishReason === 'length') {
    return content
      ? { icon: 'ellipsis', text: 'The reply reached the token limit and is not complete.', next: ['continue'] }
      : {
          icon: 'ellipsis',
          text: reasoning
            ? 'The token limit was used up by reasoning before the reply began.'
            : 'The token limit was reached before the reply began.',
          next: ['tryAgain'],
        };
  }
  if (ending.finishReason === 'content_filter') {
    return { icon: 'shield', text: 'The content filter of the endpoint ended this reply.', next: ['tryAgain'] };
  }
  if (content || refusal) return undefined;
  return { icon: 'info', text: 'The reply is empty.', next: ['tryAgain'] };
}

/** A reply that broke off: what there is of it stays, and it can go on from there. */
function describeInterruption(failure: Failure): FailureText {
  const { why, next } = describeFailure(failure);
  return {
    title: 'The reply was interrupted',
    why: `${why} The text so far is kept.`,
    next: ['continue', 'tryAgain', ...next.filter((recovery) => recovery !== 'tryAgain')],
  };
}
