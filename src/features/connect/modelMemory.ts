import type { Memento } from 'vscode';
import { splitModelRef } from '../../core/modelRef.ts';
import type { ModelRef } from '../../shared/conversation.ts';

const mostRecent = 8;
const mostFavourites = 100;

/** Which models were used last and which are favourites. Kept in the extension's global state; no secrets. */
export class ModelMemory {
  readonly #memento: Memento;

  constructor(memento: Memento) {
    this.#memento = memento;
  }

  /** The newest first. */
  get recent(): readonly ModelRef[] {
    return this.#read('recentModels');
  }

  /** In the order in which they were marked. */
  get favourites(): readonly ModelRef[] {
    return this.#read('favouriteModels');
  }

  async use(ref: ModelRef): Promise<void> {
    const recent = [ref, ...this.recent.filter((other) => other !== ref)].slice(0, mostRecent);
    await this.#memento.update('recentModels', recent);
  }

  async toggleFavourite(ref: ModelRef): Promise<void> {
    const others = this.favourites.filter((other) => other !== ref);
    const isNew = others.length === this.favourites.length;
    await this.#memento.update('favouriteModels', isNew ? [...others, ref].slice(-mostFavourites) : others);
  }

  #read(name: string): readonly ModelRef[] {
    const value: unknown = this.#memento.get(name);
    if (!Array.isArray(value)) return [];
    return value.filter(
      (ref): ref is ModelRef => typeof ref === 'string' && splitModelRef(ref) !== undefined,
    );
  }
}
