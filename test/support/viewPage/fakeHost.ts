import { apply, createConversation, nextStamp, type Conversation } from '../../../src/shared/apply.ts';
import type {
  Channel,
  ContextItem,
  ConversationEvent,
  ConversationId,
  Ending,
  MessageId,
  ReplyDetails,
  Role,
} from '../../../src/shared/conversation.ts';
import { activePath, eventsFor } from '../../../src/shared/project.ts';
import type { Diagnosis } from '../../../src/shared/diagnosis.ts';
import type { HostMessage, PanelStatus, RetryWait } from '../../../src/shared/protocol.ts';

export const readyStatus: PanelStatus = {
  setup: { type: 'ready' },
  model: { label: 'gpt-5-mini', endpoint: 'OpenAI' },
  conversations: [],
  trusted: true,
};

let conversations = 0;

interface MessageOptions {
  readonly parent?: MessageId | undefined;
  readonly context?: readonly ContextItem[];
  readonly model?: string;
  readonly created?: number;
}

/**
 * The host's side of the wall in a few lines: a conversation kept by the real reducer, and messages with numbers. It
 * only makes messages; whoever uses it posts them.
 */
export class FakeHost {
  readonly writer = 'window-1';
  readonly conversation: ConversationId;
  readonly state: Conversation = createConversation();
  status: PanelStatus;
  diagnosis: Diagnosis | undefined;
  retry: RetryWait | undefined;
  /** The host's clock, in milliseconds since 1970. */
  now: () => number = Date.now;
  #seq = 0;
  #ids = 0;
  #gathered: ConversationEvent[] = [];

  /** Every conversation is another one, unless it is named. */
  constructor(
    status: PanelStatus = readyStatus,
    conversation: ConversationId = `conversation-${String((conversations += 1))}`,
  ) {
    this.status = status;
    this.conversation = conversation;
  }

  /** Adds a message at the end of the active path, or below `parent`. */
  add(role: Role, content: string, options: MessageOptions = {}): MessageId {
    this.#ids += 1;
    const id = `${this.conversation}-${String(this.#ids)}`;
    const parent = 'parent' in options ? options.parent : activePath(this.state, this.writer).at(-1)?.node.id;
    const {
      context = [],
      created = this.now(),
      model = role === 'assistant' ? 'openai/gpt-5-mini' : undefined,
    } = options;
    this.emit({
      type: 'messageAdded',
      header: {
        id,
        parent,
        role,
        context,
        ...(model !== undefined && { model }),
        stamp: nextStamp(this.state, this.writer),
        created,
      },
      content,
    });
    return id;
  }

  /** A reply that is over. */
  addReply(
    content: string,
    ending: Ending = { type: 'complete', finishReason: 'stop' },
    options?: MessageOptions,
  ): MessageId {
    const id = this.add('assistant', content, options);
    this.end(id, ending);
    return id;
  }

  append(message: MessageId, text: string, channel: Channel = 'content'): void {
    const offset = this.state.nodes.get(message)?.[channel].text.length ?? 0;
    this.emit({ type: 'textAppended', message, channel, offset, text });
  }

  end(
    message: MessageId,
    ending: Ending = { type: 'complete', finishReason: 'stop' },
    details?: ReplyDetails,
  ): void {
    const stamp = nextStamp(this.state, this.writer);
    this.emit({ type: 'replyEnded', message, ending, ...(details && { details }), stamp });
  }

  choose(parent: MessageId | undefined, child: MessageId): void {
    this.emit({ type: 'versionChosen', parent, child, stamp: nextStamp(this.state, this.writer) });
  }

  draft(text: string): void {
    this.emit({ type: 'draftTextChanged', text, stamp: nextStamp(this.state, this.writer) });
  }

  attach(item: ContextItem): void {
    this.emit({ type: 'draftItemAdded', item, stamp: nextStamp(this.state, this.writer) });
  }

  detach(item: string): void {
    this.emit({ type: 'draftItemRemoved', item, stamp: nextStamp(this.state, this.writer) });
  }

  title(title: string): void {
    this.emit({ type: 'titleChanged', title, stamp: nextStamp(this.state, this.writer) });
  }

  emit(event: ConversationEvent): void {
    apply(this.state, event);
    this.#gathered.push(event);
  }

  /** Everything, from nothing. */
  snapshot(): HostMessage {
    this.#gathered = [];
    const { conversation, writer, status } = this;
    return {
      type: 'snapshot',
      seq: this.#next(),
      conversation,
      writer,
      status,
      retry: this.retry,
      diagnosis: this.diagnosis,
      events: eventsFor(this.state),
      now: this.now(),
    };
  }

  /** What has happened since the last message. */
  events(): HostMessage {
    const events = this.#gathered;
    this.#gathered = [];
    return { type: 'events', seq: this.#next(), conversation: this.conversation, events };
  }

  /** The reply waits for another attempt, or waits no longer. */
  retryChanged(retry: RetryWait | undefined): HostMessage {
    this.retry = retry;
    return { type: 'retryChanged', seq: this.#next(), conversation: this.conversation, retry };
  }

  statusChanged(status: Partial<PanelStatus>): HostMessage {
    this.status = { ...this.status, ...status };
    return { type: 'statusChanged', seq: this.#next(), status: this.status };
  }

  diagnosisChanged(diagnosis: Diagnosis | undefined): HostMessage {
    this.diagnosis = diagnosis;
    return { type: 'diagnosisChanged', seq: this.#next(), diagnosis };
  }

  diagnosisFocused(): HostMessage {
    return { type: 'diagnosisFocused', seq: this.#next() };
  }

  composerFocused(): HostMessage {
    return { type: 'composerFocused', seq: this.#next() };
  }

  /** A message that will never arrive. */
  lose(): void {
    this.events();
  }

  #next(): number {
    this.#seq += 1;
    return this.#seq;
  }
}
