import type { IncomingHttpHeaders } from 'node:http';
import type { Json } from './json.ts';

/** One request as it arrived. Times are milliseconds since 1970. */
export interface RecordedRequest {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  /** Names and values as they were written, in turn. */
  readonly rawHeaders: readonly string[];
  /** The body as text; empty until it has arrived whole. */
  readonly text: string;
  /** The body as JSON; undefined where it is none. */
  readonly body: Json | undefined;
  readonly receivedAt: number;
  /** When the head of the answer was sent. */
  readonly answeredAt: number | undefined;
  readonly status: number | undefined;
  /** When the exchange was over for either side. */
  readonly closedAt: number | undefined;
  /** Whether the answer had been sent whole by then; false means that somebody hung up. */
  readonly finished: boolean;
  /** Resolves when `closedAt` is set. */
  readonly closed: Promise<void>;
}

/** The log's own view of an entry. */
export type OpenRecord = { -readonly [Field in keyof RecordedRequest]: RecordedRequest[Field] };

/** The newest requests, oldest first, and a way to wait for one without polling. */
export class RequestLog {
  readonly entries: OpenRecord[] = [];
  readonly #limit: number;
  readonly #waiting = new Set<() => void>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(record: OpenRecord): void {
    this.entries.push(record);
    if (this.entries.length > this.#limit) this.entries.shift();
  }

  /** To be called after every change of an entry. */
  changed(): void {
    for (const look of this.#waiting) look();
  }

  /** The first entry for which `fits` holds, now or as soon as there is one; rejects when `signal` aborts. */
  waitFor(fits: (request: RecordedRequest) => boolean, signal?: AbortSignal): Promise<RecordedRequest> {
    return new Promise((resolve, reject) => {
      const stop = () => {
        this.#waiting.delete(look);
        signal?.removeEventListener('abort', giveUp);
      };
      const giveUp = () => {
        stop();
        reject(new Error('No such request arrived in time.', { cause: signal?.reason }));
      };
      const look = () => {
        const found = this.entries.find(fits);
        if (found === undefined) return;
        stop();
        resolve(found);
      };
      this.#waiting.add(look);
      signal?.addEventListener('abort', giveUp);
      if (signal?.aborted === true) giveUp();
      else look();
    });
  }
}
