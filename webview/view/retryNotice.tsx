import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { RetryWait } from '../../src/shared/protocol.ts';
import type { Announcer } from '../announcer.ts';
import { describeFailure } from './failureText.ts';
import { describeCountdown } from './waitText.ts';

interface RetryNoticeProps {
  readonly retry: RetryWait;
  /** Whole seconds until the next attempt. */
  readonly left: number;
  readonly onNow: () => void;
  readonly announcer: Announcer;
}

/** Why an attempt failed, when the next one follows, and the button for those who do not want to wait. */
export function RetryNotice({ retry, left, onNow, announcer }: RetryNoticeProps): JSX.Element {
  const { title, why } = describeFailure(retry.failure);
  useEffect(() => {
    // Once: the seconds that pass are not read out.
    announcer.say(`${title}. ${describeCountdown(left, retry)}`);
  }, [retry.attempt]);
  return (
    <div class="retry" role="group" aria-label={title}>
      <span class="codicon codicon-clockface" aria-hidden="true" />
      <div class="retry-body">
        <p class="retry-title">{title}</p>
        <p>{why}</p>
        <div class="retry-next">
          <span class="retry-countdown">{describeCountdown(left, retry)}</span>
          <button type="button" class="button secondary" aria-label="Try again now" onClick={onNow}>
            Now
          </button>
        </div>
      </div>
    </div>
  );
}
