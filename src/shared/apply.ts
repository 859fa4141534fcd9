import type {
  ContextItem,
  ConversationEvent,
  Ending,
  MessageHeader,
  MessageId,
  ModelRef,
  ReplyDetails,
  Stamp,
  Writer,
  Written,
} from './conversation.ts';

/** A text that grows. Pieces that arrive before their predecessor wait in `ahead`, ordered by offset. */
export interface GrowingText {
  readonly text: string;
  readonly ahead: readonly { readonly offset: number; readonly text: string }[];
}

/** One message of the tree. Nodes are immutable values; a changed message is a new node. */
export interface MessageNode {
  readonly id: MessageId;
  /** Undefined while only later events of the message have arrived. */
  readonly header: MessageHeader | undefined;
  readonly content: GrowingText;
  readonly reasoning: GrowingText;
  readonly refusal: GrowingText;
  readonly ending: Written<Ending> | undefined;
  /** Told with the ending. */
  readonly details: ReplyDetails | undefined;
}

/** Key of the roots in `children` and `chosen`: no message id is empty. */
const rootKey = '';

/**
 * A conversation as far as its events are known. The containers are changed in place by `apply`, so that an event
 * costs the same in a conversation of ten and of ten thousand messages; everything inside them is immutable.
 */
export interface Conversation {
  readonly nodes: Map<MessageId, MessageNode>;
  /** Children by parent (`''` for the roots), in the order of their stamps. */
  readonly children: Map<MessageId, readonly MessageHeader[]>;
  /** Per window and parent: the child its active path goes through. */
  readonly chosen: Map<Writer, Map<MessageId, Written<MessageId>>>;
  /** Context of the draft; a removed item stays as a tombstone. */
  readonly draftItems: Map<ContextItem['id'], Written<ContextItem | undefined>>;
  draftText: Written<string> | undefined;
  title: Written<string> | undefined;
  model: Written<ModelRef> | undefined;
  /** The highest Lamport counter seen. */
  clock: number;
}

export function createConversation(): Conversation {
  return {
    nodes: new Map(),
    children: new Map(),
    chosen: new Map(),
    draftItems: new Map(),
    draftText: undefined,
    title: undefined,
    model: undefined,
    clock: 0,
  };
}

/** Negative if `a` came first. */
export function compareStamps(a: Stamp, b: Stamp): number {
  return a.counter - b.counter || (a.writer < b.writer ? -1 : a.writer > b.writer ? 1 : 0);
}

/** The stamp of the next event that `writer` makes. */
export function nextStamp(state: Conversation, writer: Writer): Stamp {
  return { counter: state.clock + 1, writer };
}

/**
 * The one reducer, run by the host and by the view. Commutative and idempotent: any order and any repetition of a
 * set of events gives the same state.
 */
export function apply(state: Conversation, event: ConversationEvent): void {
  switch (event.type) {
    case 'messageAdded': {
      const { header } = event;
      see(state, header.stamp);
      const node = state.nodes.get(header.id) ?? emptyNode(header.id);
      if (node.header) return;
      const content = append(node.content, 0, event.content);
      state.nodes.set(header.id, { ...node, header, content });
      const key = header.parent ?? rootKey;
      const siblings = [...(state.children.get(key) ?? []), header];
      state.children.set(
        key,
        siblings.toSorted((a, b) => compareStamps(a.stamp, b.stamp)),
      );
      return;
    }
    case 'textAppended': {
      const node = state.nodes.get(event.message) ?? emptyNode(event.message);
      const grown = append(node[event.channel], event.offset, event.text);
      if (grown !== node[event.channel]) state.nodes.set(node.id, { ...node, [event.channel]: grown });
      return;
    }
    case 'replyEnded': {
      const node = state.nodes.get(event.message) ?? emptyNode(event.message);
      const ending = later(state, node.ending, { value: event.ending, stamp: event.stamp });
      if (ending !== node.ending) state.nodes.set(node.id, { ...node, ending, details: event.details });
      return;
    }
    case 'versionChosen': {
      const { writer } = event.stamp;
      const byParent = state.chosen.get(writer) ?? new Map<MessageId, Written<MessageId>>();
      state.chosen.set(writer, byParent);
      const key = event.parent ?? rootKey;
      byParent.set(key, later(state, byParent.get(key), { value: event.child, stamp: event.stamp }));
      return;
    }
    case 'titleChanged':
      state.title = later(state, state.title, { value: event.title, stamp: event.stamp });
      return;
    case 'modelChosen':
      state.model = later(state, state.model, { value: event.model, stamp: event.stamp });
      return;
    case 'draftTextChanged':
      state.draftText = later(state, state.draftText, { value: event.text, stamp: event.stamp });
      return;
    case 'draftItemAdded': {
      const { item, stamp } = event;
      state.draftItems.set(item.id, later(state, state.draftItems.get(item.id), { value: item, stamp }));
      return;
    }
    case 'draftItemRemoved': {
      const { item, stamp } = event;
      state.draftItems.set(item, later(state, state.draftItems.get(item), { value: undefined, stamp }));
    }
  }
}

/** The child that `writer`'s active path takes at `parent`: the chosen one, else the newest. */
export function activeChild(
  state: Conversation,
  writer: Writer,
  parent: MessageId | undefined,
): MessageHeader | undefined {
  const key = parent ?? rootKey;
  const siblings = state.children.get(key);
  const chosen = state.chosen.get(writer)?.get(key)?.value;
  return siblings?.find((sibling) => sibling.id === chosen) ?? siblings?.at(-1);
}

/** Children of `parent` (roots for `undefined`) in the order of their stamps. */
export function childrenOf(state: Conversation, parent: MessageId | undefined): readonly MessageHeader[] {
  return state.children.get(parent ?? rootKey) ?? [];
}

function emptyNode(id: MessageId): MessageNode {
  const empty: GrowingText = { text: '', ahead: [] };
  return {
    id,
    header: undefined,
    content: empty,
    reasoning: empty,
    refusal: empty,
    ending: undefined,
    details: undefined,
  };
}

/** Adds a piece at its offset. A piece that is known already changes nothing; one that comes too early waits. */
function append(into: GrowingText, offset: number, text: string): GrowingText {
  if (offset + text.length <= into.text.length) return into;
  if (offset > into.text.length) {
    const known = into.ahead.some((piece) => piece.offset === offset && piece.text.length >= text.length);
    if (known) return into;
    const others = into.ahead.filter((piece) => piece.offset !== offset);
    return { text: into.text, ahead: [...others, { offset, text }].toSorted((a, b) => a.offset - b.offset) };
  }
  let whole = into.text + text.slice(into.text.length - offset);
  let rest = into.ahead;
  for (let first = rest[0]; first && first.offset <= whole.length; first = rest[0]) {
    whole += first.text.slice(Math.max(0, whole.length - first.offset));
    rest = rest.slice(1);
  }
  return { text: whole, ahead: rest };
}

function later<T>(state: Conversation, known: Written<T> | undefined, next: Written<T>): Written<T> {
  see(state, next.stamp);
  return known && compareStamps(known.stamp, next.stamp) >= 0 ? known : next;
}

function see(state: Conversation, stamp: Stamp): void {
  state.clock = Math.max(state.clock, stamp.counter);
}
