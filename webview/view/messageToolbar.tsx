import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Slot } from '../store.ts';
import { IconButton, type Disabled } from './iconButton.tsx';

interface MessageToolbarProps {
  readonly slot: Slot;
  /** A reply is streaming: asking for another one has to wait. */
  readonly busy: Disabled;
  readonly onCopy: (() => void) | undefined;
  readonly onRegenerate: (() => void) | undefined;
  readonly onChooseVersion: (message: string) => void;
}

/** How long a button says that something was copied. */
export const copiedForMs = 2000;

/** What can be done with a whole message. */
export function MessageToolbar({
  slot,
  busy,
  onCopy,
  onRegenerate,
  onChooseVersion,
}: MessageToolbarProps): JSX.Element | null {
  const copied = useSignal(false);
  useEffect(() => {
    if (!copied.value) return undefined;
    const timer = setTimeout(() => {
      copied.value = false;
    }, copiedForMs);
    return () => clearTimeout(timer);
  }, [copied.value]);
  const { version, versions } = slot;
  if (versions.length === 1 && !onCopy && !onRegenerate) return null;
  const previous = versions[version - 1];
  const next = versions[version + 1];
  return (
    <div class="toolbar">
      {versions.length > 1 && (
        <div class="versions">
          <IconButton
            icon="chevron-left"
            label="Previous version"
            disabled={previous === undefined}
            onClick={() => previous !== undefined && onChooseVersion(previous)}
          />
          <span class="version-count">
            <span class="unseen">Version </span>
            {version + 1}/{versions.length}
          </span>
          <IconButton
            icon="chevron-right"
            label="Next version"
            disabled={next === undefined}
            onClick={() => next !== undefined && onChooseVersion(next)}
          />
        </div>
      )}
      <div class="actions">
        {onCopy && (
          <IconButton
            icon={copied.value ? 'check' : 'copy'}
            label="Copy message"
            title={copied.value ? 'Copied' : 'Copy message'}
            onClick={() => {
              copied.value = true;
              onCopy();
            }}
          />
        )}
        {onRegenerate && (
          <IconButton icon="refresh" label="Regenerate" disabled={busy} onClick={onRegenerate} />
        )}
      </div>
    </div>
  );
}
