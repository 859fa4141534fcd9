import { activeChild, childrenOf, compareStamps, type Conversation, type MessageNode } from './apply.ts';
import type { ContextItem, ConversationEvent, MessageId, ModelRef, Writer } from './conversation.ts';

/** One message on the active path, with its place among its siblings (its versions). */
export interface PathEntry {
  readonly node: MessageNode;
  /** 0-based place among the versions. */
  readonly version: number;
  readonly versions: readonly MessageId[];
}

/** What a window shows of a conversation. */
export interface Projection {
  readonly title: string | undefined;
  readonly model: ModelRef | undefined;
  readonly draft: Draft;
  readonly path: readonly PathEntry[];
}

export interface Draft {
  readonly text: string;
  readonly items: readonly ContextItem[];
}

/**
 * The state as `writer`'s window shows it. The view holds less than the host (see `eventsFor`), and for every event
 * `project(apply(host, e)) = project(apply(view, e))`: a tested property.
 */
export function project(state: Conversation, writer: Writer): Projection {
  return {
    title: state.title?.value,
    model: state.model?.value,
    draft: draftOf(state),
    path: activePath(state, writer),
  };
}

/** From the root to the leaf, one child chosen at each message. A loop in damaged data ends the path. */
export function activePath(state: Conversation, writer: Writer): readonly PathEntry[] {
  const path: PathEntry[] = [];
  const seen = new Set<MessageId>();
  for (
    let header = activeChild(state, writer, undefined);
    header;
    header = activeChild(state, writer, header.id)
  ) {
    const node = state.nodes.get(header.id);
    if (!node || seen.has(header.id)) break;
    seen.add(header.id);
    const versions = childrenOf(state, header.parent).map((sibling) => sibling.id);
    path.push({ node, version: versions.indexOf(header.id), versions });
  }
  return path;
}

/** From the root to a message along its parents, whichever path is shown. A loop in damaged data ends it. */
export function pathTo(state: Conversation, message: MessageId | undefined): readonly MessageNode[] {
  const path: MessageNode[] = [];
  const seen = new Set<MessageId>();
  for (let id = message; id !== undefined && !seen.has(id);) {
    seen.add(id);
    const node = state.nodes.get(id);
    if (node) path.unshift(node);
    id = node?.header?.parent;
  }
  return path;
}

/** The draft's context in the order in which it was attached. */
export function draftOf(state: Conversation): Draft {
  const items = [...state.draftItems.values()]
    .filter((written) => written.value !== undefined)
    .toSorted((a, b) => compareStamps(a.stamp, b.stamp))
    .flatMap((written) => written.value ?? []);
  return { text: state.draftText?.value ?? '', items };
}

/**
 * The events that rebuild a state: the whole story of synchronisation is that a view which says `ready` applies
 * these, and afterwards every event that follows. Ahead-of-order pieces are given as they arrived.
 */
export function eventsFor(state: Conversation): readonly ConversationEvent[] {
  const events: ConversationEvent[] = [];
  for (const node of state.nodes.values()) {
    if (node.header) events.push({ type: 'messageAdded', header: node.header, content: node.content.text });
    for (const channel of ['content', 'reasoning', 'refusal'] as const) {
      const grown = node[channel];
      const pieces = grown.text === '' ? grown.ahead : [{ offset: 0, text: grown.text }, ...grown.ahead];
      for (const { offset, text } of channel === 'content' && node.header ? grown.ahead : pieces) {
        events.push({ type: 'textAppended', message: node.id, channel, offset, text });
      }
    }
    if (node.ending) {
      events.push({
        type: 'replyEnded',
        message: node.id,
        ending: node.ending.value,
        ...(node.details && { details: node.details }),
        stamp: node.ending.stamp,
      });
    }
  }
  for (const [, byParent] of state.chosen) {
    for (const [parent, { value, stamp }] of byParent) {
      events.push({ type: 'versionChosen', parent: parent || undefined, child: value, stamp });
    }
  }
  if (state.title) events.push({ type: 'titleChanged', title: state.title.value, stamp: state.title.stamp });
  if (state.model) events.push({ type: 'modelChosen', model: state.model.value, stamp: state.model.stamp });
  if (state.draftText) {
    events.push({ type: 'draftTextChanged', text: state.draftText.value, stamp: state.draftText.stamp });
  }
  for (const [id, { value, stamp }] of state.draftItems) {
    events.push(
      value ? { type: 'draftItemAdded', item: value, stamp } : { type: 'draftItemRemoved', item: id, stamp },
    );
  }
  return events;
}
