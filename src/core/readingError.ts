import { asList, asNumber, asRecord, asWord, type JsonRecord, parseJson, toJson } from './readingRecord.ts';

/** What a server says went wrong, in whichever of the many shapes it said so. Nothing in here is cleaned yet. */
export interface ServerError {
  /** The most useful sentence of the answer. */
  readonly message: string;
  readonly type: string | null;
  readonly code: string | number | null;
  readonly param: string | null;
  /** The HTTP status that the body names, where it differs from the one on the wire (errors inside HTTP 200). */
  readonly status?: number;
  /** What the upstream provider said, where a gateway passes it on, or what the model wrote wrongly. */
  readonly cause?: string;
  /** Content categories that a filter objected to. */
  readonly filtered?: readonly string[];
  /** Machine-readable reasons besides `code`: Google's `ErrorInfo.reason`, Azure's inner error code. */
  readonly reasons?: readonly string[];
  /** The wait that the body asks for (Google's `RetryInfo`), in milliseconds. */
  readonly retryAfterMs?: number;
}

/**
 * The error that an answer to a failed request holds, or that stands where a whole answer or an `event: error` was
 * expected. Knows: `{error: {...}}`, `{error: "text"}`, the same in an array (Gemini), without a wrapper (Cerebras,
 * older vLLM, Azure API Management, Databricks), `{detail}` (FastAPI), `{errors: [...]}` (Cloudflare), `{message,
 * error: "Not Found"}` (Fastify).
 */
export function readError(value: unknown): ServerError | undefined {
  if (Array.isArray(value)) return readError(value.find((item) => asRecord(item) !== undefined));
  const body = asRecord(value);
  if (body === undefined) return undefined;
  const nested = asRecord(body['error']) ?? firstRecord(body['error']) ?? firstRecord(body['errors']);
  if (nested !== undefined) return errorFrom(nested, body);
  const text = asWord(body['error']);
  if (text !== undefined) return errorFrom({ ...body, message: asWord(body['message']) ?? text }, body);
  const says = body['message'] ?? body['detail'] ?? asWord(body['error_msg']);
  return says === undefined || says === null ? undefined : errorFrom({ ...body, message: says }, body);
}

/**
 * The error inside a chunk of a stream that was answered with HTTP 200. Narrower than `readError`, because a chunk may
 * carry a `message` that is no complaint.
 */
export function readChunkError(chunk: JsonRecord): ServerError | undefined {
  const error = chunk['error'];
  if (asWord(error) !== undefined || Object.keys(asRecord(error) ?? {}).length > 0) return readError(chunk);
  if (firstRecord(error) !== undefined || chunk['object'] === 'error') return readError(chunk);
  const upstream = asWord(asRecord(chunk['x_groq'])?.['error']);
  if (upstream !== undefined) return { message: upstream, type: 'x_groq', code: null, param: null };
  // Without a wrapper, as DashScope sends it: told from a chunk by what it lacks.
  const flat = chunk['choices'] === undefined && chunk['id'] === undefined && chunk['usage'] === undefined;
  if (flat && asWord(chunk['message']) !== undefined && (chunk['code'] ?? chunk['type']) !== undefined) {
    return readError(chunk);
  }
  return undefined;
}

/** The error in a body that may be anything: JSON, a page, plain text, nothing. */
export function readErrorBody(text: string): ServerError {
  const known = readError(parseJson(text));
  return known ?? { message: pageText(text), type: null, code: null, param: null };
}

/** What a person would read on the page: its title where it is HTML, the text itself otherwise. */
export function pageText(text: string): string {
  const head = text.slice(0, 65_536).trim();
  if (!head.startsWith('<')) return head;
  // A tag ends where the next one begins, so that nothing of a page full of `<` is gone through twice.
  const title = /<(title|h1)[^<>]*>([^<]*)/i.exec(head)?.[2]?.trim();
  return title !== undefined && title !== '' ? title : head.replaceAll(/<[^<>]*>/g, ' ').trim();
}

function errorFrom(error: JsonRecord, body: JsonRecord): ServerError {
  const metadata = asRecord(error['metadata']);
  const inner = asRecord(error['innererror']) ?? asRecord(error['inner_error']);
  const details = asList(error['details']).map(asRecord);
  const raw = asWord(metadata?.['raw']);
  const status = [error['status_code'], body['status_code'], body['statusCode'], error['status']].find(
    isStatus,
  );
  const cause = asWord(error['failed_generation']) ?? (raw === undefined ? undefined : sentence(raw));
  const filtered = [...filteredIn(inner), ...words(asList(metadata?.['reasons']))];
  const reasons = words([inner?.['code'], ...details.map((detail) => detail?.['reason'])]);
  const wait = details.map((detail) => asWord(detail?.['retryDelay'])).find((delay) => delay !== undefined);
  const seconds = wait === undefined ? undefined : /^(\d+(?:\.\d+)?)s$/.exec(wait)?.[1];
  const code = [error['code'], error['error_code']].find((it) => (asWord(it) ?? asNumber(it)) !== undefined);
  return {
    message: messageOf(error, body),
    type: asWord(error['type']) ?? asWord(error['status']) ?? null,
    code: asWord(code) ?? asNumber(code) ?? null,
    param: asWord(error['param']) ?? null,
    ...(status !== undefined && { status }),
    ...(cause !== undefined && { cause }),
    ...(filtered.length > 0 && { filtered }),
    ...(reasons.length > 0 && { reasons }),
    ...(seconds !== undefined && { retryAfterMs: Number(seconds) * 1000 }),
  };
}

function messageOf(error: JsonRecord, body: JsonRecord): string {
  for (const candidate of [error['message'], error['detail'], error['error'], body['message']]) {
    const text = sentence(candidate);
    if (text !== undefined) return text;
  }
  return asWord(error['code']) ?? asWord(error['type']) ?? toJson(error)?.slice(0, 1000) ?? 'unreadable';
}

/** A text that may be wrapped once more: in JSON, in FastAPI's list of `{loc, msg}`, in an object. */
function sentence(value: unknown): string | undefined {
  if (typeof value === 'string') {
    const wrapped = /^\s*[[{]/.test(value) ? parseJson(value) : undefined;
    return (wrapped === undefined ? undefined : sentence(wrapped)) ?? asWord(value);
  }
  if (Array.isArray(value)) {
    const lines = value
      .slice(0, 20)
      .map(complaint)
      .filter((line) => line !== undefined);
    return lines.length > 0 ? lines.join('; ') : undefined;
  }
  const record = asRecord(value);
  if (record === undefined) return undefined;
  return shallow(record['message']) ?? shallow(record['detail']) ?? shallow(record['error']);
}

/** As deep as it gets in the wild: `{error: {message}}`, `{detail: [{loc, msg}]}`. */
function shallow(value: unknown): string | undefined {
  if (Array.isArray(value)) return sentence(value);
  return asWord(value) ?? asWord(asRecord(value)?.['message']);
}

function complaint(value: unknown): string | undefined {
  const record = asRecord(value);
  const text = asWord(record?.['msg']) ?? asWord(record?.['message']) ?? asWord(value);
  const place = asList(record?.['loc']).filter((part) => part !== 'body');
  return text === undefined || place.length === 0 ? text : `${place.join('.')}: ${text}`;
}

function filteredIn(inner: JsonRecord | undefined): readonly string[] {
  const results = asRecord(inner?.['content_filter_result']) ?? asRecord(inner?.['content_filter_results']);
  return Object.entries(results ?? {}).flatMap(([name, result]) =>
    asRecord(result)?.['filtered'] === true ? [name] : [],
  );
}

function firstRecord(value: unknown): JsonRecord | undefined {
  return asList(value)
    .map(asRecord)
    .find((item) => item !== undefined);
}

function words(values: readonly unknown[]): readonly string[] {
  return values.flatMap((value) => asWord(value) ?? []);
}

function isStatus(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 400 && value < 600;
}
