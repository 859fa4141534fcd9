import type { ReadonlySignal } from '@preact/signals';
import type { JSX, TargetedMouseEvent } from 'preact';

/** A fixed state, or one that changes: a signal goes straight to the attribute, without rendering anything. */
export type Disabled = boolean | ReadonlySignal<'true' | undefined>;

interface IconButtonProps {
  /** Name of a codicon. */
  readonly icon: string;
  /** Accessible name, and the tooltip where `title` says nothing else. */
  readonly label: string;
  readonly title?: string;
  /** Greyed out, but reachable: a control that vanishes from the tab order takes the focus with it. */
  readonly disabled?: Disabled;
  readonly onClick: (event: TargetedMouseEvent<HTMLButtonElement>) => void;
  readonly class?: string;
}

export function IconButton(props: IconButtonProps): JSX.Element {
  const { icon, label, title = label, disabled = false, onClick } = props;
  return (
    <button
      type="button"
      class={`icon-button ${props.class ?? ''}`}
      aria-label={label}
      title={title}
      aria-disabled={typeof disabled === 'boolean' ? (disabled ? 'true' : undefined) : disabled}
      onClick={(event) => {
        if (event.currentTarget.ariaDisabled !== 'true') onClick(event);
      }}
    >
      <span class={`codicon codicon-${icon}`} aria-hidden="true" />
    </button>
  );
}
