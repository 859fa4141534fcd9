import {
  calledFunction,
  flag,
  freeObject,
  functionDefinition,
  imageUrl,
  inputAudio,
  namedFunction,
  nullableInteger,
  nullableText,
  request,
  text,
  words,
} from './requestShapeA.ts';
import type { Shape } from './shape.ts';

/*
 * Edition A and what OpenAI's own description 2.3.0 knows beyond it: the developer role, file parts, custom tools and
 * so on, so that a client may use the newer fields too. Where both describe a field, edition A decides.
 */

const custom: Shape = {
  is: 'object',
  required: ['name'],
  fields: { name: text, description: text, format: freeObject },
};
const cacheBreakpoint: Shape = { is: 'object', required: ['mode'], fields: { mode: words('explicit') } };

export const requestShape: Shape = request(
  {
    message: {
      is: 'object',
      required: ['role'],
      fields: {
        role: words('developer', 'system', 'user', 'assistant', 'tool', 'function'),
        content: {
          is: 'either',
          of: [
            text,
            {
              is: 'array',
              min: 1,
              items: {
                is: 'object',
                required: ['type'],
                fields: {
                  type: words('text', 'image_url', 'input_audio', 'file', 'refusal'),
                  text,
                  image_url: imageUrl,
                  input_audio: inputAudio,
                  file: { is: 'object', fields: { filename: text, file_data: text, file_id: text } },
                  refusal: text,
                  prompt_cache_breakpoint: cacheBreakpoint,
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
            required: ['id', 'type'],
            fields: {
              id: text,
              type: words('function', 'custom'),
              function: calledFunction,
              custom: { is: 'object', required: ['name', 'input'], fields: { name: text, input: text } },
            },
          },
        },
        tool_call_id: text,
        refusal: nullableText,
        audio: { is: 'object', required: ['id'], fields: { id: text }, nullable: true },
        function_call: { ...calledFunction, nullable: true },
      },
    },
    tool: {
      is: 'object',
      required: ['type'],
      fields: { type: words('function', 'custom'), function: functionDefinition, custom },
    },
    toolChoice: {
      is: 'either',
      of: [
        words('none', 'auto', 'required'),
        {
          is: 'object',
          required: ['type'],
          fields: {
            type: words('function', 'custom', 'allowed_tools'),
            function: namedFunction,
            custom: namedFunction,
            allowed_tools: {
              is: 'object',
              required: ['mode', 'tools'],
              fields: { mode: words('auto', 'required'), tools: { is: 'array', items: freeObject } },
            },
          },
        },
      ],
    },
    streamOptions: { include_usage: flag, include_obfuscation: flag },
  },
  {
    max_tokens: nullableInteger,
    reasoning_effort: {
      ...words('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'),
      nullable: true,
    },
    verbosity: { ...words('low', 'medium', 'high'), nullable: true },
    service_tier: { ...words('auto', 'default', 'flex', 'scale', 'priority', 'fast'), nullable: true },
    safety_identifier: { is: 'string', maxLength: 64, nullable: true },
    prompt_cache_key: nullableText,
    prompt_cache_retention: { ...words('in_memory', '24h'), nullable: true },
    prompt_cache_options: {
      is: 'object',
      fields: { mode: words('implicit', 'explicit'), ttl: words('30m') },
    },
    modalities: { is: 'array', items: words('text', 'audio'), nullable: true },
    audio: {
      is: 'object',
      required: ['voice', 'format'],
      fields: {
        voice: { is: 'either', of: [text, { is: 'object', required: ['id'], fields: { id: text } }] },
        format: words('wav', 'aac', 'mp3', 'flac', 'opus', 'pcm16'),
      },
      nullable: true,
    },
    web_search_options: freeObject,
    moderation: { is: 'object', required: ['model'], fields: { model: text }, nullable: true },
    prediction: {
      is: 'object',
      required: ['type', 'content'],
      fields: {
        type: words('content'),
        content: { is: 'either', of: [text, { is: 'array', items: freeObject, min: 1 }] },
      },
      nullable: true,
    },
    function_call: {
      is: 'either',
      of: [words('none', 'auto'), namedFunction],
    },
    functions: { is: 'array', items: functionDefinition, min: 1, max: 128 },
  },
);
