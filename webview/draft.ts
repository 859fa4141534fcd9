import { signal, type ReadonlySignal } from '@preact/signals';
import type { ConversationId } from '../src/shared/conversation.ts';
import type { Post } from './hostLink.ts';

/** A draft is told to the host this long after the last key. */
const reportAfterMs = 300;

/** Runs `action` after `ms` milliseconds; returns what calls it off. */
export type Schedule = (action: () => void, ms: number) => () => void;

/**
 * The text in the composer. The host keeps it (a draft belongs to a conversation and survives the view); the view
 * types it. Whatever the host says, text that was typed here and not yet told is never overwritten.
 */
export class Draft {
  readonly #post: Post;
  readonly #schedule: Schedule;
  readonly #text = signal('');
  #conversation: ConversationId | undefined;
  /** What the host knows. */
  #reported = '';
  /** Texts told to the host that it has not said back yet, oldest first. */
  #told: string[] = [];
  /** The text of a message that is on its way to the host. */
  #sent: string | undefined;
  #cancel: (() => void) | undefined;

  constructor(post: Post, schedule: Schedule) {
    this.#post = post;
    this.#schedule = schedule;
  }

  get text(): ReadonlySignal<string> {
    return this.#text;
  }

  /** True between sending and the host's answer: the same text must not go out twice. */
  get sending(): boolean {
    return this.#sent !== undefined;
  }

  /** The person changed the text. */
  type(text: string): void {
    if (text === this.#text.peek()) return;
    this.#text.value = text;
    this.#cancel?.();
    this.#cancel = this.#schedule(() => this.flush(), reportAfterMs);
  }

  /** Tells the host now: the composer lost the focus, or the view is about to hide. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const text = this.#text.peek();
    if (this.#conversation === undefined || text === this.#reported || this.#sent !== undefined) return;
    this.#reported = text;
    this.#told.push(text);
    this.#post({ type: 'changeDraft', conversation: this.#conversation, text });
  }

  /** Sends the text. It stays in the composer until the host has taken it. */
  send(): void {
    if (this.#conversation === undefined || this.#sent !== undefined) return;
    this.#cancel?.();
    this.#cancel = undefined;
    const text = this.#text.peek();
    this.#sent = text;
    this.#reported = text;
    this.#told = [];
    this.#post({ type: 'send', conversation: this.#conversation, text });
  }

  /** A snapshot: another conversation, or this one again. */
  adopt(conversation: ConversationId, text: string): void {
    const again = conversation === this.#conversation;
    const typed = this.#text.peek() !== this.#reported;
    // Told while the old conversation is still the one it belongs to.
    if (!again) this.#sent = undefined;
    if (!again && typed) this.flush();
    this.#conversation = conversation;
    this.#told = [];
    this.#sent = undefined;
    this.#reported = text;
    if (!again || !typed) this.#replace(text);
    else this.flush();
  }

  /** The host's draft changed: taken by `send`, changed in another view, or our own words coming back. */
  hostChanged(text: string): void {
    const sent = this.#sent;
    if (sent !== undefined) {
      // An older text of ours coming back, before the answer.
      if (text !== '' && text !== sent) return;
      this.#sent = undefined;
      // Refused for now (a reply was still streaming): the host keeps it as the draft, and so do we.
      if (text === sent && text !== '') return;
      this.#reported = '';
      const now = this.#text.peek();
      if (now.startsWith(sent)) this.#replace(now.slice(sent.length));
      this.#reportLater();
      return;
    }
    if (this.#told.length > 0) {
      // Our own words coming back, or a change that the host made before it heard them: ours come after it.
      this.#told.splice(0, this.#told.indexOf(text) + 1);
      return;
    }
    const typed = this.#text.peek() !== this.#reported;
    this.#reported = text;
    if (!typed) this.#replace(text);
    else this.#reportLater();
  }

  /** Something else arrived from the host: if a sent message was not taken by now, it may be sent again. */
  hostAnswered(): void {
    if (this.#sent === undefined) return;
    this.#sent = undefined;
    this.#reportLater();
  }

  #replace(text: string): void {
    this.#text.value = text;
  }

  #reportLater(): void {
    if (this.#text.peek() === this.#reported) return;
    this.#cancel ??= this.#schedule(() => this.flush(), reportAfterMs);
  }
}
