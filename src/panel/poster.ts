import type { ConversationEvent, ConversationId } from '../shared/conversation.ts';
import type { HostMessage } from '../shared/protocol.ts';

/** A `HostMessage` before it gets its number. */
type Unnumbered<T> = T extends HostMessage ? Omit<T, 'seq'> : never;
export type Outgoing = Unnumbered<HostMessage>;

/** Runs `action` after at least `ms` milliseconds; returns a function that calls it off. */
export type Schedule = (action: () => void, ms: number) => () => void;

/** At most one batch of events in this time: about one frame. */
const frameMs = 16;

/**
 * Numbers messages for one view and gathers conversation events into one message a frame. The first event after a
 * pause goes out at once, so that nothing waits needlessly; every other message flushes what was gathered before it.
 */
export class Poster {
  readonly #post: (message: HostMessage) => void;
  readonly #schedule: Schedule;
  #seq = 0;
  #conversation: ConversationId | undefined;
  #events: ConversationEvent[] = [];
  #cancel: (() => void) | undefined;

  constructor(post: (message: HostMessage) => void, schedule: Schedule) {
    this.#post = post;
    this.#schedule = schedule;
  }

  post(message: Outgoing): void {
    this.#flush();
    this.#send(message);
  }

  postEvent(conversation: ConversationId, event: ConversationEvent): void {
    if (this.#conversation !== conversation) this.#flush();
    this.#conversation = conversation;
    const last = this.#events.at(-1);
    const joined = last && join(last, event);
    if (joined) this.#events[this.#events.length - 1] = joined;
    else this.#events.push(event);
    if (this.#cancel) return;
    this.#flush();
    const tick = (): void => {
      this.#cancel = this.#events.length > 0 ? this.#schedule(tick, frameMs) : undefined;
      this.#flush();
    };
    this.#cancel = this.#schedule(tick, frameMs);
  }

  dispose(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#events = [];
  }

  #flush(): void {
    const events = this.#events;
    if (events.length === 0 || this.#conversation === undefined) return;
    this.#events = [];
    this.#send({ type: 'events', conversation: this.#conversation, events });
  }

  #send(message: Outgoing): void {
    this.#seq += 1;
    this.#post({ ...message, seq: this.#seq });
  }
}

/** Two pieces of one text that follow one another are one piece. */
function join(a: ConversationEvent, b: ConversationEvent): ConversationEvent | undefined {
  if (a.type !== 'textAppended' || b.type !== 'textAppended') return undefined;
  const follows = a.message === b.message && a.channel === b.channel && b.offset === a.offset + a.text.length;
  return follows ? { ...a, text: a.text + b.text } : undefined;
}
