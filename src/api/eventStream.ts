import { createParser, type EventSourceParser } from 'eventsource-parser';

export interface EventStreamHandlers {
  readonly onEvent: (type: string | undefined, data: string) => void;
  /** A comment, or a `retry:`: no content, but the sign of an event stream. */
  readonly onSign: () => void;
  /** A line whose field is none of the standard's. */
  readonly onUnknown: (field: string, value: string, line: string) => void;
  /** A line or an event passed `limit`; nothing more will be read. */
  readonly onTooLong: () => void;
}

/**
 * Cuts a text that comes in pieces of any size into the events of an event stream (HTML standard, section 9.2.6), and
 * holds on to at most `limit` characters. Where it differs from the standard: the last event counts even if the body
 * ends before its blank line, and fields that nobody knows are reported instead of dropped.
 */
export class EventStream {
  readonly #parser: EventSourceParser;
  readonly #limit: number;
  readonly #onTooLong: () => void;
  /** The pieces of a line that has not ended. The parser gets whole lines only: of an unfinished one whose field it
   * does not know it would drop the rest. */
  #line: string[] = [];
  #lineLength = 0;
  #closed = false;

  constructor(limit: number, { onEvent, onSign, onUnknown, onTooLong }: EventStreamHandlers) {
    this.#limit = limit;
    this.#onTooLong = onTooLong;
    this.#parser = createParser({
      maxBufferSize: limit,
      onEvent: ({ event, data }) => onEvent(event, data),
      onComment: onSign,
      onRetry: onSign,
      onError: (error) => {
        switch (error.type) {
          case 'max-buffer-size-exceeded':
            this.#close();
            break;
          case 'unknown-field':
            onUnknown(error.field ?? '', error.value ?? '', error.line ?? '');
            break;
          case 'invalid-retry':
            onSign();
        }
      },
    });
  }

  push(text: string): void {
    const afterFeed = text.lastIndexOf('\n') + 1;
    // Looked for behind the last line feed only: where there is none, the search would go through everything.
    const end = afterFeed + text.slice(afterFeed).lastIndexOf('\r') + 1;
    if (end > 0) this.#feed(text.slice(0, end));
    if (end < text.length && !this.#closed) {
      this.#line.push(text.slice(end));
      this.#lineLength += text.length - end;
      if (this.#lineLength > this.#limit) this.#close();
    }
  }

  /** The body has ended: what is left of it counts as a last line and a last event. */
  end(): void {
    this.#feed('\n\n');
  }

  /** What has come of a line that has not ended. */
  get rest(): string {
    return this.#line.join('');
  }

  #feed(text: string): void {
    if (this.#closed) return;
    const lines = this.rest + text;
    this.#line = [];
    this.#lineLength = 0;
    this.#parser.feed(lines);
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#line = [];
    this.#onTooLong();
  }
}
