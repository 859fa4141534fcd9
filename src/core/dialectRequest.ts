import type { CreateChatCompletionRequest } from './completion.ts';
import type { Endpoint } from './endpoint.ts';
import { asList, asRecord } from './readingRecord.ts';

/** Fields that mean nothing without `tools`, and that strict servers refuse then. */
const toolFields = ['tools', 'tool_choice', 'parallel_tool_calls'];

/**
 * The body of a streaming request. Nothing is sent that nobody set, never a `null` and never an empty `tools`: many
 * schemas are stricter than OpenAI's. The endpoint's `extraBody` comes last; a `null` in it takes a field out.
 * `includeUsage` asks for the usage at the end of the stream.
 */
export function streamingBody(
  request: CreateChatCompletionRequest,
  endpoint: Endpoint,
  includeUsage: boolean,
): Readonly<Record<string, unknown>> {
  const options = {
    ...asRecord(request['stream_options']),
    ...(includeUsage && { include_usage: true }),
  };
  const fields: Readonly<Record<string, unknown>> = {
    ...request,
    stream: true,
    stream_options: Object.keys(options).length > 0 ? options : undefined,
    ...endpoint.extraBody,
  };
  const hasTools = asList(fields['tools']).length > 0;
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([name, value]) =>
        value !== undefined &&
        value !== null &&
        name !== '__proto__' &&
        (hasTools || !toolFields.includes(name)),
    ),
  );
}
