import type { Shape } from './shape.ts';

/*
 * `CreateChatCompletionRequest` of "ChatGPT Chat Completions API" 1.0.0 as data: what that description says, nothing
 * more and nothing less.
 */

export const text: Shape = { is: 'string' };
export const nullableText: Shape = { is: 'string', nullable: true };
export const flag: Shape = { is: 'boolean' };
const nullableFlag: Shape = { is: 'boolean', nullable: true };
export const nullableInteger: Shape = { is: 'integer', nullable: true };
const penalty: Shape = { is: 'number', min: -2, max: 2 };
export const freeObject: Shape = { is: 'object' };

export function words(...oneOf: readonly string[]): Shape {
  return { is: 'string', oneOf };
}

export const imageUrl: Shape = { is: 'object', fields: { url: text, detail: words('auto', 'low', 'high') } };
export const inputAudio: Shape = { is: 'object', fields: { data: text, format: words('wav', 'mp3') } };
export const namedFunction: Shape = { is: 'object', required: ['name'], fields: { name: text } };

export const functionDefinition: Shape = {
  is: 'object',
  required: ['name'],
  fields: {
    name: { is: 'string', maxLength: 64 },
    description: text,
    parameters: freeObject,
    strict: nullableFlag,
  },
};

export const calledFunction: Shape = {
  is: 'object',
  required: ['name', 'arguments'],
  fields: { name: text, arguments: text },
};

const responseFormat: Shape = {
  is: 'object',
  fields: {
    type: words('text', 'json_object', 'json_schema'),
    json_schema: {
      is: 'object',
      fields: { name: text, description: text, schema: freeObject, strict: flag },
    },
  },
};

interface Parts {
  readonly message: Shape;
  readonly tool: Shape;
  readonly toolChoice: Shape;
  readonly streamOptions: Readonly<Record<string, Shape>>;
}

/** The fields that this edition and the newer one share, around the parts in which they differ. */
export function request(parts: Parts, more: Readonly<Record<string, Shape>>): Shape {
  return {
    is: 'object',
    required: ['model', 'messages'],
    fields: {
      model: text,
      messages: { is: 'array', items: parts.message, min: 1 },
      frequency_penalty: penalty,
      logit_bias: { is: 'object', rest: { is: 'integer', min: -100, max: 100 }, nullable: true },
      logprobs: nullableFlag,
      top_logprobs: { is: 'integer', min: 0, max: 20, nullable: true },
      max_completion_tokens: nullableInteger,
      n: { is: 'integer', min: 1, max: 128 },
      presence_penalty: penalty,
      response_format: responseFormat,
      seed: nullableInteger,
      stop: { is: 'either', of: [nullableText, { is: 'array', items: text, min: 1, max: 4 }] },
      stream: nullableFlag,
      stream_options: {
        is: 'object',
        fields: parts.streamOptions,
        nullable: true,
      },
      temperature: { is: 'number', min: 0, max: 2 },
      top_p: { is: 'number', min: 0, max: 1 },
      tools: { is: 'array', items: parts.tool },
      tool_choice: parts.toolChoice,
      parallel_tool_calls: flag,
      user: text,
      store: nullableFlag,
      metadata: { is: 'object', rest: text, maxFields: 16, nullable: true },
      ...more,
    },
  };
}

export const requestShapeA: Shape = request(
  {
    message: {
      is: 'object',
      required: ['role'],
      fields: {
        role: words('system', 'user', 'assistant', 'tool'),
        content: {
          is: 'either',
          of: [
            text,
            {
              is: 'array',
              items: {
                is: 'object',
                required: ['type'],
                fields: {
                  type: words('text', 'image_url', 'input_audio'),
                  text,
                  image_url: imageUrl,
                  input_audio: inputAudio,
                },
              },
            },
          ],
          nullable: true,
        },
        name: text,
        tool_calls: {
          is: 'array',
          items: {
            is: 'object',
            required: ['id', 'type', 'function'],
            fields: { id: text, type: words('function'), function: calledFunction },
          },
        },
        tool_call_id: text,
        refusal: nullableText,
      },
    },
    tool: {
      is: 'object',
      required: ['type', 'function'],
      fields: { type: words('function'), function: functionDefinition },
    },
    toolChoice: {
      is: 'either',
      of: [
        words('none', 'auto', 'required'),
        {
          is: 'object',
          required: ['type', 'function'],
          fields: { type: words('function'), function: namedFunction },
        },
      ],
    },
    streamOptions: { include_usage: flag },
  },
  {},
);
