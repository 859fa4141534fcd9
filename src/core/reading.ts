import type { Delta, FinishReason } from './completion.ts';
import { ChoicePieces } from './readingChoice.ts';
import { DeltaQueue } from './readingDeltas.ts';
import { readChunkError, readError, type ServerError } from './readingError.ts';
import { HeadPieces, type ReplyHead } from './readingHead.ts';
import type { ReadChoice } from './readingMessage.ts';
import { asList, asRecord, asText, type JsonRecord, parseJson } from './readingRecord.ts';
import { RepeatedEvents, type RepeatedText } from './readingRepeat.ts';
import type { Thoughts } from './readingThoughts.ts';
import { readUsage } from './readingUsage.ts';

/**
 * How a reply ended: `truncated` when the stream stopped before saying that it was over, `empty` when it said so and
 * nothing else.
 */
export type Outcome = 'complete' | 'error' | 'truncated' | 'empty';

/** Why a reply cannot be read any further. */
export type Problem =
  | { readonly type: 'server'; readonly error: ServerError }
  /** A limit was passed; `what` names it. */
  | { readonly type: 'tooLarge'; readonly what: string }
  /** What came is no Chat Completions reply at all; `says` is its text. */
  | { readonly type: 'notAnApi'; readonly says: string };

/** A whole reply, as far as it came. */
export interface Reply extends ReplyHead {
  readonly outcome: Outcome;
  readonly problem: Problem | undefined;
  readonly sawDone: boolean;
  readonly choices: readonly ReadChoice[];
}

export const readingLimits = {
  choices: 128,
  /** Events of one reply: ten times the longest reply of any model. */
  events: 2_000_000,
  /** Characters kept of one reply: 16 million of text, twice as many of what is kept as JSON. */
  characters: 32_000_000,
} as const;

/**
 * Reads one reply, whichever way the server puts it: the one policy for all servers. Takes the payloads of the
 * event stream one by one, or one whole JSON answer, and turns them into deltas; what it has understood so far is in
 * `reply()`. Never raises: what is wrong with a reply is its `problem`, and what came before it is kept.
 */
export class Reading {
  readonly #deltas = new DeltaQueue();
  readonly #head = new HeadPieces();
  readonly #repeated = new RepeatedEvents();
  readonly #finishes = new Map<number, FinishReason>();
  readonly #wanted: number;
  readonly #thoughts: Thoughts;
  readonly #choices = new Map<number, ChoicePieces>();
  #problem: Problem | undefined;
  #sawDone = false;
  #isWhole = false;
  #events = 0;
  #kept = 0;

  /** `wanted` is the request's `n`. */
  constructor(wanted = 1, thoughts: Thoughts = 'fields') {
    this.#wanted = wanted;
    this.#thoughts = thoughts;
  }

  get problem(): Problem | undefined {
    return this.#problem;
  }

  /** Nothing that follows can matter: `[DONE]` was read, or something went wrong. */
  get isOver(): boolean {
    return this.#sawDone || this.#problem !== undefined;
  }

  /** Every choice that was asked for has said why it finished; usage may still follow. */
  get hasFinished(): boolean {
    let finished = 0;
    for (const choice of this.#choices.values()) {
      if (!this.#isWanted(choice)) continue;
      if (choice.rawFinishReason === null) return false;
      finished++;
    }
    return finished >= this.#wanted;
  }

  take(): readonly Delta[] {
    return this.#deltas.take();
  }

  /**
   * One event of the stream. `cutOff` marks the last one of a body that ended within it: then a last line that is no
   * JSON is the torn end of the stream and not the server's words.
   */
  event(type: string | undefined, data: string, cutOff = false): void {
    if (++this.#events > readingLimits.events) this.fail({ type: 'tooLarge', what: 'events' });
    const text = data.trim();
    if (text === '[DONE]') this.#sawDone = true;
    if (this.isOver || text === '' || text === '[DONE]') return;
    const repeated = type === undefined ? this.#repeated.read(text) : undefined;
    if (repeated !== undefined) {
      this.#repeatedText(repeated);
      return;
    }
    const value = parseJson(text);
    if (type === 'error') {
      if (value !== undefined || !cutOff) this.errorField(text);
    } else if (value !== undefined) {
      if (!isForUs(type, value)) return;
      this.#value(value, text.length);
      this.#repeated.learn(text, value);
    } else if (isForUs(type, undefined)) {
      this.#repeated.interrupt();
      this.#lines(text, cutOff);
    }
  }

  /** The value of an `error:` field, or of an `event: error`: older llama.cpp builds send the first. */
  errorField(text: string): void {
    const error = readError(parseJson(text));
    this.#failWith(error ?? { message: text, type: null, code: null, param: null });
  }

  /** A whole JSON answer in place of a stream: a completion, an error, or neither. */
  body(value: unknown): void {
    if (this.isOver) return;
    const record = asRecord(value);
    if (record !== undefined && Array.isArray(record['choices'])) {
      this.#isWhole = true;
      this.#chunk(record, 0);
      return;
    }
    const error = readError(value);
    if (error !== undefined) this.#failWith(error);
    else this.fail({ type: 'notAnApi', says: 'JSON without choices' });
  }

  /** The first problem is the one that counts. */
  fail(problem: Problem): void {
    this.#problem ??= problem;
  }

  /**
   * Ends the reading: what was left open is decided, and the last deltas are ready to be taken; the whole message of
   * each choice is among them, however the reply ended.
   */
  end(): Outcome {
    for (const choice of this.#choices.values()) choice.end();
    const { outcome, choices } = this.reply();
    for (const choice of choices) {
      // Calls that came after a finish change its meaning.
      this.#emitFinish(choice);
      const { index, message, logprobs } = choice;
      this.#deltas.push({ type: 'message', choice: index, message, ...(logprobs && { logprobs }) });
    }
    if (outcome === 'complete' || outcome === 'empty') this.#deltas.push({ type: 'done' });
    return outcome;
  }

  reply(): Reply {
    const choices = this.#shown();
    const finished = choices.length > 0 && choices.every((choice) => choice.rawFinishReason !== null);
    // A choice that has not begun may have been cut off; not so in a document that was read to its end.
    const isAll = this.#isWhole || choices.length >= this.#wanted;
    const ended = this.#problem === undefined && (this.#sawDone || (finished && isAll));
    const bad = this.#problem === undefined ? 'truncated' : 'error';
    return {
      outcome: ended ? (choices.length > 0 ? 'complete' : 'empty') : bad,
      problem: this.#problem,
      sawDone: this.#sawDone,
      ...this.#head.read(),
      choices: choices.map((choice) => choice.read(ended)),
    };
  }

  /** `data:` lines that make no JSON together: proxies lose the blank lines between events. */
  #lines(text: string, cutOff: boolean): void {
    const lines = text.split('\n').map((line) => line.trim());
    // A stream that ends within a line: what is torn is not the server's words.
    const last = lines.at(-1) ?? '';
    // One line alone is known to be no JSON.
    const isFine = lines.length > 1 ? wellFormed : (): boolean => false;
    if (cutOff && /^[{["]/.test(last) && !isFine(last)) lines.pop();
    if (!lines.every(isFine)) {
      if (cutOff && text.startsWith('{')) return;
      this.#failWith({ message: text, type: 'invalid_stream_data', code: null, param: null });
      return;
    }
    for (const line of lines) {
      if (this.isOver || line === '') continue;
      if (line === '[DONE]') this.#sawDone = true;
      else this.#value(parseJson(line), line.length);
    }
  }

  #value(value: unknown, size: number): void {
    for (const item of Array.isArray(value) ? value : [value]) {
      const chunk = asRecord(item);
      if (chunk !== undefined) this.#chunk(chunk, size);
      else if (typeof item === 'string') {
        this.#failWith({ message: item, type: 'invalid_stream_data', code: null, param: null });
      }
    }
  }

  #chunk(chunk: JsonRecord, size: number): void {
    const error = readChunkError(chunk);
    const usage = this.#head.add(chunk, size);
    if (usage !== undefined) this.#deltas.push({ type: 'usage', usage: readUsage(usage) });
    for (const item of asList(chunk['choices'])) {
      const choice = asRecord(item);
      if (choice !== undefined) this.#choice(choice, error, size);
    }
    if (error !== undefined) this.#failWith(error);
  }

  #choice(choice: JsonRecord, error: ServerError | undefined, size: number): void {
    const index = indexOf(choice['index']);
    let pieces = this.#choices.get(index);
    if (pieces === undefined) {
      if (this.#choices.size >= readingLimits.choices) {
        this.fail({ type: 'tooLarge', what: 'choices' });
        return;
      }
      pieces = new ChoicePieces(index, this.#thoughts, this.#deltas);
      this.#choices.set(index, pieces);
    }
    const before = { size: pieces.size, finish: pieces.rawFinishReason };
    pieces.add(choice, size);
    this.#keep(pieces.size - before.size);
    if (pieces.overflowed) this.fail({ type: 'tooLarge', what: 'tool calls' });
    if (pieces.rawFinishReason === before.finish) return;
    if (this.#isWanted(pieces)) this.#emitFinish(pieces.read(false));
    if (error === undefined) this.#checkFinish(choice, pieces);
  }

  #repeatedText({ field, choice, text }: RepeatedText): void {
    const pieces = this.#choices.get(indexOf(choice));
    if (pieces === undefined) return;
    const before = pieces.size;
    pieces.addText(field === 'content' ? 'content' : 'reasoning', text);
    this.#keep(pieces.size - before);
  }

  #keep(characters: number): void {
    this.#kept += characters;
    if (this.#kept > readingLimits.characters) this.fail({ type: 'tooLarge', what: 'reply' });
  }

  /** An upstream failure that is dressed as a finish. */
  #checkFinish(choice: JsonRecord, pieces: ChoicePieces): void {
    const native = asText(choice['native_finish_reason'])?.toLowerCase();
    if ((native === 'error' || native === 'network_error') && pieces.isEmpty) {
      const message = `upstream finished with ${native}`;
      this.#failWith({ message, type: 'upstream_error', code: native, param: null });
    } else if (pieces.rawFinishReason?.toLowerCase() === 'error') {
      this.#failWith({ message: 'the reply finished with an error', type: null, code: 'error', param: null });
    }
  }

  #emitFinish({ index, finishReason, rawFinishReason }: ReadChoice): void {
    if (finishReason === null || this.#finishes.get(index) === finishReason) return;
    this.#finishes.set(index, finishReason);
    const raw = rawFinishReason ?? finishReason;
    this.#deltas.push({ type: 'finish', choice: index, finishReason, ...(raw !== finishReason && { raw }) });
  }

  #failWith(error: ServerError): void {
    this.fail({ type: 'server', error });
  }

  /** Without the choices that nobody asked for and that never carried anything: a server's slip of the index. */
  #shown(): readonly ChoicePieces[] {
    return [...this.#choices.values()]
      .filter((choice) => this.#isWanted(choice))
      .toSorted((a, b) => a.index - b.index);
  }

  #isWanted(choice: ChoicePieces): boolean {
    return choice.index < this.#wanted || choice.carried;
  }
}

/**
 * An event that names a type of its own (`execute`, `ping`) is none of ours, whatever it holds, unless it is plainly a
 * chunk under another name.
 */
function isForUs(type: string | undefined, value: unknown): boolean {
  if (type === undefined || type === '' || type === 'message') return true;
  const chunk = asRecord(value);
  return chunk !== undefined && (Array.isArray(chunk['choices']) || readChunkError(chunk) !== undefined);
}

function wellFormed(line: string): boolean {
  return line === '' || line === '[DONE]' || parseJson(line) !== undefined;
}

function indexOf(value: unknown): number {
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : 0;
}
