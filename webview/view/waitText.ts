import type { RetryWait } from '../../src/shared/protocol.ts';
import { durationInWords } from './duration.ts';
import { plainLabel } from './plainLabel.ts';

/** A wait for another attempt that is no longer than this passes without a word on the page; the log has it. */
export const shortWaitMs = 2000;
/** So long nothing may come before the page says that it still waits, and then why that may be; in seconds. */
export const stillWaitingAfter = 10;
export const hintAfter = 180;
/** So long a reply that has begun may be silent before the page says so, in seconds. */
export const silentAfter = 60;

/** `gpt-5-mini` of `openai/gpt-5-mini`, ready for a sentence. */
function nameOf(model: string | undefined): string {
  return model === undefined ? 'the reply' : plainLabel(model.slice(model.indexOf('/') + 1));
}

/** The line that counts down to the next attempt. */
export function describeCountdown(seconds: number, { attempt }: RetryWait): string {
  return `Trying again in ${durationInWords(seconds)} (attempt ${String(attempt)})`;
}

/** The line while an attempt that was waited for has just been sent. */
export function describeAttempt({ attempt }: RetryWait): string {
  return `Trying again (attempt ${String(attempt)})`;
}

/** The line of a reply that has not begun. */
export function describeWait(
  seconds: number,
  model: string | undefined,
  retry: RetryWait | undefined,
): string {
  const attempt = retry ? `, attempt ${String(retry.attempt)}` : '';
  return `Still waiting for ${nameOf(model)} (${durationInWords(seconds)}${attempt})`;
}

/** What else there is to say about a reply that takes minutes to begin. */
export const waitHint = 'A model on your own computer may still be loading. You can stop at any time.';

/** The line of a reply that has begun and says nothing more. Keep-alives of a server are no text. */
export function describeSilence(seconds: number): string {
  return `No text has arrived for ${durationInWords(seconds)}.`;
}
