import { copyJson, isRecord, type JsonObject } from './json.ts';

/** Fields of a request that something else decides: the chosen model, the conversation, the client. */
const decidedElsewhere = ['model', 'messages', 'stream', 'stream_options'];

export interface ReadParameters {
  readonly parameters: JsonObject;
  /** Names that were left out; `undefined` stands for a setting that is no object at all. */
  readonly refused: readonly (string | undefined)[];
}

/** The setting `colloquy.parameters`: fields of `CreateChatCompletionRequest`, passed on as they are. */
export function readParameters(value: unknown): ReadParameters {
  if (value === undefined || value === null) return { parameters: {}, refused: [] };
  if (!isRecord(value)) return { parameters: {}, refused: [undefined] };
  const refused = Object.keys(value).filter(
    (name) => decidedElsewhere.includes(name) || name === '__proto__',
  );
  const kept = Object.entries(copyJson(value)).filter(
    ([name, field]) => !refused.includes(name) && field !== null,
  );
  return { parameters: Object.fromEntries(kept), refused };
}
