import type {
  Channel,
  ConversationEvent,
  Ending,
  MessageId,
  Repair,
  ReplyDetails,
  Stamp,
  Usage,
} from '../shared/conversation.ts';
import type { Failure } from '../shared/failure.ts';
import type {
  AbortSignalLike,
  Complete,
  CompletionUsage,
  CreateChatCompletionRequest,
  Delta,
} from './completion.ts';
import { failureOf } from './completionError.ts';
import { keepForReplay } from './replay.ts';

/** One reply to be streamed into a message that exists already. */
export interface Turn {
  readonly message: MessageId;
  /** Text that the message holds already: more is appended to it (when a reply is continued). */
  readonly contentLength: number;
  readonly request: CreateChatCompletionRequest;
  /** Origin of the server that is asked; nothing is kept to be sent back where it is not known. */
  readonly origin?: string | undefined;
  readonly signal: AbortSignalLike;
}

export interface TurnPorts {
  /** Raises `CompletionError`. */
  readonly complete: Complete;
  /** Takes every event at once, in order. */
  readonly emit: (event: ConversationEvent) => void;
  readonly stamp: () => Stamp;
  /** Told what was thrown, whole: the failure in the conversation does not say all. */
  readonly onError?: (error: unknown) => void;
  /** Told when the client tries again, so that no retry is silent. */
  readonly onRetry?: (retry: Extract<Delta, { readonly type: 'retry' }>) => void;
}

/**
 * Runs one turn: every delta becomes an event, the last event is always `replyEnded`, and the text so far is kept
 * whatever happens. Never raises.
 */
export async function runTurn(turn: Turn, ports: TurnPorts): Promise<Ending> {
  const told: Told = { repairs: [], replay: undefined, retried: [] };
  const ending = await stream(turn, ports, told);
  const details = detailsOf(told, turn.origin);
  ports.emit({
    type: 'replyEnded',
    message: turn.message,
    ending,
    ...(details && { details }),
    stamp: ports.stamp(),
  });
  return ending;
}

/** What is told of a reply on the way besides its texts. */
interface Told {
  repairs: readonly Repair[];
  replay: ReplyDetails['replay'];
  readonly retried: Failure[];
}

function detailsOf({ repairs, replay, retried }: Told, origin: string | undefined): ReplyDetails | undefined {
  const kept = replay !== undefined && origin !== undefined;
  if (repairs.length === 0 && retried.length === 0 && !kept) return undefined;
  return {
    ...(repairs.length > 0 && { repairs }),
    ...(retried.length > 0 && { retried }),
    ...(kept && { replay, origin }),
  };
}

async function stream(turn: Turn, ports: TurnPorts, told: Told): Promise<Ending> {
  const { complete, emit, onError, onRetry } = ports;
  const { message, signal } = turn;
  // Stopped while the connection was looked up: nothing is sent.
  if (signal.aborted) return { type: 'stopped' };
  const lengths: Record<Channel, number> = { content: turn.contentLength, reasoning: 0, refusal: 0 };
  let arrived = false;
  let done = false;
  let finishReason: string | undefined;
  let usage: Usage | undefined;
  try {
    for await (const delta of complete(turn.request, signal)) {
      if (signal.aborted) break;
      switch (delta.type) {
        case 'content':
        case 'reasoning':
        case 'refusal': {
          if (delta.choice !== 0 || delta.text === '') break;
          arrived = true;
          emit({
            type: 'textAppended',
            message,
            channel: delta.type,
            offset: lengths[delta.type],
            text: delta.text,
          });
          lengths[delta.type] += delta.text.length;
          break;
        }
        case 'toolCall':
          if (delta.choice === 0) arrived = true;
          break;
        case 'finish':
          if (delta.choice === 0) finishReason = delta.finishReason;
          break;
        case 'usage':
          usage = usageOf(delta.usage);
          break;
        case 'retry':
          told.retried.push(delta.failure);
          onRetry?.(delta);
          break;
        case 'repair':
          told.repairs = delta.repairs;
          break;
        case 'message':
          if (delta.choice === 0) told.replay = keepForReplay(delta.message);
          break;
        case 'done':
          done = true;
      }
    }
  } catch (error) {
    if (signal.aborted) return { type: 'stopped' };
    onError?.(error);
    const failure = failureOf(error);
    return arrived ? { type: 'interrupted', failure } : { type: 'failed', failure };
  }
  if (signal.aborted && !done) return { type: 'stopped' };
  // The client raises for a stream that ends early; this is the second belt, for a client that does not.
  if (!done) return { type: 'interrupted', failure: { kind: 'cut' } };
  return { type: 'complete', finishReason, ...(usage && { usage }) };
}

function usageOf(usage: CompletionUsage): Usage {
  const counts = {
    promptTokens: usage.prompt_tokens,
    completionTokens: usage.completion_tokens,
    cachedTokens: usage.prompt_tokens_details?.cached_tokens,
    reasoningTokens: usage.completion_tokens_details?.reasoning_tokens,
  };
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== undefined));
}
