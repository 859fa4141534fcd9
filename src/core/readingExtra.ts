import type { JsonRecord } from './readingRecord.ts';

/** More names, or more characters of JSON, than any server sends beside what the API describes. */
const limits = { names: 64, characters: 1_000_000 } as const;

interface Field {
  value: unknown;
  size: number;
}

/**
 * Fields that nobody here knows, as the server sent them: the last value that is not null counts. What is beyond the
 * limits is not kept.
 */
export class ExtraFields {
  readonly #fields = new Map<string, Field>();
  #size = 0;

  /** `size` are the characters of JSON that the value came in; more than its own is fine. */
  set(name: string, value: unknown, size: number): void {
    if (value === undefined || value === null) return;
    const field = this.#fields.get(name);
    const total = this.#size - (field?.size ?? 0) + size;
    if (total > limits.characters) return;
    if (field !== undefined) {
      field.value = value;
      field.size = size;
    } else if (this.#fields.size < limits.names) {
      this.#fields.set(name, { value, size });
    } else {
      return;
    }
    this.#size = total;
  }

  /** All of them; `undefined` where there is none. `__proto__` is a name like any other. */
  read(): JsonRecord | undefined {
    if (this.#fields.size === 0) return undefined;
    return Object.fromEntries([...this.#fields].map(([name, { value }]) => [name, value]));
  }
}
