import type { ReadonlySignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { ScrollKeeper } from './scrollKeeper.ts';

/** Back to the end, for a reader who has left it. */
export function JumpButton({
  keeper,
}: {
  readonly keeper: ReadonlySignal<ScrollKeeper | undefined>;
}): JSX.Element | null {
  const scroll = keeper.value;
  if (!scroll || scroll.following.value) return null;
  return (
    <button type="button" class="jump" onClick={() => scroll.toEnd()}>
      <span class="codicon codicon-arrow-down" aria-hidden="true" />
      Jump to latest
    </button>
  );
}
