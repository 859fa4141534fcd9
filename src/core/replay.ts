import type { MessageNode } from '../shared/apply.ts';
import type { ChatCompletionRequestMessage } from './completion.ts';
import type { Dialect } from './dialects.ts';
import type { ReadMessage } from './readingMessage.ts';
import { asList, asNumber, asRecord, asText, type JsonRecord, toJson } from './readingRecord.ts';

/*
 * Some servers want more of their reply back than its text: calls with their ids, signed thoughts, the id of a spoken
 * answer. It is kept with the message as it came, and goes back to the origin it came from and nowhere else.
 */

/** Where a request goes, and what is wanted back there. */
export interface ReplayRules extends Pick<Dialect, 'reasoningReplay' | 'wantsContent'> {
  readonly origin: string;
}

/** Characters of JSON that are kept of one message; a signature has a few thousand. */
const mostCharacters = 1_000_000;

/** What a later request may have to hold of a reply besides its text; `undefined` where that is nothing. */
export function keepForReplay(message: ReadMessage): JsonRecord | undefined {
  const { tool_calls: calls = [], function_call: called, refusal } = message;
  const hasCalls = calls.length > 0 || called !== undefined;
  const needed = {
    ...(calls.length > 0 && { tool_calls: calls }),
    ...(called && { function_call: called }),
    ...(message.audio && audioOf(message.audio)),
    ...(refusal !== undefined && { refusal }),
  };
  const thoughts = {
    // Without calls nobody wants it back.
    ...(hasCalls && message.reasoning !== undefined && { reasoning: message.reasoning }),
    ...(message.reasoning_details && { reasoning_details: joinDetails(message.reasoning_details) }),
    ...extraContentOf(message.extra),
  };
  return [{ ...needed, ...thoughts }, needed].find(
    (kept) => Object.keys(kept).length > 0 && (toJson(kept)?.length ?? Infinity) <= mostCharacters,
  );
}

/** The calls of a reply as they go back to `origin`; none where they came from elsewhere. */
export function replayedCalls(node: MessageNode, rules: ReplayRules | undefined): readonly JsonRecord[] {
  return asList(keptFor(node, rules)['tool_calls'])
    .map(asRecord)
    .filter((call) => call !== undefined)
    .map((call, index) => ({ ...call, id: asText(call['id']) ?? `call_${index + 1}` }));
}

/**
 * A reply as a message of a request: its text and what its server wants back. `calls` are those of its calls that the
 * following messages answer: a call without its result is refused everywhere. `now` is in milliseconds since 1970.
 * `undefined` where nothing of it can be said.
 */
export function assistantMessage(
  node: MessageNode,
  calls: readonly JsonRecord[],
  rules: ReplayRules | undefined,
  now: number,
): ChatCompletionRequestMessage | undefined {
  const kept = keptFor(node, rules);
  const audio = asRecord(node.details?.replay?.['audio']);
  const audioId = asText(asRecord(kept['audio'])?.['id']);
  const expires = asNumber(audio?.['expires_at']);
  const isHeard = audioId !== undefined && expires !== undefined && expires * 1000 > now;
  const refusal = node.refusal.text;
  const takesRefusal = kept['refusal'] !== undefined && refusal !== '';
  const text = [
    node.content.text,
    takesRefusal ? '' : refusal,
    isHeard ? '' : (asText(audio?.['transcript']) ?? ''),
  ];
  const content = text.find((words) => words !== '') ?? '';
  if (content === '' && calls.length === 0 && !isHeard && !takesRefusal) return undefined;
  const field = rules?.reasoningReplay;
  const details = asList(kept['reasoning_details']);
  const message = {
    role: 'assistant',
    ...((content !== '' || takesRefusal || (calls.length > 0 && rules?.wantsContent === true)) && {
      content,
    }),
    ...(takesRefusal && { refusal }),
    ...(isHeard && { audio: { id: audioId } }),
    ...(calls.length > 0 && { tool_calls: calls }),
    ...(calls.length > 0 && field !== undefined && { [field]: asText(kept['reasoning']) ?? '' }),
    ...(details.length > 0 && { reasoning_details: details }),
    ...(kept['extra_content'] !== undefined && { extra_content: kept['extra_content'] }),
  };
  // A cast because calls are sent back as the server wrote them, which the API's description need not know.
  return message as ChatCompletionRequestMessage;
}

function keptFor({ details }: MessageNode, rules: ReplayRules | undefined): JsonRecord {
  return rules !== undefined && details?.origin === rules.origin ? (details.replay ?? {}) : {};
}

/** The sound itself is not sent back. */
function audioOf(audio: JsonRecord): JsonRecord {
  const kept = ['id', 'expires_at', 'transcript'].flatMap((name) =>
    audio[name] === undefined ? [] : [[name, audio[name]] as const],
  );
  return kept.length === 0 ? {} : { audio: Object.fromEntries(kept) };
}

/** Gemini signs what is no call here. */
function extraContentOf(extra: JsonRecord | undefined): JsonRecord {
  const content = asRecord(extra?.['extra_content']);
  return content === undefined ? {} : { extra_content: content };
}

const growing: readonly string[] = ['text', 'summary'];

/**
 * A stream cuts one thought into many pieces, with its signature on the last; sent back, it has to be one again.
 * Neighbours are one thought where type, index and id are the same and nothing has been signed. Encrypted thoughts come
 * whole.
 */
function joinDetails(pieces: readonly unknown[]): readonly JsonRecord[] {
  const joined: { [name: string]: unknown }[] = [];
  for (const detail of pieces.map(asRecord)) {
    if (detail === undefined) continue;
    const last = joined.at(-1);
    if (last === undefined || !isSameThought(last, detail)) {
      joined.push({ ...detail });
      continue;
    }
    for (const [name, value] of Object.entries(detail)) {
      const before = last[name];
      const grows = growing.includes(name) && typeof before === 'string' && typeof value === 'string';
      if (value !== undefined && value !== null) last[name] = grows ? before + value : value;
    }
  }
  return joined;
}

function isSameThought(last: JsonRecord, next: JsonRecord): boolean {
  if (last['type'] !== next['type'] || last['index'] !== next['index']) return false;
  const id = asText(next['id']);
  if (id !== undefined && asText(last['id']) !== undefined && id !== last['id']) return false;
  const growth = growing.some((name) => asText(next[name]) !== undefined);
  if (growth)
    return asText(last['signature']) === undefined && growing.some((name) => typeof last[name] === 'string');
  return asText(next['signature']) !== undefined && asText(last['signature']) === undefined;
}
