import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { invalidRequest, sendError, sendJson } from './apiError.ts';
import { textOf } from './chatRequest.ts';
import { findFault } from './faults.ts';
import { isObject, type Json } from './json.ts';
import { describeModel, listModels, mannerOf } from './models.ts';
import { draftAll, type Exchange, sendReply, wholeReply } from './reply.ts';
import { findRoute, methodsOf, needsVersion, type Route } from './route.ts';
import type { Settings } from './settings.ts';
import type { StoredCompletions } from './storedCompletions.ts';
import { promptTokens } from './usage.ts';
import { validate } from './validate.ts';

/** A request with its body, ready to be answered. */
export interface Arrived {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Undefined where the body is no JSON. */
  readonly body: Json | undefined;
  readonly response: ServerResponse;
  readonly signal: AbortSignal;
}

/** What the server remembers between requests. */
export interface Memory {
  /** A new number for each completion, from 1. */
  readonly nextNumber: () => number;
  /** How often a model id has been asked for, this time included. */
  readonly visit: (model: string) => number;
  readonly otherOrigin: () => string;
  readonly stored: StoredCompletions;
}

/** Answers a request: address, method, key, body, model and fields are looked at in this order. */
export async function handle(arrived: Arrived, settings: Settings, memory: Memory): Promise<void> {
  const { method, path, response } = arrived;
  const route = findRoute(path);
  if (route === undefined || (needsVersion(path) && !arrived.query.has('api-version'))) {
    sendError(
      response,
      404,
      invalidRequest({ message: `Invalid URL (${method} ${path})`, param: null, code: 'unknown_url' }),
    );
    return;
  }
  if (!methodsOf(route).includes(method)) {
    sendError(
      response,
      405,
      invalidRequest({
        message: `Not allowed to ${method} on ${path}.`,
        param: null,
        code: 'method_not_supported',
      }),
      { allow: methodsOf(route).join(', ') },
    );
    return;
  }
  const key = keyOf(arrived.headers, route);
  if (key !== settings.key) {
    refuseKey(response, key);
    return;
  }
  switch (route.to) {
    case 'models':
      sendJson(response, 200, { object: 'list', data: listModels(settings) });
      return;
    case 'model': {
      const model = describeModel(route.id, settings);
      if (model === undefined) refuseModel(response, route.id);
      else sendJson(response, 200, model);
      return;
    }
    case 'stored':
    case 'messages':
      memory.stored.answer(arrived, route);
      return;
    case 'completions':
      if (method === 'GET') memory.stored.list(arrived);
      else await complete(arrived, route, key, settings, memory);
  }
}

async function complete(
  arrived: Arrived,
  route: Route & { readonly to: 'completions' },
  key: string,
  settings: Settings,
  memory: Memory,
): Promise<void> {
  const { response, signal } = arrived;
  const sent = arrived.body;
  if (sent === undefined) {
    sendError(
      response,
      400,
      invalidRequest({
        message: 'We could not parse the JSON body of your request.',
        param: null,
        code: null,
      }),
    );
    return;
  }
  // On Azure's older path the deployment is the model, whatever the body says.
  const body: Json =
    route.deployment !== undefined && isObject(sent) ? { ...sent, model: route.deployment } : sent;
  const model = isObject(body) && typeof body['model'] === 'string' ? body['model'] : '';
  const manner = mannerOf(model, settings);
  const verdict = validate(body, manner?.strict === true);
  if (!verdict.accepted) {
    sendError(response, 400, invalidRequest(verdict.complaint));
    return;
  }
  const { request } = verdict;
  const found = findFault(model);
  if (manner === undefined && found === undefined) {
    refuseModel(response, model);
    return;
  }
  const tokens = promptTokens(request);
  if (tokens > settings.contextTokens) {
    const message = `This model's maximum context length is ${settings.contextTokens} tokens. However, your messages resulted in ${tokens} tokens. Please reduce the length of the messages.`;
    sendError(response, 400, invalidRequest({ message, param: 'messages', code: 'context_length_exceeded' }));
    return;
  }
  const number = String(memory.nextNumber()).padStart(6, '0');
  const exchange: Exchange = {
    request,
    response,
    signal,
    identity: { id: `chatcmpl-demo-${number}`, created: Math.floor(Date.now() / 1000), model },
    settings,
    key,
    visit: memory.visit(model),
    otherOrigin: memory.otherOrigin(),
  };
  if (found !== undefined) {
    await found.fault.run(exchange, found.argument);
    return;
  }
  const user = request.messages.findLast((message) => message.role === 'user');
  const echo = manner?.echoes === true ? [{ text: user === undefined ? '' : textOf(user) }] : undefined;
  const drafts = echo ?? draftAll(exchange);
  if (request.store === true) {
    memory.stored.keep(wholeReply(exchange, drafts), request.messages, request.metadata);
  }
  await sendReply(exchange, drafts, manner?.tokenDelayMs);
}

/** Bearer everywhere; `api-key` and `x-api-key` on Azure's paths. */
function keyOf(headers: IncomingHttpHeaders, route: Route): string | undefined {
  const bearer = /^Bearer (.+)$/iu.exec(headers.authorization ?? '')?.[1];
  const own = route.azure ? (headers['api-key'] ?? headers['x-api-key']) : undefined;
  return bearer ?? (typeof own === 'string' ? own : undefined);
}

function refuseKey(response: ServerResponse, key: string | undefined): void {
  const message =
    key === undefined
      ? "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY)."
      : 'Incorrect API key provided. You can find your API key where the demo server was started.';
  sendError(
    response,
    401,
    invalidRequest({ message, param: null, code: key === undefined ? null : 'invalid_api_key' }),
    { 'www-authenticate': 'Bearer' },
  );
}

function refuseModel(response: ServerResponse, model: string): void {
  const message = `The model \`${model}\` does not exist or you do not have access to it.`;
  sendError(response, 404, invalidRequest({ message, param: null, code: 'model_not_found' }));
}
