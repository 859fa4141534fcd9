import type { CreateChatCompletionRequest } from '../../../src/core/api/request.ts';

/** Requests that use one feature of the API each; `inA` where the older description knows it. */
export interface Feature {
  readonly name: string;
  readonly fields: Partial<CreateChatCompletionRequest>;
  readonly inA: boolean;
}

type Message = CreateChatCompletionRequest['messages'][number];

const a = (name: string, fields: Partial<CreateChatCompletionRequest>): Feature => ({
  name,
  fields,
  inA: true,
});
const later = (name: string, fields: Partial<CreateChatCompletionRequest>): Feature => ({
  name,
  fields,
  inA: false,
});

const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const weather = {
  type: 'function',
  function: { name: 'get_weather', description: 'Weather', parameters: schema },
} as const;
const strict = { type: 'function', function: { name: 'strict', parameters: schema, strict: true } } as const;
const bare = { type: 'function', function: { name: 'now' } } as const;
const text = {
  type: 'custom',
  custom: { name: 'note', description: 'Takes a note', format: { type: 'text' } },
} as const;
const grammar = {
  type: 'custom',
  custom: {
    name: 'sum',
    format: { type: 'grammar', grammar: { definition: 'start: NUMBER', syntax: 'lark' } },
  },
} as const;
const plain = { type: 'custom', custom: { name: 'plain' } } as const;

/** Every form of every field but `messages`, `model` and `stream`. Those of one list exclude each other. */
export const features: readonly (readonly Feature[])[] = [
  [
    a('function tools', { tools: [weather, strict, bare] }),
    a('tool_choice none', { tools: [weather], tool_choice: 'none' }),
    a('tool_choice auto', { tools: [weather], tool_choice: 'auto', parallel_tool_calls: false }),
    a('tool_choice required', { tools: [weather], tool_choice: 'required' }),
    a('tool_choice function', {
      tools: [weather],
      tool_choice: { type: 'function', function: { name: 'get_weather' } },
    }),
    later('custom tools', { tools: [text, grammar, plain] }),
    later('tool_choice custom', { tools: [text], tool_choice: { type: 'custom', custom: { name: 'note' } } }),
    later('tool_choice allowed_tools', {
      tools: [weather, text],
      tool_choice: {
        type: 'allowed_tools',
        allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'get_weather' } }] },
      },
    }),
    a('no tools', { tools: [], tool_choice: 'auto', parallel_tool_calls: true }),
    later('functions', {
      functions: [{ name: 'f', description: 'F', parameters: schema }],
      function_call: 'auto',
    }),
    later('function_call by name', { functions: [{ name: 'f' }], function_call: { name: 'f' } }),
    later('no functions', { functions: [], function_call: 'none' }),
  ],
  [
    a('format text', { response_format: { type: 'text' } }),
    a('format json_object', { response_format: { type: 'json_object' } }),
    a('format json_schema', {
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'city', description: 'C', schema, strict: true },
      },
    }),
    a('format json_schema without a schema', {
      response_format: { type: 'json_schema', json_schema: { name: 'x' } },
    }),
  ],
  [a('logprobs', { logprobs: true, top_logprobs: 5 }), a('no logprobs', { logprobs: false })],
  [a('n', { n: 3 })],
  [
    a('max_completion_tokens', { max_completion_tokens: 100 }),
    later('max_tokens', { max_tokens: 100 }),
    later('both limits', { max_tokens: 100, max_completion_tokens: 200 }),
  ],
  [a('temperature', { temperature: 0.7, top_p: 0.9 }), a('temperature 0', { temperature: 0 })],
  [a('penalties', { frequency_penalty: -0.5, presence_penalty: 2 })],
  [a('logit_bias', { logit_bias: { '50256': -100, '7': 3 } })],
  [a('seed', { seed: 7 })],
  [a('stop', { stop: 'END' }), a('stops', { stop: ['a', '\n', 'c', 'd'] })],
  [
    later('prediction', { prediction: { type: 'content', content: 'same' } }),
    later('prediction in parts', {
      prediction: { type: 'content', content: [{ type: 'text', text: 'same' }] },
    }),
  ],
  [
    later('audio', { modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'wav' } }),
    later('audio of a custom voice', {
      modalities: ['audio'],
      audio: { voice: { id: 'voice_1' }, format: 'pcm16' },
    }),
    later('text only', { modalities: ['text'] }),
  ],
  [
    later('web search', { web_search_options: {} }),
    later('web search near', {
      web_search_options: {
        search_context_size: 'high',
        user_location: {
          type: 'approximate',
          approximate: { country: 'DE', region: 'BE', city: 'Berlin', timezone: 'Europe/Berlin' },
        },
      },
    }),
  ],
  ...(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const).map((reasoning_effort) => [
    later(`reasoning_effort ${reasoning_effort}`, { reasoning_effort }),
  ]),
  [later('verbosity', { verbosity: 'low' })],
  (['auto', 'default', 'flex', 'scale', 'priority', 'fast'] as const).map((service_tier) =>
    later(`service_tier ${service_tier}`, { service_tier }),
  ),
  [a('store', { store: true, metadata: { purpose: 'test' } }), a('not stored', { store: false })],
  [
    later('cache', { prompt_cache_key: 'k', prompt_cache_options: { ttl: '30m', mode: 'explicit' } }),
    later('cache, the older way', { prompt_cache_retention: '24h' }),
  ],
  [later('identifiers', { safety_identifier: 'hash' }), a('user', { user: 'u' })],
  [
    later('moderation', {
      moderation: { model: 'm', policy: { input: { mode: 'score' }, output: { mode: 'block' } } },
    }),
  ],
  [later('stream_options', { stream_options: { include_obfuscation: false } })],
  [
    a('nulls', {
      temperature: null,
      stop: null,
      n: null,
      seed: null,
      logit_bias: null,
      metadata: null,
      store: null,
    }),
  ],
  [later('fields that nobody knows', { top_k: 40, thinking: { type: 'enabled' } })],
];

const breakpoint = { prompt_cache_breakpoint: { mode: 'explicit' } } as const;

/** Messages of every role with content of every form; the older description knows those that are `inA`. */
export const messages: readonly { readonly messages: readonly Message[]; readonly inA: boolean }[] = [
  { inA: true, messages: [{ role: 'system', content: 'Be brief.', name: 'rules' }] },
  { inA: true, messages: [{ role: 'system', content: [{ type: 'text', text: 'Be brief.' }] }] },
  { inA: false, messages: [{ role: 'developer', content: 'Be brief.' }] },
  {
    inA: false,
    messages: [
      { role: 'developer', content: [{ type: 'text', text: 'Be brief.', ...breakpoint }], name: 'd' },
    ],
  },
  { inA: true, messages: [{ role: 'user', content: 'Hello', name: 'Ann' }] },
  {
    inA: true,
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look.' },
          { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'low' } },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
          { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
        ],
      },
    ],
  },
  {
    inA: false,
    messages: [
      {
        role: 'user',
        content: [
          { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' } },
          { type: 'file', file: { file_id: 'file_1' }, ...breakpoint },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' }, ...breakpoint },
          { type: 'input_audio', input_audio: { data: 'AAAA', format: 'mp3' }, ...breakpoint },
        ],
      },
    ],
  },
  { inA: true, messages: [{ role: 'assistant', content: 'Hello', name: 'bot', refusal: null }] },
  { inA: true, messages: [{ role: 'assistant', content: null, refusal: 'No.' }] },
  {
    inA: true,
    messages: [{ role: 'assistant', content: [{ type: 'text', text: 'Hello' }], tool_calls: [] }],
  },
  { inA: false, messages: [{ role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] }] },
  { inA: false, messages: [{ role: 'assistant', audio: { id: 'audio_1' }, content: null }] },
  {
    inA: true,
    messages: [
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{"city":' } },
        ],
        reasoning_content: 'Hm.',
      },
      { role: 'tool', tool_call_id: 'call_1', content: '20' },
    ],
  },
  {
    inA: false,
    messages: [
      {
        role: 'assistant',
        tool_calls: [{ id: 'call_2', type: 'custom', custom: { name: 'note', input: 'x' } }],
      },
      { role: 'tool', tool_call_id: 'call_2', content: [{ type: 'text', text: 'noted' }] },
    ],
  },
  {
    inA: false,
    messages: [
      { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } },
      { role: 'function', name: 'f', content: '1' },
    ],
  },
];

/** A request that uses all of it at once, for what only looks at shapes. */
export const everything: CreateChatCompletionRequest = {
  ...Object.assign({}, ...features.map((group) => group.find(({ name }) => name !== 'nulls')?.fields)),
  model: 'm',
  messages: messages.flatMap((one) => one.messages),
};
