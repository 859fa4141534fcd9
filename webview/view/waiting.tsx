import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { RetryWait } from '../../src/shared/protocol.ts';
import type { LiveMessage } from '../liveMessage.ts';
import type { MessagePorts } from './message.tsx';
import { ProgressBar } from './progressBar.tsx';
import { RetryNotice } from './retryNotice.tsx';
import { useElapsed } from './useElapsed.ts';
import { useSilence } from './useSilence.ts';
import { useWait } from './useWait.ts';
import {
  describeAttempt,
  describeSilence,
  describeWait,
  hintAfter,
  shortWaitMs,
  silentAfter,
  stillWaitingAfter,
  waitHint,
} from './waitText.ts';

interface WaitingProps {
  readonly message: LiveMessage;
  readonly ports: MessagePorts;
}

/** What a reply that has not ended waits for, as long as that is not simply its next word. */
export function Waiting({ message, ports }: WaitingProps): JSX.Element {
  const retry = ports.store.retry.value;
  if (message.arrived.value) return <Pause message={message} ports={ports} />;
  if (retry?.message === message.id)
    return <Attempt key={retry.attempt} message={message} ports={ports} retry={retry} />;
  return <Beginning message={message} ports={ports} since={message.begunAt} />;
}

interface AttemptProps extends WaitingProps {
  readonly retry: RetryWait;
}

/** Another attempt: a countdown to it where the wait is worth one, and then the wait for its answer. */
function Attempt({ message, ports, retry }: AttemptProps): JSX.Element {
  const { conversation, post, announcer } = ports;
  const left = useWait(retry.until);
  // A short wait never gets a countdown: it would be a flicker. One that has begun ends at zero.
  const [isLong] = useState(() => retry.until - Date.now() > shortWaitMs);
  if (!isLong || left === 0)
    return (
      <Beginning message={message} ports={ports} since={retry.until} retry={retry} sayAttempt={isLong} />
    );
  return (
    <RetryNotice
      retry={retry}
      left={left}
      onNow={() => post({ type: 'retryNow', conversation })}
      announcer={announcer}
    />
  );
}

interface BeginningProps extends WaitingProps {
  /** When the request was sent, in milliseconds since 1970. */
  readonly since: number;
  readonly retry?: RetryWait;
  /** Whether to say that this is another attempt before there is anything else to say. */
  readonly sayAttempt?: boolean;
}

/** Nothing of the reply has come. That may take minutes, and is no failure. */
function Beginning({ message, ports, since, retry, sayAttempt = false }: BeginningProps): JSX.Element {
  const seconds = useElapsed(since, stillWaitingAfter);
  const { model } = message.header;
  const isStill = seconds > 0;
  useEffect(() => {
    // Once: a screen reader is not told every second.
    if (isStill) ports.announcer.say(describeWait(stillWaitingAfter, model, retry));
  }, [isStill, model, ports, retry]);
  return (
    <div class="waiting">
      <ProgressBar label="Waiting for the reply" />
      {isStill && <p>{describeWait(seconds, model, retry)}</p>}
      {!isStill && retry && sayAttempt && <p>{describeAttempt(retry)}</p>}
      {seconds >= hintAfter && <p>{waitHint}</p>}
    </div>
  );
}

/** The reply has begun. While its text streams there is nothing to say. */
function Pause({ message, ports }: WaitingProps): JSX.Element {
  const seconds = useSilence(message, silentAfter);
  const isSilent = seconds > 0;
  useEffect(() => {
    if (isSilent) ports.announcer.say(describeSilence(silentAfter));
  }, [isSilent, ports]);
  const isThinking = !message.started('content').value && !message.started('refusal').value;
  return (
    <div class="waiting">
      {isThinking && <ProgressBar label="Waiting for the reply" />}
      {isSilent && <p>{describeSilence(seconds)}</p>}
    </div>
  );
}
