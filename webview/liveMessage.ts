import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { MessageNode } from '../src/shared/apply.ts';
import type {
  Channel,
  ConversationEvent,
  Ending,
  MessageHeader,
  MessageId,
  ReplyDetails,
} from '../src/shared/conversation.ts';
import { TextFeed } from './textFeed.ts';

type TextAppended = Extract<ConversationEvent, { readonly type: 'textAppended' }>;

/** An ending, and when this view learnt of it. */
export interface Ended {
  readonly ending: Ending;
  readonly details: ReplyDetails | undefined;
  /** Milliseconds since 1970. For an ending from before this view: when the message was begun. */
  readonly at: number;
}

/**
 * One message as the page shows it. It lives as long as the view knows the conversation; what changes in it changes
 * here and touches only its own article, never the list of messages.
 */
export class LiveMessage {
  readonly id: MessageId;
  readonly header: MessageHeader;
  readonly feeds: Readonly<Record<Channel, TextFeed>> = {
    content: new TextFeed(),
    reasoning: new TextFeed(),
    refusal: new TextFeed(),
  };
  readonly #started: Readonly<Record<Channel, Signal<boolean>>> = {
    content: signal(false),
    reasoning: signal(false),
    refusal: signal(false),
  };
  readonly #ended = signal<Ended | undefined>(undefined);

  constructor(header: MessageHeader) {
    this.id = header.id;
    this.header = header;
  }

  /** True from a channel's first character on. */
  started(channel: Channel): ReadonlySignal<boolean> {
    return this.#started[channel];
  }

  get ended(): ReadonlySignal<Ended | undefined> {
    return this.#ended;
  }

  /** Takes the message as the conversation holds it now. `live`: it has just happened. */
  update(node: MessageNode, live: boolean, now: number, event?: TextAppended): void {
    for (const channel of ['content', 'reasoning', 'refusal'] as const) {
      if (event && event.channel !== channel) continue;
      const { text } = node[channel];
      const { text: before } = this.feeds[channel];
      this.feeds[channel].update(text, event?.offset === before.length ? event.text : undefined);
      this.#started[channel].value = text.length > 0;
    }
    const ending = node.ending?.value;
    if (ending === this.#ended.peek()?.ending) return;
    const at = live ? now : this.header.created;
    this.#ended.value = ending && { ending, details: node.details, at };
  }
}
