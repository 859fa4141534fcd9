import { titleFrom } from '../core/title.ts';
import type { ConversationId } from '../shared/conversation.ts';
import { draftOf } from '../shared/project.ts';
import { Session, type SessionPorts } from './session.ts';

/** The conversations of this window. There is always a current one. */
export class Sessions {
  readonly #ports: SessionPorts;
  readonly #onCurrentChanged: () => void;
  readonly #all = new Map<ConversationId, Session>();
  #current: Session;

  constructor(ports: SessionPorts, onCurrentChanged: () => void) {
    this.#ports = ports;
    this.#onCurrentChanged = onCurrentChanged;
    this.#current = this.#create();
  }

  get current(): Session {
    return this.#current;
  }

  get(id: ConversationId): Session | undefined {
    return this.#all.get(id);
  }

  /** Those that hold anything, a draft included; newest first. */
  list(): readonly { readonly id: ConversationId; readonly title: string }[] {
    return [...this.#all.values()]
      .filter((session) => session.state.nodes.size > 0 || !hasEmptyDraft(session))
      .map((session) => ({ id: session.id, title: titleOf(session) }))
      .toReversed();
  }

  /** Starts a conversation and shows it. One without messages is new already, and an empty one is taken again. */
  startNew(): Session {
    if (this.#current.state.nodes.size === 0) return this.#current;
    const unused = [...this.#all.values()].findLast(
      (session) => session.state.nodes.size === 0 && hasEmptyDraft(session),
    );
    this.show((unused ?? this.#create()).id);
    return this.#current;
  }

  /** The current conversation, or a new one while a reply streams in it. */
  idle(): Session {
    return this.#current.running ? this.startNew() : this.#current;
  }

  show(id: ConversationId): void {
    const session = this.#all.get(id);
    if (!session || session === this.#current) return;
    this.#current = session;
    this.#onCurrentChanged();
  }

  /** Ends every turn that runs. */
  dispose(): void {
    for (const session of this.#all.values()) session.stop();
  }

  #create(): Session {
    const session = new Session(this.#ports.newId(), this.#ports);
    this.#all.set(session.id, session);
    return session;
  }
}

function hasEmptyDraft({ state }: Session): boolean {
  const { text, items } = draftOf(state);
  return text === '' && items.length === 0;
}

function titleOf({ state }: Session): string {
  const { text, items } = draftOf(state);
  return state.title?.value ?? titleFrom(text, items);
}
