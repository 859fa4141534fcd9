import type { Complaint } from './apiError.ts';
import { type ChatRequest, type Message, type Part } from './chatRequest.ts';
import { complain, missing } from './shape.ts';

const partsByRole: Readonly<Record<Message['role'], readonly Part['type'][]>> = {
  developer: ['text'],
  system: ['text'],
  user: ['text', 'image_url', 'input_audio', 'file'],
  assistant: ['text', 'refusal'],
  tool: ['text'],
  function: [],
};

/** What each role needs, and the order of calls and their results, which the description puts into words only. */
export function checkConversation(request: ChatRequest): Complaint | undefined {
  for (const [index, message] of request.messages.entries()) {
    const complaint = checkMessage(message, `messages[${index}]`);
    if (complaint !== undefined) return complaint;
  }
  return checkToolResults(request.messages);
}

function checkMessage(message: Message, path: string): Complaint | undefined {
  const calls = (message.tool_calls ?? []).length > 0 || (message.function_call ?? null) !== null;
  if (message.content === undefined || message.content === null) {
    const mayBeEmpty =
      message.role === 'function' ||
      (message.role === 'assistant' && (calls || (message.refusal ?? null) !== null));
    if (!mayBeEmpty) {
      return message.content === undefined
        ? missing(`${path}.content`)
        : complain(
            `${path}.content`,
            'invalid_type',
            `Invalid value for 'content' of '${path}': expected a string or an array, got null.`,
          );
    }
  }
  if (calls && message.role !== 'assistant') {
    return complain(
      `${path}.tool_calls`,
      'invalid_value',
      `'tool_calls' belong to the role 'assistant' only.`,
    );
  }
  for (const [index, call] of (message.tool_calls ?? []).entries()) {
    if (call[call.type] === undefined) return missing(`${path}.tool_calls[${index}].${call.type}`);
  }
  if (message.role === 'tool' && message.tool_call_id === undefined) return missing(`${path}.tool_call_id`);
  if (message.role === 'function' && message.name === undefined) return missing(`${path}.name`);
  if (Array.isArray(message.content)) {
    const parts: readonly Part[] = message.content;
    const allowed = partsByRole[message.role];
    const wrong = parts.findIndex((part) => !allowed.includes(part.type));
    if (wrong >= 0) {
      const where = `${path}.content[${wrong}].type`;
      return complain(
        where,
        'invalid_value',
        `Invalid '${where}': not a part that the role '${message.role}' may use.`,
      );
    }
  }
  return undefined;
}

/** A tool message answers a call of the assistant message before it; each call is answered before anything else. */
function checkToolResults(messages: readonly Message[]): Complaint | undefined {
  let open = new Set<string>();
  let asked = 0;
  for (const [index, message] of [...messages, undefined].entries()) {
    if (message?.role === 'tool') {
      if (!open.delete(message.tool_call_id ?? '')) {
        return complain(
          `messages[${index}].tool_call_id`,
          'invalid_value',
          "Invalid parameter: messages with role 'tool' must be a response to a preceding message with 'tool_calls'.",
        );
      }
      continue;
    }
    if (open.size > 0) {
      return complain(
        `messages[${asked}].tool_calls`,
        'invalid_value',
        `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${[...open].join(', ')}`,
      );
    }
    asked = index;
    open = new Set((message?.tool_calls ?? []).map((call) => call.id));
  }
  return undefined;
}
