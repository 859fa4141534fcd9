import { invalidRequest, sendError, sendJson } from './apiError.ts';
import type { Message } from './chatRequest.ts';
import type { Arrived } from './handle.ts';
import { isObject, type Json } from './json.ts';
import type { Route } from './route.ts';

type Metadata = Readonly<Record<string, string>>;

interface Stored {
  readonly id: string;
  readonly model: string;
  readonly completion: object;
  readonly messages: readonly object[];
  metadata: Metadata | null;
}

/** Pages are this long unless asked otherwise, and never longer than the most. */
const pageLength = { usual: 20, most: 100 } as const;

/** Completions that were asked for with `store: true`, oldest first. */
export class StoredCompletions {
  readonly #items = new Map<string, Stored>();

  /** `completion` is a whole `CreateChatCompletionResponse`. */
  keep(
    completion: { readonly id: string; readonly model: string },
    messages: readonly Message[],
    metadata: Metadata | null | undefined,
  ): void {
    const { id, model } = completion;
    const kept = messages.map((message, index) => storedMessage(message, `${id}-${index}`));
    this.#items.set(id, { id, model, completion, messages: kept, metadata: metadata ?? {} });
  }

  /** Answers a request for a list of them, for one, or for the messages of one. */
  answer(
    { method, query, body, response }: Arrived,
    route: Route & { readonly to: 'stored' | 'messages' },
  ): void {
    const item = this.#items.get(route.id);
    if (item === undefined) {
      const message = `Chat completion with id \`${route.id}\` was not found.`;
      sendError(response, 404, invalidRequest({ message, param: 'completion_id', code: 'not_found' }));
    } else if (route.to === 'messages') {
      sendJson(response, 200, page(item.messages as readonly { readonly id: string }[], query));
    } else if (method === 'DELETE') {
      this.#items.delete(route.id);
      sendJson(response, 200, { object: 'chat.completion.deleted', id: route.id, deleted: true });
    } else if (method === 'GET') {
      sendJson(response, 200, shown(item));
    } else if (isMetadata(body)) {
      item.metadata = body.metadata;
      sendJson(response, 200, shown(item));
    } else {
      const message = "Invalid 'metadata': expected an object of strings, or null.";
      sendError(response, 400, invalidRequest({ message, param: 'metadata', code: 'invalid_type' }));
    }
  }

  /** Answers a request for the list. */
  list({ query, response }: Arrived): void {
    const wanted = [...query].flatMap(([name, value]) => {
      const key = /^metadata\[(.*)\]$/su.exec(name)?.[1];
      return key === undefined ? [] : [{ key, value }];
    });
    const model = query.get('model');
    const fitting = [...this.#items.values()].filter(
      (item) =>
        (model === null || item.model === model) &&
        wanted.every(({ key, value }) => item.metadata?.[key] === value),
    );
    sendJson(response, 200, page(fitting.map(shown), query));
  }
}

function shown(item: Stored): { readonly id: string } {
  return { ...item.completion, id: item.id, metadata: item.metadata } as { readonly id: string };
}

/** Its text in `content`; what has other parts too has them all in `content_parts`. */
function storedMessage(message: Message, id: string): object {
  const { content, role, name, tool_calls, tool_call_id, refusal } = message;
  const parts = typeof content === 'string' ? null : (content ?? null);
  const shownParts = parts?.filter((part) => part.type === 'text' || part.type === 'image_url') ?? null;
  return {
    id,
    role,
    content: typeof content === 'string' ? content : null,
    refusal: refusal ?? null,
    content_parts: shownParts,
    ...(name !== undefined && { name }),
    ...(tool_calls !== undefined && { tool_calls }),
    ...(tool_call_id !== undefined && { tool_call_id }),
  };
}

function page(items: readonly { readonly id: string }[], query: URLSearchParams): object {
  const ordered = query.get('order') === 'desc' ? items.toReversed() : items;
  const after = query.get('after');
  const start = after === null ? 0 : ordered.findIndex(({ id }) => id === after) + 1;
  const asked = Number(query.get('limit') ?? pageLength.usual);
  const length = Number.isInteger(asked) && asked > 0 ? Math.min(asked, pageLength.most) : pageLength.usual;
  const data = ordered.slice(start, start + length);
  return {
    object: 'list',
    data,
    first_id: data[0]?.id ?? '',
    last_id: data.at(-1)?.id ?? '',
    has_more: start + length < ordered.length,
  };
}

function isMetadata(body: Json | undefined): body is { readonly metadata: Metadata | null } {
  if (!isObject(body)) return false;
  const { metadata } = body;
  if (metadata === null) return true;
  return isObject(metadata) && Object.values(metadata).every((value) => typeof value === 'string');
}
