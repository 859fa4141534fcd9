import type { Complaint } from './apiError.ts';
import { isBase64, parseDataUrl } from './attachment.ts';
import { type ChatRequest, type Part, toolName } from './chatRequest.ts';
import { checkConversation } from './checkConversation.ts';
import { complain, missing } from './shape.ts';

/*
 * What the API description says in words only ("Required when type is text") and what OpenAI's servers are documented
 * to refuse. Runs after `checkShape`.
 */

type Rule = (request: ChatRequest) => Complaint | undefined;

const namePattern = /^[a-zA-Z0-9_-]+$/u;

const rules: readonly Rule[] = [
  logprobsAreOn,
  streamOptionsNeedStream,
  limitsAreUsable,
  toolsAreWhole,
  toolChoiceFitsTools,
  formatIsWhole,
  biasNamesTokens,
  metadataIsShort,
  speechIsPossible,
  functionsAreAlone,
  checkConversation,
  partsAreWhole,
];

export function checkSense(request: ChatRequest): Complaint | undefined {
  for (const rule of rules) {
    const complaint = rule(request);
    if (complaint !== undefined) return complaint;
  }
  return undefined;
}

function logprobsAreOn(request: ChatRequest): Complaint | undefined {
  if (typeof request.top_logprobs !== 'number' || request.logprobs === true) return undefined;
  return complain(
    'top_logprobs',
    'invalid_parameter_combination',
    "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.",
  );
}

function streamOptionsNeedStream(request: ChatRequest): Complaint | undefined {
  if (request.stream === true || request.stream_options === undefined || request.stream_options === null) {
    return undefined;
  }
  return complain(
    'stream_options',
    'invalid_parameter_combination',
    "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
  );
}

function limitsAreUsable(request: ChatRequest): Complaint | undefined {
  const both = request.max_tokens ?? undefined;
  if (both !== undefined && (request.max_completion_tokens ?? undefined) !== undefined) {
    return complain(
      'max_tokens',
      'invalid_parameter_combination',
      "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
    );
  }
  for (const name of ['max_completion_tokens', 'max_tokens'] as const) {
    const limit = request[name];
    if (typeof limit === 'number' && limit < 1) {
      return complain(
        name,
        'integer_below_min_value',
        `Invalid '${name}': integer below minimum value. Expected a value >= 1, but got ${limit} instead.`,
      );
    }
  }
  return undefined;
}

function toolsAreWhole(request: ChatRequest): Complaint | undefined {
  for (const [index, tool] of (request.tools ?? []).entries()) {
    const path = `tools[${index}].${tool.type}`;
    if (tool[tool.type] === undefined) return missing(path);
    if (!namePattern.test(toolName(tool))) return badName(`${path}.name`);
  }
  return undefined;
}

function toolChoiceFitsTools(request: ChatRequest): Complaint | undefined {
  const { tools = [], tool_choice: choice } = request;
  if (tools.length === 0) {
    const needless = choice !== undefined ? 'tool_choice' : 'parallel_tool_calls';
    if (choice === undefined && request.parallel_tool_calls === undefined) return undefined;
    return complain(
      needless,
      'invalid_parameter_combination',
      `Invalid value for '${needless}': '${needless}' is only allowed when 'tools' are specified.`,
    );
  }
  if (choice === undefined || typeof choice === 'string') return undefined;
  if (choice[choice.type] === undefined) return missing(`tool_choice.${choice.type}`);
  if (choice.type === 'allowed_tools') return undefined;
  const wanted = toolName(choice);
  if (tools.some((tool) => tool.type === choice.type && toolName(tool) === wanted)) return undefined;
  return complain('tool_choice', 'invalid_value', `Tool choice '${wanted}' not found in 'tools' parameter.`);
}

function formatIsWhole(request: ChatRequest): Complaint | undefined {
  const format = request.response_format;
  if (format === undefined) return undefined;
  if (format.type === undefined) return missing('response_format.type');
  if (format.type !== 'json_schema') return undefined;
  const schema = format.json_schema;
  if (schema === undefined) return missing('response_format.json_schema');
  if (schema.name === undefined) return missing('response_format.json_schema.name');
  if (!namePattern.test(schema.name) || schema.name.length > 64)
    return badName('response_format.json_schema.name');
  return schema.schema === undefined ? missing('response_format.json_schema.schema') : undefined;
}

function biasNamesTokens(
  request: ChatRequest & { readonly logit_bias?: object | null },
): Complaint | undefined {
  const odd = Object.keys(request.logit_bias ?? {}).find((key) => !/^\d+$/u.test(key));
  if (odd === undefined) return undefined;
  return complain('logit_bias', 'invalid_value', `Invalid key in 'logit_bias': ${odd}. Keys are token ids.`);
}

function metadataIsShort(
  request: ChatRequest & { readonly metadata?: Readonly<Record<string, string>> | null },
): Complaint | undefined {
  for (const [key, value] of Object.entries(request.metadata ?? {})) {
    if (key.length > 64) {
      return complain(
        'metadata',
        'string_above_max_length',
        "Invalid key in 'metadata': maximum length is 64.",
      );
    }
    if (value.length > 512) {
      return complain(
        `metadata.${key}`,
        'string_above_max_length',
        `Invalid 'metadata.${key}': string too long. Expected a string with maximum length 512, but got a string with length ${value.length} instead.`,
      );
    }
  }
  return undefined;
}

/** It speaks only what can be made without an encoder; in a stream OpenAI's models too speak nothing but samples. */
function speechIsPossible(request: ChatRequest): Complaint | undefined {
  if (request.modalities?.includes('audio') !== true) return undefined;
  const format = request.audio?.format;
  if (format === undefined) return missing('audio');
  if (format === 'pcm16' || (format === 'wav' && request.stream !== true)) return undefined;
  const supported = request.stream === true ? "'pcm16'" : "'wav' and 'pcm16'";
  return complain(
    'audio.format',
    'unsupported_value',
    `Unsupported value: 'audio.format' does not support '${format}' here. Supported values are: ${supported}.`,
  );
}

function functionsAreAlone(request: ChatRequest): Complaint | undefined {
  const { functions, function_call: choice, tools } = request;
  if (functions === undefined && choice !== undefined) {
    return complain(
      'function_call',
      'invalid_parameter_combination',
      "Invalid value for 'function_call': 'function_call' is only allowed when 'functions' are specified.",
    );
  }
  if (functions !== undefined && tools !== undefined) {
    return complain(
      'functions',
      'invalid_parameter_combination',
      "Setting 'functions' and 'tools' at the same time is not supported.",
    );
  }
  if (typeof choice !== 'object' || functions?.some((one) => one.name === choice.name) === true)
    return undefined;
  return complain(
    'function_call',
    'invalid_value',
    `Function '${choice.name}' not found in 'functions' parameter.`,
  );
}

function partsAreWhole(request: ChatRequest): Complaint | undefined {
  for (const [index, message] of request.messages.entries()) {
    if (!Array.isArray(message.content)) continue;
    const parts: readonly Part[] = message.content;
    for (const [position, part] of parts.entries()) {
      const complaint = checkPart(part, `messages[${index}].content[${position}]`);
      if (complaint !== undefined) return complaint;
    }
  }
  return undefined;
}

/** Every field of the part that its type needs may still be absent here, whatever the TypeScript type says. */
function checkPart(part: Part, path: string): Complaint | undefined {
  const own: Readonly<Record<string, unknown>> = { ...part };
  if (own[part.type] === undefined) return missing(`${path}.${part.type}`);
  switch (part.type) {
    case 'text':
    case 'refusal':
      return undefined;
    case 'image_url':
      return checkImage(part.image_url, `${path}.image_url`);
    case 'input_audio': {
      const audio: Partial<typeof part.input_audio> = part.input_audio;
      if (audio.data === undefined) return missing(`${path}.input_audio.data`);
      if (audio.format === undefined) return missing(`${path}.input_audio.format`);
      return isBase64(audio.data) ? undefined : notBase64(`${path}.input_audio.data`);
    }
    case 'file': {
      const data = part.file.file_data;
      if (data === undefined)
        return part.file.file_id === undefined ? missing(`${path}.file.file_data`) : undefined;
      return parseDataUrl(data) === undefined && !isBase64(data)
        ? notBase64(`${path}.file.file_data`)
        : undefined;
    }
  }
}

function checkImage(image: { readonly url?: string }, path: string): Complaint | undefined {
  if (image.url === undefined) return missing(`${path}.url`);
  if (image.url.startsWith('data:')) {
    const data = parseDataUrl(image.url);
    return data === undefined || !data.type.startsWith('image/') ? badUrl(path) : undefined;
  }
  const url = URL.canParse(image.url) ? new URL(image.url) : undefined;
  return url === undefined || !['http:', 'https:'].includes(url.protocol) ? badUrl(path) : undefined;
}

function badUrl(path: string): Complaint {
  return complain(
    `${path}.url`,
    'invalid_image_url',
    `Invalid '${path}.url': expected an https address or a base64-encoded data URL with an image MIME type.`,
  );
}

function notBase64(path: string): Complaint {
  return complain(path, 'invalid_base64', `Invalid '${path}': expected base64-encoded data.`);
}

function badName(path: string): Complaint {
  return complain(
    path,
    'invalid_value',
    `Invalid '${path}': string does not match pattern. Expected 1 to 64 of the characters a-z, A-Z, 0-9, '_' and '-'.`,
  );
}
