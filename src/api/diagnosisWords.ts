import type { Failure } from '../shared/failure.ts';

/** A failure as a stage of a diagnosis tells it. `Failure.detail` has been cut and cleaned where it was made. */
export function failureWords(failure: Failure): { readonly found: string; readonly advice: string } {
  const { detail, status, code } = failure;
  const at = failure.origin ?? 'The server';
  const said = detail === undefined ? '' : ` It says: ${detail}`;
  const answered = status === undefined ? 'refused the request' : `answered HTTP ${String(status)}`;
  const why = detail === undefined ? (code === undefined ? '' : ` (${code})`) : `: ${detail}`;
  if (/certificate[_ ]required/i.test(`${code ?? ''} ${detail ?? ''}`))
    return clientCertificateWanted(at, why);
  switch (failure.kind) {
    case 'unauthorized':
      return {
        found: `${at} does not accept the key (${answered}).${said}`,
        advice: 'Set the key again (Colloquy: Set API Key...), and check that it is for this address.',
      };
    case 'forbidden':
      return {
        found: `${at} knows the key, or the address you come from, and does not allow this (${answered}).${said}`,
        advice: 'Give the key the right to use the model, or choose another model or key.',
      };
    case 'noKey':
      return {
        found: `There is no key to send.${said}`,
        advice: 'Set one: Colloquy: Set API Key...',
      };
    case 'modelNotFound':
      return {
        found: `${at} does not know the model (${answered}).${said}`,
        advice: 'Choose a model that the server lists (Colloquy: Select Model...).',
      };
    case 'wrongPath':
      return {
        found: `Nothing that looks like the API answers under this base URL (${answered}).${said}`,
        advice:
          'Look up the base URL in the documentation of the server: the part before /chat/completions, often ending in /v1.',
      };
    case 'notAnApi':
      return {
        found: `What answers is not the API${status === undefined ? '' : ` (HTTP ${String(status)})`}.${said}`,
        advice:
          'A page in place of the API means a wrong path, a sign-in page on the way, or a server that only people look at. Check the base URL.',
      };
    case 'redirected':
      return {
        found: `${at} redirects to another address. Redirects are not followed.`,
        advice: 'Enter the final address as the base URL.',
      };
    case 'rateLimited':
      return {
        found: `${at} receives too many requests (${answered}).${said}`,
        advice: 'Wait a little and run this again.',
      };
    case 'quotaExceeded':
      return {
        found: `The account has no credit or quota left (${answered}).${said}`,
        advice: 'Add credit to the account, or use another key. Waiting does not help.',
      };
    case 'serverError':
      return {
        found: `${at} has an error of its own (${answered}).${said}`,
        advice: 'Try again later. A gateway that answers 502 or 503 cannot reach the model server behind it.',
      };
    case 'cannotConnect':
      return {
        found: `${at} could not be connected to${why}.`,
        advice:
          code === 'PROXY_REFUSED'
            ? 'The proxy refused: see what the stage Proxy says.'
            : 'Check that the server is running, the address, and the proxy.',
      };
    case 'certificate':
      return {
        found: `The certificate of ${at} was not accepted${why}.`,
        advice: 'See what the stage Encryption says. Nothing was sent.',
      };
    case 'cut':
      return {
        found: `The connection to ${at} broke off${why}.`,
        advice: 'Something on the way ends connections early: a proxy, a gateway, or the server itself.',
      };
    case 'stalled':
      return {
        found: `${at} took the request and did not answer in time.`,
        advice:
          'The server may still be loading the model, or be overloaded. Try again, or raise "timeouts" of the endpoint.',
      };
    case 'tooLarge':
      return { found: `${at} sent more than is read.`, advice: 'Check that the base URL is that of an API.' };
    case 'contextTooLong':
    case 'contentFiltered':
    case 'badRequest':
      return {
        found: `${at} did not accept the request (${answered})${failure.param === undefined ? '' : `, because of ${failure.param}`}.${said}`,
        advice:
          'Look at colloquy.parameters and at "extraBody" of the endpoint for a field that this server refuses.',
      };
    case 'errorInStream':
      return {
        found: `${at} broke off with an error of its own while it answered.${said}`,
        advice: 'Try again. If it stays, look at the log of the server.',
      };
    case 'noEndpoint':
    case 'noModel':
    case 'unexpected':
      return {
        found: `This could not be checked${why}.`,
        advice: 'The log may tell more (Colloquy: Show Log).',
      };
  }
}

/** A server that wants to know who is there before it says anything. */
export function clientCertificateWanted(
  at: string,
  why: string,
): { readonly found: string; readonly advice: string } {
  return {
    found: `${at} wants a client certificate, and none that it accepts was shown${why}.`,
    advice:
      'Name the PEM files of your certificate and its key in "clientCertFile" and "clientKeyFile" of the endpoint (setting colloquy.endpoints).',
  };
}
