import { useEffect, useState } from 'preact/hooks';
import { channels } from '../../src/shared/conversation.ts';
import type { LiveMessage } from '../liveMessage.ts';

/**
 * Whole seconds since the last piece of a message came, from `from` seconds on; before that 0. While pieces come
 * nothing happens but one look at the clock every `from` seconds.
 */
export function useSilence(message: LiveMessage, from: number): number {
  const [silent, setSilent] = useState(0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let shown = 0;
    const look = (): void => {
      clearTimeout(timer);
      const passedMs = Date.now() - message.lastPieceAt;
      const seconds = Math.floor(passedMs / 1000);
      shown = seconds < from ? 0 : seconds;
      setSilent(shown);
      timer = setTimeout(look, Math.max(from, seconds + 1) * 1000 - passedMs);
    };
    const hear = (): void => {
      if (shown > 0) look();
    };
    look();
    const ends = channels.map((channel) => message.feeds[channel].listen({ append: hear, replace: hear }));
    return () => {
      clearTimeout(timer);
      for (const end of ends) end();
    };
  }, [message, from]);
  return silent;
}
