import fc from 'fast-check';
import type { ConversationEvent, MessageHeader, Stamp, Writer } from '../../src/shared/conversation.ts';

/*
 * Random histories of a conversation as several windows would write them: ids are unique, stamps grow per writer,
 * a message's text comes from one writer in pieces. Only such histories exist; `apply` promises nothing for others.
 */

export const writers: readonly Writer[] = ['window-a', 'window-b', 'window-c'];

type Step =
  | {
      readonly type: 'message';
      readonly parent: number;
      readonly role: 'user' | 'assistant';
      readonly pieces: readonly string[];
    }
  | { readonly type: 'choose'; readonly message: number }
  | { readonly type: 'title' | 'model' | 'draft'; readonly text: string }
  | { readonly type: 'item'; readonly item: number; readonly removed: boolean }
  | { readonly type: 'end'; readonly message: number; readonly how: 'complete' | 'stopped' };

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('message' as const),
      parent: fc.nat(30),
      role: fc.constantFrom('user' as const, 'assistant' as const),
      pieces: fc.array(text, { maxLength: 6 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('choose' as const), message: fc.nat(30) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constantFrom('title' as const, 'model' as const, 'draft' as const),
      text,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('item' as const), item: fc.nat(3), removed: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('end' as const),
      message: fc.nat(30),
      how: fc.constantFrom('complete' as const, 'stopped' as const),
    }),
  },
);

/** The events of a random history, in the order in which they were made. */
export const histories: fc.Arbitrary<readonly ConversationEvent[]> = fc
  .array(fc.tuple(step, fc.constantFrom(...writers), fc.nat(3)), { maxLength: 40 })
  .map((steps) => {
    const events: ConversationEvent[] = [];
    const messages: MessageHeader[] = [];
    // A writer never uses a counter twice; two writers that have not seen each other's events do.
    const clocks = new Map<Writer, number>();
    for (const [made, writer, jump] of steps) {
      const counter = (clocks.get(writer) ?? 0) + 1 + jump;
      clocks.set(writer, counter);
      const stamp: Stamp = { counter, writer };
      events.push(...eventsOf(made, stamp, messages));
    }
    return events;
  });

function eventsOf(made: Step, stamp: Stamp, messages: MessageHeader[]): readonly ConversationEvent[] {
  switch (made.type) {
    case 'message': {
      const parent = messages.length === 0 ? undefined : messages[made.parent % (messages.length + 1)]?.id;
      const header: MessageHeader = {
        id: `m${messages.length}`,
        parent,
        role: made.role,
        context: [],
        stamp,
        created: 0,
      };
      messages.push(header);
      const [born = '', ...pieces] = made.pieces;
      const events: ConversationEvent[] = [{ type: 'messageAdded', header, content: born }];
      let offset = born.length;
      for (const piece of pieces) {
        events.push({ type: 'textAppended', message: header.id, channel: 'content', offset, text: piece });
        offset += piece.length;
      }
      return events;
    }
    case 'choose': {
      const child = messages[made.message % Math.max(1, messages.length)];
      return child ? [{ type: 'versionChosen', parent: child.parent, child: child.id, stamp }] : [];
    }
    case 'title':
      return [{ type: 'titleChanged', title: made.text, stamp }];
    case 'model':
      return [{ type: 'modelChosen', model: made.text, stamp }];
    case 'draft':
      return [{ type: 'draftTextChanged', text: made.text, stamp }];
    case 'item': {
      const id = `item${made.item}`;
      if (made.removed) return [{ type: 'draftItemRemoved', item: id, stamp }];
      const item = { id, kind: 'file' as const, uri: `file:///${id}`, path: id, languageId: 'c', text: '' };
      return [{ type: 'draftItemAdded', item, stamp }];
    }
    case 'end': {
      const message = messages[made.message % Math.max(1, messages.length)];
      if (!message) return [];
      const ending = made.how === 'stopped' ? { type: made.how } : { type: made.how, finishReason: 'stop' };
      return [{ type: 'replyEnded', message: message.id, ending, stamp }];
    }
  }
}
