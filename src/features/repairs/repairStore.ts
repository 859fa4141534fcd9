import type { Memento } from 'vscode';
import { isList, isRecord } from '../../core/json.ts';
import {
  afterLesson,
  isSameRepair,
  readRemembered,
  type RememberedRepair,
  type RepairLesson,
  type RepairMemory,
} from '../../core/repairMemory.ts';

/** What is remembered of one model of one server. */
export interface RememberedModel {
  readonly origin: string;
  readonly model: string;
  readonly repairs: readonly RememberedRepair[];
}

/** One change of one model's requests. */
export interface RememberedChange {
  readonly origin: string;
  readonly model: string;
  readonly repair: RememberedRepair;
}

const memoryKey = 'repairs';
const mostModels = 300;

/**
 * Repairs in the extension's global state, which all windows share: it is read again for every change, so that none
 * takes back what another window learnt. Holds names of servers, models and fields, and no secrets.
 */
export class RepairStore implements RepairMemory {
  readonly #memento: Memento;
  readonly #onError: (error: unknown) => void;

  constructor(memento: Memento, onError: (error: unknown) => void) {
    this.#memento = memento;
    this.#onError = onError;
  }

  /** In the order in which they were last changed. */
  get models(): readonly RememberedModel[] {
    const kept: unknown = this.#memento.get(memoryKey);
    return (isList(kept) ? kept : []).flatMap((item) => {
      if (!isRecord(item)) return [];
      const { origin, model } = item;
      if (typeof origin !== 'string' || typeof model !== 'string') return [];
      const repairs = readRemembered(item['repairs']);
      return repairs.length === 0 ? [] : [{ origin, model, repairs }];
    });
  }

  recall(origin: string, model: string): readonly RememberedRepair[] {
    return this.models.find((known) => known.origin === origin && known.model === model)?.repairs ?? [];
  }

  learn(origin: string, model: string, lesson: RepairLesson): void {
    const repairs = afterLesson(this.recall(origin, model), lesson);
    const others = this.models.filter((known) => known.origin !== origin || known.model !== model);
    this.#write([...others, { origin, model, repairs }]).catch(this.#onError);
  }

  async forget(changes: readonly RememberedChange[]): Promise<void> {
    const isForgotten = ({ origin, model }: RememberedModel, { repair, value }: RememberedRepair): boolean =>
      changes.some(
        (change) =>
          change.origin === origin &&
          change.model === model &&
          change.repair.value === value &&
          isSameRepair(change.repair.repair, repair),
      );
    await this.#write(
      this.models.map((known) => ({
        ...known,
        repairs: known.repairs.filter((repair) => !isForgotten(known, repair)),
      })),
    );
  }

  async #write(models: readonly RememberedModel[]): Promise<void> {
    const kept = models.filter(({ repairs }) => repairs.length > 0).slice(-mostModels);
    await this.#memento.update(memoryKey, kept.length === 0 ? undefined : kept);
  }
}
