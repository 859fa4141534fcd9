import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { MessageNode } from '../src/shared/apply.ts';
import {
  channels,
  type Channel,
  type ConversationEvent,
  type Ending,
  type MessageHeader,
  type MessageId,
  type ReplyDetails,
} from '../src/shared/conversation.ts';
import { TextFeed } from './textFeed.ts';

type TextAppended = Extract<ConversationEvent, { readonly type: 'textAppended' }>;

/** An ending, and when this view learnt of it. */
export interface Ended {
  readonly ending: Ending;
  readonly details: ReplyDetails | undefined;
  /** Milliseconds since 1970 by the view's clock. For an ending from before this view: when the message was begun. */
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
  readonly #arrived = signal(false);
  readonly #ended = signal<Ended | undefined>(undefined);
  /** When it was begun, in milliseconds since 1970 by the view's clock. */
  readonly begunAt: number;
  #lastPieceAt: number;

  constructor(header: MessageHeader, begunAt: number) {
    this.id = header.id;
    this.header = header;
    this.begunAt = begunAt;
    this.#lastPieceAt = begunAt;
  }

  /** True as soon as something has come that the message was not born with. */
  get arrived(): ReadonlySignal<boolean> {
    return this.#arrived;
  }

  /** When this view saw the text grow last. No signal: it changes with every piece, and nobody is to render for it. */
  get lastPieceAt(): number {
    return this.#lastPieceAt;
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
    // With an event or with a snapshot; the text of a message that has just been added was there at its birth.
    if (event || (!live && channels.some((channel) => node[channel].text !== this.feeds[channel].text))) {
      this.#lastPieceAt = now;
      this.#arrived.value = true;
    }
    for (const channel of channels) {
      if (event && event.channel !== channel) continue;
      const { text } = node[channel];
      const { text: before } = this.feeds[channel];
      this.feeds[channel].update(text, event?.offset === before.length ? event.text : undefined);
      this.#started[channel].value = text.length > 0;
    }
    const ending = node.ending?.value;
    if (ending === this.#ended.peek()?.ending) return;
    const at = live ? now : this.begunAt;
    this.#ended.value = ending && { ending, details: node.details, at };
  }
}
