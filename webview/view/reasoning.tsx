import type { JSX } from 'preact';
import type { MarkdownViewOptions } from '../markdown/markdownView.ts';
import type { LiveMessage } from '../liveMessage.ts';
import { Fold } from './fold.tsx';
import { MarkdownText } from './markdownText.tsx';

interface ReasoningProps {
  readonly message: LiveMessage;
  readonly isOpen: boolean;
  readonly onToggle: (isOpen: boolean) => void;
  readonly options: MarkdownViewOptions;
}

/** What the model thought before it answered: folded until somebody wants it, and rendered only then. */
export function Reasoning({ message, isOpen, onToggle, options }: ReasoningProps): JSX.Element | null {
  if (!message.started('reasoning').value) return null;
  const ended = message.ended.value !== undefined;
  return (
    <Fold title="Reasoning" kind="reasoning" isOpen={isOpen} onToggle={onToggle}>
      {(open) => open && <MarkdownText feed={message.feeds.reasoning} ended={ended} options={options} />}
    </Fold>
  );
}
