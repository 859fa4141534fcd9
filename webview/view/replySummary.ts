import type { Ending } from '../../src/shared/conversation.ts';
import { describeFailure } from './failureText.ts';

/** What a screen reader says when a reply has ended. */
export function summarizeReply(ending: Ending, text: string): string {
  switch (ending.type) {
    case 'complete':
      return text.trim() === '' ? 'The reply is empty' : `Reply complete, ${countLines(text)}`;
    case 'stopped':
      return 'Reply stopped';
    case 'interrupted':
      return `Reply interrupted: ${describeFailure(ending.failure).title}`;
    case 'failed':
      return `Reply failed: ${describeFailure(ending.failure).title}`;
  }
}

function countLines(text: string): string {
  const lines = text.trim().split('\n').length;
  return lines === 1 ? '1 line' : `${String(lines)} lines`;
}
