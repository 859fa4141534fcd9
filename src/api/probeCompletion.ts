import { failureOf } from '../core/completionError.ts';
import type { CompletionUsage, CreateChatCompletionRequest } from '../core/completion.ts';
import { dialectFor } from '../core/dialects.ts';
import type { Endpoint } from '../core/endpoint.ts';
import type { JsonObject } from '../core/json.ts';
import type { Repair } from '../shared/conversation.ts';
import { inTime } from '../shared/diagnosis.ts';
import type { Failure } from '../shared/failure.ts';
import type { Connection } from './attempt.ts';
import { streamChatCompletion } from './client.ts';
import type { Outcome } from './diagnosisStage.ts';
import { failureWords } from './diagnosisWords.ts';
import type { Answer } from './exchange.ts';
import type { Clock } from './stopping.ts';
import type { Transport } from './transport.ts';

/** Fields that make a reply longer, several, dearer or lasting, and those that need tools. */
const leftOut = new Set([
  'max_tokens',
  'max_completion_tokens',
  'max_output_tokens',
  'num_predict',
  'min_tokens',
  'n',
  'best_of',
  'stop',
  'stream',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'functions',
  'function_call',
  'response_format',
  'prediction',
  'modalities',
  'audio',
  'web_search_options',
  'plugins',
  'logprobs',
  'top_logprobs',
  'store',
  'metadata',
]);

/** A server that goes on after this many pieces does not know the limit. */
const mostPieces = 64;

/** What one token takes to come. */
interface Seen {
  headMs?: number;
  firstByteMs?: number;
  firstTokenMs?: number;
  contentType?: string;
  bodies: number;
  pieces: number;
  usage?: CompletionUsage;
  repairs: readonly Repair[];
  isEndless?: boolean;
}

/** Asks for a reply of one token as any message would be asked for, and looks at how it comes. */
export async function probeCompletion(
  connection: Connection,
  modelId: string,
  parameters: JsonObject,
  clock: Clock,
  signal: AbortSignal,
): Promise<Outcome> {
  const began = clock.now();
  const seen: Seen = { bodies: 0, pieces: 0, repairs: [] };
  const watched: Connection = {
    ...connection,
    endpoint: withoutLimits(connection.endpoint),
    transport: watch(connection.transport, seen, () => clock.now() - began),
  };
  const failure = await ask(
    watched,
    oneToken(watched.endpoint, modelId, parameters),
    seen,
    clock,
    signal,
    began,
  );
  return describe(seen, failure);
}

/** The request: the user's own parameters but those that are left out, and one token. */
function oneToken(endpoint: Endpoint, modelId: string, parameters: JsonObject): CreateChatCompletionRequest {
  return {
    ...without(parameters),
    [dialectFor(endpoint).tokenLimitField]: 1,
    model: modelId,
    messages: [{ role: 'user', content: 'Hi' }],
  };
}

/** `extraBody` has the last word in a request: it must not take the limit away. */
function withoutLimits(endpoint: Endpoint): Endpoint {
  const { extraBody } = endpoint;
  return extraBody === undefined ? endpoint : { ...endpoint, extraBody: without(extraBody) };
}

function without(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !leftOut.has(name)));
}

async function ask(
  connection: Connection,
  request: CreateChatCompletionRequest,
  seen: Seen,
  clock: Clock,
  signal: AbortSignal,
  began: number,
): Promise<Failure | undefined> {
  try {
    for await (const delta of streamChatCompletion(connection, request, signal, clock)) {
      switch (delta.type) {
        case 'content':
        case 'reasoning':
        case 'refusal':
          seen.firstTokenMs ??= clock.now() - began;
          seen.pieces += 1;
          if (seen.pieces > mostPieces) {
            seen.isEndless = true;
            return undefined;
          }
          break;
        case 'usage':
          seen.usage = delta.usage;
          break;
        case 'repair':
          seen.repairs = delta.repairs;
          break;
        case 'retry':
          // What failed is told at once; a field that was refused is no retry.
          return delta.failure;
        case 'finish':
        case 'toolCall':
        case 'message':
        case 'done':
      }
    }
    return undefined;
  } catch (error) {
    return failureOf(error);
  }
}

/** The same transport, with the times of the last answer written down. */
function watch(transport: Transport, seen: Seen, elapsed: () => number): Transport {
  return {
    ...transport,
    async request(wanted, signal) {
      const answer = await transport.request(wanted, signal);
      seen.headMs = elapsed();
      const type = answer.headers['content-type'];
      if (type === undefined) delete seen.contentType;
      else seen.contentType = type;
      return { ...answer, body: { [Symbol.asyncIterator]: () => read(answer, seen, elapsed) } };
    },
  };
}

async function* read(
  answer: Answer,
  seen: Seen,
  elapsed: () => number,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const bytes of answer.body) {
    seen.firstByteMs ??= elapsed();
    seen.bodies += 1;
    yield bytes;
  }
}

function describe(seen: Seen, failure: Failure | undefined): Outcome {
  const facts = factsOf(seen);
  if (failure !== undefined) {
    // A model that thinks first may call one token too few: then everything before that worked.
    const isTooShort =
      failure.kind === 'badRequest' &&
      /output limit|could not finish|too (?:few|small)/i.test(failure.detail ?? '');
    if (isTooShort) {
      const found = 'The model was reached and answered that one token is too few for it, which is fine.';
      return { state: 'passed', found, facts };
    }
    return { state: 'failed', ...failureWords(failure), facts };
  }
  if (seen.isEndless === true) {
    const found =
      'A reply came, longer than the one token that was asked for: the server does not keep to the limit. It was ended.';
    return { state: 'passed', found, facts };
  }
  if (isOnePiece(seen)) {
    return {
      state: 'warning',
      found: 'A reply came, in one piece: this server does not stream.',
      facts,
      advice:
        'Replies will show all at once. Look for a setting of the server, or of a proxy before it, that switches streaming on.',
    };
  }
  return seen.firstTokenMs === undefined
    ? { state: 'passed', found: 'A complete reply came, without any text in its one token.', facts }
    : { state: 'passed', found: `A reply came, its first token after ${inTime(seen.firstTokenMs)}.`, facts };
}

function isOnePiece({ contentType, headMs }: Seen): boolean {
  return headMs !== undefined && /\bjson\b/i.test(contentType ?? '') && !/ndjson/i.test(contentType ?? '');
}

function factsOf(seen: Seen): readonly string[] {
  const { headMs, firstByteMs, firstTokenMs, usage, repairs } = seen;
  const times = [
    ...(headMs === undefined ? [] : [`answer began after ${inTime(headMs)}`]),
    ...(firstByteMs === undefined ? [] : [`first byte after ${inTime(firstByteMs)}`]),
    ...(firstTokenMs === undefined ? [] : [`first token after ${inTime(firstTokenMs)}`]),
  ].join(', ');
  if (headMs === undefined) return repairs.map(repairWords);
  const told =
    usage === undefined
      ? 'Token usage is not told'
      : `Token usage is told: ${String(usage.prompt_tokens ?? '?')} in, ${String(usage.completion_tokens ?? '?')} out`;
  return [
    times.charAt(0).toUpperCase() + times.slice(1),
    ...(firstByteMs === undefined ? [] : [isOnePiece(seen) ? 'Sent in one piece' : 'Sent as a stream']),
    ...(firstTokenMs === undefined ? [] : [told]),
    ...repairs.map(repairWords),
  ];
}

/** A change that the client made because the server refused a field. */
function repairWords(repair: Repair): string {
  switch (repair.type) {
    case 'renamed':
      return `Changed for this server: ${repair.field} is sent as ${repair.to}`;
    case 'dropped':
      return `Changed for this server: ${repair.field} is left out`;
    case 'roleChanged':
      return `Changed for this server: the role ${repair.from} is sent as ${repair.to}`;
    case 'contentJoined':
      return 'Changed for this server: the parts of a message are sent as one text';
  }
}
