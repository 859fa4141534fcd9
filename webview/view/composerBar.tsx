import type { JSX } from 'preact';
import type { Post } from '../hostLink.ts';
import type { Store } from '../store.ts';
import { IconButton } from './iconButton.tsx';
import { plainLabel } from './plainLabel.ts';

interface ComposerBarProps {
  readonly store: Store;
  readonly post: Post;
  readonly canSend: boolean;
  readonly onSend: () => void;
  readonly onStopped: () => void;
}

/** The row under the text: what goes along, who is asked, and off it goes. */
export function ComposerBar({ store, post, canSend, onSend, onStopped }: ComposerBarProps): JSX.Element {
  const status = store.status.value;
  const conversation = store.conversation.value;
  const model = status?.model;
  const name = model ? plainLabel(model.label) : 'Select model';
  return (
    <div class="composer-bar">
      <IconButton
        icon="attach"
        label="Attach"
        title={status?.trusted === false ? 'Attach (not in Restricted Mode)' : 'Attach files'}
        disabled={status?.trusted === false}
        onClick={() => post({ type: 'attach' })}
      />
      <button
        type="button"
        class="model-button"
        aria-label={`Model: ${name}`}
        title={model ? `Model: ${name} (${plainLabel(model.endpoint)})` : name}
        onClick={() => post({ type: 'selectModel' })}
      >
        <span class="model-name">{name}</span>
        <span class="codicon codicon-chevron-down" aria-hidden="true" />
      </button>
      {status?.trusted === false && (
        <span
          class="restricted"
          title="Files of this folder are not read until you trust it. Code you select can be sent."
        >
          <span class="codicon codicon-shield" aria-hidden="true" />
          <span class="restricted-label">Restricted Mode</span>
        </span>
      )}
      <span class="spring" />
      {store.streaming.value && conversation !== undefined && (
        <IconButton
          icon="stop-circle"
          label="Stop"
          onClick={() => {
            post({ type: 'stop', conversation });
            onStopped();
          }}
        />
      )}
      <IconButton
        icon="arrow-up"
        class="send"
        label="Send"
        title="Send (Enter)"
        disabled={!canSend}
        onClick={onSend}
      />
    </div>
  );
}
