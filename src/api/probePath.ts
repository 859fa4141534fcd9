import { CompletionError, failureOf } from '../core/completionError.ts';
import type { Endpoint } from '../core/endpoint.ts';
import { baseUrlVariants } from '../core/baseUrlVariants.ts';
import { dialectFor } from '../core/dialects.ts';
import type { Model } from '../core/readingModels.ts';
import type { Failure } from '../shared/failure.ts';
import { attempt, type Connection, contextOf } from './attempt.ts';
import { listModels } from './client.ts';
import type { Outcome } from './diagnosisStage.ts';
import { failureWords } from './diagnosisWords.ts';
import { chatUrl, modelsUrl } from './requestUrl.ts';
import type { Clock } from './stopping.ts';

/** What is known of the API behind the base URL. */
export interface PathProbed {
  readonly outcome: Outcome;
  /** Whether asking for a reply has any sense. */
  readonly isThere: boolean;
  readonly list:
    | { readonly type: 'models'; readonly models: readonly Model[] }
    /** The server's answer to the request for the list, where there was one. */
    | { readonly type: 'failed'; readonly failure: Failure };
}

/** One request waits this long for each step; the stage has a limit of its own. */
const timeouts = { connectMs: 10_000, firstByteMs: 10_000, idleMs: 10_000 };

/**
 * Asks for the list of models, with a GET as everything here. Where there is none, the path for chat is tried (what
 * answers there with anything but 404 and a page is an API), then the usual variants of the base URL, all at the same
 * origin and at once.
 */
export async function probePath(
  connection: Connection,
  clock: Clock,
  signal: AbortSignal,
): Promise<PathProbed> {
  const endpoint: Endpoint = { ...connection.endpoint, timeouts };
  const impatient = { ...connection, endpoint };
  const asked = shownUrl(modelsUrl(endpoint));
  const answer = await askForModels(impatient, clock, signal);
  if (answer.type === 'models') {
    const found = `The API answers at ${asked}.`;
    return { outcome: { state: 'passed', found }, isThere: true, list: answer };
  }
  const { failure } = answer;
  const status = failure.status === undefined ? '' : `HTTP ${String(failure.status)}`;
  const { found, advice } = failureWords(failure);
  switch (failure.kind) {
    case 'unauthorized':
    case 'forbidden':
    case 'noKey':
      return {
        outcome: {
          state: 'passed',
          found: `The API answers at ${asked} and asks who is there (${status || 'no key to send'}).`,
        },
        isThere: true,
        list: answer,
      };
    case 'rateLimited':
    case 'quotaExceeded':
    case 'serverError':
    case 'contentFiltered':
    case 'contextTooLong':
    case 'errorInStream':
    case 'tooLarge':
      return { outcome: { state: 'warning', found, advice }, isThere: true, list: answer };
    case 'redirected':
      return { outcome: redirection(failure, asked), isThere: false, list: answer };
    case 'wrongPath':
    case 'notAnApi':
    case 'badRequest':
    case 'modelNotFound':
      return { ...(await lookElsewhere(impatient, failure, asked, clock, signal)), list: answer };
    case 'cannotConnect':
    case 'certificate':
    case 'cut':
    case 'stalled':
    case 'noEndpoint':
    case 'noModel':
    case 'unexpected':
      return { outcome: { state: 'failed', found, advice }, isThere: false, list: answer };
  }
}

/** An address without its query, which may hold anything. */
export function shownUrl(url: URL | undefined): string {
  return url === undefined ? 'the base URL' : `${url.origin}${url.pathname}`;
}

/** Once: what fails is told and not asked for again. */
async function askForModels(
  connection: Connection,
  clock: Clock,
  signal: AbortSignal,
): Promise<PathProbed['list']> {
  const once = new AbortController();
  let failure: Failure | undefined;
  try {
    const models = await listModels(connection, AbortSignal.any([signal, once.signal]), clock, (notice) => {
      ({ failure } = notice);
      once.abort();
    });
    return failure === undefined ? { type: 'models', models } : { type: 'failed', failure };
  } catch (error) {
    return { type: 'failed', failure: failureOf(error) };
  }
}

/** Whether the path for chat is known to the server: a GET of it is a mistake that only an API names as such. */
async function chatAnswers(connection: Connection, clock: Clock, signal: AbortSignal): Promise<boolean> {
  const { endpoint } = connection;
  // A model's name is part of some paths; any will do.
  const url = chatUrl(endpoint, endpoint.models?.[0] ?? 'model');
  const request = { url, method: 'GET', headers: { accept: 'application/json' }, timeouts } as const;
  try {
    const answer = await attempt(connection, request, contextOf(connection), signal, clock);
    answer.release();
    return /json|event-stream/.test(answer.headers['content-type'] ?? '');
  } catch (error) {
    if (!(error instanceof CompletionError)) return false;
    const { kind, status } = error.failure;
    return status === 405 || ['unauthorized', 'forbidden', 'badRequest'].includes(kind);
  }
}

async function lookElsewhere(
  connection: Connection,
  failure: Failure,
  asked: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<Pick<PathProbed, 'outcome' | 'isThere'>> {
  const { endpoint } = connection;
  const variants = baseUrlVariants(endpoint.baseUrl).map(
    // The host names the dialect where the path does not.
    (baseUrl): Endpoint => ({ ...endpoint, baseUrl, dialect: endpoint.dialect ?? dialectFor(endpoint).id }),
  );
  const tried = new Set([modelsUrl(endpoint)?.href]);
  const others = variants.filter((variant) => {
    const href = modelsUrl(variant)?.href;
    return !tried.has(href) && tried.add(href);
  });
  const [isChat, ...answers] = await Promise.all([
    chatAnswers(connection, clock, signal),
    ...others.map((variant) => askForModels({ ...connection, endpoint: variant }, clock, signal)),
  ]);
  const listing = answers.findIndex((answer) => answer.type === 'models');
  const asking = answers.findIndex(
    (answer) => answer.type === 'failed' && answer.failure.kind === 'unauthorized',
  );
  const answered = failure.status === undefined ? 'no API' : `HTTP ${String(failure.status)}`;
  const right = others[listing >= 0 ? listing : asking]?.baseUrl;
  if (isChat && listing < 0) {
    const found = `${asked} answers ${answered}, but the path for chat is there: this server gives no list of its models.`;
    return { outcome: { state: 'passed', found }, isThere: true };
  }
  if (right !== undefined) {
    return {
      outcome: {
        state: 'failed',
        found: `${asked} answers ${answered}. The API is at ${right}.`,
        advice: `Change the base URL to ${right} (Colloquy: Manage Endpoints..., Change URL...).`,
      },
      isThere: false,
    };
  }
  const { found, advice } = failureWords(failure);
  const facts = [asked, ...others.map((variant) => shownUrl(modelsUrl(variant)))].map(
    (url) => `No API at ${url}`,
  );
  return { outcome: { state: 'failed', found, facts, advice }, isThere: false };
}

function redirection({ detail = '', status }: Failure, asked: string): Outcome {
  const found = `${asked} redirects (HTTP ${String(status ?? 300)}). Redirects are not followed, so that the key goes only where you configured.`;
  const to = targetOf(detail.replace(/^to /, ''), asked);
  if (to === undefined)
    return { state: 'failed', found, advice: 'Ask whoever runs the server for the final address.' };
  const isElsewhere = to.origin !== new URL(asked).origin;
  const base = shownUrl(to).replace(/\/models\/?$/, '');
  return {
    state: 'failed',
    found,
    facts: [`It points to ${shownUrl(to)}`],
    advice: isElsewhere
      ? `If you trust ${to.origin}, change the base URL to ${base} and enter the key for it. A sign-in page there means that you must sign in first.`
      : `Change the base URL to ${base}.`,
  };
}

/** `undefined` for what was cut and for what is no web address. */
function targetOf(location: string, asked: string): URL | undefined {
  if (location === '' || location.endsWith('…')) return undefined;
  try {
    const url = new URL(location, asked);
    const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
    return isWeb && url.username === '' && url.password === '' ? url : undefined;
  } catch {
    return undefined;
  }
}
