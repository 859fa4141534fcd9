import type { DialectId, Endpoint } from './endpoint.ts';
import type { Thoughts } from './readingThoughts.ts';

/**
 * The habits of one kind of server, as data: everything in which the client treats servers differently. What is the
 * same everywhere (how a reply is read, for example) is one policy and not in here.
 */
export interface Dialect {
  readonly id: DialectId;
  /** Name of the product or service, as its makers write it. */
  readonly displayName: string;
  /** Base URL to begin with; where it holds `placeholder`, that part is the user's to fill in. */
  readonly baseUrl: string;
  readonly placeholder?: string;
  /** `required`: a request without a key cannot succeed. */
  readonly key: 'required' | 'optional';
  /** The header that carries the key. */
  readonly keyHeader: 'authorization' | 'api-key';
  /** Where a person gets a key. */
  readonly keyUrl?: string;
  /** Appended to the base URL; `{model}` is the model id, which is then not only in the body. */
  readonly chatPath: string;
  readonly modelsPath: string;
  /** Headers that the model list wants besides; `${apiKey}` as in `Endpoint.headers`. */
  readonly modelsHeaders?: Readonly<Record<string, string>>;
  /** Query parameters without which the server refuses, with the value to begin with. */
  readonly query?: Readonly<Record<string, string>>;
  /** The field that limits the length of a reply. The other name is translated to it: never both are sent. */
  readonly tokenLimitField: 'max_tokens' | 'max_completion_tokens';
  /** Fields that this server knows by another name. */
  readonly renamed: Readonly<Record<string, string>>;
  /** Fields that are refused here whatever the model. What the user set of them is left out, and told. */
  readonly neverSent: readonly string[];
  /** The role of a system prompt that every model of this server accepts. */
  readonly systemRole: 'system' | 'developer';
  /** `asSystem`: the role `developer` is refused, or dropped without a word, and is sent as `system`. */
  readonly developerRole: 'taken' | 'asSystem';
  /** False where a list of content parts is refused even when all of them are text: they go out as one text. */
  readonly takesTextParts: boolean;
  /** False where `messages[].name` is refused. */
  readonly takesNames: boolean;
  /** `nineCharacters`: ids of tool calls must have nine letters or digits. */
  readonly toolCallIds: 'any' | 'nineCharacters';
  /** An assistant message that has tool calls and no text needs an empty `content`: elsewhere it has none. */
  readonly wantsContent: boolean;
  /** The field in which a message's reasoning goes back beside its tool calls; `undefined` where it is not wanted. */
  readonly reasoningReplay: 'reasoning_content' | undefined;
  /**
   * Where thoughts stand in a reply. `tags` where what runs behind the server decides: text that begins with `<think>`,
   * from a model for which nobody set a parser up.
   */
  readonly thoughts: Thoughts;
  /** Whether `stream_options: { include_usage: true }` may be sent; where not, usage comes unasked or never. */
  readonly includeUsage: boolean;
  /** Runs on the user's own machine or network. */
  readonly local: boolean;
}

const hosted = {
  key: 'required',
  keyHeader: 'authorization',
  chatPath: '/chat/completions',
  modelsPath: '/models',
  tokenLimitField: 'max_tokens',
  renamed: {},
  neverSent: [],
  systemRole: 'system',
  developerRole: 'taken',
  takesTextParts: true,
  takesNames: true,
  toolCallIds: 'any',
  wantsContent: false,
  reasoningReplay: undefined,
  thoughts: 'fields',
  includeUsage: true,
  local: false,
} as const;

const selfHosted = { ...hosted, key: 'optional', thoughts: 'tags', local: true } as const;

/** In the order in which they are offered. `generic` is any other compatible server. */
export const dialects: Readonly<Record<DialectId, Dialect>> = {
  openai: {
    ...hosted,
    id: 'openai',
    displayName: 'OpenAI',
    baseUrl: 'https://api.openai.com/v1',
    keyUrl: 'https://platform.openai.com/api-keys',
    // Reasoning models refuse `max_tokens`; no model of OpenAI's refuses the newer name.
    tokenLimitField: 'max_completion_tokens',
  },
  // The v1 path (since August 2025): no api-version, the body's `model` is the name of a deployment.
  azure: {
    ...hosted,
    id: 'azure',
    displayName: 'Azure OpenAI',
    baseUrl: 'https://YOUR-RESOURCE.openai.azure.com/openai/v1',
    placeholder: 'YOUR-RESOURCE',
    keyHeader: 'api-key',
    keyUrl: 'https://ai.azure.com',
    tokenLimitField: 'max_completion_tokens',
  },
  // The classic path: the deployment is in the URL and the body's `model` is ignored.
  azureDeployment: {
    ...hosted,
    id: 'azureDeployment',
    displayName: 'Azure OpenAI (deployment path)',
    baseUrl: 'https://YOUR-RESOURCE.openai.azure.com/openai',
    placeholder: 'YOUR-RESOURCE',
    keyHeader: 'api-key',
    keyUrl: 'https://ai.azure.com',
    chatPath: '/deployments/{model}/chat/completions',
    query: { 'api-version': '2024-10-21' },
    tokenLimitField: 'max_completion_tokens',
  },
  anthropic: {
    ...hosted,
    id: 'anthropic',
    displayName: 'Anthropic',
    baseUrl: 'https://api.anthropic.com/v1',
    keyUrl: 'https://platform.claude.com/settings/keys',
    // Chat takes a bearer token, but the list is Anthropic's native one with its own headers.
    modelsHeaders: { 'x-api-key': '${apiKey}', 'anthropic-version': '2023-06-01' },
  },
  gemini: {
    ...hosted,
    id: 'gemini',
    displayName: 'Google Gemini',
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta/openai',
    keyUrl: 'https://aistudio.google.com/apikey',
    neverSent: ['logit_bias', 'logprobs', 'top_logprobs'],
  },
  deepseek: {
    ...hosted,
    id: 'deepseek',
    displayName: 'DeepSeek',
    baseUrl: 'https://api.deepseek.com/v1',
    keyUrl: 'https://platform.deepseek.com/api_keys',
    developerRole: 'asSystem',
    takesTextParts: false,
    // Thinking models answer 400 where a message with tool calls comes back without its reasoning.
    reasoningReplay: 'reasoning_content',
  },
  // Unknown fields are 422 there, `stream_options` among them; usage comes on the last chunk unasked.
  mistral: {
    ...hosted,
    id: 'mistral',
    displayName: 'Mistral',
    baseUrl: 'https://api.mistral.ai/v1',
    keyUrl: 'https://console.mistral.ai/api-keys',
    renamed: { seed: 'random_seed' },
    neverSent: ['stream_options', 'logprobs', 'top_logprobs', 'logit_bias', 'user'],
    developerRole: 'asSystem',
    toolCallIds: 'nineCharacters',
    includeUsage: false,
  },
  groq: {
    ...hosted,
    id: 'groq',
    displayName: 'Groq',
    baseUrl: 'https://api.groq.com/openai/v1',
    keyUrl: 'https://console.groq.com/keys',
    neverSent: ['logprobs', 'top_logprobs', 'logit_bias'],
    takesNames: false,
  },
  openrouter: {
    ...hosted,
    id: 'openrouter',
    displayName: 'OpenRouter',
    baseUrl: 'https://openrouter.ai/api/v1',
    keyUrl: 'https://openrouter.ai/settings/keys',
  },
  xai: {
    ...hosted,
    id: 'xai',
    displayName: 'xAI',
    baseUrl: 'https://api.x.ai/v1',
    keyUrl: 'https://console.x.ai',
  },
  together: {
    ...hosted,
    id: 'together',
    displayName: 'Together AI',
    baseUrl: 'https://api.together.xyz/v1',
    keyUrl: 'https://api.together.ai/settings/api-keys',
  },
  fireworks: {
    ...hosted,
    id: 'fireworks',
    displayName: 'Fireworks AI',
    baseUrl: 'https://api.fireworks.ai/inference/v1',
    keyUrl: 'https://app.fireworks.ai/settings/users/api-keys',
    developerRole: 'asSystem',
  },
  cerebras: {
    ...hosted,
    id: 'cerebras',
    displayName: 'Cerebras',
    baseUrl: 'https://api.cerebras.ai/v1',
    keyUrl: 'https://cloud.cerebras.ai',
  },
  ollama: {
    ...selfHosted,
    id: 'ollama',
    displayName: 'Ollama',
    baseUrl: 'http://localhost:11434/v1',
    // Older and hosted builds refuse a message without it even beside tool calls.
    wantsContent: true,
  },
  lmstudio: { ...selfHosted, id: 'lmstudio', displayName: 'LM Studio', baseUrl: 'http://localhost:1234/v1' },
  llamacpp: { ...selfHosted, id: 'llamacpp', displayName: 'llama.cpp', baseUrl: 'http://localhost:8080/v1' },
  vllm: { ...selfHosted, id: 'vllm', displayName: 'vLLM', baseUrl: 'http://localhost:8000/v1' },
  litellm: { ...selfHosted, id: 'litellm', displayName: 'LiteLLM', baseUrl: 'http://localhost:4000/v1' },
  // The key is the provider's. A gateway that asks for its own token besides gets it as the header
  // `cf-aig-authorization` of the endpoint; where the provider's key is stored in the gateway, with `${apiKey}` in it.
  cloudflare: {
    ...hosted,
    id: 'cloudflare',
    displayName: 'Cloudflare AI Gateway',
    baseUrl: 'https://gateway.ai.cloudflare.com/v1/YOUR-ACCOUNT/YOUR-GATEWAY/compat',
    placeholder: 'YOUR-ACCOUNT/YOUR-GATEWAY',
    keyUrl: 'https://dash.cloudflare.com',
    // Workers AI, one of the providers behind it, takes a text only.
    takesTextParts: false,
  },
  generic: {
    ...hosted,
    id: 'generic',
    displayName: 'Another compatible server',
    baseUrl: 'https://YOUR-SERVER/v1',
    placeholder: 'YOUR-SERVER',
    thoughts: 'tags',
    key: 'optional',
  },
};

/** Exact host names. A dialect decides shapes only, never who gets a key, so a wrong guess costs an error message. */
const hosts: ReadonlyMap<string, DialectId> = new Map([
  ['api.openai.com', 'openai'],
  ['api.anthropic.com', 'anthropic'],
  ['generativelanguage.googleapis.com', 'gemini'],
  ['api.deepseek.com', 'deepseek'],
  ['api.mistral.ai', 'mistral'],
  ['api.groq.com', 'groq'],
  ['openrouter.ai', 'openrouter'],
  ['api.x.ai', 'xai'],
  ['api.together.xyz', 'together'],
  ['api.together.ai', 'together'],
  ['api.fireworks.ai', 'fireworks'],
  ['api.cerebras.ai', 'cerebras'],
  ['gateway.ai.cloudflare.com', 'cloudflare'],
]);

/** The ports that these servers take when nothing else is said. */
const ports: ReadonlyMap<string, DialectId> = new Map([
  ['11434', 'ollama'],
  ['1234', 'lmstudio'],
  ['8080', 'llamacpp'],
  ['8000', 'vllm'],
  ['4000', 'litellm'],
]);

const azureHost = /\.(?:openai\.azure\.com|services\.ai\.azure\.com|cognitiveservices\.azure\.com)$/;
const regionalOpenAI = /^[a-z]{2}\.api\.openai\.com$/;

/** The dialect that the endpoint names, or else the one that its base URL gives away, or else `generic`. */
export function dialectFor(endpoint: Pick<Endpoint, 'baseUrl' | 'dialect'>): Dialect {
  if (endpoint.dialect !== undefined) return dialects[endpoint.dialect];
  let url: URL;
  try {
    url = new URL(endpoint.baseUrl);
  } catch {
    return dialects.generic;
  }
  if (azureHost.test(url.hostname)) {
    return /\/v1(?:\/|$)/.test(url.pathname) ? dialects.azure : dialects.azureDeployment;
  }
  if (regionalOpenAI.test(url.hostname)) return dialects.openai;
  const byPort = url.protocol === 'http:' ? ports.get(url.port) : undefined;
  return dialects[hosts.get(url.hostname) ?? byPort ?? 'generic'];
}
