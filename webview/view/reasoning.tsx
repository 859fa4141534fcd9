import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { MarkdownViewOptions } from '../markdown/markdownView.ts';
import type { LiveMessage } from '../liveMessage.ts';
import { MarkdownText } from './markdownText.tsx';

interface ReasoningProps {
  readonly message: LiveMessage;
  readonly isOpen: boolean;
  readonly onToggle: (isOpen: boolean) => void;
  readonly options: MarkdownViewOptions;
}

/** What the model thought before it answered: folded until somebody wants it, and rendered only then. */
export function Reasoning({ message, isOpen, onToggle, options }: ReasoningProps): JSX.Element | null {
  const open = useSignal(isOpen);
  if (!message.started('reasoning').value) return null;
  const ended = message.ended.value !== undefined;
  return (
    <details
      class="fold reasoning"
      open={open.value}
      onToggle={({ currentTarget }) => {
        if (currentTarget.open === open.peek()) return;
        open.value = currentTarget.open;
        onToggle(currentTarget.open);
      }}
    >
      <summary>
        <span class="codicon codicon-chevron-right" aria-hidden="true" />
        Reasoning
      </summary>
      {open.value && <MarkdownText feed={message.feeds.reasoning} ended={ended} options={options} />}
    </details>
  );
}
