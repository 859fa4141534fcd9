import { imageSize, parseDataUrl } from './attachment.ts';
import { type ChatRequest, type Part, partsOf, toolName } from './chatRequest.ts';
import type { ChoicePlan } from './plan.ts';
import { speechOf } from './speech.ts';
import { countTokens, tokenize } from './tokens.ts';

/** `CompletionUsage` of the API description. The total is the sum; details are parts of their sum. */
export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly prompt_tokens_details: { readonly cached_tokens: number; readonly audio_tokens: number };
  readonly completion_tokens_details: {
    readonly reasoning_tokens: number;
    readonly audio_tokens: number;
    readonly accepted_prediction_tokens: number;
    readonly rejected_prediction_tokens: number;
  };
}

/** A completion counts as many tokens as its choices streamed, and those of a prediction that it did not use. */
export function usageOf(request: ChatRequest, choices: readonly ChoicePlan[]): Usage {
  const prompt = promptTokens(request);
  const reasoning = sum(choices.map((choice) => choice.reasoning.length));
  const predicted = tokenize(predictionOf(request));
  const accepted = acceptedTokens(predicted, choices[0]?.content ?? []);
  const rejected = predicted.length - accepted;
  const completion = reasoning + sum(choices.map(visibleTokens)) + rejected;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: sum(parts(request).map(audioTokens)) },
    completion_tokens_details: {
      reasoning_tokens: reasoning,
      audio_tokens: speechOf(request) === undefined ? 0 : sum(choices.map((choice) => choice.content.length)),
      accepted_prediction_tokens: accepted,
      rejected_prediction_tokens: rejected,
    },
  };
}

/** Texts, calls, attachments and tool descriptions, and a few tokens around each message as OpenAI counts them. */
export function promptTokens(request: ChatRequest): number {
  const messages = request.messages.map(
    (message) =>
      3 +
      (message.name === undefined ? 0 : 1 + countTokens(message.name)) +
      sum((message.tool_calls ?? []).map((call) => countTokens(JSON.stringify(call)))),
  );
  const tools = (request.tools ?? []).map(
    (tool) => countTokens(toolName(tool)) + countTokens(JSON.stringify(tool)),
  );
  return 3 + sum(messages) + sum(parts(request).map(partTokens)) + sum(tools);
}

function visibleTokens(choice: ChoicePlan): number {
  return (
    choice.content.length +
    choice.refusal.length +
    sum(choice.toolCalls.map((call) => 1 + call.arguments.length)) +
    (choice.functionCall === undefined ? 0 : 1 + choice.functionCall.arguments.length)
  );
}

function predictionOf({ prediction }: ChatRequest): string {
  const content = prediction?.content ?? '';
  return typeof content === 'string' ? content : content.map((part) => part.text).join('');
}

/** The predicted tokens that the reply says too, in the same order. */
function acceptedTokens(predicted: readonly string[], said: readonly string[]): number {
  let from = 0;
  return predicted.filter((token) => {
    const found = said.indexOf(token, from);
    if (found < 0) return false;
    from = found + 1;
    return true;
  }).length;
}

function parts(request: ChatRequest): readonly Part[] {
  return request.messages.flatMap(partsOf);
}

function partTokens(part: Part): number {
  switch (part.type) {
    case 'text':
      return countTokens(part.text);
    case 'refusal':
      return countTokens(part.refusal);
    case 'image_url':
      return imageTokens(part.image_url);
    case 'input_audio':
      return audioTokens(part);
    case 'file':
      return Math.ceil((part.file.file_data?.length ?? 0) / 6);
  }
}

/** 85 for the whole picture and, unless the detail is low, 170 for each square of 512 pixels. */
function imageTokens(image: { readonly url: string; readonly detail?: string }): number {
  const bytes = parseDataUrl(image.url)?.bytes;
  const pixels = bytes === undefined ? undefined : imageSize(bytes);
  if (image.detail === 'low') return 85;
  return pixels === undefined
    ? 765
    : 85 + 170 * Math.ceil(pixels.width / 512) * Math.ceil(pixels.height / 512);
}

function audioTokens(part: Part): number {
  return part.type === 'input_audio' ? Math.ceil(part.input_audio.data.length / 400) : 0;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
