import type { JSX } from 'preact';
import type { PanelStatus } from '../../src/shared/protocol.ts';
import { plainLabel } from './plainLabel.ts';

/** What an empty conversation says: how to begin, and where messages go. */
export function EmptyHints({ status }: { readonly status: PanelStatus }): JSX.Element {
  const { model, trusted } = status;
  return (
    // It can be taller than a small view, and then is scrolled with the keyboard too.
    <div class="hints" role="region" aria-label="How to begin" tabIndex={0}>
      <p>Ask a question, or start from your code:</p>
      <ul>
        <li>
          Select code in an editor and choose <strong>Ask About Selection</strong> from its context menu.
        </li>
        {trusted ? (
          <li>
            Attach files with <span class="codicon codicon-attach" aria-label="Attach" role="img" />. Only
            what you attach is sent along.
          </li>
        ) : (
          <li>
            Restricted Mode: files of this folder are not read until you trust it. Code you select can be
            sent.
          </li>
        )}
        <li>Put code from a reply into your file with one click, and undo it in one step.</li>
      </ul>
      {model && (
        <p class="quiet">
          Messages go to {plainLabel(model.label)} ({plainLabel(model.endpoint)}).
        </p>
      )}
    </div>
  );
}
