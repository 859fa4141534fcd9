import type { Problem } from '../core/reading.ts';
import { readErrorBody, type ServerError } from '../core/readingError.ts';
import { cleanText } from '../core/readingText.ts';
import { refusedFields } from '../core/refusedFields.ts';
import type { Failure, FailureKind } from '../shared/failure.ts';
import { type NetworkError, ownCodes } from './networkError.ts';
import { retryAfterMs } from './retry.ts';
import { kindOf } from './serverFailure.ts';

/** What every failure of one request has in common. */
export interface FailureContext {
  /** Empty where the base URL has none. */
  readonly origin: string;
  readonly model?: string | undefined;
  /** Texts that must not show up anywhere: the key, header values that may be keys. */
  readonly secrets: readonly string[];
}

/** Limits in characters. */
const detailLimit = 300;
const wordLimit = 100;

/** Node's codes for a certificate that was not accepted (Node.js TLS documentation, "X509 certificate error codes"). */
const certificateCodes =
  /^(?:CERT_|CRL_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|INVALID_(?:CA|PURPOSE)|HOSTNAME_MISMATCH|PATH_LENGTH_EXCEEDED|ERR_TLS_CERT_|UND_ERR_PRX_TLS)/;

/** What TLS calls the alerts with which a server refuses a client's certificate or the lack of one (RFC 8446, 6.2). */
const certificateAlerts =
  /alert[ _](?:(?:no|bad|unsupported)[ _]certificate|certificate[ _]|unknown[ _]ca\b|access[ _]denied)|certificate[ _]required/i;

/** A request that got no answer, or not all of it. `shown`: some of the reply had come. */
export function networkFailure(error: NetworkError, context: FailureContext, shown: boolean): Failure {
  const kind = networkKind(error, shown);
  return compose(kind, context, { detail: error.message, code: error.code });
}

function networkKind({ code, phase, message }: NetworkError, shown: boolean): FailureKind {
  if (certificateCodes.test(code) || certificateAlerts.test(`${code} ${message}`)) return 'certificate';
  if (code === ownCodes.firstByteTimeout || code === ownCodes.idleTimeout) return 'stalled';
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'HPE_HEADER_OVERFLOW') return 'tooLarge';
  // Not HTTP/1.1: garbage, an HTTP/2 preface, endless interim answers.
  const garbage =
    code.startsWith('HPE_') ||
    code === ownCodes.interimAnswers ||
    (code === 'UND_ERR_SOCKET' && message === 'bad response');
  if (garbage && !shown) return 'notAnApi';
  return phase === 'body' ? 'cut' : 'cannotConnect';
}

/** An answer with another status than 2xx. `now` is milliseconds since 1970. */
export function answerFailure(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
  context: FailureContext,
  now: number,
): Failure {
  if (status >= 300 && status < 400) {
    const detail = headers['location'] === undefined ? undefined : `to ${headers['location']}`;
    return compose('redirected', context, { status, detail });
  }
  const error = readErrorBody(body);
  return compose(kindOf(error, status, context.model), context, {
    status,
    ...told(error),
    retryAfterMs: retryAfterMs(headers, now) ?? error.retryAfterMs,
  });
}

/** A reply with status 2xx that turned out to be none, or ended in an error. */
export function problemFailure(problem: Problem, context: FailureContext): Failure {
  switch (problem.type) {
    case 'tooLarge':
      return compose('tooLarge', context, { detail: `${problem.what} beyond the limit` });
    case 'notAnApi':
      return compose('notAnApi', context, { status: 200, detail: problem.says });
    case 'server': {
      const { error } = problem;
      const inCode =
        typeof error.code === 'number' && error.code >= 400 && error.code < 600 ? error.code : undefined;
      const kind = kindOf(error, error.status ?? inCode, context.model);
      // What is vague without a status of its own is best described by where it happened.
      const vague = kind === 'badRequest' || kind === 'serverError';
      const { retryAfterMs: wait } = error;
      return compose(vague ? 'errorInStream' : kind, context, { ...told(error), retryAfterMs: wait });
    }
  }
}

/** A failure that the client found by itself, before anything was sent. */
export function ownFailure(
  kind: FailureKind,
  context: FailureContext,
  parts: Pick<Parts, 'detail' | 'param' | 'code'>,
): Failure {
  return compose(kind, context, parts);
}

interface Parts {
  readonly status?: number | undefined;
  readonly detail?: string | undefined;
  readonly param?: string | undefined;
  readonly code?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

function told(error: ServerError): Parts {
  const fields = refusedFields(error);
  const filtered = error.filtered === undefined ? '' : ` [${error.filtered.join(', ')}]`;
  const cause = error.cause === undefined ? '' : ` (${error.cause})`;
  return {
    detail: `${error.message}${filtered}${cause}`,
    param: fields.length > 0 ? fields.join(', ') : undefined,
    code: error.code === null ? (error.type ?? undefined) : String(error.code),
  };
}

/** Every failure goes through here, so nothing in it is longer than it may be, uncleaned, or holds a secret. */
function compose(kind: FailureKind, { origin, model, secrets }: FailureContext, parts: Parts): Failure {
  const clean = (text: string | undefined, limit: number): string | undefined =>
    text === undefined || text.trim() === '' ? undefined : cleanText(text, secrets, limit);
  const detail = clean(parts.detail, detailLimit);
  const param = clean(parts.param, wordLimit);
  const code = clean(parts.code, wordLimit);
  const shownModel = clean(model, 200);
  return {
    kind,
    ...(origin !== '' && { origin }),
    ...(shownModel !== undefined && { model: shownModel }),
    ...(parts.status !== undefined && { status: parts.status }),
    ...(detail !== undefined && { detail }),
    ...(param !== undefined && { param }),
    ...(code !== undefined && { code }),
    ...(parts.retryAfterMs !== undefined && { retryAfterMs: parts.retryAfterMs }),
  };
}
