import type { JSX } from 'preact';
import type { ReplyDetails } from '../../src/shared/conversation.ts';
import { describeFailure } from './failureText.ts';
import { Fold } from './fold.tsx';
import { describeRepair } from './repairText.ts';

interface RequestNotesProps {
  readonly details: ReplyDetails;
  readonly isOpen: boolean;
  readonly onToggle: (isOpen: boolean) => void;
  readonly onForget: () => void;
}

/** How the request of a reply differs from what was asked for, and what made it be sent again: a quiet line until opened. */
export function RequestNotes({ details, isOpen, onToggle, onForget }: RequestNotesProps): JSX.Element | null {
  const { repairs = [], retried = [] } = details;
  if (repairs.length + retried.length === 0) return null;
  return (
    <Fold title={title(repairs.length, retried.length)} kind="repairs" isOpen={isOpen} onToggle={onToggle}>
      {() => (
        <div class="fold-body">
          <ul>
            {repairs.map((repair, index) => (
              <li key={index}>
                {describeRepair(repair).map((piece) =>
                  typeof piece === 'string' ? piece : <code>{piece.code}</code>,
                )}
              </li>
            ))}
            {retried.map((failure, index) => (
              <li key={repairs.length + index}>
                Attempt {index + 1} failed: {describeFailure(failure).title}
              </li>
            ))}
          </ul>
          {repairs.length > 0 && (
            <p>
              What helped after a refusal is remembered for the model.{' '}
              <button type="button" class="link-button" onClick={onForget}>
                Forget Request Repairs...
              </button>
            </p>
          )}
        </div>
      )}
    </Fold>
  );
}

function title(repairs: number, retried: number): string {
  const failed = retried === 1 ? '1 earlier attempt failed' : `${String(retried)} earlier attempts failed`;
  if (retried === 0) return 'Request adjusted';
  return repairs === 0 ? failed : `Request adjusted, ${failed}`;
}
