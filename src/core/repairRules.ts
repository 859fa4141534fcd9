/*
 * What a client may change in a request by itself when the server refuses it: these fields and nothing else. What is
 * not in here (the conversation, tools, the response's format, audio, a web search) is what the user asked for: there
 * the server's refusal is shown.
 */

export interface RepairRule {
  /** The name to try in its place. Without one the field is left out. */
  readonly renamedTo?: string;
  /** Fields that mean nothing without this one and go with it. */
  readonly takesAlong?: readonly string[];
  /** The only value with which the field may be left out: with any other it is what the user insists on. */
  readonly onlyIf?: unknown;
  /**
   * Its name is never an ordinary word of a sentence, so that it is recognised without quotes or an underscore.
   */
  readonly unmistakable?: boolean;
}

/** By the name of the field in the body of the request. */
export const repairRules: ReadonlyMap<string, RepairRule> = new Map<string, RepairRule>([
  ['max_tokens', { renamedTo: 'max_completion_tokens' }],
  ['max_completion_tokens', { renamedTo: 'max_tokens' }],
  ['temperature', { unmistakable: true }],
  ['top_p', {}],
  ['top_k', {}],
  ['min_p', {}],
  ['frequency_penalty', {}],
  ['presence_penalty', {}],
  ['repetition_penalty', {}],
  ['seed', {}],
  ['stop', {}],
  ['n', {}],
  ['logprobs', { takesAlong: ['top_logprobs'], unmistakable: true }],
  ['top_logprobs', {}],
  ['logit_bias', {}],
  ['reasoning_effort', {}],
  ['verbosity', { unmistakable: true }],
  ['service_tier', {}],
  ['store', {}],
  ['metadata', { unmistakable: true }],
  ['user', {}],
  ['safety_identifier', {}],
  ['prompt_cache_key', {}],
  ['prompt_cache_retention', {}],
  ['prompt_cache_options', {}],
  ['prediction', {}],
  ['stream_options', {}],
  ['parallel_tool_calls', {}],
  ['tool_choice', { onlyIf: 'auto' }],
]);

/** Both names of one parameter count as the same: it is repaired once. */
export function parameterOf(field: string): string {
  return field === 'max_completion_tokens' ? 'max_tokens' : field;
}
