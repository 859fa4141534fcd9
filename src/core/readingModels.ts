import { asList, asNumber, asRecord, asText, type JsonRecord } from './readingRecord.ts';
import { cleanText } from './readingText.ts';

/** One entry of a server's list of models, as far as the server tells. */
export interface Model {
  /** What goes into a request's `model`. */
  readonly id: string;
  readonly name?: string;
  /** Tokens that the model takes in and gives out together. */
  readonly contextLength?: number;
  readonly maxOutputTokens?: number;
  /** Request parameters that it accepts, where the server lists them. */
  readonly parameters?: readonly string[];
  /** `text`, `image`, ... */
  readonly inputModalities?: readonly string[];
  readonly tools?: boolean;
  readonly vision?: boolean;
  /** The day on which it is switched off, as the server writes it. */
  readonly shutdownDate?: string;
}

const mostModels = 1000;
const longestId = 200;

/**
 * A list of models in any of the shapes that servers give it: `{data: [...]}`, `{data: null}` for none, `{models:
 * [...]}`, a bare array; entries that are objects or plain strings. Server's order, without duplicates and without
 * entries that have no usable id; at most 1,000. `undefined` where it is no list at all.
 */
export function readModels(value: unknown): readonly Model[] | undefined {
  const entries = entriesIn(value);
  if (entries === undefined) return undefined;
  const models = new Map<string, Model>();
  for (const entry of entries) {
    if (models.size >= mostModels) break;
    const model = readModel(entry);
    if (model !== undefined && !models.has(model.id)) models.set(model.id, model);
  }
  return [...models.values()];
}

function entriesIn(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return asList(value);
  const body = asRecord(value);
  if (body === undefined) return undefined;
  for (const field of ['data', 'models', 'result']) {
    if (Array.isArray(body[field])) return asList(body[field]);
  }
  // Ollama without any model.
  return body['data'] === null && body['error'] === undefined ? [] : undefined;
}

function readModel(entry: unknown): Model | undefined {
  const record: JsonRecord = asRecord(entry) ?? { id: entry };
  const id = asText(record['id']) ?? asText(record['name']) ?? asText(record['model']);
  if (id === undefined || id.length > longestId) return undefined;
  const top = asRecord(record['top_provider']);
  const limits = asRecord(record['limits']);
  const can = asRecord(record['capabilities']);
  const name = asText(record['display_name']) ?? asText(record['name']);
  const contextLength = firstCount(
    record['context_length'],
    record['context_window'],
    record['max_context_length'],
    record['max_model_len'],
    limits?.['max_input_tokens'],
    top?.['context_length'],
  );
  const maxOutputTokens = firstCount(
    top?.['max_completion_tokens'],
    record['max_completion_tokens'],
    limits?.['max_output_tokens'],
  );
  const parameters = wordsIn(record['supported_parameters']);
  const inputModalities =
    wordsIn(asRecord(record['architecture'])?.['input_modalities']) ??
    wordsIn(record['supported_input_modalities']);
  const tools = can?.['function_calling'];
  const vision = can?.['vision'];
  const shutdownDate = asText(record['shutdown_date']);
  return {
    id: cleanText(id, [], longestId),
    ...(name !== undefined && asText(record['id']) !== undefined && { name: cleanText(name, [], longestId) }),
    ...(contextLength !== undefined && { contextLength }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(parameters !== undefined && { parameters }),
    ...(inputModalities !== undefined && { inputModalities }),
    ...(typeof tools === 'boolean' && { tools }),
    ...(typeof vision === 'boolean' && { vision }),
    ...(shutdownDate !== undefined && { shutdownDate: cleanText(shutdownDate, [], 40) }),
  };
}

function firstCount(...values: readonly unknown[]): number | undefined {
  return values.map(asNumber).find((value) => value !== undefined && value > 0);
}

function wordsIn(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return asList(value)
    .slice(0, 100)
    .flatMap((item) => {
      const word = asText(item);
      return word === undefined ? [] : [cleanText(word, [], 60)];
    });
}
