/**
 * Every way in which a request can end badly, as a closed set. What a person reads for each is one table in the
 * view (`webview/view/failureText.ts`); what may be retried is decided in the client.
 *
 * Stopping is not a failure.
 */
export const failureKinds = [
  /** No endpoint is configured, or the chosen one is gone. */
  'noEndpoint',
  /** No model is chosen. */
  'noModel',
  /** The endpoint wants a key and none is stored for its origin. */
  'noKey',
  /** 401. */
  'unauthorized',
  /** 403. */
  'forbidden',
  /** 404 that names the model, or any other answer that says the model is unknown. */
  'modelNotFound',
  /** 404 or 405 for the path itself: the base URL is wrong. */
  'wrongPath',
  /** 429 that passes by itself. */
  'rateLimited',
  /** 402, or 429 for an exhausted quota: waiting does not help. */
  'quotaExceeded',
  /** The messages do not fit the model's context window. */
  'contextTooLong',
  /** The server refused the content by its policy (not a `finish_reason`). */
  'contentFiltered',
  /** Any other 4xx: `param` names the field where the server said so. */
  'badRequest',
  /** 5xx. */
  'serverError',
  /** Name not found, connection refused, reset before an answer, proxy failure. */
  'cannotConnect',
  /** The TLS certificate was not accepted. */
  'certificate',
  /** Something answered that is no Chat Completions API (HTML, another protocol, no event stream). */
  'notAnApi',
  /** The server answered with a redirect, which is never followed. */
  'redirected',
  /** The connection ended before the reply did. */
  'cut',
  /** Nothing arrived for the idle time. */
  'stalled',
  /** The server reported an error inside the stream. */
  'errorInStream',
  /** A line, an event or the whole answer passed a limit. */
  'tooLarge',
  /** Anything that is none of the above: a defect of ours, most likely. */
  'unexpected',
] as const;

export type FailureKind = (typeof failureKinds)[number];

/** A failed request as values that may be shown, logged and stored. It never holds a key or a header. */
export interface Failure {
  readonly kind: FailureKind;
  /** Origin of the endpoint, for example `https://api.openai.com`. */
  readonly origin?: string;
  /** Model id as it was sent. */
  readonly model?: string;
  /** HTTP status, where there was an answer. */
  readonly status?: number;
  /** The server's or the system's own words: at most 300 characters, control characters escaped, redacted. */
  readonly detail?: string;
  /** `error.param` as the server named it. */
  readonly param?: string;
  /** `error.code` as the server named it, or the system's error code (`ECONNREFUSED`). */
  readonly code?: string;
  /** How long the server asked to wait, in milliseconds. */
  readonly retryAfterMs?: number;
}
