import type { ReadonlySignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import {
  type Diagnosis,
  type DiagnosisStage,
  inTime,
  type StageName,
  stageNames,
  stageTitles,
  summarize,
} from '../../src/shared/diagnosis.ts';
import type { Announcer } from '../announcer.ts';
import type { Post } from '../hostLink.ts';
import { plainLabel } from './plainLabel.ts';

interface DiagnosisCardProps {
  readonly diagnosis: ReadonlySignal<Diagnosis | undefined>;
  readonly post: Post;
  readonly announcer: Announcer;
  /** Leaves the card as it is and goes back to the composer. */
  readonly onLeave: () => void;
}

type State = DiagnosisStage['state'] | 'waiting';

/** Name of a codicon, and what is heard, for each state. */
const looks: Readonly<Record<State, { readonly icon: string; readonly words: string }>> = {
  waiting: { icon: 'circle-large-outline', words: 'Waiting' },
  running: { icon: 'loading codicon-modifier-spin', words: 'Running' },
  passed: { icon: 'pass', words: 'Passed' },
  warning: { icon: 'warning', words: 'Warning' },
  failed: { icon: 'error', words: 'Failed' },
  skipped: { icon: 'circle-slash', words: 'Skipped' },
};

/** The way to an endpoint, stage by stage, as it is being tried. */
export function DiagnosisCard({ diagnosis, ...rest }: DiagnosisCardProps): JSX.Element | null {
  const shown = diagnosis.value;
  return shown ? <Card diagnosis={shown} {...rest} /> : null;
}

interface CardProps extends Omit<DiagnosisCardProps, 'diagnosis'> {
  readonly diagnosis: Diagnosis;
}

function Card({ diagnosis, post, announcer, onLeave }: CardProps): JSX.Element {
  const { endpoint, origin, model, state, stages } = diagnosis;
  const subject = [endpoint, origin, model ?? '']
    .filter((part) => part !== '')
    .map((part) => plainLabel(part))
    .join(' · ');
  const list = useRef<HTMLOListElement>(null);
  const running = stages.find((stage) => stage.state === 'running')?.name;
  const worst = ['failed', 'warning'].flatMap((bad) => stages.filter((stage) => stage.state === bad));
  const looked = state === 'running' ? running : worst[0]?.name;
  useLayoutEffect(() => {
    if (looked !== undefined)
      list.current?.querySelector(`[data-stage="${looked}"]`)?.scrollIntoView(nearest);
  }, [looked]);
  return (
    <section
      class="diagnosis"
      aria-label="Connection diagnosis"
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onLeave();
      }}
    >
      <header>
        <h2>Connection diagnosis</h2>
        <p class="quiet" title={subject}>
          {subject}
        </p>
        <p class="diagnosis-summary" role="status" aria-live="polite">
          {summarize(diagnosis)}
        </p>
      </header>
      <ol ref={list} tabIndex={0} aria-label="Stages">
        {stageNames.map((name) => {
          const stage = stages.find((candidate) => candidate.name === name);
          // What a stopped diagnosis did not come to is not waiting for anything.
          const nothing = state === 'running' ? 'waiting' : 'skipped';
          return <Stage key={name} name={name} stage={stage} state={stage?.state ?? nothing} />;
        })}
      </ol>
      <Buttons state={state} post={post} announcer={announcer} />
    </section>
  );
}

const nearest: ScrollIntoViewOptions = { block: 'nearest' };

interface StageProps {
  readonly name: StageName;
  readonly stage: DiagnosisStage | undefined;
  readonly state: State;
}

function Stage({ name, stage, state }: StageProps): JSX.Element {
  const { icon, words } = looks[state];
  const { found = '', facts = [], advice, ms = 0 } = stage ?? {};
  const isOver = state === 'passed' || state === 'warning' || state === 'failed';
  return (
    <li class={`stage ${state}`} data-stage={name}>
      <span class={`codicon codicon-${icon}`} aria-hidden="true" />
      <div class="stage-body">
        <p class="stage-head">
          <span class="stage-title">{stageTitles[name]}</span>
          <span class="unseen">: {words}</span>
          {isOver && ms > 0 && <span class="stage-time">{inTime(ms)}</span>}
        </p>
        {found !== '' && <p class="stage-found">{plainLabel(found, 700)}</p>}
        {advice !== undefined && (
          <p class="stage-advice">
            <span class="codicon codicon-lightbulb" aria-hidden="true" />
            <span>
              <span class="unseen">What to do: </span>
              {plainLabel(advice, 700)}
            </span>
          </p>
        )}
        {facts.length > 0 && (
          <details open={state !== 'passed'}>
            <summary>Details</summary>
            <ul>
              {facts.map((fact, index) => (
                <li key={index}>{plainLabel(fact, 400)}</li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </li>
  );
}

interface ButtonsProps {
  readonly state: Diagnosis['state'];
  readonly post: Post;
  readonly announcer: Announcer;
}

/** What can be done now. The focus stays among the buttons when they change under it. */
function Buttons({ state, post, announcer }: ButtonsProps): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const hadFocus = place.current?.contains(document.activeElement) === true;
  const isRunning = state === 'running';
  useLayoutEffect(() => {
    if (hadFocus) place.current?.querySelector('button')?.focus();
    // Only a change of the buttons can take the focus away.
  }, [isRunning]);
  return (
    <div class="diagnosis-buttons" ref={place}>
      {isRunning ? (
        <button
          key="stop"
          type="button"
          class="button secondary"
          onClick={() => post({ type: 'stopDiagnosis' })}
        >
          Stop
        </button>
      ) : (
        <>
          <CopyButton
            key="copy"
            onClick={() => {
              post({ type: 'copyDiagnosis' });
              announcer.say('Report copied');
            }}
          />
          <button
            key="again"
            type="button"
            class="button secondary"
            onClick={() => post({ type: 'diagnose' })}
          >
            Run again
          </button>
          <button
            key="close"
            type="button"
            class="button secondary"
            onClick={() => post({ type: 'closeDiagnosis' })}
          >
            Close
          </button>
        </>
      )}
    </div>
  );
}

/** How long the button says what it did. */
const copiedMs = 2000;

function CopyButton({ onClick }: { readonly onClick: () => void }): JSX.Element {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), copiedMs);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <button
      type="button"
      class="button diagnosis-copy"
      onClick={() => {
        onClick();
        setCopied(true);
      }}
    >
      {copied ? 'Copied' : 'Copy report'}
    </button>
  );
}
