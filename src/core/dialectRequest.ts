import type { CreateChatCompletionRequest } from './completion.ts';
import type { Endpoint } from './endpoint.ts';
import { asList, asRecord } from './readingRecord.ts';

/** What is ready to be sent: fields by the API's names. */
export type RequestBody = Readonly<Record<string, unknown>>;

/** Fields that mean nothing without another one (their last), and that strict servers refuse then. */
const dependents: Readonly<Record<string, readonly string[]>> = {
  tools: ['tools', 'tool_choice', 'parallel_tool_calls'],
  functions: ['functions', 'function_call'],
};

/**
 * The body of a streaming request. Nothing is sent that nobody set, never a `null` and never an empty `tools`: many
 * schemas are stricter than OpenAI's. The endpoint's `extraBody` comes last; a `null` in it takes a field out.
 * `includeUsage` asks for the usage at the end of the stream.
 */
export function streamingBody(
  request: CreateChatCompletionRequest,
  endpoint: Endpoint,
  includeUsage: boolean,
): RequestBody {
  const options = {
    ...asRecord(request.stream_options),
    ...(includeUsage && { include_usage: true }),
  };
  return prune({
    ...request,
    stream: true,
    stream_options: Object.keys(options).length > 0 ? options : undefined,
    ...endpoint.extraBody,
  });
}

/** The body of a request whose reply comes in one piece, by the same rules. */
export function wholeBody(request: CreateChatCompletionRequest, endpoint: Endpoint): RequestBody {
  const { stream: _, stream_options: __, ...fields }: RequestBody = { ...request, ...endpoint.extraBody };
  return prune(fields);
}

function prune(fields: RequestBody): RequestBody {
  const useless = Object.entries(dependents)
    .filter(([name]) => isEmpty(fields[name]))
    .flatMap(([, names]) => names);
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([name, value]) => value !== undefined && value !== null && !useless.includes(name))
      .filter(([name]) => name !== '__proto__')
      .map(([name, value]) => [name, name === 'messages' ? pruneMessages(value) : value]),
  );
}

function pruneMessages(messages: unknown): unknown {
  return Array.isArray(messages) ? asList(messages).map(pruneMessage) : messages;
}

/** A reply that is sent back holds what it lacked as `null`; only the old role `function` may need one. */
function pruneMessage(message: unknown): unknown {
  const fields = asRecord(message);
  if (fields === undefined || fields['role'] === 'function') return message;
  const kept = Object.entries(fields).filter(
    ([name, value]) => value !== undefined && value !== null && !(name === 'tool_calls' && isEmpty(value)),
  );
  return Object.fromEntries(kept);
}

/** Nothing, or a list of nothing. What is neither is left for the check of the request to name. */
function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}
