import type { ChatRequest } from './chatRequest.ts';
import type { JsonObject } from './json.ts';
import { logprobOf, type TokenLogprob } from './logprobs.ts';
import type { CallPlan, ChoicePlan } from './plan.ts';
import { speak, speechOf, wavFile } from './speech.ts';
import { type Usage, usageOf } from './usage.ts';

/** What all chunks of a completion have in common. `created` is in seconds since 1970. */
export interface Identity {
  readonly id: string;
  readonly created: number;
  readonly model: string;
}

const fingerprint = 'fp_colloquy_demo';

export interface WholeCompletion extends Identity {
  readonly object: 'chat.completion';
  readonly choices: readonly object[];
  readonly usage: Usage;
  readonly system_fingerprint: string;
  readonly service_tier: string;
}

/** `CreateChatCompletionResponse`: the whole answer as one document. */
export function completion(
  request: ChatRequest,
  choices: readonly ChoicePlan[],
  identity: Identity,
): WholeCompletion {
  return {
    id: identity.id,
    object: 'chat.completion',
    created: identity.created,
    model: identity.model,
    choices: choices.map((choice) => ({
      index: choice.index,
      message: message(request, choice, identity),
      logprobs: logprobsOf(request, choice.content, choice.refusal),
      finish_reason: choice.finishReason,
    })),
    usage: usageOf(request, choices),
    system_fingerprint: fingerprint,
    service_tier: 'default',
  };
}

/**
 * `CreateChatCompletionStreamResponse`: the same answer in chunks of one token each, the choices taking turns. With
 * `stream_options.include_usage` every chunk has `usage: null` and one more, without choices, has the numbers.
 */
export function* chunks(
  request: ChatRequest,
  choices: readonly ChoicePlan[],
  identity: Identity,
): Generator<object> {
  const countsTokens = request.stream_options?.include_usage === true;
  const frame = {
    id: identity.id,
    object: 'chat.completion.chunk',
    created: identity.created,
    model: identity.model,
    service_tier: 'default',
    system_fingerprint: fingerprint,
  };
  const obfuscates = request.stream_options?.include_obfuscation !== false;
  const usageOfOthers = countsTokens ? { usage: null } : {};

  const lanes = choices.map((choice) => deltas(request, choice, identity));
  while (lanes.length > 0) {
    for (const lane of [...lanes]) {
      const next = lane.next();
      if (next.done === true) {
        lanes.splice(lanes.indexOf(lane), 1);
        continue;
      }
      yield { ...frame, choices: [next.value], ...usageOfOthers, ...(obfuscates ? padding(next.value) : {}) };
    }
  }
  if (countsTokens) yield { ...frame, choices: [], usage: usageOf(request, choices) };
}

function* deltas(request: ChatRequest, choice: ChoicePlan, identity: Identity): Generator<JsonObject> {
  const calls = choice.toolCalls.length > 0 || choice.functionCall !== undefined;
  const speech = choice.content.length > 0 ? speechOf(request) : undefined;
  const opening = (calls && choice.content.length === 0) || speech !== undefined ? null : '';
  yield delta(choice, { role: 'assistant', content: opening, refusal: null });
  for (const token of choice.reasoning) yield delta(choice, { reasoning_content: token });
  if (speech === undefined) {
    for (const token of choice.content)
      yield delta(choice, { content: token }, logprobsOf(request, [token], []));
  } else {
    yield* spoken(choice, identity);
  }
  for (const token of choice.refusal)
    yield delta(choice, { refusal: token }, logprobsOf(request, [], [token]));
  for (const [index, call] of choice.toolCalls.entries()) {
    const named = { index, id: call.id, type: call.type, [call.type]: calledTool(call, '') };
    yield delta(choice, { tool_calls: [named] });
    const field = call.type === 'function' ? 'arguments' : 'input';
    for (const token of call.arguments) {
      yield delta(choice, { tool_calls: [{ index, [call.type]: { [field]: token } }] });
    }
  }
  const called = choice.functionCall;
  if (called !== undefined) {
    yield delta(choice, { function_call: { name: called.name, arguments: '' } });
    for (const token of called.arguments) yield delta(choice, { function_call: { arguments: token } });
  }
  yield delta(choice, {}, null, choice.finishReason);
}

/** What is said, word by word as it is heard, in samples without a head; when it expires comes last. */
function* spoken(choice: ChoicePlan, identity: Identity): Generator<JsonObject> {
  yield delta(choice, { audio: { id: audioId(choice, identity), transcript: '' } });
  for (const token of choice.content) {
    yield delta(choice, { audio: { transcript: token } });
    yield delta(choice, { audio: { data: speak(token).toString('base64') } });
  }
  yield delta(choice, { audio: { expires_at: identity.created + audioSeconds } });
}

/** An hour, as OpenAI keeps what a model said. */
const audioSeconds = 3600;

function audioId(choice: ChoicePlan, identity: Identity): string {
  return `audio_${identity.id}_${choice.index}`;
}

function delta(
  choice: ChoicePlan,
  content: JsonObject,
  logprobs: object | null = null,
  finishReason: string | null = null,
): JsonObject {
  // TokenLogprob holds nothing but JSON.
  return {
    index: choice.index,
    delta: content,
    logprobs: logprobs as JsonObject | null,
    finish_reason: finishReason,
  };
}

function message(request: ChatRequest, choice: ChoicePlan, identity: Identity): object {
  const calls = choice.toolCalls.map((call) => ({
    id: call.id,
    type: call.type,
    [call.type]: calledTool(call, call.arguments.join('')),
  }));
  const text = choice.content.join('');
  const called = choice.functionCall;
  const speech = text === '' ? undefined : speechOf(request);
  const samples = speech === undefined ? undefined : speak(text);
  const says = calls.length > 0 || choice.refusal.length > 0 || called !== undefined;
  return {
    role: 'assistant',
    content: (text === '' && says) || samples !== undefined ? null : text,
    refusal: choice.refusal.length > 0 ? choice.refusal.join('') : null,
    ...(choice.reasoning.length > 0 ? { reasoning_content: choice.reasoning.join('') } : {}),
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
    ...(called === undefined
      ? {}
      : { function_call: { name: called.name, arguments: called.arguments.join('') } }),
    ...(samples === undefined
      ? {}
      : {
          audio: {
            id: audioId(choice, identity),
            expires_at: identity.created + audioSeconds,
            data: (speech === 'wav' ? wavFile(samples) : samples).toString('base64'),
            transcript: text,
          },
        }),
  };
}

function calledTool(call: CallPlan, input: string): JsonObject {
  return call.type === 'function' ? { name: call.name, arguments: input } : { name: call.name, input };
}

function logprobsOf(
  request: ChatRequest,
  content: readonly string[],
  refusal: readonly string[],
): {
  readonly content: readonly TokenLogprob[] | null;
  readonly refusal: readonly TokenLogprob[] | null;
} | null {
  if (request.logprobs !== true) return null;
  const count = request.top_logprobs ?? 0;
  const all = (tokens: readonly string[]) =>
    tokens.length === 0 ? null : tokens.map((token) => logprobOf(token, count));
  return { content: all(content), refusal: all(refusal) };
}

/** Fills a chunk up to a multiple of 16 characters, so that its length tells nothing about its token. */
function padding(choice: JsonObject): { readonly obfuscation: string } {
  const length = JSON.stringify(choice['delta']).length;
  return { obfuscation: 'x7Kq2mWv9RtB4hZc'.slice(0, (16 - (length % 16)) % 16) };
}
