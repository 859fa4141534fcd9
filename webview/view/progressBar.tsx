import type { JSX } from 'preact';

/** VS Code's own sign that something is under way: a thin bar with a moving bit. */
export function ProgressBar({ label }: { readonly label: string }): JSX.Element {
  return (
    <div class="progress" role="progressbar" aria-label={label}>
      <div class="progress-bit" />
    </div>
  );
}
