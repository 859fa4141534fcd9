import type { JSX } from 'preact';
import type { Failure } from '../../src/shared/failure.ts';
import { durationInWords } from './duration.ts';
import type { FailureText } from './failureText.ts';
import { plainLabel } from './plainLabel.ts';
import { RecoveryButtons, type RecoveryButtonsProps } from './recoveryButtons.tsx';
import { useWait } from './useWait.ts';

interface FailureCardProps {
  readonly text: FailureText;
  readonly failure: Failure;
  /** Milliseconds since 1970: a wait that the server asked for counts from here. */
  readonly endedAt: number;
  /** Undefined where it is too late to do anything about it. */
  readonly recovery: Pick<RecoveryButtonsProps, 'onRecover' | 'disabled'> | undefined;
}

/** A failure a person can act on: what happened, the server's own words, and what to do next. */
export function FailureCard({ text, failure, endedAt, recovery }: FailureCardProps): JSX.Element {
  const wait = useWait(failure.retryAfterMs === undefined ? 0 : endedAt + failure.retryAfterMs);
  const facts = factsOf(failure);
  return (
    <div class="failure" role="group" aria-label={text.title}>
      <span class="codicon codicon-error" aria-hidden="true" />
      <div class="failure-body">
        <p class="failure-title">{text.title}</p>
        <p>{text.why}</p>
        {failure.detail !== undefined && <p class="failure-detail">{plainLabel(failure.detail, 2000)}</p>}
        {facts.length > 0 && <p class="failure-facts">{facts.join(' · ')}</p>}
        {recovery && wait > 0 && <p class="failure-wait">You can try again in {durationInWords(wait)}.</p>}
        {recovery && <RecoveryButtons recoveries={text.next} {...recovery} prominent wait={wait} />}
      </div>
    </div>
  );
}

/** What somebody who looks for the cause wants to know, in the API's own terms. */
function factsOf({ status, code, param, model }: Failure): readonly string[] {
  return [
    ...(status === undefined ? [] : [`HTTP ${String(status)}`]),
    ...(code === undefined ? [] : [plainLabel(code, 80)]),
    ...(param === undefined ? [] : [`field: ${plainLabel(param, 80)}`]),
    ...(model === undefined ? [] : [`model: ${plainLabel(model)}`]),
  ];
}
