import type { Repair } from '../shared/conversation.ts';
import type { CreateChatCompletionRequest } from './completion.ts';
import type { RequestBody } from './dialectRequest.ts';
import type { Dialect } from './dialects.ts';
import { messagesInDialect } from './messagesInDialect.ts';
import { applyRepair } from './repair.ts';

/** A request as one kind of server takes it, and what was changed for that, to be told. */
export interface InDialect {
  readonly request: CreateChatCompletionRequest;
  readonly repairs: readonly Repair[];
}

const tokenLimits = ['max_tokens', 'max_completion_tokens'];

/**
 * Puts what the user set into the words of the server: the name of the token limit, fields that have another name
 * there, fields and roles that it is known to refuse. `forced` is the endpoint's `extraBody`, which goes over
 * everything as it stands: whoever writes there means exactly that field.
 */
export function inDialect(
  request: CreateChatCompletionRequest,
  dialect: Dialect,
  forced: RequestBody = {},
): InDialect {
  let body: RequestBody = request;
  const repairs: Repair[] = [];
  const change = (repair: Repair): void => {
    const next = applyRepair(body, repair);
    if (next === body) return;
    body = next;
    repairs.push(repair);
  };
  const limit = tokenLimits.find((name) => isSet(forced, name)) ?? dialect.tokenLimitField;
  const names = {
    ...dialect.renamed,
    [limit === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens']: limit,
  };
  for (const [field, to] of Object.entries(names)) {
    // Where both are set the server's own name stands.
    if (isSet(body, field) && !isSet(forced, field))
      change(isSet(body, to) ? { type: 'dropped', field } : { type: 'renamed', field, to });
  }
  for (const field of dialect.neverSent) {
    if (isSet(body, field) && !isSet(forced, field)) change({ type: 'dropped', field });
  }
  if (dialect.developerRole === 'asSystem') change({ type: 'roleChanged', from: 'developer', to: 'system' });
  if (!dialect.takesTextParts) change({ type: 'contentJoined' });
  // The repairs change fields that are listed by name and never what makes it a request.
  const changed = body as CreateChatCompletionRequest;
  const messages = messagesInDialect(changed.messages, dialect);
  if (messages.namesDropped) repairs.push({ type: 'dropped', field: 'messages[].name' });
  return { request: { ...changed, messages: messages.messages }, repairs };
}

/** A null is never sent, so it is not set. */
function isSet(body: RequestBody, field: string): boolean {
  return Object.hasOwn(body, field) && body[field] !== undefined && body[field] !== null;
}
