import type { FinishReason } from './completion.ts';
import { AudioPieces } from './readingAudio.ts';
import { ExtraFields } from './readingExtra.ts';
import type { ReadChoice, ReasoningField } from './readingMessage.ts';
import { TextPieces } from './readingPieces.ts';
import { asList, asRecord, asText, type JsonRecord } from './readingRecord.ts';
import { type Thoughts, ThoughtSplitter } from './readingThoughts.ts';
import { type ToolCallPart, ToolCallPieces } from './readingToolCalls.ts';

/** Where the news of a choice go as they are read. */
export interface ChoiceNews {
  readonly onText: (type: TextChannel, choice: number, text: string) => void;
  readonly onToolCall: (choice: number, part: ToolCallPart) => void;
}

/** The texts of a choice that grow while the reply streams. */
export type TextChannel = 'content' | 'reasoning' | 'refusal';
type ListField = 'annotations' | 'images' | 'reasoning_details';
const listFields: readonly ListField[] = ['annotations', 'images', 'reasoning_details'];
const knownOfChoice: ReadonlySet<string> = new Set([
  'index',
  'delta',
  'message',
  'finish_reason',
  'logprobs',
]);
const knownOfMessage: ReadonlySet<string> = new Set([
  'role',
  'content',
  'reasoning_content',
  'reasoning',
  'refusal',
  'tool_calls',
  'function_call',
  'audio',
  ...listFields,
]);

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
  /**
   * What is kept so far: characters of JSON, and those of texts twice, because the pieces of a text and the joined
   * text are held at the same time.
   */
  size = 0;
  /** False while nothing but a finish has come: such a choice beyond `n` is a server's slip of the index. */
  carried = false;
  /** More tool calls than a message can have. */
  overflowed = false;
  readonly #news: ChoiceNews;
  /** Takes thoughts out of the text, unless they have a field of their own in this reply. */
  #thoughts: ThoughtSplitter | undefined;
  #role: string | undefined;
  /** A text was sent, if only an empty one; and one that is not empty. */
  #hasContent = false;
  #hasText = false;
  #reasoningField: ReasoningField | undefined;
  /** It came in pieces: a whole `message` after them says the same once more. */
  #hasDeltas = false;
  readonly #texts = { content: new TextPieces(), reasoning: new TextPieces(), refusal: new TextPieces() };
  #functionCall: { name: string; readonly arguments: TextPieces } | undefined;
  #audio: AudioPieces | undefined;
  readonly #toolCalls = new ToolCallPieces();
  readonly #lists = new Map<ListField, unknown[]>();
  readonly #logprobs = new Map<'content' | 'refusal', unknown[]>();
  readonly #extra = new ExtraFields();
  readonly #messageExtra = new ExtraFields();

  constructor(index: number, thoughts: Thoughts, news: ChoiceNews) {
    this.index = index;
    this.#news = news;
    this.#thoughts = thoughts === 'fields' ? undefined : new ThoughtSplitter(thoughts);
  }

  /** Nothing that could be shown or run: no text, no refusal, no call. */
  get isEmpty(): boolean {
    return this.#texts.content.isEmpty && this.#texts.refusal.isEmpty && this.#toolCalls.count === 0;
  }

  /**
   * Takes one element of a chunk's `choices`, or of a whole answer's, which has `message` in place of `delta`.
   * `eventSize` are the characters of the event: what is kept as it came is counted by them.
   */
  add(choice: JsonRecord, eventSize: number): void {
    const before = this.size;
    const delta = asRecord(choice['delta']);
    const message = delta ?? asRecord(choice['message']);
    if (delta !== undefined) this.#hasDeltas = true;
    if (message !== undefined) {
      this.#addMessage(delta === undefined && this.#hasDeltas ? this.#unsaid(message) : message, eventSize);
    }
    const logprobs = asRecord(choice['logprobs']);
    const keepsItems = logprobs !== undefined || listFields.some((field) => isSome(message?.[field]));
    if (keepsItems) {
      append(this.#logprobs, 'content', logprobs?.['content']);
      append(this.#logprobs, 'refusal', logprobs?.['refusal']);
      this.size = Math.max(this.size, before + eventSize);
    }
    keepUnknown(choice, knownOfChoice, this.#extra, eventSize);
    const finish = asText(choice['finish_reason']);
    if (finish !== undefined) this.rawFinishReason = finish;
  }

  /** A piece of a text as it was sent. */
  addText(type: TextChannel, text: string): void {
    if (text === '') return;
    if (type === 'content') {
      this.#hasContent = true;
      if (!this.#hasText && !this.#texts.reasoning.isEmpty) this.#thoughts = undefined;
      this.#hasText = true;
    }
    this.carried = true;
    if (type === 'content' && this.#thoughts !== undefined) this.#thoughts.add(text, this.#keepText);
    else this.#keepText(type, text);
  }

  /** Nothing more will come: what was held back is passed on. */
  end(): void {
    this.#thoughts?.end(this.#keepText);
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
    const extra = this.#extra.read();
    const messageExtra = this.#messageExtra.read();
    return {
      index: this.index,
      message: {
        role: this.#role ?? 'assistant',
        content: this.#hasContent ? content.toString() : null,
        ...(!reasoning.isEmpty && { reasoning: reasoning.toString() }),
        ...(this.#reasoningField && { reasoning_field: this.#reasoningField }),
        ...(!refusal.isEmpty && { refusal: refusal.toString() }),
        ...(this.#toolCalls.count > 0 && { tool_calls: this.#toolCalls.calls() }),
        ...(called && { function_call: { name: called.name, arguments: called.arguments.toString() } }),
        ...(this.#audio && { audio: this.#audio.read() }),
        ...Object.fromEntries(this.#lists),
        ...(messageExtra && { extra: messageExtra }),
      },
      finishReason: this.finishReason(normalEnd),
      rawFinishReason: this.rawFinishReason,
      ...(this.#logprobs.size > 0 && { logprobs: Object.fromEntries(this.#logprobs) }),
      ...(extra && { extra }),
    };
  }

  /** What a whole message says beyond the pieces that came before it. */
  #unsaid(message: JsonRecord): JsonRecord {
    const { content, reasoning, refusal } = this.#texts;
    const rest = (whole: unknown, said: TextPieces): string => {
      const text = said.toString();
      return typeof whole === 'string' && whole.startsWith(text) ? whole.slice(text.length) : '';
    };
    return {
      ...message,
      content: this.#hasContent ? rest(message['content'], content) : message['content'],
      reasoning_content: null,
      reasoning: null,
      [this.#reasoningField ?? 'reasoning_content']: rest(
        message['reasoning_content'] ?? message['reasoning'],
        reasoning,
      ),
      refusal: rest(message['refusal'], refusal),
      ...(this.#toolCalls.count > 0 && { tool_calls: null }),
      ...(this.#functionCall && { function_call: null }),
      ...(this.#audio && { audio: null }),
      ...Object.fromEntries([...this.#lists.keys()].map((field) => [field, null])),
    };
  }

  #addMessage(delta: JsonRecord, eventSize: number): void {
    const role = asText(delta['role']);
    if (role !== undefined) {
      this.#role = role;
      this.carried = true;
    }
    this.#addReasoning(delta);
    this.#addContent(delta['content']);
    this.addText('refusal', asText(delta['refusal']) ?? '');
    for (const piece of asList(delta['tool_calls'])) {
      const record = asRecord(piece);
      if (record === undefined) continue;
      const added = this.#toolCalls.add(record, eventSize, this.#keepToolCall);
      if (added < 0) this.overflowed = true;
      else this.size += 2 * added;
      this.carried = true;
    }
    this.#addFunctionCall(asRecord(delta['function_call']));
    const audio = asRecord(delta['audio']);
    if (audio !== undefined) {
      (this.#audio ??= new AudioPieces()).add(audio, eventSize);
      this.size += 2 * eventSize;
      this.carried = true;
    }
    for (const field of listFields) {
      if (append(this.#lists, field, delta[field])) this.carried = true;
    }
    keepUnknown(delta, knownOfMessage, this.#messageExtra, eventSize);
  }

  /** Gateways mirror the same thought under both names: it counts once. */
  #addReasoning(delta: JsonRecord): void {
    for (const field of ['reasoning_content', 'reasoning'] as const) {
      const text = delta[field];
      if (typeof text !== 'string') continue;
      // An empty one names the field too: DeepSeek wants even that back.
      if (this.#texts.reasoning.isEmpty && text !== '') this.#reasoningField = field;
      this.#reasoningField ??= field;
      if (text === '') continue;
      this.addText('reasoning', text);
      return;
    }
  }

  /** A string, or Mistral's list of `text` and `thinking` parts, which may change from delta to delta. */
  #addContent(content: unknown): void {
    if (typeof content === 'string') {
      this.#hasContent = true;
      this.addText('content', content);
      return;
    }
    for (const item of Array.isArray(content) ? content : [content]) {
      const part = asRecord(item);
      const text = typeof item === 'string' ? item : part?.['text'];
      if (typeof text === 'string') {
        this.#hasContent = true;
        this.addText('content', text);
      }
      const thinking = part?.['thinking'];
      if (typeof thinking === 'string') this.addText('reasoning', thinking);
      for (const thought of asList(thinking)) {
        this.addText('reasoning', asText(asRecord(thought)?.['text']) ?? asText(thought) ?? '');
      }
    }
  }

  #addFunctionCall(piece: JsonRecord | undefined): void {
    if (piece === undefined) return;
    this.#functionCall ??= { name: '', arguments: new TextPieces() };
    this.#functionCall.name = asText(piece['name']) ?? this.#functionCall.name;
    const text = typeof piece['arguments'] === 'string' ? piece['arguments'] : '';
    this.#functionCall.arguments.add(text);
    this.size += 2 * text.length;
    this.carried = true;
  }

  readonly #keepText = (type: TextChannel, text: string): void => {
    this.#texts[type].add(text);
    this.size += 2 * text.length;
    this.#news.onText(type, this.index, text);
  };

  readonly #keepToolCall = (part: ToolCallPart): void => this.#news.onToolCall(this.index, part);
}

function append<Name>(lists: Map<Name, unknown[]>, name: Name, value: unknown): boolean {
  const items = asList(value);
  if (items.length === 0) return false;
  const list = lists.get(name) ?? [];
  lists.set(name, list);
  for (const item of items) list.push(item);
  return true;
}

function keepUnknown(from: JsonRecord, known: ReadonlySet<string>, extra: ExtraFields, size: number): void {
  for (const field of Object.keys(from)) {
    if (!known.has(field)) extra.set(field, from[field], size);
  }
}

function isSome(value: unknown): boolean {
  return value !== undefined && value !== null;
}
