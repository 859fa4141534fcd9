import type { ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { sendJson } from './apiError.ts';
import type { ChatRequest } from './chatRequest.ts';
import { chunks, completion, type Identity, type WholeCompletion } from './completion.ts';
import { draftReply } from './draftReply.ts';
import { type Draft, planChoice } from './plan.ts';
import { doneFrame, type Frames, sendFrames, sseFrame } from './send.ts';
import type { Settings } from './settings.ts';

/** A request that was accepted, and everything needed to answer it, well or badly. */
export interface Exchange {
  readonly request: ChatRequest;
  readonly response: ServerResponse;
  /** Aborts when the client hangs up or the server closes. */
  readonly signal: AbortSignal;
  readonly identity: Identity;
  readonly settings: Settings;
  /** The key as it arrived. */
  readonly key: string;
  /** 1 for the first request to this model id, and so on. */
  readonly visit: number;
  /** This server's address under another name: same listener, other origin. */
  readonly otherOrigin: string;
}

/** One draft for each of the `n` choices. */
export function draftAll(exchange: Exchange): readonly Draft[] {
  const { request, settings } = exchange;
  return Array.from({ length: request.n ?? 1 }, (_, index) => {
    const text = settings.answer(request);
    return text === undefined ? draftReply(request, index) : { text };
  });
}

/** The reply as the one completion, however it was asked for. */
export function wholeReply({ request, identity }: Exchange, drafts: readonly Draft[]): WholeCompletion {
  return completion(
    request,
    drafts.map((draft, index) => planChoice(request, draft, index)),
    identity,
  );
}

/** The documents of the reply: chunks of a stream, or the one completion. */
export function* documents(
  exchange: Exchange,
  drafts: readonly Draft[] = draftAll(exchange),
): Generator<object> {
  const { request, identity } = exchange;
  if (request.stream !== true) {
    yield wholeReply(exchange, drafts);
    return;
  }
  const choices = drafts.map((draft, index) => planChoice(request, draft, index));
  yield* chunks(request, choices, identity);
}

/** The reply as it goes over the wire. */
export function* frames(exchange: Exchange, drafts?: readonly Draft[]): Generator<string> {
  const isStream = exchange.request.stream === true;
  for (const document of documents(exchange, drafts))
    yield isStream ? sseFrame(document) : JSON.stringify(document);
  if (isStream) yield doneFrame;
}

/** Sends the head of a reply that comes in pieces. */
export function sendHead(exchange: Exchange, headers: Readonly<Record<string, string>> = {}): void {
  const isStream = exchange.request.stream === true;
  exchange.response.writeHead(200, {
    'content-type': isStream ? 'text/event-stream; charset=utf-8' : 'application/json',
    ...(isStream ? { 'cache-control': 'no-cache' } : {}),
    ...headers,
  });
  exchange.response.flushHeaders();
}

/** Answers as an ordinary model does; `drafts` say what, `delayMs` how fast. */
export async function sendReply(
  exchange: Exchange,
  drafts: readonly Draft[] = draftAll(exchange),
  delayMs: number = exchange.settings.tokenDelayMs,
): Promise<void> {
  const { request, response, signal } = exchange;
  if (request.stream !== true) {
    for (const document of documents(exchange, drafts)) sendJson(response, 200, document);
    return;
  }
  await sendPieces(exchange, frames(exchange, drafts), delayMs);
  if (!signal.aborted) response.end();
}

/** Sends the head and the pieces, and leaves the response open. False when the client has gone. */
export async function sendPieces(
  exchange: Exchange,
  pieces: Frames,
  delayMs: number = exchange.settings.tokenDelayMs,
): Promise<boolean> {
  sendHead(exchange);
  return sendFrames(exchange.response, pieces, delayMs, exchange.signal);
}

/** Waits until the other side hangs up or the server closes. */
export async function waitForEnd(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Resolves early, without an error, when `signal` aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => undefined);
}
