import type { JsonObject } from './json.ts';

/*
 * A request after validation: only the fields that change the answer. Anything else was checked and is then ignored,
 * as a server does that has only one model to offer.
 */

export type Part =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'refusal'; readonly refusal: string }
  | { readonly type: 'image_url'; readonly image_url: { readonly url: string; readonly detail?: string } }
  | { readonly type: 'input_audio'; readonly input_audio: { readonly data: string; readonly format: string } }
  | { readonly type: 'file'; readonly file: FilePart };

export interface FilePart {
  readonly filename?: string;
  readonly file_data?: string;
  readonly file_id?: string;
}

export interface CalledTool {
  readonly id: string;
  readonly type: 'function' | 'custom';
  readonly function?: { readonly name: string; readonly arguments: string };
  readonly custom?: { readonly name: string; readonly input: string };
}

export interface Message {
  readonly role: 'developer' | 'system' | 'user' | 'assistant' | 'tool' | 'function';
  readonly content?: string | readonly Part[] | null;
  readonly name?: string;
  readonly tool_calls?: readonly CalledTool[];
  readonly tool_call_id?: string;
  readonly function_call?: JsonObject | null;
  readonly refusal?: string | null;
}

export interface Tool {
  readonly type: 'function' | 'custom';
  readonly function?: {
    readonly name: string;
    readonly description?: string;
    readonly parameters?: JsonObject;
  };
  readonly custom?: { readonly name: string; readonly description?: string };
}

export interface ToolChoice {
  readonly type: 'function' | 'custom' | 'allowed_tools';
  readonly function?: { readonly name: string };
  readonly custom?: { readonly name: string };
  readonly allowed_tools?: { readonly mode: 'auto' | 'required'; readonly tools: readonly JsonObject[] };
}

export interface ResponseFormat {
  readonly type?: 'text' | 'json_object' | 'json_schema';
  readonly json_schema?: { readonly name?: string; readonly schema?: JsonObject };
}

export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly logprobs?: boolean | null;
  readonly top_logprobs?: number | null;
  readonly max_completion_tokens?: number | null;
  readonly max_tokens?: number | null;
  readonly n?: number;
  readonly response_format?: ResponseFormat;
  readonly seed?: number | null;
  readonly stop?: string | readonly string[] | null;
  readonly stream?: boolean | null;
  readonly stream_options?: {
    readonly include_usage?: boolean;
    readonly include_obfuscation?: boolean;
  } | null;
  readonly tools?: readonly Tool[];
  readonly tool_choice?: 'none' | 'auto' | 'required' | ToolChoice;
  readonly parallel_tool_calls?: boolean;
  readonly functions?: readonly NonNullable<Tool['function']>[];
  readonly function_call?: 'none' | 'auto' | { readonly name: string };
  readonly prediction?: { readonly content: string | readonly { readonly text: string }[] } | null;
  readonly modalities?: readonly string[] | null;
  readonly audio?: { readonly format: string } | null;
  readonly store?: boolean | null;
  readonly metadata?: Readonly<Record<string, string>> | null;
}

/** The parts of a message; a plain string is one text part. */
export function partsOf(message: Message): readonly Part[] {
  if (typeof message.content === 'string') return [{ type: 'text', text: message.content }];
  return message.content ?? [];
}

/** Everything a message says in words, its text parts joined by an empty line. */
export function textOf(message: Message): string {
  return partsOf(message)
    .flatMap((part) => (part.type === 'text' ? [part.text] : part.type === 'refusal' ? [part.refusal] : []))
    .join('\n\n');
}

export function toolName(tool: Tool | ToolChoice | CalledTool): string {
  return tool.function?.name ?? tool.custom?.name ?? '';
}
