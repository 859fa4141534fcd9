import type { Failure, FailureKind } from '../../src/shared/failure.ts';
import type { Recovery } from '../../src/shared/protocol.ts';
import { plainLabel } from './plainLabel.ts';

/** What a person reads about a failure, and what they can do next. */
export interface FailureText {
  readonly title: string;
  /** What happened, or why: one or two sentences. */
  readonly why: string;
  /** The first one is the likeliest to help. */
  readonly next: readonly Recovery[];
}

/** Every kind of failure in words. The server's own words stand beside them, as they came. */
export function describeFailure(failure: Failure): FailureText {
  const origin = failure.origin === undefined ? undefined : plainLabel(failure.origin);
  const model = failure.model === undefined ? undefined : plainLabel(failure.model);
  return texts[failure.kind]({
    ...failure,
    from: origin ?? 'The endpoint',
    to: origin ?? 'the endpoint',
    named: model ?? 'the model',
    answered: failure.status === undefined ? 'refused the request' : `answered ${String(failure.status)}`,
  });
}

/** A failure with its names ready for a sentence. */
interface Told extends Failure {
  /** The origin at the start of a sentence. */
  readonly from: string;
  /** The origin inside a sentence. */
  readonly to: string;
  readonly named: string;
  readonly answered: string;
}

const texts: Readonly<Record<FailureKind, (failure: Told) => FailureText>> = {
  noEndpoint: () => ({
    title: 'No endpoint is configured',
    why: 'There is no server to send this message to.',
    next: ['addEndpoint', 'tryAgain'],
  }),
  noModel: () => ({
    title: 'No model is selected',
    why: 'Choose a model of one of your endpoints, then try again.',
    next: ['selectModel', 'tryAgain'],
  }),
  noKey: ({ to }) => ({
    title: 'No API key is set',
    why: `There is no key stored for ${to}, and it asks for one.`,
    next: ['setKey', 'tryAgain'],
  }),
  unauthorized: ({ from, answered }) => ({
    title: 'The API key was refused',
    why: `${from} ${answered}. The key may be wrong, expired, or meant for another endpoint.`,
    next: ['setKey', 'tryAgain', 'editEndpoint', 'diagnose'],
  }),
  forbidden: ({ from, answered, named }) => ({
    title: 'Access was denied',
    why: `${from} ${answered}. The key may not be allowed to use ${named}.`,
    next: ['selectModel', 'setKey', 'tryAgain', 'diagnose'],
  }),
  modelNotFound: ({ from, model, named }) => ({
    title: model === undefined ? 'The model was not found' : `Model ${named} was not found`,
    why: `${from} does not know it, or your key may not use it.`,
    next: ['selectModel', 'tryAgain', 'editEndpoint'],
  }),
  wrongPath: ({ from, answered }) => ({
    title: 'Nothing answers at this address',
    why: `${from} ${answered}. The base URL of the endpoint may lack a part such as /v1.`,
    next: ['editEndpoint', 'diagnose', 'tryAgain'],
  }),
  rateLimited: ({ from }) => ({
    title: 'Too many requests',
    why: `${from} limits how often and how much you can ask.`,
    next: ['tryAgain', 'selectModel'],
  }),
  quotaExceeded: ({ from }) => ({
    title: 'The quota is used up',
    why: `${from} reports that your account has no credit or quota left. Waiting does not help.`,
    next: ['selectModel', 'setKey', 'tryAgain'],
  }),
  contextTooLong: ({ model, named }) => ({
    title: model === undefined ? 'The conversation is too long' : `The conversation is too long for ${named}`,
    why: 'The messages and their context do not fit the context window. Choose a model with a larger one, or start a new chat with less context.',
    next: ['selectModel', 'tryAgain'],
  }),
  contentFiltered: ({ from }) => ({
    title: 'The request was blocked by a content policy',
    why: `${from} did not pass the message on to the model.`,
    next: ['tryAgain', 'selectModel'],
  }),
  badRequest: ({ from, to, answered, param, code }) => {
    const field = param === undefined ? '' : `the field ${plainLabel(param, 80)}`;
    return {
      title: 'The request was not accepted',
      why:
        code === 'INVALID_FIELD'
          ? `Nothing was sent to ${to}, because ${field} cannot be right. Look for it in the setting colloquy.parameters and in the extraBody of the endpoint.`
          : `${from} ${answered}${field === '' ? '' : ` because of ${field}`}.`,
      next: code === 'INVALID_FIELD' ? ['editEndpoint', 'tryAgain'] : ['tryAgain', 'selectModel', 'showLog'],
    };
  },
  serverError: ({ from, answered }) => ({
    title: 'The server had an error',
    why: `${from} ${answered}. This often passes by itself.`,
    next: ['tryAgain', 'showLog'],
  }),
  cannotConnect: ({ to }) => ({
    title: 'Could not connect',
    why: `There was no answer from ${to}. The server may not be running, the address may be wrong, or a proxy may be in the way.`,
    next: ['tryAgain', 'diagnose', 'editEndpoint', 'showLog'],
  }),
  certificate: ({ to }) => ({
    title: 'The certificate was not accepted',
    why: `The identity of ${to} could not be verified, so nothing was sent. If your organization has its own certificates, add them to the endpoint.`,
    next: ['editEndpoint', 'diagnose', 'tryAgain', 'showLog'],
  }),
  notAnApi: ({ from }) => ({
    title: 'This is not a Chat Completions API',
    why: `${from} answered with something else, such as a web page. The base URL may be wrong, or a sign-in page may be in the way.`,
    next: ['editEndpoint', 'diagnose', 'tryAgain', 'showLog'],
  }),
  redirected: ({ from }) => ({
    title: 'The server redirected the request',
    why: `${from} points to another address. Redirects are not followed, so that your key and messages go only where you configured.`,
    next: ['editEndpoint', 'diagnose', 'tryAgain', 'showLog'],
  }),
  cut: ({ to }) => ({
    title: 'The connection was lost',
    why: `The connection to ${to} ended before the reply did.`,
    next: ['tryAgain', 'diagnose', 'showLog'],
  }),
  stalled: ({ from }) => ({
    title: 'The server stopped answering',
    why: `${from} sent nothing more for a long time.`,
    next: ['tryAgain', 'diagnose', 'showLog'],
  }),
  errorInStream: ({ from }) => ({
    title: 'The server reported an error',
    why: `${from} broke off while it was answering.`,
    next: ['tryAgain', 'showLog'],
  }),
  tooLarge: ({ from }) => ({
    title: 'The reply was too large',
    why: `${from} sent more than a reply can reasonably hold, so the rest was not read.`,
    next: ['tryAgain', 'showLog'],
  }),
  unexpected: () => ({
    title: 'Something went wrong',
    why: 'This was not foreseen and may be a defect of Colloquy. The log tells more.',
    next: ['tryAgain', 'showLog'],
  }),
};

/** The buttons of an error card. */
export const recoveryLabels: Readonly<Record<Recovery, string>> = {
  tryAgain: 'Try again',
  continue: 'Continue',
  setKey: 'Set key',
  selectModel: 'Select model...',
  addEndpoint: 'Add endpoint...',
  editEndpoint: 'Edit endpoint...',
  diagnose: 'Diagnose...',
  showLog: 'Show log',
};
