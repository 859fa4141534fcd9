import { type ApiError, sendError } from './apiError.ts';
import type { Fault } from './fault.ts';
import { type Exchange, sendReply } from './reply.ts';

const tooMany = error({
  message: 'Rate limit reached for requests. Please slow down.',
  type: 'requests',
  code: 'rate_limit_exceeded',
});
const serverError = error({
  message: 'The server had an error while processing your request.',
  type: 'server_error',
});
const overloaded = error({
  message: 'The engine is currently overloaded, please try again later.',
  type: 'server_error',
});

/** Answers with a status other than 200 and an error object. */
export const refusalFaults: readonly Fault[] = [
  refusal('fault-401', 401, 'the key is refused', {
    message: 'Incorrect API key provided. You can find your API key in the settings of your account.',
    code: 'invalid_api_key',
  }),
  {
    id: 'fault-401-echo',
    says: '401, and the error message quotes the whole key that was sent.',
    run: ({ response, key }) =>
      sendError(
        response,
        401,
        error({ message: `Incorrect API key provided: ${key}.`, code: 'invalid_api_key' }),
      ),
  },
  refusal('fault-403', 403, 'the key is good but may not use this model', {
    message: 'Your project does not have access to this model.',
    type: 'permission_error',
    code: 'model_not_allowed',
  }),
  refusal('fault-404-model', 404, 'the model is listed but does not exist', {
    message: 'The model `fault-404-model` does not exist or you do not have access to it.',
    code: 'model_not_found',
  }),
  refusal('fault-429', 429, 'too many requests, Retry-After 2 seconds', tooMany, { 'retry-after': '2' }),
  refusal('fault-429-minute', 429, 'too many requests, Retry-After 90 seconds', tooMany, {
    'retry-after': '90',
  }),
  refusal('fault-429-ms', 429, 'too many requests, retry-after-ms 250', tooMany, {
    'retry-after-ms': '250',
    'retry-after': '1',
  }),
  {
    id: 'fault-429-date',
    says: '429, too many requests, Retry-After as a date three seconds from now.',
    run: ({ response }) =>
      sendError(response, 429, tooMany, { 'retry-after': new Date(Date.now() + 3000).toUTCString() }),
  },
  once('fault-429-later', 429, 'Retry-After 90 seconds', tooMany, { 'retry-after': '90' }),
  once('fault-429-once', 429, 'Retry-After 1 second', tooMany, { 'retry-after': '1' }),
  refusal('fault-quota', 429, 'the quota is used up, waiting does not help', {
    message: 'You exceeded your current quota, please check your plan and billing details.',
    type: 'insufficient_quota',
    code: 'insufficient_quota',
  }),
  refusal('fault-500', 500, 'the server failed', serverError),
  refusal('fault-500-final', 500, 'the server failed and says x-should-retry: false', serverError, {
    'x-should-retry': 'false',
  }),
  refusal('fault-503', 503, 'the server is overloaded', overloaded),
  once('fault-503-once', 503, 'overloaded', overloaded),
  refusal('fault-529', 529, 'overloaded, with the status that Anthropic uses', {
    message: 'Overloaded',
    type: 'overloaded_error',
  }),
  refusal('fault-context-length', 400, 'the conversation is too long for the model', {
    message:
      "This model's maximum context length is 8192 tokens. However, your messages resulted in 9041 tokens. Please reduce the length of the messages.",
    param: 'messages',
    code: 'context_length_exceeded',
  }),
  refusal('fault-content-filter-prompt', 400, 'the prompt was filtered', {
    message: 'The response was filtered due to the prompt triggering the content management policy.',
    param: 'prompt',
    code: 'content_filter',
  }),
  {
    id: 'fault-unsupported-NAME',
    example: 'fault-unsupported-temperature',
    says: '400 that names the field, as long as the request has it; answers without it.',
    run: async (exchange, name) => {
      if (!Object.hasOwn(exchange.request, name)) return sendReply(exchange);
      const hint = name === 'max_tokens' ? " Use 'max_completion_tokens' instead." : '';
      sendError(
        exchange.response,
        400,
        error({
          message: `Unsupported parameter: '${name}' is not supported with this model.${hint}`,
          param: name,
          code: 'unsupported_parameter',
        }),
      );
    },
  },
];

function refusal(
  id: string,
  status: number,
  says: string,
  problem: Partial<ApiError>,
  headers: Readonly<Record<string, string>> = {},
): Fault {
  return {
    id,
    says: `${status}: ${says}.`,
    run: ({ response }) => sendError(response, status, error(problem), headers),
  };
}

function once(
  id: string,
  status: number,
  says: string,
  problem: Partial<ApiError>,
  headers: Readonly<Record<string, string>> = {},
): Fault {
  const failing = refusal(id, status, says, problem, headers);
  return {
    id,
    says: `${status} (${says}) on the first request, an answer on the second, and so on in turn.`,
    run: (exchange: Exchange) => (exchange.visit % 2 === 1 ? failing.run(exchange, '') : sendReply(exchange)),
  };
}

function error(problem: Partial<ApiError>): ApiError {
  return {
    message: 'Something went wrong.',
    type: 'invalid_request_error',
    param: null,
    code: null,
    ...problem,
  };
}
