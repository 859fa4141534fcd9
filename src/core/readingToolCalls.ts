import { TextPieces } from './readingPieces.ts';
import { asRecord, asText, type JsonRecord, toJson } from './readingRecord.ts';

/** `ChatCompletionMessageToolCall`, put together from its pieces. `id` is null where the server never gave one. */
export interface ToolCall {
  readonly id: string | null;
  readonly type: string;
  readonly function?: { readonly name: string; readonly arguments: string };
  readonly custom?: { readonly name: string; readonly input: string };
  /** Google's thought signature lives here; it has to be sent back as it came. */
  readonly extra_content?: JsonRecord;
}

/** More calls in one message than this are an attack or a defect. */
const maxToolCalls = 128;

interface OpenCall {
  id: string | null;
  type: string | undefined;
  name: string;
  /** Arguments of a function, input of a custom tool. */
  readonly input: TextPieces;
  custom: boolean;
  extra: JsonRecord | undefined;
}

/**
 * Puts the tool calls of one choice together. Which call a piece belongs to is told by its id, else by its index, else
 * it is the latest: servers leave out or repeat any of them. The order is that of arrival, without gaps.
 */
export class ToolCallPieces {
  readonly #calls: OpenCall[] = [];
  readonly #byId = new Map<string, OpenCall>();
  /** The newest call of each `index`. */
  readonly #bySlot = new Map<number, OpenCall>();

  get count(): number {
    return this.#calls.length;
  }

  /** Takes one element of `delta.tool_calls`. Returns the characters it added; -1 when there are too many calls. */
  add(piece: JsonRecord): number {
    const call = this.#callFor(piece);
    if (call === undefined) return -1;
    const custom = asRecord(piece['custom']);
    const body = asRecord(piece['function']) ?? custom;
    if (custom !== undefined) call.custom = true;
    call.type = asText(piece['type']) ?? call.type;
    call.name = asText(body?.['name']) ?? call.name;
    call.extra = asRecord(piece['extra_content']) ?? call.extra;
    const text = inputText(custom === undefined ? body?.['arguments'] : custom['input']);
    call.input.add(text);
    return text.length;
  }

  /** The calls as they stand. A call is over when its choice is, not when its arguments happen to parse. */
  calls(): readonly ToolCall[] {
    return this.#calls.map(({ id, type, name, input, custom, extra }) => ({
      id,
      type: type ?? (custom ? 'custom' : 'function'),
      ...(custom
        ? { custom: { name, input: input.toString() } }
        : { function: { name, arguments: input.toString() } }),
      ...(extra !== undefined && { extra_content: extra }),
    }));
  }

  #callFor(piece: JsonRecord): OpenCall | undefined {
    const id = asText(piece['id']);
    const slot = slotOf(piece['index']);
    const inSlot = slot === undefined ? undefined : this.#bySlot.get(slot);
    if (id !== undefined) {
      const known = this.#byId.get(id);
      if (known !== undefined) return known;
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
    if (this.#calls.length >= maxToolCalls) return undefined;
    const call: OpenCall = {
      id,
      type: undefined,
      name: '',
      input: new TextPieces(),
      custom: false,
      extra: undefined,
    };
    this.#calls.push(call);
    if (id !== null) this.#byId.set(id, call);
    if (slot !== undefined) this.#bySlot.set(slot, call);
    return call;
  }
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
