import type { HostMessage, Intent } from '../src/shared/protocol.ts';
import type { VsCodeApi } from './vsCodeApi.ts';

export type Post = (intent: Intent) => void;

/**
 * Whether a message came from the host: VS Code posts it from the frame that holds this one, with this frame's own
 * origin. It cannot simply be compared with `window.parent`, which VS Code replaces; but only the frame around us
 * has us among its frames. A frame that content managed to add, or another window, does not.
 */
function isFromHost(event: MessageEvent, view: Window): boolean {
  const sender = event.source;
  if (event.origin !== view.origin || sender === null || sender === view || !('frames' in sender))
    return false;
  for (let i = 0; i < sender.length; i += 1) {
    if (sender[i] === view) return true;
  }
  return false;
}

/** Hears the host, and nobody else. The shapes are the host's own; a value without a type is not one of them. */
export function listenToHost(view: Window, onMessage: (message: HostMessage) => void): void {
  view.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (isFromHost(event, view) && isHostMessage(event.data)) onMessage(event.data);
  });
}

const hostMessageTypes: { readonly [type in HostMessage['type']]: true } = {
  snapshot: true,
  events: true,
  retryChanged: true,
  statusChanged: true,
  diagnosisChanged: true,
  diagnosisFocused: true,
  composerFocused: true,
};

function isHostMessage(value: unknown): value is HostMessage {
  if (typeof value !== 'object' || value === null || !('type' in value) || !('seq' in value)) return false;
  return typeof value.type === 'string' && Object.hasOwn(hostMessageTypes, value.type);
}

export function postTo(api: VsCodeApi): Post {
  return (intent) => api.postMessage(intent);
}
