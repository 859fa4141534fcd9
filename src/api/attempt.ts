import type { AbortSignalLike } from '../core/completion.ts';
import { CompletionError } from '../core/completionError.ts';
import { dialectFor } from '../core/dialects.ts';
import { type Endpoint, originOf } from '../core/endpoint.ts';
import { readErrorBody, type ServerError } from '../core/readingError.ts';
import type { RepairMemory } from '../core/repairMemory.ts';
import type { FailureKind } from '../shared/failure.ts';
import { decoded } from './compression.ts';
import type { Answer, Timeouts } from './exchange.ts';
import { answerFailure, type FailureContext, networkFailure, ownFailure } from './failures.ts';
import { toNetworkError } from './networkError.ts';
import { requestHeaders, secretsOf } from './requestHeaders.ts';
import { answerInvitesRetry, errorInvitesRetry } from './retry.ts';
import type { Clock } from './stopping.ts';
import type { Transport } from './transport.ts';

/** A server, the key for its origin, and the way to it. The key is used for nothing but this server's requests. */
export interface Connection {
  readonly endpoint: Endpoint;
  readonly key: string | undefined;
  readonly transport: Transport;
  /** Where it is remembered what this server's models do not take. */
  readonly repairs?: RepairMemory;
}

/** What one request is, before the headers that all of them have. */
export interface Attempt {
  /** `undefined` where the base URL is not usable. */
  readonly url: URL | undefined;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** A value may contain `${apiKey}`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeouts: Timeouts;
}

/** An attempt that got no usable answer; `invitesRetry` where the next may. */
export class AttemptError extends CompletionError {
  readonly invitesRetry: boolean;
  /** The server's own words, where it answered; not cleaned, so never to be shown. */
  readonly refusal: ServerError | undefined;

  constructor(error: CompletionError, invitesRetry: boolean, refusal?: ServerError) {
    super(error.failure);
    this.invitesRetry = invitesRetry;
    this.refusal = refusal;
  }
}

/** Bytes of an error's body that are looked at, and the milliseconds it may take to come. */
const errorBodyLimit = 64 * 1024;
const errorBodyMs = 5000;

/**
 * Sends one request and gives the answer if its status is 2xx. Raises `CompletionError`, and `AttemptError` once
 * something was sent.
 */
export async function attempt(
  { endpoint, key, transport }: Connection,
  { url, method, headers, body, timeouts }: Attempt,
  context: FailureContext,
  signal: AbortSignalLike,
  clock: Clock,
): Promise<Answer> {
  if (url === undefined) throw failed('wrongPath', context, 'the base URL is not usable', 'INVALID_URL');
  const request = {
    endpoint,
    url,
    method,
    headers: checkedHeaders(endpoint, key, headers, context),
    ...(body !== undefined && { body }),
    timeouts,
  };
  const answer = await transport.request(request, signal).catch((error: unknown) => {
    const network = toNetworkError(error, 'connect');
    const failure = networkFailure(network, context, false);
    throw new AttemptError(new CompletionError(failure), errorInvitesRetry(network, failure));
  });
  if (answer.status >= 200 && answer.status < 300) return answer;
  const text = await readErrorText(answer);
  const failure = answerFailure(answer.status, answer.headers, text, context, clock.now());
  const invitesRetry = answerInvitesRetry(answer.status, answer.headers, failure);
  throw new AttemptError(new CompletionError(failure), invitesRetry, readErrorBody(text));
}

/** A body as text; `undefined` where it is longer than `limit` characters. Raises `NetworkError`. */
export async function readText(answer: Answer, limit: number): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of decoded(answer)) {
    text += decoder.decode(bytes, { stream: true });
    if (text.length > limit) return undefined;
  }
  return text + decoder.decode();
}

export function contextOf({ endpoint, key }: Connection, model?: string): FailureContext {
  return { origin: originOf(endpoint.baseUrl) ?? '', model, secrets: secretsOf(endpoint, key) };
}

export function failed(
  kind: FailureKind,
  context: FailureContext,
  detail?: string,
  code?: string,
): CompletionError {
  return new CompletionError(ownFailure(kind, context, { detail, code }));
}

/** What came of it in time: a body that is long, slow or breaks off still tells something. */
async function readErrorText(answer: Answer): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  const deadline = setTimeout(() => answer.release(), errorBodyMs);
  try {
    for await (const bytes of decoded(answer)) {
      text += decoder.decode(bytes, { stream: true });
      if (text.length > errorBodyLimit) break;
    }
  } catch {
    // The status and what has come are the answer.
  } finally {
    clearTimeout(deadline);
  }
  return text.slice(0, errorBodyLimit);
}

function checkedHeaders(
  endpoint: Endpoint,
  key: string | undefined,
  own: Readonly<Record<string, string>>,
  context: FailureContext,
): Readonly<Record<string, string>> {
  const result = requestHeaders(endpoint, dialectFor(endpoint), key, {
    // A compressed stream waits in some proxies until a block is full.
    'accept-encoding': 'identity',
    'user-agent': 'Colloquy',
    ...own,
  });
  if (result.type === 'headers') return result.headers;
  switch (result.refusal.type) {
    case 'noKey':
      throw failed('noKey', context);
    case 'badKey':
      throw failed('unauthorized', context, result.refusal.why, 'INVALID_KEY');
    case 'badHeader': {
      const { header } = result.refusal;
      throw failed('badRequest', context, `the header ${header} is not usable`, 'INVALID_HEADER');
    }
  }
}
