import type { Ending } from '../../src/shared/conversation.ts';
import type { Failure } from '../../src/shared/failure.ts';
import type { Recovery } from '../../src/shared/protocol.ts';
import { describeFailure, type FailureText } from './failureText.ts';

/** Whether a message has text at all, by channel. */
export interface Texts {
  readonly content: boolean;
  readonly reasoning: boolean;
  readonly refusal: boolean;
}

export interface EndingNote {
  readonly icon: string;
  readonly text: string;
  readonly next: readonly Recovery[];
}

/** The line under a reply that is not simply complete; `undefined` for one that is. */
export function describeEnding(
  ending: Exclude<Ending, { readonly type: 'failed' | 'interrupted' }>,
  { content, reasoning, refusal }: Texts,
): EndingNote | undefined {
  if (ending.type === 'stopped') {
    return content
      ? { icon: 'debug-stop', text: 'Stopped.', next: ['continue'] }
      : { icon: 'debug-stop', text: 'Stopped before the reply began.', next: ['tryAgain'] };
  }
  if (ending.finishReason === 'length') {
    return content
      ? {
          icon: 'ellipsis',
          text: 'The reply reached the token limit and is not complete.',
          next: ['continue'],
        }
      : {
          icon: 'ellipsis',
          text: reasoning
            ? 'The token limit was used up by reasoning before the reply began.'
            : 'The token limit was reached before the reply began.',
          next: ['tryAgain'],
        };
  }
  if (ending.finishReason === 'content_filter') {
    return {
      icon: 'shield',
      text: 'The content filter of the endpoint ended this reply.',
      next: ['tryAgain'],
    };
  }
  if (content || refusal) return undefined;
  return { icon: 'info', text: 'The reply is empty.', next: ['tryAgain'] };
}

/** A reply that broke off: what there is of it stays, and it can go on from there. */
export function describeInterruption(failure: Failure): FailureText {
  const { why, next } = describeFailure(failure);
  return {
    title: 'The reply was interrupted',
    why: `${why} The text so far is kept.`,
    next: ['continue', 'tryAgain', ...next.filter((recovery) => recovery !== 'tryAgain')],
  };
}
