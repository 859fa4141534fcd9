import type { ChatRequest } from './chatRequest.ts';
import { tokenize } from './tokens.ts';

export interface DraftCall {
  readonly name: string;
  readonly type: 'function' | 'custom';
  /** JSON for a function, free text for a custom tool. */
  readonly input: string;
}

/** What the model would say if nobody stopped it. */
export interface Draft {
  readonly reasoning?: string;
  readonly text?: string;
  readonly refusal?: string;
  readonly toolCalls?: readonly DraftCall[];
  /** What a call was before there were tools; stands alone. */
  readonly functionCall?: DraftCall;
  /** Instead of the reason that follows from what is said. */
  readonly finishReason?: FinishReason;
}

export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'function_call';

export interface CallPlan {
  readonly id: string;
  readonly type: 'function' | 'custom';
  readonly name: string;
  /** Tokens of the arguments. */
  readonly arguments: readonly string[];
}

/** A choice as it goes over the wire, token by token, in this order. */
export interface ChoicePlan {
  readonly index: number;
  readonly reasoning: readonly string[];
  readonly content: readonly string[];
  readonly refusal: readonly string[];
  readonly toolCalls: readonly CallPlan[];
  readonly functionCall?: Pick<CallPlan, 'name' | 'arguments'>;
  readonly finishReason: FinishReason;
}

/**
 * Applies what the request says about the end of a reply: `stop` ends the text before its first occurrence, the token
 * limit (which counts reasoning too) cuts whatever comes after it.
 */
export function planChoice(request: ChatRequest, draft: Draft, index: number): ChoicePlan {
  let left = request.max_completion_tokens ?? request.max_tokens ?? Number.POSITIVE_INFINITY;
  let cut = false;
  const take = (tokens: readonly string[]): readonly string[] => {
    const taken = tokens.slice(0, left);
    cut ||= taken.length < tokens.length;
    left -= taken.length;
    return taken;
  };

  const reasoning = take(tokenize(draft.reasoning ?? ''));
  const content = take(tokenize(beforeStop(draft.text ?? '', request.stop)));
  const refusal = take(tokenize(draft.refusal ?? ''));
  const toolCalls: CallPlan[] = [];
  for (const [position, call] of (draft.toolCalls ?? []).entries()) {
    if (take([call.name]).length === 0) break;
    toolCalls.push({
      id: `call_${index}_${position}_${request.messages.length}`,
      type: call.type,
      name: call.name,
      arguments: take(tokenize(call.input)),
    });
  }
  const called = draft.functionCall;
  const functionCall =
    called === undefined || take([called.name]).length === 0
      ? undefined
      : { name: called.name, arguments: take(tokenize(called.input)) };
  const natural = functionCall !== undefined ? 'function_call' : toolCalls.length > 0 ? 'tool_calls' : 'stop';
  return {
    index,
    reasoning,
    content,
    refusal,
    toolCalls,
    ...(functionCall !== undefined && { functionCall }),
    finishReason: cut ? 'length' : (draft.finishReason ?? natural),
  };
}

function beforeStop(text: string, stop: ChatRequest['stop']): string {
  const sequences = typeof stop === 'string' ? [stop] : (stop ?? []);
  const ends = sequences.filter((sequence) => sequence !== '').map((sequence) => text.indexOf(sequence));
  const first = Math.min(...ends.filter((end) => end >= 0));
  return Number.isFinite(first) ? text.slice(0, first) : text;
}
