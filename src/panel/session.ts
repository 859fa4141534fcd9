import type { Complete } from '../core/completion.ts';
import { failureOf } from '../core/completionError.ts';
import { buildContinuation, buildMessages } from '../core/prompt.ts';
import type { ReplayRules } from '../core/replay.ts';
import { titleFrom } from '../core/title.ts';
import { runTurn } from '../core/turn.ts';
import { untilStopped } from '../core/untilStopped.ts';
import { activeChild, apply, createConversation, nextStamp, type Conversation } from '../shared/apply.ts';
import type {
  ContextItem,
  ConversationEvent,
  ConversationId,
  Ending,
  MessageHeader,
  MessageId,
  ModelRef,
  Role,
  Stamp,
  Writer,
} from '../shared/conversation.ts';
import { activePath, draftOf, pathTo, type PathEntry } from '../shared/project.ts';
import type { RetryWait } from '../shared/protocol.ts';

/** A model that can be asked, made for one request. */
export interface Connection {
  /** Model id as the server knows it. */
  readonly modelId: string;
  readonly complete: Complete;
  readonly instructionsRole: 'system' | 'developer';
  /** What of earlier replies goes back to this server; missing where its address is unusable. */
  readonly replay?: ReplayRules | undefined;
  /** The setting `colloquy.instructions`. */
  readonly instructions: string;
  /** Request parameters that the user set; only these are sent. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface SessionPorts {
  readonly writer: Writer;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => string;
  /** Resolves endpoint and key. Raises `CompletionError` (`noEndpoint`, `noModel`, `noKey`). */
  readonly connect: (model: ModelRef | undefined) => Promise<Connection>;
  /** The setting `colloquy.model`. */
  readonly defaultModel: () => ModelRef | undefined;
  /** Told when the reply begins or ends to wait for another attempt. */
  readonly onRetryChanged: (session: Session) => void;
  /** Told what was thrown in a turn; the failure in the conversation does not say all of it. */
  readonly onError: (error: unknown) => void;
  /** Told when a turn has ended, however it ended. */
  readonly onTurnEnded: (ending: Ending) => void;
  /** Told after an event was applied. */
  readonly onEvent: (session: Session, event: ConversationEvent, origin: unknown) => void;
}

/** One conversation of this window: its state, its draft and the turn that runs in it. */
export class Session {
  readonly id: ConversationId;
  readonly state: Conversation = createConversation();
  readonly #ports: SessionPorts;
  #turn: AbortController | undefined;
  #retry: (RetryWait & { readonly proceed: () => void }) | undefined;

  constructor(id: ConversationId, ports: SessionPorts) {
    this.id = id;
    this.#ports = ports;
  }

  get running(): boolean {
    return this.#turn !== undefined;
  }

  /** What the reply waits for before it is asked for again. */
  get retry(): RetryWait | undefined {
    if (!this.#retry) return undefined;
    const { proceed: _, ...wait } = this.#retry;
    return wait;
  }

  get path(): readonly PathEntry[] {
    return activePath(this.state, this.#ports.writer);
  }

  get model(): ModelRef | undefined {
    return this.state.model?.value ?? this.#ports.defaultModel();
  }

  /** Adds a user message made of `text` and `context` at the end of the active path and starts the reply. */
  async send(text: string, context: readonly ContextItem[]): Promise<void> {
    if (this.#turn) throw new Error('A reply is still streaming in this conversation.');
    const parent = this.path.at(-1)?.node.id;
    const header = this.#addMessage('user', parent, text, context);
    if (!this.state.title) {
      this.emit({ type: 'titleChanged', title: titleFrom(text, context), stamp: this.#stamp() });
    }
    await this.#reply(header.id, undefined);
  }

  /** Sends what the composer holds: its context goes with the message, and the draft is empty afterwards. */
  async sendDraft(text: string): Promise<void> {
    const { items } = draftOf(this.state);
    if (text.trim() === '' && items.length === 0) return;
    this.emit({ type: 'draftTextChanged', text: '', stamp: this.#stamp() });
    for (const item of items) this.removeContext(item.id);
    await this.send(text, items);
  }

  stop(): void {
    this.#turn?.abort();
  }

  /** Does not wait any longer for the next attempt. */
  retryNow(): void {
    if (!this.#retry) return;
    const { proceed, ...wait } = this.#retry;
    this.#setRetry({ ...wait, until: Math.min(wait.until, this.#ports.now()), proceed });
    proceed();
  }

  /** Asks for another version of a reply, or for a reply to a user message. */
  async regenerate(message: MessageId): Promise<void> {
    const header = this.#header(message);
    if (this.#turn || !header) return;
    await this.#reply(header.role === 'assistant' ? header.parent : header.id, undefined);
  }

  /** Goes on where a reply was cut off: a new version that begins with the text so far. */
  async continueReply(message: MessageId): Promise<void> {
    const header = this.#header(message);
    const text = this.state.nodes.get(message)?.content.text;
    if (this.#turn || header?.role !== 'assistant') return;
    await this.#reply(header.parent, text === '' ? undefined : text);
  }

  chooseVersion(message: MessageId): void {
    const header = this.#header(message);
    if (!header) return;
    this.emit({ type: 'versionChosen', parent: header.parent, child: message, stamp: this.#stamp() });
  }

  chooseModel(model: ModelRef): void {
    this.emit({ type: 'modelChosen', model, stamp: this.#stamp() });
  }

  changeDraft(text: string, origin: unknown): void {
    if (draftOf(this.state).text === text) return;
    this.emit({ type: 'draftTextChanged', text, stamp: this.#stamp() }, origin);
  }

  /** Attaches to the draft. The same place attached again replaces what was there. */
  addContext(item: ContextItem): void {
    for (const known of draftOf(this.state).items) {
      if (samePlace(known, item)) this.removeContext(known.id);
    }
    this.emit({ type: 'draftItemAdded', item, stamp: this.#stamp() });
  }

  removeContext(item: ContextItem['id']): void {
    this.emit({ type: 'draftItemRemoved', item, stamp: this.#stamp() });
  }

  /** Applies an event and tells whoever listens. `origin` is the view it came from, which need not be told. */
  emit(event: ConversationEvent, origin?: unknown): void {
    apply(this.state, event);
    this.#ports.onEvent(this, event, origin);
  }

  async #reply(parent: MessageId | undefined, prefix: string | undefined): Promise<void> {
    const turn = new AbortController();
    this.#turn = turn;
    const { model } = this;
    // From its first request on a conversation stays with its model: a new default takes no history elsewhere.
    if (model !== undefined && !this.state.model) this.chooseModel(model);
    const header = this.#addMessage('assistant', parent, prefix ?? '', [], model);
    let ending: Ending;
    try {
      const connection = await untilStopped(this.#ports.connect(model), turn.signal);
      ending = connection
        ? await this.#stream(header, prefix, connection, turn.signal)
        : this.#end(header, { type: 'stopped' });
    } catch (error) {
      if (!turn.signal.aborted) this.#ports.onError(error);
      const failure = failureOf(error);
      ending = this.#end(header, turn.signal.aborted ? { type: 'stopped' } : { type: 'failed', failure });
    } finally {
      this.#turn = undefined;
      this.#setRetry(undefined);
    }
    this.#ports.onTurnEnded(ending);
  }

  #stream(
    header: MessageHeader,
    prefix: string | undefined,
    connection: Connection,
    signal: AbortSignal,
  ): Promise<Ending> {
    // By parents and not by what is shown: another version may be looked at by now.
    const messages =
      prefix === undefined
        ? buildMessages(pathTo(this.state, header.parent), connection, this.#ports.now())
        : buildContinuation(pathTo(this.state, header.id), connection, this.#ports.now());
    return runTurn(
      {
        message: header.id,
        contentLength: prefix?.length ?? 0,
        request: { ...connection.parameters, model: connection.modelId, messages },
        origin: connection.replay?.origin,
        signal,
      },
      {
        complete: connection.complete,
        emit: (event) => {
          this.#setRetry(undefined);
          this.emit(event);
        },
        stamp: () => this.#stamp(),
        onError: this.#ports.onError,
        onRetry: ({ attempt, waitMs, failure, proceed }) =>
          this.#setRetry({
            message: header.id,
            attempt,
            until: this.#ports.now() + waitMs,
            failure,
            proceed,
          }),
      },
    );
  }

  #setRetry(retry: (RetryWait & { readonly proceed: () => void }) | undefined): void {
    if (retry === this.#retry) return;
    this.#retry = retry;
    this.#ports.onRetryChanged(this);
  }

  #end({ id }: MessageHeader, ending: Ending): Ending {
    this.emit({ type: 'replyEnded', message: id, ending, stamp: this.#stamp() });
    return ending;
  }

  #addMessage(
    role: Role,
    parent: MessageId | undefined,
    content: string,
    context: readonly ContextItem[],
    model?: ModelRef,
  ): MessageHeader {
    const header: MessageHeader = {
      id: this.#ports.newId(),
      parent,
      role,
      context,
      ...(model !== undefined && { model }),
      stamp: this.#stamp(),
      created: this.#ports.now(),
    };
    this.emit({ type: 'messageAdded', header, content });
    if (activeChild(this.state, this.#ports.writer, parent)?.id !== header.id) {
      this.emit({ type: 'versionChosen', parent, child: header.id, stamp: this.#stamp() });
    }
    return header;
  }

  #header(message: MessageId): MessageHeader | undefined {
    return this.state.nodes.get(message)?.header;
  }

  #stamp(): Stamp {
    return nextStamp(this.state, this.#ports.writer);
  }
}

function samePlace(a: ContextItem, b: ContextItem): boolean {
  return a.uri === b.uri && a.lines?.first === b.lines?.first && a.lines?.last === b.lines?.last;
}
