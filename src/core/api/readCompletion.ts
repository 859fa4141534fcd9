import * as v from 'valibot';
import { Reading, type Reply } from '../reading.ts';
import type { ReadChoice, ReadLogprobs, ReadMessage } from '../readingMessage.ts';
import { asList, asRecord, asText, type JsonRecord } from '../readingRecord.ts';
import { readUsage } from '../readingUsage.ts';
import type {
  ChatCompletionChoice,
  ChatCompletionResponseMessage,
  CreateChatCompletionResponse,
} from './response.ts';
import type {
  ChatCompletionDeleted,
  ChatCompletionList,
  ChatCompletionMessageList,
  StoredMessage,
} from './storedCompletions.ts';
import type { ChatCompletionMessageToolCalls } from './toolCalls.ts';
import { CompletionUsage } from './usage.ts';

/*
 * What servers send, as the API's own types: the same tolerant reading as for a stream, with every field in its place
 * that the description promises. Fields that nobody here knows stay where they were.
 */

/**
 * A whole reply. Where the server did not tell its id or model the text is empty, and where it did not tell when it was
 * created, 0.
 */
export function completionOf(reply: Reply): CreateChatCompletionResponse {
  const { id, model, created, system_fingerprint, service_tier, usage, moderation, extra, choices } = reply;
  return {
    ...extra,
    id: id ?? '',
    object: 'chat.completion',
    created: created ?? 0,
    model: model ?? '',
    choices: choices.map(choiceOf),
    ...(usage !== null && { usage: usageOf(usage) }),
    ...(service_tier !== null && { service_tier }),
    ...(system_fingerprint !== null && { system_fingerprint }),
    // A cast, here and below, because such parts are handed on as they came, whatever is in them: to refuse a reply for
    // them, or to leave them out, would lose what the server said.
    ...(moderation !== undefined && {
      moderation: moderation as CreateChatCompletionResponse['moderation'], // as it came
    }),
  };
}

/** A page of stored completions; `undefined` where it is none. */
export function readCompletionList(value: unknown): ChatCompletionList | undefined {
  return readPage(value, readCompletion);
}

/** A page of a stored completion's messages; `undefined` where it is none. */
export function readMessageList(value: unknown): ChatCompletionMessageList | undefined {
  return readPage(value, readMessage);
}

/** One stored completion; `undefined` where it is none. */
export function readCompletion(value: unknown): CreateChatCompletionResponse | undefined {
  const record = asRecord(value);
  if (record === undefined || asText(record['id']) === undefined) return undefined;
  const reading = new Reading(asList(record['choices']).length);
  reading.body({ ...record, choices: asList(record['choices']) });
  return completionOf(reading.reply());
}

/** The answer to a deletion; `undefined` where it is none. */
export function readDeleted(value: unknown): ChatCompletionDeleted | undefined {
  const record = asRecord(value);
  const id = asText(record?.['id']);
  const deleted = record?.['deleted'];
  if (id === undefined || typeof deleted !== 'boolean') return undefined;
  return { ...record, object: 'chat.completion.deleted', id, deleted };
}

function readPage<Item extends { readonly id: string }>(
  value: unknown,
  read: (item: unknown) => Item | undefined,
) {
  const record = asRecord(value);
  if (!Array.isArray(record?.['data'])) return undefined;
  const data = asList(record['data']).flatMap((item) => read(item) ?? []);
  return {
    ...record,
    object: 'list' as const,
    data,
    first_id: asText(record['first_id']) ?? data[0]?.id,
    last_id: asText(record['last_id']) ?? data.at(-1)?.id,
    has_more: record['has_more'] === true,
  };
}

function readMessage(value: unknown): StoredMessage | undefined {
  const id = asText(asRecord(value)?.['id']);
  if (id === undefined) return undefined;
  const reading = new Reading();
  reading.body({ choices: [{ index: 0, message: value, finish_reason: 'stop' }] });
  const message = reading.reply().choices[0]?.message;
  return message === undefined ? undefined : { ...messageOf(message), id };
}

function choiceOf({
  index,
  message,
  finishReason,
  rawFinishReason,
  logprobs,
  extra,
}: ReadChoice): ChatCompletionChoice {
  return {
    ...extra,
    index,
    message: messageOf(message),
    // `other` is our own word for one that nobody knows.
    finish_reason: finishReason === 'other' ? rawFinishReason : finishReason,
    logprobs: logprobs === undefined ? null : logprobsOf(logprobs),
  };
}

function messageOf(message: ReadMessage): ChatCompletionResponseMessage {
  const { role, content, reasoning, reasoning_field, refusal, tool_calls, extra, ...rest } = message;
  return {
    ...extra,
    role,
    content,
    refusal: refusal ?? null,
    ...(reasoning !== undefined && { [reasoning_field ?? 'reasoning_content']: reasoning }),
    ...(tool_calls !== undefined && { tool_calls: toolCallsOf(tool_calls) }),
    // As they came.
    ...(rest as Pick<ChatCompletionResponseMessage, 'annotations' | 'audio' | 'function_call'>),
  };
}

function toolCallsOf(calls: NonNullable<ReadMessage['tool_calls']>): ChatCompletionMessageToolCalls {
  return calls.map((call) => {
    const { id, custom, function: called, ...rest } = call;
    return custom === undefined
      ? { ...rest, id: id ?? '', type: 'function', function: called ?? { name: '', arguments: '' } }
      : { ...rest, id: id ?? '', type: 'custom', custom };
  });
}

function logprobsOf({ content, refusal }: ReadLogprobs): ChatCompletionChoice['logprobs'] {
  // As they came.
  return { content: content ?? null, refusal: refusal ?? null } as ChatCompletionChoice['logprobs'];
}

/** As it came where it is as described, otherwise what can be understood of it. */
function usageOf(usage: JsonRecord): CompletionUsage {
  const read = v.safeParse(CompletionUsage, usage);
  return read.success ? read.output : readUsage(usage);
}
