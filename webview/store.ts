import { batch, computed, signal, type ReadonlySignal } from '@preact/signals';
import { apply, createConversation, type Conversation } from '../src/shared/apply.ts';
import type {
  ContextItem,
  ConversationEvent,
  ConversationId,
  MessageId,
  Writer,
} from '../src/shared/conversation.ts';
import type { Diagnosis } from '../src/shared/diagnosis.ts';
import { activePath, draftOf } from '../src/shared/project.ts';
import type { HostMessage, PanelStatus, RetryWait } from '../src/shared/protocol.ts';
import type { Draft } from './draft.ts';
import type { Post } from './hostLink.ts';
import { LiveMessage } from './liveMessage.ts';

/** A place on the active path: a message among its versions. */
export interface Slot {
  /** Stays the same when another version is chosen here: the parent's id, or `''` at the root. */
  readonly key: string;
  readonly message: LiveMessage;
  /** 0-based place among the versions. */
  readonly version: number;
  readonly versions: readonly MessageId[];
}

export interface StorePorts {
  readonly post: Post;
  readonly draft: Draft;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A reply has just ended on the page. */
  readonly onReplyEnded: (message: LiveMessage) => void;
  readonly onFocusComposer: () => void;
  readonly onFocusDiagnosis: () => void;
}

/**
 * What the page shows: a projection of the host's conversation, kept by the same reducer. Each message carries its
 * own signals, so a piece of text touches its message and nothing else.
 */
export class Store {
  readonly #ports: StorePorts;
  #state: Conversation = createConversation();
  #writer: Writer = '';
  /** The number of the next message from the host; undefined while a snapshot is awaited. */
  #expected: number | undefined;
  /** Milliseconds by which this clock is ahead of the host's. */
  #ahead = 0;
  readonly #messages = new Map<MessageId, LiveMessage>();
  readonly #conversation = signal<ConversationId | undefined>(undefined);
  readonly #status = signal<PanelStatus | undefined>(undefined);
  readonly #retry = signal<RetryWait | undefined>(undefined);
  readonly #diagnosis = signal<Diagnosis | undefined>(undefined);
  readonly #slots = signal<readonly Slot[]>([]);
  readonly #items = signal<readonly ContextItem[]>([]);
  readonly #title = signal<string | undefined>(undefined);
  /** Replies that have not ended, on the active path or not: while there is one, nothing can be sent. */
  readonly #open = signal<ReadonlySet<MessageId>>(new Set());

  /** True while a reply streams. */
  readonly streaming: ReadonlySignal<boolean> = computed(() => this.#open.value.size > 0);
  /** The same as the value of `aria-disabled`. */
  readonly busy: ReadonlySignal<'true' | undefined> = computed(() =>
    this.streaming.value ? 'true' : undefined,
  );
  /** The end of the active path. */
  readonly last: ReadonlySignal<LiveMessage | undefined> = computed(() => this.#slots.value.at(-1)?.message);

  constructor(ports: StorePorts) {
    this.#ports = ports;
  }

  get conversation(): ReadonlySignal<ConversationId | undefined> {
    return this.#conversation;
  }
  /** Undefined until the host has answered for the first time. */
  get status(): ReadonlySignal<PanelStatus | undefined> {
    return this.#status;
  }
  /** What a reply of this conversation waits for before it is asked for again; `until` is by this clock. */
  get retry(): ReadonlySignal<RetryWait | undefined> {
    return this.#retry;
  }
  /** What is shown of a diagnosis, whichever conversation is open. */
  get diagnosis(): ReadonlySignal<Diagnosis | undefined> {
    return this.#diagnosis;
  }
  /** The active path. The array changes only when messages come or go, and keeps every slot that did not change. */
  get slots(): ReadonlySignal<readonly Slot[]> {
    return this.#slots;
  }
  /** Context attached to the draft. */
  get items(): ReadonlySignal<readonly ContextItem[]> {
    return this.#items;
  }
  get title(): ReadonlySignal<string | undefined> {
    return this.#title;
  }

  /** Asks for everything. Until the answer, whatever arrives is out of order and ignored. */
  requestSnapshot(): void {
    this.#expected = undefined;
    this.#ports.post({ type: 'ready' });
  }

  /** The view can be seen again: if an answer got lost while it was hidden, ask once more. */
  becameVisible(): void {
    if (this.#expected === undefined) this.requestSnapshot();
  }

  receive(message: HostMessage): void {
    if (message.type === 'snapshot') {
      this.#expected = message.seq + 1;
      batch(() => this.#load(message));
      return;
    }
    // Waiting for a snapshot, or one that was counted already.
    if (this.#expected === undefined || message.seq < this.#expected) return;
    if (message.seq > this.#expected) {
      this.requestSnapshot();
      return;
    }
    this.#expected += 1;
    switch (message.type) {
      case 'events':
        if (message.conversation === this.#conversation.peek()) batch(() => this.#applyAll(message.events));
        return;
      case 'retryChanged':
        if (message.conversation === this.#conversation.peek()) this.#showRetry(message.retry);
        return;
      case 'statusChanged':
        this.#status.value = message.status;
        this.#ports.draft.hostAnswered();
        return;
      case 'diagnosisChanged':
        this.#diagnosis.value = message.diagnosis;
        return;
      case 'diagnosisFocused':
        this.#ports.onFocusDiagnosis();
        return;
      case 'composerFocused':
        this.#ports.onFocusComposer();
    }
  }

  #load(snapshot: Extract<HostMessage, { readonly type: 'snapshot' }>): void {
    const again = snapshot.conversation === this.#conversation.peek();
    if (!again) this.#messages.clear();
    this.#state = createConversation();
    this.#writer = snapshot.writer;
    this.#ahead = this.#ports.now() - snapshot.now;
    for (const event of snapshot.events) apply(this.#state, event);
    for (const [id, node] of this.#state.nodes) this.#message(id)?.update(node, false, this.#ports.now());
    this.#ports.draft.adopt(snapshot.conversation, draftOf(this.#state).text);
    this.#status.value = snapshot.status;
    this.#showRetry(snapshot.retry);
    this.#diagnosis.value = snapshot.diagnosis;
    this.#conversation.value = snapshot.conversation;
    this.#showPath();
    this.#showItems();
    this.#showOpen();
    this.#showTitle();
  }

  #applyAll(events: readonly ConversationEvent[]): void {
    const changed = new Set<ConversationEvent['type']>();
    for (const event of events) {
      apply(this.#state, event);
      changed.add(event.type);
      if (event.type === 'textAppended') this.#update(event.message, event);
      else if (event.type === 'messageAdded') this.#update(event.header.id);
      else if (event.type === 'replyEnded') this.#update(event.message);
      else if (event.type === 'draftTextChanged')
        this.#ports.draft.hostChanged(this.#state.draftText?.value ?? '');
    }
    if (changed.has('messageAdded') || changed.has('versionChosen')) this.#showPath();
    if (changed.has('draftItemAdded') || changed.has('draftItemRemoved')) this.#showItems();
    if (changed.has('titleChanged')) this.#showTitle();
    if (!changed.has('messageAdded') && !changed.has('replyEnded')) return;
    this.#showOpen();
    if (!changed.has('draftTextChanged')) this.#ports.draft.hostAnswered();
  }

  #update(id: MessageId, event?: Extract<ConversationEvent, { readonly type: 'textAppended' }>): void {
    const node = this.#state.nodes.get(id);
    const message = this.#message(id);
    if (!node || !message) return;
    const ended = message.ended.peek();
    message.update(node, true, this.#ports.now(), event);
    if (message.ended.peek() !== ended && !ended) this.#ports.onReplyEnded(message);
  }

  /** A text that arrives before its message waits in the conversation: there is nothing to show yet. */
  #message(id: MessageId): LiveMessage | undefined {
    const known = this.#messages.get(id);
    const header = this.#state.nodes.get(id)?.header;
    if (known || !header) return known;
    const message = new LiveMessage(header, header.created + this.#ahead);
    this.#messages.set(id, message);
    return message;
  }

  #showPath(): void {
    const before = this.#slots.peek();
    const after = activePath(this.#state, this.#writer).flatMap(
      ({ node, version, versions }, index): Slot[] => {
        const message = this.#message(node.id);
        if (!message) return [];
        const known = before[index];
        const same =
          known?.message === message && known.version === version && equal(known.versions, versions);
        return [same ? known : { key: message.header.parent ?? '', message, version, versions }];
      },
    );
    if (!equal(before, after)) this.#slots.value = after;
  }

  #showItems(): void {
    this.#items.value = draftOf(this.#state).items;
  }

  #showOpen(): void {
    const open = new Set<MessageId>();
    for (const [id, node] of this.#state.nodes) {
      if (node.header?.role === 'assistant' && !node.ending) open.add(id);
    }
    if (!equal([...open], [...this.#open.peek()])) this.#open.value = open;
  }

  #showRetry(retry: RetryWait | undefined): void {
    this.#retry.value = retry && { ...retry, until: retry.until + this.#ahead };
  }

  #showTitle(): void {
    this.#title.value = this.#state.title?.value;
  }
}

function equal(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
