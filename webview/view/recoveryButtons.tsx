import type { JSX } from 'preact';
import type { Recovery } from '../../src/shared/protocol.ts';
import { recoveryLabels } from './failureText.ts';

export interface RecoveryButtonsProps {
  readonly recoveries: readonly Recovery[];
  readonly onRecover: (recovery: Recovery) => void;
  /** Asking again has to wait; everything else does not. */
  readonly disabled: boolean;
  /** Whether the first step stands out. */
  readonly prominent?: boolean;
  /** Seconds until the server may be asked again. */
  readonly wait?: number;
}

/** The next steps under a reply that did not end well. */
export function RecoveryButtons(props: RecoveryButtonsProps): JSX.Element {
  const { recoveries, onRecover, disabled, prominent = false, wait = 0 } = props;
  return (
    <div class="recoveries">
      {recoveries.map((recovery, index) => {
        const asks = recovery === 'tryAgain' || recovery === 'continue';
        const off = asks && (disabled || wait > 0);
        return (
          <button
            key={recovery}
            type="button"
            class={index === 0 && prominent ? 'button' : 'button secondary'}
            aria-disabled={off ? 'true' : undefined}
            onClick={() => {
              if (!off) onRecover(recovery);
            }}
          >
            {recoveryLabels[recovery]}
          </button>
        );
      })}
    </div>
  );
}
