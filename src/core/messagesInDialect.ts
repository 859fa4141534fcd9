import type { ChatCompletionRequestMessage } from './completion.ts';
import type { Dialect } from './dialects.ts';
import { asList, asRecord, asText } from './readingRecord.ts';

type Message = ChatCompletionRequestMessage;

/** The messages as one kind of server takes them; the same array where nothing had to be changed. */
export function messagesInDialect(
  messages: readonly Message[],
  dialect: Pick<Dialect, 'takesNames' | 'toolCallIds'>,
): { readonly messages: readonly Message[]; readonly namesDropped: boolean } {
  const namesDropped = !dialect.takesNames && messages.some(hasOptionalName);
  const named = namesDropped ? messages.map(withoutName) : messages;
  return {
    messages: dialect.toolCallIds === 'nineCharacters' ? withShortIds(named) : named,
    namesDropped,
  };
}

/** A result of the old `function_call` is nothing without its name. */
function hasOptionalName(message: Message): boolean {
  return message.role !== 'function' && message.name !== undefined;
}

function withoutName(message: Message): Message {
  if (message.role === 'function') return message;
  const { name: _, ...rest } = message;
  return rest;
}

const shortId = /^[a-zA-Z0-9]{9}$/;

/** Every id that is not nine letters or digits gets one that is: the same one wherever it stands. */
function withShortIds(messages: readonly Message[]): readonly Message[] {
  const ids = new Map<string, string>();
  const taken = new Set<string>();
  for (const id of messages.flatMap(idsOf)) {
    if (shortId.test(id)) taken.add(id);
  }
  const shortOf = (id: string): string => {
    if (shortId.test(id)) return id;
    let short = ids.get(id);
    for (let salt = 0; short === undefined; salt++) {
      const tried = shortHash(`${id} ${salt}`);
      if (!taken.has(tried)) short = tried;
    }
    ids.set(id, short);
    taken.add(short);
    return short;
  };
  const changes = messages.some((message) => idsOf(message).some((id) => !shortId.test(id)));
  return changes ? messages.map((message) => withIds(message, shortOf)) : messages;
}

function idsOf(message: Message): readonly string[] {
  if (message.role === 'tool')
    return asText(message.tool_call_id) === undefined ? [] : [message.tool_call_id ?? ''];
  if (message.role !== 'assistant') return [];
  return asList(message.tool_calls).flatMap((call) => asText(asRecord(call)?.['id']) ?? []);
}

function withIds(message: Message, idOf: (id: string) => string): Message {
  if (message.role === 'tool') {
    const { tool_call_id: id } = message;
    return asText(id) === undefined ? message : { ...message, tool_call_id: idOf(id ?? '') };
  }
  if (message.role !== 'assistant' || message.tool_calls === undefined) return message;
  return { ...message, tool_calls: message.tool_calls.map((call) => ({ ...call, id: idOf(call.id) })) };
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Nine letters or digits out of any text: two FNV-1a hashes of 32 bits, written out. Nothing secret depends on it. */
function shortHash(text: string): string {
  let low = 0x81_1c_9d_c5;
  let high = 0x9d_c5_81_1c;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    low = Math.imul(low ^ code, 0x01_00_01_93);
    high = Math.imul(high ^ (code + 31), 0x01_00_01_93);
  }
  let rest = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
  let short = '';
  while (short.length < 9) {
    short += letters[Number(rest % 62n)];
    rest /= 62n;
  }
  return short;
}
