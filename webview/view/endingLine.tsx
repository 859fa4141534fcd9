import type { JSX } from 'preact';
import type { Recovery } from '../../src/shared/protocol.ts';
import type { Ended, LiveMessage } from '../liveMessage.ts';
import type { Store } from '../store.ts';
import { FailureCard } from './failureCard.tsx';
import { describeEnding, describeInterruption, type Texts } from './endingText.ts';
import { describeFailure } from './failureText.ts';
import { RecoveryButtons, type RecoveryButtonsProps } from './recoveryButtons.tsx';

interface EndingLineProps {
  readonly message: LiveMessage;
  readonly ended: Ended;
  readonly store: Store;
  readonly onRecover: (recovery: Recovery) => void;
}

/** How a reply ended, where that is more than a full stop. */
export function EndingLine({ message, ended, store, onRecover }: EndingLineProps): JSX.Element | null {
  const { ending } = ended;
  // Only the last message can be taken up again.
  const recovery = (): Pick<RecoveryButtonsProps, 'onRecover' | 'disabled'> | undefined =>
    store.last.value === message ? { onRecover, disabled: store.streaming.value } : undefined;
  switch (ending.type) {
    case 'failed':
      return (
        <FailureCard
          text={describeFailure(ending.failure)}
          failure={ending.failure}
          endedAt={ended.at}
          recovery={recovery()}
        />
      );
    case 'interrupted':
      return (
        <FailureCard
          text={describeInterruption(ending.failure)}
          failure={ending.failure}
          endedAt={ended.at}
          recovery={recovery()}
        />
      );
    case 'complete':
    case 'stopped': {
      const note = describeEnding(ending, textsOf(message));
      if (!note) return null;
      const buttons = recovery();
      return (
        <div class="ending">
          <p>
            <span class={`codicon codicon-${note.icon}`} aria-hidden="true" />
            <span>{note.text}</span>
          </p>
          {buttons && <RecoveryButtons recoveries={note.next} {...buttons} />}
        </div>
      );
    }
  }
}

function textsOf(message: LiveMessage): Texts {
  return {
    content: message.started('content').value,
    reasoning: message.started('reasoning').value,
    refusal: message.started('refusal').value,
  };
}
