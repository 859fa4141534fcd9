import {
  readCompletion,
  readCompletionList,
  readDeleted,
  readMessageList,
} from '../core/api/readCompletion.ts';
import type { Metadata } from '../core/api/requestOptions.ts';
import type { CreateChatCompletionResponse } from '../core/api/response.ts';
import type {
  ChatCompletionDeleted,
  ChatCompletionList,
  ChatCompletionMessageList,
  UpdateChatCompletionRequest,
} from '../core/api/storedCompletions.ts';
import type { AbortSignalLike } from '../core/completion.ts';
import { CompletionError } from '../core/completionError.ts';
import { type Connection, contextOf } from './attempt.ts';
import { ownFailure } from './failures.ts';
import { jsonAnswer } from './jsonAnswer.ts';
import { storedUrl } from './requestUrl.ts';
import { retried, type RetryNotice } from './retrying.ts';
import { type Clock, systemClock } from './stopping.ts';
import { listTimeoutsOf } from './timeouts.ts';

/*
 * Completions that were made with `store: true` and that the server keeps. Every call raises `CompletionError`, and
 * gives `undefined` after a stop. `metadata` comes back only here.
 */

/** Which part of a list is wanted. */
export interface PageQuery {
  /** The `last_id` of the page before. */
  readonly after?: string;
  /** At most so many; the server's own number is 20. */
  readonly limit?: number;
  /** By the time of creation; the server's own order is `asc`. */
  readonly order?: 'asc' | 'desc';
}

/** Which stored completions are wanted. */
export interface StoredQuery extends PageQuery {
  readonly model?: string;
  /** Only those that have all of these. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** What a call needs besides its connection and its arguments. */
export interface CallOptions {
  readonly clock?: Clock;
  /** Hears that the request is sent again, which happens at most twice. */
  readonly onRetry?: (notice: RetryNotice) => void;
}

/** `GET /chat/completions` */
export async function listStoredCompletions(
  connection: Connection,
  { metadata = {}, ...query }: StoredQuery,
  signal: AbortSignalLike,
  options?: CallOptions,
): Promise<ChatCompletionList | undefined> {
  const pairs: Readonly<Record<string, string>> = Object.fromEntries(
    Object.entries(metadata).map(([key, value]): [string, string] => [`metadata[${key}]`, value]),
  );
  const call = { method: 'GET', path: [], query: { ...query, ...pairs } } as const;
  return callFor(connection, call, readCompletionList, signal, options);
}

/** `GET /chat/completions/{completion_id}` */
export async function getStoredCompletion(
  connection: Connection,
  id: string,
  signal: AbortSignalLike,
  options?: CallOptions,
): Promise<CreateChatCompletionResponse | undefined> {
  return callFor(connection, { method: 'GET', path: [id] }, readCompletion, signal, options);
}

/** `POST /chat/completions/{completion_id}`: the metadata takes the place of what was there; `null` takes it away. */
export async function updateStoredCompletion(
  connection: Connection,
  id: string,
  metadata: Metadata,
  signal: AbortSignalLike,
  options?: CallOptions,
): Promise<CreateChatCompletionResponse | undefined> {
  const body: UpdateChatCompletionRequest = { metadata };
  return callFor(connection, { method: 'POST', path: [id], body }, readCompletion, signal, options);
}

/** `DELETE /chat/completions/{completion_id}` */
export async function deleteStoredCompletion(
  connection: Connection,
  id: string,
  signal: AbortSignalLike,
  options?: CallOptions,
): Promise<ChatCompletionDeleted | undefined> {
  return callFor(connection, { method: 'DELETE', path: [id] }, readDeleted, signal, options);
}

/** `GET /chat/completions/{completion_id}/messages`: what was asked, message by message. */
export async function listStoredMessages(
  connection: Connection,
  id: string,
  query: PageQuery,
  signal: AbortSignalLike,
  options?: CallOptions,
): Promise<ChatCompletionMessageList | undefined> {
  const call = { method: 'GET', path: [id, 'messages'], query: { ...query } } as const;
  return callFor(connection, call, readMessageList, signal, options);
}

interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Segments behind `/chat/completions`, the id first. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: object;
}

async function callFor<Result>(
  connection: Connection,
  call: Call,
  read: (value: unknown) => Result | undefined,
  signal: AbortSignalLike,
  { clock = systemClock, onRetry = () => {} }: CallOptions = {},
): Promise<Result | undefined> {
  return retried(() => callOnce(connection, call, read, signal, clock), onRetry, signal, clock);
}

async function callOnce<Result>(
  connection: Connection,
  { method, path, query, body }: Call,
  read: (value: unknown) => Result | undefined,
  signal: AbortSignalLike,
  clock: Clock,
): Promise<Result | undefined> {
  const { endpoint } = connection;
  const context = contextOf(connection);
  const [id] = path;
  if (id !== undefined && !isSegment(id)) {
    const parts = { param: 'completion_id', detail: 'no id of a stored completion', code: 'INVALID_ID' };
    throw new CompletionError(ownFailure('badRequest', context, parts));
  }
  const request = {
    url: storedUrl(endpoint, path, query),
    method,
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    timeouts: listTimeoutsOf(endpoint),
  };
  return jsonAnswer(connection, request, read, context, signal, clock);
}

/** Whether a text can be one segment of a path: dots would leave the folder however they are encoded. */
function isSegment(text: string): boolean {
  return text !== '' && text !== '.' && text !== '..' && !/\p{Surrogate}/u.test(text);
}
