import type { Delta } from '../core/completion.ts';
import { type Outcome, Reading, type Reply } from '../core/reading.ts';
import { pageText } from '../core/readingError.ts';
import { parseJson } from '../core/readingRecord.ts';
import type { Thoughts } from '../core/readingThoughts.ts';
import { EventStream } from './eventStream.ts';

export const replyLimits = {
  /** Characters of one line or one event: an image in base64 fits, an endless line does not. */
  event: 8 * 1024 * 1024,
  /** Characters of a whole JSON answer. */
  body: 16 * 1024 * 1024,
  /** Bytes of a whole reply on the wire. */
  wire: 512 * 1024 * 1024,
  /** Characters after which something that shows no sign of an event stream is taken for what it looks like. */
  page: 64 * 1024,
  /** Lines that are no part of an event stream: to tell each of them takes the parser long. */
  strays: 10_000,
  /** Comments, which servers send some times a minute to keep a connection alive. */
  comments: 1_000_000,
} as const;

type Form = 'undecided' | 'events' | 'json' | 'page';

/**
 * Reads the body of one answer with status 2xx, in pieces of any size: the same body gives the same deltas however it
 * was cut. What it is (an event stream, one JSON answer, a web page) is decided by how it begins, because the content
 * type is wrong too often.
 */
export class ReplyReader {
  readonly #reading: Reading;
  /** A byte order mark is left in: the parser strips exactly one, as the standard says. */
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #isEventStream: boolean;
  readonly #events: EventStream;
  #form: Form = 'undecided';
  /** The body so far where it has to be read as a whole. */
  #body: string[] = [];
  #bodyLength = 0;
  #wire = 0;
  /** A first sign that this is an event stream, and the first line that is no part of one. */
  #recognised = false;
  #stray: string | undefined;
  #strays = 0;
  #comments = 0;
  #head = '';
  #cutOff = false;

  /** `wanted` is the request's `n`. */
  constructor(contentType: string | undefined, wanted = 1, thoughts: Thoughts = 'fields') {
    this.#reading = new Reading(wanted, thoughts);
    this.#isEventStream = /^\s*text\/event-stream\b/i.test(contentType ?? '');
    this.#events = new EventStream(replyLimits.event, {
      onEvent: (type, data) => {
        this.#recognised = true;
        this.#reading.event(type, data, this.#cutOff);
      },
      onSign: () => {
        this.#recognised = true;
        if (++this.#comments > replyLimits.comments) this.#reading.fail({ type: 'tooLarge', what: 'lines' });
      },
      onUnknown: (field, value, line) => {
        if (field === 'error') {
          this.#recognised = true;
          this.#reading.errorField(value);
        } else {
          this.#stray ??= line;
          if (++this.#strays <= replyLimits.strays) return;
          if (this.#recognised) this.#reading.fail({ type: 'tooLarge', what: 'lines' });
          else this.#notAnApi();
        }
      },
      onTooLong: () => this.#reading.fail({ type: 'tooLarge', what: 'event' }),
    });
  }

  /** No byte that follows can matter. */
  get isOver(): boolean {
    return this.#reading.isOver;
  }

  /** Every choice has finished: usage and `[DONE]` may still come, but the reply is complete without them. */
  get hasFinished(): boolean {
    return this.#reading.hasFinished;
  }

  /** What was understood so far. */
  reply(): Reply {
    return this.#reading.reply();
  }

  /** Takes the next bytes and gives the deltas in them. */
  push(bytes: Uint8Array): readonly Delta[] {
    this.#wire += bytes.byteLength;
    if (this.#wire > replyLimits.wire) this.#reading.fail({ type: 'tooLarge', what: 'answer' });
    else this.#take(this.#decoder.decode(bytes, { stream: true }));
    return this.#reading.take();
  }

  /** The body has ended, cleanly or not: gives the last deltas and how the reply ended. */
  end(): { readonly outcome: Outcome; readonly deltas: readonly Delta[] } {
    if (!this.isOver) {
      this.#take(this.#decoder.decode());
      this.#finish();
    }
    const outcome = this.#reading.end();
    return { outcome, deltas: this.#reading.take() };
  }

  #take(text: string): void {
    switch (this.#form) {
      case 'undecided':
        this.#decide(text);
        break;
      case 'events':
        if (!this.#recognised) this.#head = (this.#head + text.slice(0, 8)).slice(0, 8);
        this.#events.push(text);
        if (!this.#recognised && this.#wire > replyLimits.page && !this.#mayBeEvent) this.#notAnApi();
        break;
      case 'json':
        this.#keep(text);
        if (this.#bodyLength > replyLimits.body) this.#reading.fail({ type: 'tooLarge', what: 'answer' });
        break;
      case 'page':
        this.#keep(text);
        if (this.#bodyLength > replyLimits.page) this.#finish();
    }
  }

  /** Blank space before the beginning is nothing: some servers send it to keep a waiting connection alive. */
  #decide(text: string): void {
    const start = (this.#body.join('') + text).replace(/^(\u{FEFF}?)[ \t\r\n]+/u, '$1');
    const first = start.startsWith('\u{FEFF}') ? start[1] : start[0];
    this.#body = first === undefined ? [start] : [];
    if (first === undefined) return;
    this.#form = first === '{' || first === '[' ? 'json' : first === '<' ? 'page' : 'events';
    this.#take(start);
  }

  #keep(text: string): void {
    this.#body.push(text);
    this.#bodyLength += text.length;
  }

  #finish(): void {
    switch (this.#form) {
      case 'undecided':
        break;
      case 'events': {
        const { rest } = this.#events;
        const hadStray = this.#stray !== undefined;
        this.#cutOff = true;
        this.#events.end();
        // A body may have been cut off within its very first field.
        const isTorn = ['data:', 'event:'].some((field) => field.startsWith(rest));
        if (!this.#recognised && (hadStray || !(this.#isEventStream || isTorn))) this.#notAnApi(rest);
        break;
      }
      case 'json': {
        const value = parseJson(this.#body.join('').replace(/^\u{FEFF}/u, ''));
        // JSON that does not parse was cut off: the reply is truncated.
        if (value !== undefined) this.#reading.body(value);
        break;
      }
      case 'page':
        this.#notAnApi(this.#body.join(''));
    }
  }

  /** It may all be the first event, and a long one. */
  get #mayBeEvent(): boolean {
    return this.#stray === undefined && /^\u{FEFF}?(?:data|event|id|retry|error|:)/u.test(this.#head);
  }

  #notAnApi(text = ''): void {
    this.#reading.fail({ type: 'notAnApi', says: pageText(this.#stray ?? (text || this.#events.rest)) });
  }
}
