import type { AbortSignalLike } from '../core/completion.ts';
import { NetworkError, ownCodes, type Phase, toNetworkError } from './networkError.ts';
import type { Dispatcher } from './undici.ts';

/** Limits in milliseconds; 0 stands for none. */
export interface Timeouts {
  /** Until the connection stands: name, proxy, TCP and TLS together. */
  readonly connectMs: number;
  /** From then until the answer begins. */
  readonly firstByteMs: number;
  /** Between two pieces of the answer; a comment line of an event stream is a piece too. */
  readonly idleMs: number;
}

/** An answer whose body is still on its way. */
export interface Answer {
  readonly status: number;
  /** Names in lower case; repeated headers joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * The body, once. Raises `NetworkError`; ends when the request is stopped. Leaving the loop early closes the
   * connection. At most some 100 kB wait in memory: beyond that the server has to wait.
   */
  readonly body: AsyncIterable<Uint8Array>;
  /** Lowers the idle limit from now on. */
  limitIdle(ms: number): void;
  /**
   * The rest does not matter: it is given a moment to end, so that the connection can be used again, and is cut off
   * otherwise.
   */
  release(): void;
}

/** Bytes that may wait for their reader. */
const highWater = 64 * 1024;
const releaseMs = 500;

type Controller = Dispatcher.DispatchController;

/** One request on its way through undici: its timers, its stop and its body, as one `DispatchHandler`. */
export class Exchange implements Dispatcher.DispatchHandler {
  /** The answer's head; rejects with `NetworkError`, after a stop with the code `STOPPED`. */
  readonly answer: Promise<Answer>;
  readonly #timeouts: Timeouts;
  readonly #signal: AbortSignalLike;
  readonly #onSignal = (): void => this.stop();
  readonly #onOver: (phase: Phase) => void;
  #resolve: (answer: Answer) => void = () => {};
  #reject: (error: NetworkError) => void = () => {};
  #controller: Controller | undefined;
  #phase: Phase = 'connect';
  #timer: NodeJS.Timeout | undefined;
  #idleMs: number;
  #queue: Uint8Array[] = [];
  #queued = 0;
  #wake: (() => void) | undefined;
  #over = false;
  #error: NetworkError | undefined;
  #released = false;

  /** `onOver` is called once, with the phase in which it ended, however it ends; never before this returns. */
  constructor(timeouts: Timeouts, signal: AbortSignalLike, onOver: (phase: Phase) => void) {
    this.#timeouts = timeouts;
    this.#signal = signal;
    this.#idleMs = timeouts.idleMs;
    this.#onOver = onOver;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Whoever waits for it hears of it; an exchange that is stopped at once has nobody waiting yet.
    this.answer.catch(() => {});
    signal.addEventListener('abort', this.#onSignal, { once: true });
    this.#arm(timeouts.connectMs, ownCodes.connectTimeout, 'the connection did not come about');
  }

  /** Ends the exchange without an error: the body just ends. Closes the socket. */
  stop(): void {
    this.#reject(new NetworkError(ownCodes.stopped, 'stopped', this.#phase));
    this.#finish();
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.#over) {
      controller.abort(new Error('stopped'));
      return;
    }
    this.#phase = 'headers';
    this.#arm(this.#timeouts.firstByteMs, ownCodes.firstByteTimeout, 'the server did not begin to answer');
  }

  onResponseStart(_: Controller, status: number, headers: Record<string, unknown>): void {
    if (this.#over || status < 200) return;
    this.#phase = 'body';
    this.#armIdle();
    this.#resolve({
      status,
      headers: plainHeaders(headers),
      body: { [Symbol.asyncIterator]: () => this.#read() },
      limitIdle: (ms) => {
        this.#idleMs = this.#idleMs > 0 ? Math.min(this.#idleMs, ms) : ms;
        if (!this.#over && this.#queued < highWater) this.#armIdle();
      },
      release: () => this.#release(),
    });
  }

  onResponseData(controller: Controller, chunk: Uint8Array): void {
    if (this.#over || this.#released) return;
    this.#queue.push(chunk);
    this.#queued += chunk.byteLength;
    if (this.#queued >= highWater) {
      // The reader is behind: the server's silence is now our own doing.
      controller.pause();
      this.#disarm();
    } else if (this.#timer === undefined) {
      this.#armIdle();
    } else {
      this.#timer.refresh();
    }
    this.#wakeUp();
  }

  onResponseEnd(): void {
    this.#finish();
  }

  onResponseError(_: Controller, error: Error): void {
    this.fail(error);
  }

  fail(error: unknown): void {
    this.#finish(toNetworkError(error, this.#phase));
  }

  async *#read(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (;;) {
        const chunk = this.#queue.shift();
        if (chunk !== undefined) {
          this.#took(chunk.byteLength);
          yield chunk;
        } else if (this.#over) {
          if (this.#error !== undefined) throw this.#error;
          return;
        } else {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
      }
    } finally {
      if (!this.#released) this.#finish();
    }
  }

  #took(bytes: number): void {
    const wasFull = this.#queued >= highWater;
    this.#queued -= bytes;
    if (!wasFull || this.#queued >= highWater || this.#over) return;
    this.#armIdle();
    this.#controller?.resume();
  }

  #release(): void {
    if (this.#over) return;
    this.#released = true;
    this.#queue = [];
    this.#queued = 0;
    this.#idleMs = 0;
    this.#disarm();
    this.#timer = setTimeout(() => this.#finish(), releaseMs);
    this.#timer.unref();
    this.#controller?.resume();
  }

  #armIdle(): void {
    this.#arm(this.#idleMs, ownCodes.idleTimeout, 'nothing arrived');
  }

  #arm(ms: number, code: string, what: string): void {
    this.#disarm();
    if (ms <= 0) return;
    this.#timer = setTimeout(() => {
      this.#finish(new NetworkError(code, `${what} within ${ms / 1000} s`, this.#phase));
    }, ms);
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #finish(error?: NetworkError): void {
    if (this.#over) return;
    this.#over = true;
    this.#error = error;
    this.#disarm();
    this.#signal.removeEventListener('abort', this.#onSignal);
    if (error !== undefined) this.#reject(error);
    // Nothing happens here where the answer has ended by itself.
    this.#controller?.abort(new Error('stopped'));
    this.#wakeUp();
    this.#onOver(this.#phase);
  }

  #wakeUp(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

function plainHeaders(headers: Record<string, unknown>): Record<string, string> {
  const plain: [string, string][] = Object.entries(headers).map(([name, value]) => [
    name.toLowerCase(),
    Array.isArray(value) ? value.join(', ') : String(value),
  ]);
  return Object.fromEntries(plain);
}
