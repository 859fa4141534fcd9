import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { answerFailure } from '../../src/api/failures.ts';
import { answerInvitesRetry } from '../../src/api/retry.ts';
import { refusedFields } from '../../src/core/refusedFields.ts';
import { readErrorBody } from '../../src/core/readingError.ts';
import type { FailureKind } from '../../src/shared/failure.ts';

/* Bodies of failed requests as servers send them, each with what it means. */

const folder = new URL('../support/fixtures/errors/', import.meta.url);

interface ErrorFixture {
  readonly http: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
  readonly expected: {
    readonly type: string | null;
    readonly code: string | number | null;
    readonly param: string | null;
    readonly retryable: boolean;
    readonly retry_after_ms: number | null;
    readonly kind: string;
    readonly message: string;
    readonly offending_param?: string;
    readonly filtered?: readonly string[];
    readonly detail?: string;
  };
}

/** The fixtures' words for our kinds; where one word means several of ours, the file says which. */
const kinds: Readonly<Record<string, FailureKind>> = {
  auth: 'unauthorized',
  bad_request: 'badRequest',
  conflict: 'badRequest',
  content_filter: 'contentFiltered',
  context_length: 'contextTooLong',
  message_order: 'badRequest',
  not_an_api: 'notAnApi',
  overloaded: 'serverError',
  permission: 'forbidden',
  quota: 'quotaExceeded',
  rate_limit: 'rateLimited',
  server: 'serverError',
  timeout: 'serverError',
  tool_generation: 'badRequest',
  unsupported_content: 'badRequest',
  unsupported_parameter: 'badRequest',
  unsupported_role: 'badRequest',
};
const unknownModels = ['azure-404-deployment', 'ollama-404', 'openai-404-model'];

const names = readdirSync(folder).map((file) => file.replace('.json', ''));

test('there are errors to read', () => {
  assert.ok(names.length >= 40, `${names.length} fixtures`);
});

for (const name of names) {
  // The fixtures are ours; a wrong shape fails below.
  const { http, expected } = JSON.parse(
    readFileSync(new URL(`${name}.json`, folder), 'utf8'),
  ) as ErrorFixture;

  test(`${name} is understood`, () => {
    const error = readErrorBody(http.body);
    assert.equal(error.message, expected.message);
    assert.equal(error.type, expected.type);
    assert.equal(error.code, expected.code);
    assert.equal(error.param, expected.param);
    if (expected.filtered !== undefined) assert.deepEqual(error.filtered, expected.filtered);
    if (expected.detail !== undefined) assert.equal(error.cause, expected.detail);
    if (expected.offending_param !== undefined) {
      const fields = expected.offending_param.split(', ');
      assert.deepEqual(refusedFields(error).toSorted(), fields.toSorted());
    }
  });

  // A page with status 200 never gets that far: it is no reply.
  if (http.status === 200) continue;

  test(`${name} becomes the failure that a person can act on`, () => {
    const context = { origin: 'https://api.example', model: 'some-model', secrets: [] };
    const failure = answerFailure(http.status, http.headers, http.body, context, 0);
    const notFound = unknownModels.includes(name) ? 'modelNotFound' : 'wrongPath';
    assert.equal(failure.kind, expected.kind === 'not_found' ? notFound : kinds[expected.kind]);
    assert.equal(failure.status, http.status);
    assert.equal(failure.retryAfterMs ?? null, expected.retry_after_ms);
    assert.equal(answerInvitesRetry(http.status, http.headers, failure), expected.retryable);
    assert.ok(
      failure.detail?.startsWith(expected.message.slice(0, 250)) ?? expected.message === '',
      failure.detail,
    );
  });
}

const meanings: readonly (readonly [string, number, string, FailureKind])[] = [
  ['an empty refusal', 403, '', 'forbidden'],
  ['a time-out page of a gateway', 524, '<html><title>524: A timeout occurred</title></html>', 'serverError'],
  [
    'a body that is too large for a proxy',
    413,
    '<html><title>413 Request Entity Too Large</title></html>',
    'badRequest',
  ],
  ['a lock that was not released', 409, '{"error":{"message":"locked"}}', 'badRequest'],
  [
    'Gemini out of its minute',
    429,
    '[{"error":{"code":429,"message":"You exceeded your current quota, please check your plan and billing details.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"13s"}]}}]',
    'rateLimited',
  ],
  [
    'an unknown model',
    404,
    '{"error":{"message":"The model `x` does not exist","code":"model_not_found"}}',
    'modelNotFound',
  ],
  [
    'an unknown model that is only named',
    404,
    '{"error":{"message":"model: some-model","type":"not_found_error"}}',
    'modelNotFound',
  ],
  ['a bad request for a model that is none', 400, '{"error":{"message":"Model Not Exist"}}', 'modelNotFound'],
  [
    'a prompt that is too long',
    400,
    '{"error":{"message":"too long","code":"context_length_exceeded"}}',
    'contextTooLong',
  ],
  [
    'an upstream error in a gateway',
    502,
    '{"error":{"code":502,"message":"Provider returned error"}}',
    'serverError',
  ],
  ['a wrong path in plain text', 404, '404 page not found', 'wrongPath'],
];

for (const [name, status, body, kind] of meanings) {
  test(`${name} is ${kind}`, () => {
    const context = { origin: 'https://api.example', model: 'some-model', secrets: [] };
    assert.equal(answerFailure(status, {}, body, context, 0).kind, kind);
  });
}

test("what the provider behind a gateway said stands beside the gateway's own words", () => {
  const raw = JSON.stringify({ error: { message: 'overloaded' } });
  const body = JSON.stringify({
    error: { code: 502, message: 'Provider returned error', metadata: { raw } },
  });
  const failure = answerFailure(502, {}, body, { origin: 'https://o', secrets: [] }, 0);
  assert.equal(failure.detail, 'Provider returned error (overloaded)');
});

test('the wait that a server asks for is read in every form', () => {
  const now = Date.parse('Fri, 21 Nov 2026 10:00:00 GMT');
  const wait = (headers: Readonly<Record<string, string>>, body = '{}') =>
    answerFailure(429, headers, body, { origin: 'https://o', secrets: [] }, now).retryAfterMs;
  assert.equal(wait({ 'retry-after': '2' }), 2000);
  assert.equal(wait({ 'retry-after': '7.66' }), 7660);
  assert.equal(wait({ 'retry-after': 'Fri, 21 Nov 2026 10:00:07 GMT' }), 7000);
  assert.equal(wait({ 'retry-after': 'Fri, 21 Nov 2026 09:00:00 GMT' }), 0);
  assert.equal(wait({ 'retry-after-ms': '350.5', 'retry-after': '1' }), 350.5);
  assert.equal(wait({ 'retry-after-ms': '-1', 'retry-after': '3' }), 3000);
  for (const nonsense of ['soon', '-1', 'NaN', '', '1e400'])
    assert.equal(wait({ 'retry-after': nonsense }), undefined);
  assert.equal(wait({}, '{"error":{"details":[{"retryDelay":"13s"}]}}'), 13_000);
});
