import type { Delta } from './completion.ts';
import { ExtraFields } from './readingExtra.ts';
import { TextPieces } from './readingPieces.ts';
import { asRecord, asText, type JsonRecord, toJson } from './readingRecord.ts';

/** `ChatCompletionMessageToolCall`, put together from its pieces. `id` is null where the server never gave one. */
export interface ToolCall {
  readonly id: string | null;
  readonly type: string;
  readonly function?: { readonly name: string; readonly arguments: string };
  readonly custom?: { readonly name: string; readonly input: string };
  /** What else the server said of it: Google's `extra_content` has to be sent back as it came. */
  readonly [extra: string]: unknown;
}

/** What one piece adds to a call: a `toolCall` delta without its choice. */
export type ToolCallPart = Omit<Extract<Delta, { readonly type: 'toolCall' }>, 'type' | 'choice'>;

const known: ReadonlySet<string> = new Set(['index', 'id', 'type', 'function', 'custom']);

/** More calls in one message than this are an attack or a defect. */
const maxToolCalls = 128;

interface OpenCall {
  readonly index: number;
  id: string | null;
  type: string | undefined;
  name: string;
  /** Arguments of a function, input of a custom tool. */
  readonly input: TextPieces;
  kind: 'function' | 'custom' | undefined;
  extra: ExtraFields | undefined;
  /** What the deltas have said of it so far; `undefined` before the first. */
  told: Pick<OpenCall, 'id' | 'kind' | 'name'> | undefined;
}

/**
 * Puts the tool calls of one choice together. Which call a piece belongs to is told by its id, else by its index, else
 * it is the latest: servers leave out or repeat any of them. The order is that of arrival, without gaps. A piece never
 * takes back what an earlier one said of the arguments, so it can be passed on at once.
 */
export class ToolCallPieces {
  readonly #calls: OpenCall[] = [];
  readonly #byId = new Map<string, OpenCall>();
  /** The newest call of each `index`. */
  readonly #bySlot = new Map<number, OpenCall>();

  get count(): number {
    return this.#calls.length;
  }

  /**
   * Takes one element of `delta.tool_calls`, out of an event of `eventSize` characters. Returns the characters it
   * added; -1 when there are too many calls.
   */
  add(piece: JsonRecord, eventSize: number, emit: (part: ToolCallPart) => void): number {
    const call = this.#callFor(piece);
    if (call === undefined) return -1;
    const custom = asRecord(piece['custom']);
    const body = asRecord(piece['function']) ?? custom;
    if (custom !== undefined) call.kind = 'custom';
    else if (body !== undefined) call.kind ??= 'function';
    call.type = asText(piece['type']) ?? call.type;
    call.name = asText(body?.['name']) ?? call.name;
    const text = inputText(custom === undefined ? body?.['arguments'] : custom['input']);
    call.input.add(text);
    let added = text.length;
    for (const field of Object.keys(piece)) {
      if (known.has(field)) continue;
      (call.extra ??= new ExtraFields()).set(field, piece[field], eventSize);
      added = eventSize;
    }
    tell(call, text, emit);
    return added;
  }

  /** The calls as they stand. A call is over when its choice is, not when its arguments happen to parse. */
  calls(): readonly ToolCall[] {
    return this.#calls.map(({ id, type, name, input, kind, extra }) => ({
      id,
      type: type ?? kind ?? 'function',
      ...(kind === 'custom'
        ? { custom: { name, input: input.toString() } }
        : { function: { name, arguments: input.toString() } }),
      ...extra?.read(),
    }));
  }

  #callFor(piece: JsonRecord): OpenCall | undefined {
    const id = asText(piece['id']);
    const slot = slotOf(piece['index']);
    const inSlot = slot === undefined ? undefined : this.#bySlot.get(slot);
    if (id !== undefined) {
      const called = this.#byId.get(id);
      if (called !== undefined) return called;
      if (inSlot !== undefined && inSlot.id === null) {
        inSlot.id = id;
        this.#byId.set(id, inSlot);
        return inSlot;
      }
      return this.#open(id, slot);
    }
    if (slot !== undefined) return inSlot ?? this.#open(null, slot);
    const named = (asRecord(piece['function']) ?? asRecord(piece['custom']))?.['name'];
    return (asText(named) === undefined ? this.#calls.at(-1) : undefined) ?? this.#open(null, undefined);
  }

  #open(id: string | null, slot: number | undefined): OpenCall | undefined {
    const index = this.#calls.length;
    if (index >= maxToolCalls) return undefined;
    const call: OpenCall = {
      index,
      id,
      type: undefined,
      name: '',
      input: new TextPieces(),
      kind: undefined,
      extra: undefined,
      told: undefined,
    };
    this.#calls.push(call);
    if (id !== null) this.#byId.set(id, call);
    if (slot !== undefined) this.#bySlot.set(slot, call);
    return call;
  }
}

/** Passes on what is new. */
function tell(call: OpenCall, text: string, emit: (part: ToolCallPart) => void): void {
  const { index, id, name, kind } = call;
  const { told } = call;
  if (told !== undefined && told.id === id && told.kind === kind && told.name === name) {
    if (text !== '') emit({ index, text });
    return;
  }
  call.told = { id, kind, name };
  emit({
    index,
    ...(id !== null && id !== told?.id && { id }),
    ...(kind !== undefined && kind !== told?.kind && { kind }),
    ...(name !== '' && name !== told?.name && { name }),
    text,
  });
}

/** Some servers send arguments as an object instead of its JSON. */
function inputText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : (toJson(value) ?? '');
}

/** `index` where it is one; it names a slot and is never the index of an array here. */
function slotOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : undefined;
}
