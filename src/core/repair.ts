import type { Repair } from '../shared/conversation.ts';
import type { RequestBody } from './dialectRequest.ts';
import type { ServerError } from './readingError.ts';
import { asList, asRecord, asText, toJson } from './readingRecord.ts';
import { unsupportedFields } from './refusedFields.ts';
import { joinedContent, refusedContent, refusedRole } from './repairMessages.ts';
import { parameterOf, repairRules } from './repairRules.ts';

/** The body with one change; the same object where there is nothing to change. */
export function applyRepair(body: RequestBody, repair: Repair): RequestBody {
  switch (repair.type) {
    case 'dropped':
      return mayDrop(body, repair.field) ? without(body, repair.field) : body;
    case 'renamed': {
      if (!Object.hasOwn(body, repair.field)) return body;
      const rest = without(body, repair.field);
      // Both names at once are refused everywhere: the one that is there already stands.
      return Object.hasOwn(rest, repair.to) ? rest : { ...rest, [repair.to]: body[repair.field] };
    }
    case 'roleChanged':
      return withMessages(body, (message) =>
        message['role'] === repair.from ? { ...message, role: repair.to } : message,
      );
    case 'contentJoined':
      return withMessages(body, (message) => {
        const content = joinedContent(message['content']);
        return content === undefined ? message : { ...message, content };
      });
  }
}

/**
 * The changes that may make a refused request acceptable: only what `repairRules` lists, the role of the instructions,
 * and content parts that are all text. None where the refusal names anything else or nothing that the request holds,
 * or where it says that a value is wrong and not that it is unsupported. `error` is the server's: any text at all.
 */
export function repairsFor(body: RequestBody, error: ServerError): readonly Repair[] {
  const role = refusedRole(error);
  if (role !== undefined) {
    const change: Repair = {
      type: 'roleChanged',
      from: role,
      to: role === 'developer' ? 'system' : 'developer',
    };
    return applyRepair(body, change) === body ? [] : [change];
  }
  if (refusedContent(error) === 'parts') {
    const change: Repair = { type: 'contentJoined' };
    return applyRepair(body, change) === body ? [] : [change];
  }
  return unsupportedFields(error).flatMap((field) => repairOf(body, field));
}

/** What of a request a repair is about: each is repaired once. */
export function subjectOf(repair: Repair): string {
  switch (repair.type) {
    case 'renamed':
    case 'dropped':
      return parameterOf(repair.field);
    case 'roleChanged':
      return 'role';
    case 'contentJoined':
      return 'content';
  }
}

/** JSON of the value that a repair takes away, to be compared later; `undefined` where it is too long for that. */
export function refusedValue(body: RequestBody, repair: Repair): string | undefined {
  if (repair.type !== 'dropped') return undefined;
  const json = toJson(body[repair.field]);
  return json === undefined || json.length > 100 ? undefined : json;
}

function repairOf(body: RequestBody, field: string): readonly Repair[] {
  const rule = repairRules.get(field);
  if (rule === undefined || !mayDrop(body, field)) return [];
  if (rule.renamedTo !== undefined) return [{ type: 'renamed', field, to: rule.renamedTo }];
  const along = (rule.takesAlong ?? []).filter((other) => Object.hasOwn(body, other));
  return [field, ...along].map((name) => ({ type: 'dropped', field: name }));
}

/** Also for a repair that is remembered: what was refused then may be what the user insists on now. */
function mayDrop(body: RequestBody, field: string): boolean {
  const onlyIf = repairRules.get(field)?.onlyIf;
  return Object.hasOwn(body, field) && (onlyIf === undefined || body[field] === onlyIf);
}

function without(body: RequestBody, field: string): RequestBody {
  const { [field]: _, ...rest } = body;
  return rest;
}

function withMessages(body: RequestBody, change: (message: RequestBody) => RequestBody): RequestBody {
  const before = asList(body['messages']);
  const after = before.map((message) => {
    const record = asRecord(message);
    return record === undefined || asText(record['role']) === undefined ? message : change(record);
  });
  return after.every((message, index) => message === before[index]) ? body : { ...body, messages: after };
}
