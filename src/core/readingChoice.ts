import type { FinishReason } from './completion.ts';
import { TextPieces } from './readingPieces.ts';
import { asList, asRecord, asText, type JsonRecord } from './readingRecord.ts';
import { type ToolCall, ToolCallPieces } from './readingToolCalls.ts';

/** `ChatCompletionResponseMessage` as it stands, with what compatible servers add to it. */
export interface ReadMessage {
  readonly role: string;
  /** null where the server never sent a text, not even an empty one. */
  readonly content: string | null;
  readonly reasoning?: string;
  readonly refusal?: string;
  readonly tool_calls?: readonly ToolCall[];
  readonly function_call?: { readonly name: string; readonly arguments: string };
  readonly audio?: JsonRecord;
  readonly annotations?: readonly unknown[];
  readonly images?: readonly unknown[];
  readonly reasoning_details?: readonly unknown[];
}

export interface ReadChoice {
  readonly index: number;
  readonly message: ReadMessage;
  readonly finishReason: FinishReason | null;
  readonly rawFinishReason: string | null;
  readonly logprobs?: { readonly content?: readonly unknown[]; readonly refusal?: readonly unknown[] };
}

/** A text that grew, to be shown while the reply streams. */
export interface TextDelta {
  readonly type: 'content' | 'reasoning' | 'refusal';
  readonly choice: number;
  text: string;
}

type Emit = (type: TextDelta['type'], text: string) => void;
type ListField = 'annotations' | 'images' | 'reasoning_details';
const listFields: readonly ListField[] = ['annotations', 'images', 'reasoning_details'];

const finishReasons: ReadonlyMap<string, FinishReason> = new Map([
  ['stop', 'stop'],
  ['length', 'length'],
  ['tool_calls', 'tool_calls'],
  ['content_filter', 'content_filter'],
  ['function_call', 'function_call'],
  ['error', 'error'],
  ['eos', 'stop'],
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['model_length', 'length'],
  ['max_tokens', 'length'],
  ['tool_use', 'tool_calls'],
]);

/** One choice of a reply, read piece by piece. */
export class ChoicePieces {
  readonly index: number;
  rawFinishReason: string | null = null;
  /** Characters kept so far. */
  size = 0;
  /** False while nothing but a finish has come: such a choice beyond `n` is a server's slip of the index. */
  carried = false;
  /** More tool calls than a message can have. */
  overflowed = false;
  #role: string | undefined;
  /** A text was sent, if only an empty one. */
  #hasContent = false;
  readonly #texts = { content: new TextPieces(), reasoning: new TextPieces(), refusal: new TextPieces() };
  #functionCall: { name: string; readonly arguments: TextPieces } | undefined;
  #audio: { [field: string]: unknown } | undefined;
  readonly #toolCalls = new ToolCallPieces();
  readonly #lists = new Map<ListField, unknown[]>();
  readonly #logprobs = new Map<'content' | 'refusal', unknown[]>();

  constructor(index: number) {
    this.index = index;
  }

  /** Nothing that could be shown or run: no text, no refusal, no call. */
  get isEmpty(): boolean {
    return this.#texts.content.isEmpty && this.#texts.refusal.isEmpty && this.#toolCalls.count === 0;
  }

  /**
   * Takes one element of a chunk's `choices`, or of a whole answer's, which has `message` in place of `delta`.
   * `eventSize` are the characters of the event: what is kept as it came is counted by them.
   */
  add(choice: JsonRecord, eventSize: number, emit: Emit): void {
    const delta = asRecord(choice['delta']) ?? asRecord(choice['message']);
    const before = this.size;
    if (delta !== undefined) this.#addMessage(delta, emit);
    const logprobs = asRecord(choice['logprobs']);
    const kept = [delta?.['audio'], delta?.['tool_calls'], ...listFields.map((field) => delta?.[field])];
    if (logprobs !== undefined || kept.some((part) => part !== undefined && part !== null)) {
      append(this.#logprobs, 'content', logprobs?.['content']);
      append(this.#logprobs, 'refusal', logprobs?.['refusal']);
      this.size = Math.max(this.size, before + eventSize);
    }
    const finish = asText(choice['finish_reason']);
    if (finish !== undefined) this.rawFinishReason = finish;
  }

  /** `normalEnd`: the reply has come to its end, so silence about the reason means that it just stopped. */
  finishReason(normalEnd: boolean): FinishReason | null {
    const said = this.rawFinishReason;
    if (said === null && !normalEnd) return null;
    const known = said === null ? 'stop' : (finishReasons.get(said.toLowerCase()) ?? 'other');
    // Servers say `stop` beside calls where the tool was forced, and always in some dialects.
    return known === 'stop' && this.#toolCalls.count > 0 ? 'tool_calls' : known;
  }

  read(normalEnd: boolean): ReadChoice {
    const { content, reasoning, refusal } = this.#texts;
    const called = this.#functionCall;
    return {
      index: this.index,
      message: {
        role: this.#role ?? 'assistant',
        content: this.#hasContent ? content.toString() : null,
        ...(!reasoning.isEmpty && { reasoning: reasoning.toString() }),
        ...(!refusal.isEmpty && { refusal: refusal.toString() }),
        ...(this.#toolCalls.count > 0 && { tool_calls: this.#toolCalls.calls() }),
        ...(called && { function_call: { name: called.name, arguments: called.arguments.toString() } }),
        ...(this.#audio && { audio: { ...this.#audio } }),
        ...Object.fromEntries(this.#lists),
      },
      finishReason: this.finishReason(normalEnd),
      rawFinishReason: this.rawFinishReason,
      ...(this.#logprobs.size > 0 && { logprobs: Object.fromEntries(this.#logprobs) }),
    };
  }

  #addMessage(delta: JsonRecord, emit: Emit): void {
    const role = asText(delta['role']);
    if (role !== undefined) {
      this.#role = role;
      this.carried = true;
    }
    // Gateways mirror the same thought under both names: it counts once.
    this.#text('reasoning', asText(delta['reasoning_content']) ?? asText(delta['reasoning']), emit);
    this.#addContent(delta['content'], emit);
    this.#text('refusal', asText(delta['refusal']), emit);
    for (const piece of asList(delta['tool_calls'])) {
      const record = asRecord(piece);
      if (record === undefined) continue;
      const added = this.#toolCalls.add(record);
      if (added < 0) this.overflowed = true;
      else this.size += added;
      this.carried = true;
    }
    this.#addFunctionCall(asRecord(delta['function_call']));
    this.#addAudio(asRecord(delta['audio']));
    for (const field of listFields) {
      if (append(this.#lists, field, delta[field])) this.carried = true;
    }
  }

  /** A string, or Mistral's list of `text` and `thinking` parts, which may change from delta to delta. */
  #addContent(content: unknown, emit: Emit): void {
    if (typeof content === 'string') {
      this.#hasContent = true;
      this.#text('content', content, emit);
      return;
    }
    for (const item of Array.isArray(content) ? content : [content]) {
      const part = asRecord(item);
      const text = typeof item === 'string' ? item : part?.['text'];
      if (typeof text === 'string') {
        this.#hasContent = true;
        this.#text('content', text, emit);
      }
      const thinking = part?.['thinking'];
      if (typeof thinking === 'string') this.#text('reasoning', thinking, emit);
      for (const thought of asList(thinking)) {
        this.#text('reasoning', asText(asRecord(thought)?.['text']) ?? asText(thought), emit);
      }
    }
  }

  #text(type: TextDelta['type'], text: string | undefined, emit: Emit): void {
    if (text === undefined || text === '') return;
    this.#texts[type].add(text);
    this.size += text.length;
    this.carried = true;
    emit(type, text);
  }

  #addFunctionCall(piece: JsonRecord | undefined): void {
    if (piece === undefined) return;
    this.#functionCall ??= { name: '', arguments: new TextPieces() };
    this.#functionCall.name = asText(piece['name']) ?? this.#functionCall.name;
    const text = typeof piece['arguments'] === 'string' ? piece['arguments'] : '';
    this.#functionCall.arguments.add(text);
    this.size += text.length;
    this.carried = true;
  }

  #addAudio(piece: JsonRecord | undefined): void {
    if (piece === undefined) return;
    const audio = (this.#audio ??= {});
    for (const field of ['transcript', 'data']) {
      const text = asText(piece[field]);
      if (text !== undefined) audio[field] = `${typeof audio[field] === 'string' ? audio[field] : ''}${text}`;
    }
    for (const field of ['id', 'expires_at']) {
      if (piece[field] !== undefined && piece[field] !== null) audio[field] = piece[field];
    }
    this.carried = true;
  }
}

function append<Name>(lists: Map<Name, unknown[]>, name: Name, value: unknown): boolean {
  const items = asList(value);
  if (items.length === 0) return false;
  const list = lists.get(name) ?? [];
  lists.set(name, list);
  for (const item of items) list.push(item);
  return true;
}
