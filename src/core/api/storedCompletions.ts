import * as v from 'valibot';
import {
  ChatCompletionRequestMessageContentPartImage,
  ChatCompletionRequestMessageContentPartText,
} from './contentParts.ts';
import { Metadata } from './requestOptions.ts';
import { ChatCompletionResponseMessage, CreateChatCompletionResponse } from './response.ts';
import { list, object, word } from './shape.ts';

/** What every page of a list has: the ids of its ends and whether there is another page after `last_id`. */
const page = {
  object: word('list'),
  first_id: v.nullish(v.string()),
  last_id: v.nullish(v.string()),
  has_more: v.boolean(),
};

/** `GET /chat/completions`. */
export const ChatCompletionList = object({ ...page, data: list(CreateChatCompletionResponse) });
export type ChatCompletionList = v.InferOutput<typeof ChatCompletionList>;

/** A message of a stored completion's request. Its role may be any. */
export const StoredMessage = object({
  ...ChatCompletionResponseMessage.entries,
  role: word('assistant', 'user', 'system', 'developer', 'tool', 'function'),
  id: v.string(),
  content_parts: v.nullish(
    list(
      v.variant('type', [
        ChatCompletionRequestMessageContentPartText,
        ChatCompletionRequestMessageContentPartImage,
      ]),
    ),
  ),
});
export type StoredMessage = v.InferOutput<typeof StoredMessage>;

/** `GET /chat/completions/{completion_id}/messages`. */
export const ChatCompletionMessageList = object({ ...page, data: list(StoredMessage) });
export type ChatCompletionMessageList = v.InferOutput<typeof ChatCompletionMessageList>;

/** The answer to `DELETE /chat/completions/{completion_id}`. */
export const ChatCompletionDeleted = object({
  object: word('chat.completion.deleted'),
  id: v.string(),
  deleted: v.boolean(),
});
export type ChatCompletionDeleted = v.InferOutput<typeof ChatCompletionDeleted>;

/** The body of `POST /chat/completions/{completion_id}`: `null` takes all metadata away. */
export const UpdateChatCompletionRequest = object({ metadata: Metadata });
export type UpdateChatCompletionRequest = v.InferOutput<typeof UpdateChatCompletionRequest>;
