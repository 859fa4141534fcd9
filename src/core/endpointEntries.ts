import { isVariableName } from './apiKey.ts';
import { isKeyName, isQueryPair, readBaseUrl, type BaseUrlRefusal } from './baseUrl.ts';
import { dialectIds, type DialectId, type Endpoint } from './endpoint.ts';
import { headerProblem } from './headerRules.ts';
import { copyJson, isList, isRecord, type JsonObject } from './json.ts';
import { isModelId } from './modelRef.ts';
import { type Thoughts, thoughtPlaces } from './readingThoughts.ts';

/** What is wrong with one entry of `colloquy.endpoints`; `field` is the property where there is one to name. */
export interface EntryProblem {
  /** Position in the setting, from 0. */
  readonly index: number;
  readonly field?: string;
  readonly why:
    | {
        readonly type:
          | 'notAnObject'
          | 'badId'
          | 'duplicateId'
          | 'wrongType'
          | 'notAbsolutePath'
          | 'keyWithoutCertificate'
          | 'notAVariableName';
      }
    | {
        readonly type:
          | 'unknownDialect'
          | 'unknownPlace'
          | 'badHeader'
          | 'keyInHeader'
          | 'keyInQuery'
          | 'badModelId';
      }
    | { readonly type: 'baseUrl'; readonly refusal: BaseUrlRefusal };
}

export interface ReadEntries {
  readonly endpoints: readonly Endpoint[];
  readonly problems: readonly EntryProblem[];
}

/** Ids stand in model references before a slash and in the names of stored keys. */
export const idPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Ends the reading of one entry; never leaves this file. */
class Wrong extends Error {
  readonly field: string;
  readonly why: EntryProblem['why'];

  constructor(field: string, why: EntryProblem['why']) {
    super(field);
    this.field = field;
    this.why = why;
  }
}

/**
 * The setting `colloquy.endpoints` as a person wrote it. An entry that cannot be used is left out and named with its
 * reason; it never makes another one unusable, and nothing is thrown. Fields that are not known here are no error.
 */
export function readEntries(value: unknown): ReadEntries {
  const endpoints: Endpoint[] = [];
  const problems: EntryProblem[] = [];
  const ids = new Set<string>();
  for (const [index, entry] of (isList(value) ? value : []).entries()) {
    try {
      const endpoint = readEntry(entry);
      if (ids.has(endpoint.id)) throw new Wrong('id', { type: 'duplicateId' });
      ids.add(endpoint.id);
      endpoints.push(endpoint);
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      problems.push({ index, why: error.why, ...(error.field === '' ? {} : { field: error.field }) });
    }
  }
  return { endpoints, problems };
}

function readEntry(entry: unknown): Endpoint {
  if (!isRecord(entry)) throw new Wrong('', { type: 'notAnObject' });
  const id = entry['id'];
  if (typeof id !== 'string' || !idPattern.test(id)) throw new Wrong('id', { type: 'badId' });
  const typedUrl = entry['baseUrl'];
  if (typeof typedUrl !== 'string') throw new Wrong('baseUrl', { type: 'wrongType' });
  const checked = readBaseUrl(typedUrl);
  if (checked.type === 'refused') throw new Wrong('baseUrl', { type: 'baseUrl', refusal: checked.why });
  const query = { ...checked.url.query, ...readQuery(entry['query']) };
  const name = typeof entry['name'] === 'string' && entry['name'].trim() !== '' ? entry['name'].trim() : id;
  return {
    id,
    name,
    baseUrl: checked.url.href,
    dialect: readDialect(entry['dialect']),
    query: Object.keys(query).length > 0 ? query : undefined,
    headers: readHeaders(entry['headers']),
    apiKeyEnv: readVariable(entry['apiKeyEnv']),
    caFile: readPath('caFile', entry['caFile']),
    ...readClientFiles(entry),
    models: readModels(entry['models']),
    extraBody: readBody(entry['extraBody']),
    thoughts: readThoughts(entry['thoughts']),
    timeouts: readTimeouts(entry['timeouts']),
  };
}

function readDialect(value: unknown): DialectId | undefined {
  if (value === undefined) return undefined;
  const found = dialectIds.find((id) => id === value);
  if (found === undefined) throw new Wrong('dialect', { type: 'unknownDialect' });
  return found;
}

function readThoughts(value: unknown): Thoughts | undefined {
  if (value === undefined) return undefined;
  const found = thoughtPlaces.find((place) => place === value);
  if (found === undefined) throw new Wrong('thoughts', { type: 'unknownPlace' });
  return found;
}

function readQuery(value: unknown): Record<string, string> {
  const query = readStrings('query', value) ?? {};
  for (const [name, text] of Object.entries(query)) {
    if (isKeyName(name)) throw new Wrong(`query.${name}`, { type: 'keyInQuery' });
    if (!isQueryPair(name, text)) throw new Wrong(`query.${name}`, { type: 'wrongType' });
  }
  return query;
}

function readHeaders(value: unknown): Record<string, string> | undefined {
  const headers = readStrings('headers', value);
  for (const [name, text] of Object.entries(headers ?? {})) {
    const problem = headerProblem(name, text);
    if (problem !== undefined) throw new Wrong(`headers.${name}`, { type: problem });
  }
  return headers;
}

function readStrings(field: string, value: unknown): Record<string, string> | undefined {
  if (value === undefined) return undefined;
  if (!isRecord(value)) throw new Wrong(field, { type: 'wrongType' });
  const pairs = Object.entries(value).map(([name, text]): [string, string] => {
    if (typeof text !== 'string') throw new Wrong(`${field}.${name}`, { type: 'wrongType' });
    return [name, text];
  });
  return Object.fromEntries(pairs);
}

function readVariable(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !isVariableName(value))
    throw new Wrong('apiKeyEnv', { type: 'notAVariableName' });
  return value;
}

/** A relative path would depend on where the extension host was started. */
function readPath(field: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !/^(?:\/|[A-Za-z]:[\\/])/.test(value) || value.includes('\0')) {
    throw new Wrong(field, { type: 'notAbsolutePath' });
  }
  return value;
}

/** A key without its certificate proves nothing. */
function readClientFiles(entry: JsonObject): Pick<Endpoint, 'clientCertFile' | 'clientKeyFile'> {
  const clientCertFile = readPath('clientCertFile', entry['clientCertFile']);
  const clientKeyFile = readPath('clientKeyFile', entry['clientKeyFile']);
  if (clientKeyFile !== undefined && clientCertFile === undefined) {
    throw new Wrong('clientKeyFile', { type: 'keyWithoutCertificate' });
  }
  return {
    ...(clientCertFile !== undefined && { clientCertFile }),
    ...(clientKeyFile !== undefined && { clientKeyFile }),
  };
}

function readModels(value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (!isList(value)) throw new Wrong('models', { type: 'wrongType' });
  const models = value.map((model) => {
    if (typeof model !== 'string' || !isModelId(model)) throw new Wrong('models', { type: 'badModelId' });
    return model;
  });
  return [...new Set(models)];
}

function readBody(value: unknown): JsonObject | undefined {
  if (value === undefined) return undefined;
  if (!isRecord(value)) throw new Wrong('extraBody', { type: 'wrongType' });
  return copyJson(value);
}

function readTimeouts(value: unknown): Endpoint['timeouts'] {
  if (value === undefined) return undefined;
  if (!isRecord(value)) throw new Wrong('timeouts', { type: 'wrongType' });
  const firstByteMs = readDuration('firstByteMs', value['firstByteMs']);
  return {
    connectMs: readDuration('connectMs', value['connectMs']),
    ...(firstByteMs !== undefined && { firstByteMs }),
    idleMs: readDuration('idleMs', value['idleMs']),
  };
}

/** Milliseconds; timers take no more than 2^31 - 1. */
function readDuration(field: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !(value >= 0 && value <= 2_147_483_647)) {
    throw new Wrong(`timeouts.${field}`, { type: 'wrongType' });
  }
  return value;
}
