import { asList, asRecord, asText, type JsonRecord, parseJson } from './readingRecord.ts';

/** A text that a repeated event brings. */
export interface RepeatedText {
  readonly field: TextField;
  readonly choice: unknown;
  readonly text: string;
}

type TextField = 'content' | 'reasoning_content' | 'reasoning';
const textFields: readonly TextField[] = ['content', 'reasoning_content', 'reasoning'];

/** The inside of a JSON string (RFC 8259, section 7), in a form that does not try anything twice. */
const escaped = String.raw`\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})`;
const inside = String.raw`[^"\\\u0000-\u001F]*(?:${escaped}[^"\\\u0000-\u001F]*)*`;

/** Characters of an event; longer ones are rare enough to be parsed. */
const longest = 16_384;
/** To learn costs about as much as to parse so many events. It has to be earned by as many that were not parsed. */
const price = 32;
const credit = { first: 32 * price, most: 64 * price } as const;

/** Fills the holes for the proof. */
const filling = 'filling';

interface Pattern {
  readonly field: TextField;
  readonly choice: unknown;
  /** The whole event. What it captures is the inside of the text's JSON string. */
  readonly event: RegExp;
}

/**
 * Reads the events of a stream that differ from an earlier one in nothing but a piece of text, which are nearly all,
 * without parsing them: what stands around the text is compared, and the text is taken out. Such an event is JSON
 * because the earlier one was, and means the same but for its text. Everything else is left to the parser.
 */
export class RepeatedEvents {
  #pattern: Pattern | undefined;
  /** Something else was read since: the next repetition is parsed, because of some fields the last value counts. */
  #isStale = false;
  #credit: number = credit.first;

  /** The text of an event; `undefined` where it has to be parsed. */
  read(data: string): RepeatedText | undefined {
    const pattern = this.#pattern;
    if (pattern === undefined || this.#isStale || data.length > longest) return undefined;
    const found = pattern.event.exec(data)?.[1];
    if (found === undefined) return undefined;
    const text = found.includes('\\') ? parseJson(`"${found}"`) : found;
    if (typeof text !== 'string') return undefined;
    if (this.#credit < credit.most) this.#credit++;
    return { field: pattern.field, choice: pattern.choice, text };
  }

  /** Something was read that is not one event. */
  interrupt(): void {
    this.#isStale = true;
  }

  /** Remembers an event that was parsed and read, if repeating it could add nothing but its text. */
  learn(data: string, value: unknown): void {
    const isRepeated = this.#isStale && data.length <= longest && this.#pattern?.event.test(data) === true;
    this.#isStale = !isRepeated;
    if (isRepeated) return;
    if (this.#credit < price || data.length > longest) return;
    const chunk = asRecord(value);
    const found = chunk && textOf(chunk);
    if (found === undefined) return;
    this.#credit -= price;
    const pattern = patternOf(data, found);
    if (pattern === undefined) return;
    this.#pattern = pattern;
    this.#isStale = false;
  }
}

type Found = Omit<RepeatedText, 'text'> & { readonly padding: string | undefined };

/** The one text of a chunk that holds nothing else which counts each time it comes. */
function textOf(chunk: JsonRecord): Found | undefined {
  const [first, ...others] = asList(chunk['choices']);
  const choice = asRecord(first);
  const delta = asRecord(choice?.['delta']);
  if (choice === undefined || delta === undefined || others.length > 0) return undefined;
  if (!isNothing(choice['finish_reason']) || !isNothing(choice['logprobs'])) return undefined;
  if (['usage', 'x_groq', 'error', 'message', 'moderation'].some((field) => !isNothing(chunk[field])))
    return undefined;
  if (chunk['object'] === 'error') return undefined;
  const filled = Object.keys(delta).filter((field) => field !== 'role' && !isNothing(delta[field]));
  const field = textFields.find((it) => it === filled[0]);
  if (field === undefined || filled.length !== 1 || typeof delta[field] !== 'string') return undefined;
  if (delta[field] === filling || chunk['obfuscation'] === filling) return undefined;
  return { field, choice: choice['index'], padding: asText(chunk['obfuscation']) };
}

/** The event with holes in it, if it is written in the usual way; proven by filling them and parsing it. */
function patternOf(data: string, { field, choice, padding }: Found): Pattern | undefined {
  const [before, after] = cutOut(data, field) ?? [];
  if (before === undefined || after === undefined) return undefined;
  const [middle = after, end = ''] = padding === undefined ? [] : (cutOut(after, 'obfuscation') ?? []);
  const isPadded = middle !== after;
  const proof = asRecord(parseJson(before + filling + middle + (isPadded ? filling + end : '')));
  const delta = asRecord(asRecord(asList(proof?.['choices'])[0])?.['delta']);
  if (delta?.[field] !== filling || (isPadded && proof?.['obfuscation'] !== filling)) return undefined;
  const rest = isPadded ? `${literal(middle)}${inside}${literal(end)}` : literal(middle);
  return { field, choice, event: new RegExp(`^${literal(before)}(${inside})${rest}$`) };
}

/** The text before and after the value of a field that stands there once. */
function cutOut(data: string, field: string): readonly [string, string] | undefined {
  const key = `"${field}":`;
  const at = data.indexOf(key);
  if (at < 0 || data.lastIndexOf(key) !== at) return undefined;
  const value = new RegExp(`^( ?")${inside}"`).exec(data.slice(at + key.length));
  if (value === null) return undefined;
  const start = at + key.length;
  return [data.slice(0, start) + (value[1] ?? ''), data.slice(start + value[0].length - 1)];
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}
