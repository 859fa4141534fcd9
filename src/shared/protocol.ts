import * as v from 'valibot';
import type { ConversationEvent, ConversationId, MessageId, Writer } from './conversation.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { Failure } from './failure.ts';

/*
 * Everything that crosses the wall between the extension host and the view. The host owns the truth; the view sends
 * intents and shows events. Intents are checked against `intentSchema` before anything else happens to them: the view
 * is not trusted either. Nothing here has a place to put a key.
 */

/** What the panel needs to know besides the conversation. */
export interface PanelStatus {
  readonly setup: Setup;
  /** The model that the next message goes to. */
  readonly model: { readonly label: string; readonly endpoint: string } | undefined;
  /** The other conversations of this window, newest first: what the title bar's list shows. */
  readonly conversations: readonly { readonly id: ConversationId; readonly title: string }[];
  /** False in Restricted Mode: chat works, workspace context is off. */
  readonly trusted: boolean;
}

export type Setup =
  | { readonly type: 'noEndpoint' }
  | { readonly type: 'noModel'; readonly endpoint: string }
  | { readonly type: 'ready' };

/** A request that failed before anything of its reply came is about to be sent again. */
export interface RetryWait {
  readonly message: MessageId;
  /** Number of the attempt that follows, from 2. */
  readonly attempt: number;
  /** When it is sent, in milliseconds since 1970 by the host's clock. A point in the past: it was sent then. */
  readonly until: number;
  /** Why. */
  readonly failure: Failure;
}

export type HostMessage =
  /** The answer to `ready`: `events` rebuild the conversation from nothing. */
  | {
      readonly type: 'snapshot';
      readonly seq: number;
      readonly conversation: ConversationId;
      readonly writer: Writer;
      readonly events: readonly ConversationEvent[];
      readonly retry: RetryWait | undefined;
      /** What is shown of a diagnosis; it belongs to no conversation. */
      readonly diagnosis: Diagnosis | undefined;
      readonly status: PanelStatus;
      /** The host's clock, in milliseconds since 1970: in a remote window the view's shows another time. */
      readonly now: number;
    }
  /** In the order in which the host applied them; at most one such message a frame while a reply streams. */
  | {
      readonly type: 'events';
      readonly seq: number;
      readonly conversation: ConversationId;
      readonly events: readonly ConversationEvent[];
    }
  /** The reply waits for another attempt, or (`undefined`) waits no longer. */
  | {
      readonly type: 'retryChanged';
      readonly seq: number;
      readonly conversation: ConversationId;
      readonly retry: RetryWait | undefined;
    }
  | { readonly type: 'statusChanged'; readonly seq: number; readonly status: PanelStatus }
  /** As it is now; `undefined`: there is none to show any more. */
  | { readonly type: 'diagnosisChanged'; readonly seq: number; readonly diagnosis: Diagnosis | undefined }
  /** Put the focus on the diagnosis. */
  | { readonly type: 'diagnosisFocused'; readonly seq: number }
  /** Put the cursor into the composer. */
  | { readonly type: 'composerFocused'; readonly seq: number };

/** What a person can do with a code block besides reading it. */
export const codeActions = ['copy', 'insert', 'newFile'] as const;
export type CodeAction = (typeof codeActions)[number];

/** What an error card offers; each is carried out by the host. */
export const recoveries = [
  'tryAgain',
  'continue',
  'setKey',
  'selectModel',
  'addEndpoint',
  'editEndpoint',
  'diagnose',
  'showLog',
] as const;
export type Recovery = (typeof recoveries)[number];

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
/** 4 MB of typed text: more is a mistake or an attack. */
const typedText = v.pipe(v.string(), v.maxLength(4_000_000));
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));

export const intentSchema = v.variant('type', [
  /** The view has started (or lost count) and knows nothing. */
  v.strictObject({ type: v.literal('ready') }),
  v.strictObject({ type: v.literal('send'), conversation: id, text: typedText }),
  v.strictObject({ type: v.literal('stop'), conversation: id }),
  /** Sends the waiting attempt at once. */
  v.strictObject({ type: v.literal('retryNow'), conversation: id }),
  /** 300 ms after the last key, on blur, before hiding. */
  v.strictObject({ type: v.literal('changeDraft'), conversation: id, text: typedText }),
  v.strictObject({ type: v.literal('removeContext'), conversation: id, item: id }),
  v.strictObject({ type: v.literal('openContext'), conversation: id, message: v.optional(id), item: id }),
  v.strictObject({ type: v.literal('newChat') }),
  v.strictObject({ type: v.literal('showChat'), conversation: id }),
  v.strictObject({ type: v.literal('selectModel') }),
  v.strictObject({ type: v.literal('addEndpoint') }),
  v.strictObject({ type: v.literal('attach') }),
  /** Runs the diagnosis that is shown once more. */
  v.strictObject({ type: v.literal('diagnose') }),
  v.strictObject({ type: v.literal('stopDiagnosis') }),
  v.strictObject({ type: v.literal('copyDiagnosis') }),
  v.strictObject({ type: v.literal('closeDiagnosis') }),
  /** Lists what was changed in requests because servers refused it, to be forgotten. */
  v.strictObject({ type: v.literal('forgetRepairs') }),
  v.strictObject({ type: v.literal('regenerate'), conversation: id, message: id }),
  v.strictObject({ type: v.literal('chooseVersion'), conversation: id, message: id }),
  v.strictObject({
    type: v.literal('recover'),
    conversation: id,
    message: id,
    recovery: v.picklist(recoveries),
  }),
  v.strictObject({ type: v.literal('copyMessage'), conversation: id, message: id }),
  /** `block` counts the code blocks of the message from 0; `start` and `end` are UTF-16 offsets within the block. */
  v.strictObject({
    type: v.literal('useCode'),
    conversation: id,
    message: id,
    block: count,
    action: v.picklist(codeActions),
    part: v.optional(v.strictObject({ start: count, end: count })),
  }),
  /** The host decides whether and how to open it, and asks. */
  v.strictObject({
    type: v.literal('openLink'),
    conversation: id,
    message: id,
    href: v.pipe(v.string(), v.maxLength(8192)),
  }),
]);

export type Intent = v.InferOutput<typeof intentSchema>;
