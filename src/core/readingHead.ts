import { ExtraFields } from './readingExtra.ts';
import { asNumber, asRecord, asText, type JsonRecord } from './readingRecord.ts';

/** What is said of a reply as a whole. */
export interface ReplyHead {
  readonly id: string | null;
  readonly model: string | null;
  /** Seconds since 1970 by the server's clock; some send milliseconds. */
  readonly created: number | null;
  readonly system_fingerprint: string | null;
  /** The tier that served the request in the end: the first chunks may name the one that was asked for. */
  readonly service_tier: string | null;
  readonly usage: JsonRecord | null;
  readonly moderation: unknown;
  /** Fields that are none of the API's, as they came; of several values the last. */
  readonly extra?: JsonRecord;
}

/** Names that are read elsewhere, and `obfuscation`, which is padding against eavesdroppers. */
const known: ReadonlySet<string> = new Set([
  'id',
  'object',
  'model',
  'created',
  'system_fingerprint',
  'service_tier',
  'usage',
  'moderation',
  'choices',
  'error',
  'obfuscation',
]);

/** What chunk after chunk repeats: the id and the model of the first that has them count, and the last usage. */
export class HeadPieces {
  #id: string | null = null;
  #model: string | null = null;
  #created: number | null = null;
  #fingerprint: string | null = null;
  #tier: string | null = null;
  #usage: JsonRecord | null = null;
  #moderation: unknown;
  readonly #extra = new ExtraFields();

  /** Takes one chunk of `size` characters. Gives its usage if it has one. */
  add(chunk: JsonRecord, size: number): JsonRecord | undefined {
    this.#id ??= asText(chunk['id']) ?? null;
    this.#model ??= asText(chunk['model']) ?? null;
    const created = asNumber(chunk['created']);
    // Azure's first chunk was created at 0.
    if (created !== undefined && created > 0) this.#created ??= created;
    this.#fingerprint ??= asText(chunk['system_fingerprint']) ?? null;
    this.#tier = asText(chunk['service_tier']) ?? this.#tier;
    this.#moderation = chunk['moderation'] ?? this.#moderation;
    for (const field of Object.keys(chunk)) {
      if (!known.has(field)) this.#extra.set(field, chunk[field], size);
    }
    // Groq's older form has it beside its own request id only. The last counts, they are never added up.
    const usage = asRecord(chunk['usage']) ?? asRecord(asRecord(chunk['x_groq'])?.['usage']);
    if (usage !== undefined) this.#usage = usage;
    return usage;
  }

  read(): ReplyHead {
    const extra = this.#extra.read();
    return {
      id: this.#id,
      model: this.#model,
      created: this.#created,
      system_fingerprint: this.#fingerprint,
      service_tier: this.#tier,
      usage: this.#usage,
      moderation: this.#moderation,
      ...(extra && { extra }),
    };
  }
}
