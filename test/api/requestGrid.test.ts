import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { ValidateFunction } from 'ajv';
import fc from 'fast-check';
import * as v from 'valibot';
import { streamChatCompletion } from '../../src/api/client.ts';
import { createChatCompletion } from '../../src/api/createChatCompletion.ts';
import { checkRequest } from '../../src/core/api/checkRequest.ts';
import { CreateChatCompletionRequest } from '../../src/core/api/request.ts';
import { type RequestBody, streamingBody, wholeBody } from '../../src/core/dialectRequest.ts';
import { dialectFor } from '../../src/core/dialects.ts';
import { dialectIds, type Endpoint } from '../../src/core/endpoint.ts';
import { inDialect } from '../../src/core/inDialect.ts';
import { missing, validator } from '../support/apiSpec/description.ts';
import { everything, type Feature, features, messages } from '../support/apiSpec/fullRequest.ts';
import { mutationsOf } from '../support/apiSpec/mutations.ts';
import { isObject, type Json } from '../support/demoServer/json.ts';
import * as at from './clientServer.ts';

/* Every body that the client builds, for everything the API can do, against the descriptions themselves. */

const all = features.flat();
const never = new AbortController().signal;

/** The bodies of a request for every kind of server, streamed and whole, after what its dialect makes of it. */
function* bodiesOf(request: CreateChatCompletionRequest): Generator<RequestBody> {
  for (const dialect of dialectIds) {
    const endpoint: Endpoint = { id: 'e', name: 'E', baseUrl: 'http://127.0.0.1/v1', dialect };
    const asked = inDialect(request, dialectFor(endpoint)).request;
    yield streamingBody(asked, endpoint, dialectFor(endpoint).includeUsage);
    yield wholeBody(asked, endpoint);
  }
}

function requestWith(
  chosen: readonly Feature[],
  said: (typeof messages)[number],
): CreateChatCompletionRequest & { readonly inA: boolean } {
  const fields: Partial<CreateChatCompletionRequest> = Object.assign({}, ...chosen.map((one) => one.fields));
  const inA = said.inA && chosen.every((one) => one.inA);
  return { ...fields, model: 'm', messages: [...said.messages, { role: 'user', content: 'Go on' }], inA };
}

let openai: ValidateFunction;
let a: ValidateFunction;

function check({ inA, ...request }: ReturnType<typeof requestWith>): void {
  for (const body of bodiesOf(request)) {
    // What the wire sees, so that nothing hides in `undefined`.
    const text = JSON.stringify(body);
    const sent: unknown = JSON.parse(text);
    assert.ok(openai(sent), `${text} ${JSON.stringify(openai.errors)}`);
    assert.ok(!inA || a(sent), `${text} ${JSON.stringify(a.errors)}`);
    assert.ok(!text.includes('null'), text);
    assert.ok(!/"(?:tools|functions|tool_calls)":\[\]/u.test(text), text);
    if (body['tools'] === undefined) {
      assert.ok(!('tool_choice' in body || 'parallel_tool_calls' in body), text);
    }
    assert.ok(body['stream'] === true || !('stream_options' in body || 'stream' in body), text);
    assert.equal(checkRequest(body), undefined);
    assert.ok(v.is(CreateChatCompletionRequest, sent), text);
  }
}

describe('every body of the grid', { skip: missing }, () => {
  before(() => {
    openai = validator('openai', 'CreateChatCompletionRequest');
    a = validator('a', 'CreateChatCompletionRequest');
    for (const validate of [openai, a]) assert.ok(!validate({ model: 'm', messages: [{ content: 5 }] }));
  });

  test('is a CreateChatCompletionRequest of both descriptions, feature by feature and message by message', () => {
    for (const said of messages) check(requestWith([], said));
    for (const feature of all) for (const said of messages) check(requestWith([feature], said));
  });

  test('is one in any combination', () => {
    const chosen = fc
      .tuple(...features.map((group) => fc.option(fc.constantFrom(...group), { nil: undefined })))
      .map((picked) => picked.filter((one) => one !== undefined));
    let both = 0;
    fc.assert(
      fc.property(chosen, fc.constantFrom(...messages), (picked, said) => {
        const request = requestWith(picked, said);
        if (request.inA) both += 1;
        check(request);
      }),
      { numRuns: 150 },
    );
    for (const said of messages.filter((one) => one.inA)) {
      check(
        requestWith(
          all.filter((one) => one.inA && one.name !== 'nulls'),
          said,
        ),
      );
      both += 1;
    }
    assert.ok(both > 0);
  });

  test('is what really goes over the wire, streamed and whole', async () => {
    const events = at.streamHead + at.textEvent('Hi') + at.finishEvent + at.doneEvent;
    await using server = await at.serveRaw((socket) => socket.end(events));
    await at.withTransport(async (transport) => {
      for (const [index, feature] of all.entries()) {
        const dialect = dialectIds[index % dialectIds.length];
        const connection = {
          endpoint: at.endpointAt(server.baseUrl, { dialect }),
          key: 'sk-grid',
          transport,
        };
        const { inA, ...request } = requestWith(
          [feature],
          messages[index % messages.length] ?? { messages: [], inA: true },
        );
        const { error } = await at.collect(streamChatCompletion(connection, request, never));
        assert.equal(error, undefined);
        await createChatCompletion(connection, request, never);
        for (const { body } of server.requests.slice(-2)) {
          const sent: unknown = JSON.parse(body);
          assert.ok(openai(sent), `${body} ${JSON.stringify(openai.errors)}`);
          assert.ok(!inA || a(sent), `${body} ${JSON.stringify(a.errors)}`);
          assert.ok(!body.includes('null'), body);
        }
      }
    });
    assert.equal(server.requests.length, all.length * 2);
  });

  test('is refused by the check only where both descriptions refuse it', () => {
    const document = JSON.parse(JSON.stringify(everything)) as Json;
    let refused = 0;
    let accepted = 0;
    fc.assert(
      fc.property(mutationsOf(document), (body) => {
        if (!isObject(body)) return;
        const misfit = checkRequest(body);
        if (openai(body) || a(body)) {
          accepted += 1;
          assert.equal(misfit, undefined, `${misfit?.detail} ${JSON.stringify(body)}`);
        } else if (misfit !== undefined) refused += 1;
      }),
      { numRuns: 1500 },
    );
    assert.ok(refused > 100 && accepted > 50, `${refused} refused, ${accepted} accepted`);
  });
});
