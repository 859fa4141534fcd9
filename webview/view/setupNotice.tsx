import type { JSX } from 'preact';
import type { Setup } from '../../src/shared/protocol.ts';
import type { Post } from '../hostLink.ts';
import { plainLabel } from './plainLabel.ts';

interface SetupNoticeProps {
  readonly setup: Exclude<Setup, { readonly type: 'ready' }>;
  readonly post: Post;
}

/** What is missing before anything can be sent: one sentence and one button. */
export function SetupNotice({ setup, post }: SetupNoticeProps): JSX.Element {
  switch (setup.type) {
    case 'noEndpoint':
      return (
        <div class="setup">
          <p>To chat, add the endpoint of a model provider or of a server of your own.</p>
          <button type="button" class="button" onClick={() => post({ type: 'addEndpoint' })}>
            Add endpoint...
          </button>
        </div>
      );
    case 'noModel':
      return (
        <div class="setup">
          <p>
            Choose the model of <strong>{plainLabel(setup.endpoint)}</strong> that you want to chat with.
          </p>
          <button type="button" class="button" onClick={() => post({ type: 'selectModel' })}>
            Select model...
          </button>
        </div>
      );
  }
}
