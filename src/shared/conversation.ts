import type { Failure } from './failure.ts';

export type ConversationId = string;
export type MessageId = string;
/** One VS Code window for the length of its life: a random id. */
export type Writer = string;

/**
 * Lamport time. `counter` is one more than the highest the writer had seen; `writer` breaks ties. Wall clocks of two
 * windows or machines never decide anything.
 */
export interface Stamp {
  readonly counter: number;
  readonly writer: Writer;
}

/** A field that several writers may set: the highest stamp wins. */
export interface Written<T> {
  readonly value: T;
  readonly stamp: Stamp;
}

/** Roles as the Chat Completions API names them (`ChatCompletionMessage.role`). */
export const roles = ['system', 'developer', 'user', 'assistant', 'tool'] as const;
export type Role = (typeof roles)[number];

/** A model of an endpoint: `"<endpoint id>/<model id>"`, the form of the setting `colloquy.model`. */
export type ModelRef = string;

/** Something from the editor that goes along with a message. The text is a copy made when it was attached. */
export interface ContextItem {
  readonly id: string;
  readonly kind: 'selection' | 'file';
  /** Where it came from, to open it again: a URI as text. */
  readonly uri: string;
  /** Path as shown and sent: relative to its workspace folder where there is one. */
  readonly path: string;
  readonly languageId: string;
  /** First and last line, 1-based and inclusive, of a selection. */
  readonly lines?: { readonly first: number; readonly last: number };
  readonly text: string;
  /** Problems reported on these lines, one per entry, ready to be read. */
  readonly problems?: readonly string[];
}

/** What a message is from its birth: never changed. */
export interface MessageHeader {
  readonly id: MessageId;
  /** Undefined for a root of the tree. */
  readonly parent: MessageId | undefined;
  readonly role: Role;
  readonly context: readonly ContextItem[];
  /** The model that was asked, on assistant messages. */
  readonly model?: ModelRef;
  readonly stamp: Stamp;
  /** Milliseconds since 1970, for showing only. */
  readonly created: number;
}

/** The texts of a message that grow while a reply streams. */
export const channels = ['content', 'reasoning', 'refusal'] as const;
export type Channel = (typeof channels)[number];

/** Token counts of `CompletionUsage`, as far as the server told. */
export interface Usage {
  readonly promptTokens?: number;
  readonly completionTokens?: number;
  readonly cachedTokens?: number;
  readonly reasoningTokens?: number;
}

/** How a reply ended. In every case its text so far is kept. */
export type Ending =
  | {
      /** `[DONE]` or a finish reason arrived, and no error. */
      readonly type: 'complete';
      /** `choices[].finish_reason`, normalised; `undefined` when only `[DONE]` came. */
      readonly finishReason: string | undefined;
      readonly usage?: Usage;
    }
  | { readonly type: 'stopped' }
  /** The stream ended before the reply did: there is text, and more was to come. */
  | { readonly type: 'interrupted'; readonly failure: Failure }
  | { readonly type: 'failed'; readonly failure: Failure };

/**
 * One change that the client made to a request because the server refused the field, so that nobody wonders where a
 * setting went.
 */
export type Repair =
  | { readonly type: 'renamed'; readonly field: string; readonly to: string }
  | { readonly type: 'dropped'; readonly field: string }
  /** The instructions' role, `system` or `developer`. */
  | { readonly type: 'roleChanged'; readonly from: string; readonly to: string }
  /** Content parts were joined to one text. */
  | { readonly type: 'contentJoined' };

/** What is known of a reply besides its texts, told when it has ended. */
export interface ReplyDetails {
  readonly repairs?: readonly Repair[];
  /** Why the request had to be sent again: one for each attempt that failed before the last one. */
  readonly retried?: readonly Failure[];
  /**
   * Fields of the message that its server wants back with the next request, as it sent them (`tool_calls`,
   * `reasoning_details`, `audio`, ...). Untrusted JSON: sent back to the same endpoint only, never shown unchecked.
   */
  readonly replay?: Readonly<Record<string, unknown>>;
  /** The origin that `replay` came from. The endpoint's own address may have been changed since. */
  readonly origin?: string;
}

/**
 * Everything that can happen to a conversation. The host applies an event and posts the same event; the view applies
 * it too; later a segment on disk is a list of them. Applying is commutative and idempotent, so events may arrive
 * twice and in any order.
 */
export type ConversationEvent =
  /** `content` is the text the message was born with (all of a user's message; empty for a reply). */
  | { readonly type: 'messageAdded'; readonly header: MessageHeader; readonly content: string }
  /** `offset` counts UTF-16 units from the start of that channel of the message. */
  | {
      readonly type: 'textAppended';
      readonly message: MessageId;
      readonly channel: Channel;
      readonly offset: number;
      readonly text: string;
    }
  | {
      readonly type: 'replyEnded';
      readonly message: MessageId;
      readonly ending: Ending;
      readonly details?: ReplyDetails;
      readonly stamp: Stamp;
    }
  /** A window chose which child of a message its active path goes through. Counts for that window only. */
  | {
      readonly type: 'versionChosen';
      readonly parent: MessageId | undefined;
      readonly child: MessageId;
      readonly stamp: Stamp;
    }
  | { readonly type: 'titleChanged'; readonly title: string; readonly stamp: Stamp }
  | { readonly type: 'modelChosen'; readonly model: ModelRef; readonly stamp: Stamp }
  | { readonly type: 'draftTextChanged'; readonly text: string; readonly stamp: Stamp }
  | { readonly type: 'draftItemAdded'; readonly item: ContextItem; readonly stamp: Stamp }
  | { readonly type: 'draftItemRemoved'; readonly item: ContextItem['id']; readonly stamp: Stamp };
