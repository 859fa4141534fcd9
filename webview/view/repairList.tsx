import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Repair } from '../../src/shared/conversation.ts';
import { describeRepair } from './repairText.ts';

interface RepairListProps {
  readonly repairs: readonly Repair[];
  readonly isOpen: boolean;
  readonly onToggle: (isOpen: boolean) => void;
  readonly onForget: () => void;
}

/** What was changed in the request of a reply because its server refused it: one quiet line until it is opened. */
export function RepairList({ repairs, isOpen, onToggle, onForget }: RepairListProps): JSX.Element {
  const open = useSignal(isOpen);
  return (
    <details
      class="fold repairs"
      open={open.value}
      onToggle={({ currentTarget }) => {
        if (currentTarget.open === open.peek()) return;
        open.value = currentTarget.open;
        onToggle(currentTarget.open);
      }}
    >
      <summary>
        <span class="codicon codicon-chevron-right" aria-hidden="true" />
        Request adjusted
      </summary>
      <div class="fold-body">
        <ul>
          {repairs.map((repair, index) => (
            <li key={index}>
              {describeRepair(repair).map((piece) =>
                typeof piece === 'string' ? piece : <code>{piece.code}</code>,
              )}
            </li>
          ))}
        </ul>
        <p>
          This is remembered for the model.{' '}
          <button type="button" class="link-button" onClick={onForget}>
            Forget Request Repairs...
          </button>
        </p>
      </div>
    </details>
  );
}
