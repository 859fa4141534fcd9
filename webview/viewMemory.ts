import type { ConversationId, MessageId } from '../src/shared/conversation.ts';
import type { VsCodeApi } from './vsCodeApi.ts';

/** Where the reader was: a message's top edge, `offset` pixels below the top of the visible part. */
export interface ReadingPlace {
  readonly message: MessageId;
  readonly offset: number;
}

interface Remembered {
  readonly id: ConversationId;
  /** Absent when the reader followed the end. */
  readonly place?: ReadingPlace;
  /** What is folded open: a message's id for its reasoning, and the id with a word behind it for anything else. */
  readonly open: readonly string[];
}

/** Conversations that are remembered, and open folds in each: what is older is forgotten. */
const limits = { conversations: 50, open: 100 };

/**
 * What the view owns: the place of reading and what is folded open, per conversation. It survives a reload of the
 * view through VS Code's `setState`. What comes back is read with care: an older version may have written it.
 */
export class ViewMemory {
  readonly #api: Pick<VsCodeApi, 'getState' | 'setState'>;
  #conversations: readonly Remembered[];

  constructor(api: Pick<VsCodeApi, 'getState' | 'setState'>) {
    this.#api = api;
    const state = api.getState();
    const list = isRecord(state) && Array.isArray(state['conversations']) ? state['conversations'] : [];
    this.#conversations = list.flatMap(readRemembered);
  }

  place(conversation: ConversationId): ReadingPlace | undefined {
    return this.#get(conversation).place;
  }

  isOpen(conversation: ConversationId, fold: string): boolean {
    return this.#get(conversation).open.includes(fold);
  }

  setPlace(conversation: ConversationId, place: ReadingPlace | undefined): void {
    const { id, open } = this.#get(conversation);
    this.#set(place ? { id, place, open } : { id, open });
  }

  setOpen(conversation: ConversationId, fold: string, isOpen: boolean): void {
    const known = this.#get(conversation);
    const others = known.open.filter((id) => id !== fold);
    this.#set({ ...known, open: isOpen ? [...others, fold].slice(-limits.open) : others });
  }

  #get(conversation: ConversationId): Remembered {
    return this.#conversations.find(({ id }) => id === conversation) ?? { id: conversation, open: [] };
  }

  #set(remembered: Remembered): void {
    const others = this.#conversations.filter(({ id }) => id !== remembered.id);
    this.#conversations = [...others, remembered].slice(-limits.conversations);
    this.#api.setState({ conversations: this.#conversations });
  }
}

function readRemembered(value: unknown): Remembered[] {
  if (!isRecord(value) || typeof value['id'] !== 'string') return [];
  const { id, open, place } = value;
  const folds = Array.isArray(open) ? open.filter((item) => typeof item === 'string') : [];
  const isPlace = isRecord(place) && typeof place['message'] === 'string' && Number.isFinite(place['offset']);
  return [
    isPlace
      ? { id, place: { message: String(place['message']), offset: Number(place['offset']) }, open: folds }
      : { id, open: folds },
  ];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
