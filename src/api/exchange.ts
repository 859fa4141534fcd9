import type { AbortSignalLike } from '../core/completion.ts';
import { NetworkError, ownCodes, type Phase, proxyRefusal, toNetworkError } from './networkError.ts';

/** Limits in milliseconds; 0 stands for none. */
export interface Timeouts {
  /** Until the connection stands: name, proxy, TCP and TLS together. */
  readonly connectMs: number;
  /** From then until the answer begins, and from its head until the first piece of its body. */
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
/** Answers with a status below 200 that may come before the answer. */
const maxInterim = 20;

/** What an exchange needs of the connection that carries it. */
export interface Wire {
  /** Closes the connection; does nothing where the answer has come to its end. */
  abort(): void;
  /** Stops reading from the connection, so that the server has to wait. */
  pause(): void;
  resume(): void;
}

/**
 * One request on its way: its timers, its stop and its body, whoever carries it. A carrier says `attach`, `connected`,
 * `answered`, any number of `received`, then `ended`; or `fail` at any time. What it says too late does nothing.
 */
export class Exchange {
  /** The answer's head; rejects with `NetworkError`, after a stop with the code `STOPPED`. */
  readonly answer: Promise<Answer>;
  readonly #timeouts: Timeouts;
  readonly #signal: AbortSignalLike;
  readonly #onSignal = (): void => this.stop();
  readonly #onOver: (phase: Phase) => void;
  #resolve: (answer: Answer) => void = () => {};
  #reject: (error: NetworkError) => void = () => {};
  #wire: Wire | undefined;
  #phase: Phase = 'connect';
  #timer: NodeJS.Timeout | undefined;
  #idleMs: number;
  #queue: Uint8Array[] = [];
  #queued = 0;
  #wake: (() => void) | undefined;
  #over = false;
  #error: NetworkError | undefined;
  #released = false;
  #interim = 0;
  /** How many pieces of the body have come. */
  #heard = 0;

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

  /** From now on the connection can be closed. */
  attach(wire: Wire): void {
    this.#wire = wire;
    if (this.#over) wire.abort();
  }

  /** The connection stands and the request goes out. */
  connected(): void {
    if (this.#over || this.#phase !== 'connect') return;
    this.#phase = 'headers';
    this.#armFirstByte();
  }

  answered(status: number, headers: Readonly<Record<string, unknown>>): void {
    if (this.#over) return;
    if (status < 200) {
      if (++this.#interim > maxInterim) {
        this.#finish(new NetworkError(ownCodes.interimAnswers, 'interim answers without end', this.#phase));
      }
      return;
    }
    if (status === 407) {
      // A server has no such answer (RFC 9110, section 15.5.8): it came from a proxy on the way.
      this.#finish(proxyRefusal(status));
      return;
    }
    this.#phase = 'body';
    // Many servers send the head at once and think then.
    this.#armFirstByte();
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

  received(chunk: Uint8Array): void {
    if (this.#over || this.#released) return;
    this.#heard++;
    this.#queue.push(chunk);
    this.#queued += chunk.byteLength;
    if (this.#queued >= highWater) {
      // The reader is behind: the server's silence is now our own doing.
      this.#wire?.pause();
      this.#disarm();
    } else if (this.#timer === undefined || this.#heard === 1) {
      this.#armIdle();
    } else {
      this.#timer.refresh();
    }
    this.#wakeUp();
  }

  ended(): void {
    this.#finish();
  }

  fail(error: unknown): void {
    this.#finish(toNetworkError(error, this.#phase));
  }

  /** No generator, which costs promises for every piece. Its one reader waits for each piece before the next. */
  #read(): AsyncIterator<Uint8Array, void, undefined> {
    return {
      next: async () => {
        for (;;) {
          const value = this.#queue.shift();
          if (value !== undefined) {
            this.#took(value.byteLength);
            return { done: false, value };
          }
          if (this.#over) {
            if (this.#error !== undefined) throw this.#error;
            return { done: true, value: undefined };
          }
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
      },
      return: () => {
        if (!this.#released) this.#finish();
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }

  #took(bytes: number): void {
    const wasFull = this.#queued >= highWater;
    this.#queued -= bytes;
    if (!wasFull || this.#queued >= highWater || this.#over) return;
    this.#armIdle();
    this.#wire?.resume();
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
    this.#wire?.resume();
  }

  #armFirstByte(): void {
    this.#arm(this.#timeouts.firstByteMs, ownCodes.firstByteTimeout, 'the server did not begin to answer');
  }

  #armIdle(): void {
    this.#arm(this.#idleMs, ownCodes.idleTimeout, 'nothing arrived');
  }

  #arm(ms: number, code: string, what: string): void {
    this.#disarm();
    if (ms <= 0) return;
    const timer: NodeJS.Timeout = setTimeout(() => {
      // Where this process stood still, what came meanwhile is read only after the timers: it counts.
      const heard = this.#heard;
      setImmediate(() => {
        if (this.#timer !== timer || this.#heard !== heard) return;
        this.#finish(new NetworkError(code, `${what} within ${ms / 1000} s`, this.#phase));
      });
    }, ms);
    this.#timer = timer;
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
    this.#wire?.abort();
    this.#wakeUp();
    this.#onOver(this.#phase);
  }

  #wakeUp(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

function plainHeaders(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const plain: [string, string][] = Object.entries(headers).map(([name, value]) => [
    name.toLowerCase(),
    Array.isArray(value) ? value.join(', ') : String(value),
  ]);
  return Object.fromEntries(plain);
}
