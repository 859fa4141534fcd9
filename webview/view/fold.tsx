import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';

interface FoldProps {
  readonly title: string;
  /** A class of its own, besides what all folds look like. */
  readonly kind: string;
  readonly isOpen: boolean;
  readonly onToggle: (isOpen: boolean) => void;
  /** What is inside, rendered when it is asked for. */
  readonly children: (isOpen: boolean) => ComponentChildren;
}

/** A quiet line that opens to what stands behind it. */
export function Fold({ title, kind, isOpen, onToggle, children }: FoldProps): JSX.Element {
  const open = useSignal(isOpen);
  return (
    <details
      class={`fold ${kind}`}
      open={open.value}
      onToggle={({ currentTarget }) => {
        if (currentTarget.open === open.peek()) return;
        open.value = currentTarget.open;
        onToggle(currentTarget.open);
      }}
    >
      <summary>
        <span class="codicon codicon-chevron-right" aria-hidden="true" />
        {title}
      </summary>
      {children(open.value)}
    </details>
  );
}
