import type { ContextItem, Repair } from '../../../src/shared/conversation.ts';
import type { Failure, FailureKind } from '../../../src/shared/failure.ts';

/** Texts for tests and pictures: what people ask and models answer. */

export const selection: ContextItem = {
  id: 'item-1',
  kind: 'selection',
  uri: 'file:///shop/src/cart.ts',
  path: 'src/cart.ts',
  languageId: 'typescript',
  lines: { first: 12, last: 24 },
  text: 'export function total(lines) {}',
};

export const brokenSelection: ContextItem = {
  ...selection,
  id: 'item-2',
  path: 'packages/storefront/src/checkout/discounts/percentageDiscount.ts',
  lines: { first: 7, last: 7 },
  problems: [
    "Type 'string' is not assignable to type 'number'.",
    "'rate' is declared but its value is never read.",
  ],
};

export const file: ContextItem = {
  id: 'item-3',
  kind: 'file',
  uri: 'file:///shop/README.md',
  path: 'README.md',
  languageId: 'markdown',
  text: '# Shop',
};

export const question = 'What does this do with an empty cart?\nAnd what if a line has no price?';

export const answer = `For an **empty cart** it returns \`0\`: the loop never runs and \`sum\` keeps its start value.

A line **without a price** is the problem. \`line.price\` is \`undefined\` then, and

\`\`\`ts
sum += line.price * line.quantity; // NaN
\`\`\`

so every total after it is \`NaN\`. You can skip such lines, or refuse them where they are added:

\`\`\`ts title="src/cart.ts"
export function total(lines: readonly CartLine[]): number {
  let sum = 0;
  for (const line of lines) {
    if (line.price === undefined) throw new MissingPrice(line.id);
    sum += line.price * line.quantity;
  }
  return sum;
}
\`\`\`

1. **Refusing early** keeps the rest of the code simple.
2. Skipping hides the mistake from the customer, and from you.

| cart | now | then |
| --- | ---: | ---: |
| empty | 0 | 0 |
| one line, no price | NaN | error |

See [the documentation](https://example.com/cart) for how prices are loaded.
`;

export const reasoning =
  'The loop adds price times quantity. With no lines it is skipped, so the sum stays 0.\n\nNow the missing price...';

/** Code that is long and wide. */
export const longCode = `Here is the whole table:

\`\`\`ts
${Array.from({ length: 60 }, (_, index) => `export const rate${String(index)}: Readonly<Rate> = { id: ${String(index)}, country: 'Country number ${String(index)}', percent: ${String((index * 7) % 25)}, since: '2024-01-01', until: undefined };`).join('\n')}
\`\`\`

That is all.
`;

/** One change of each kind, and names that a server made up. */
export const repairs: readonly Repair[] = [
  { type: 'renamed', field: 'max_tokens', to: 'max_completion_tokens' },
  { type: 'dropped', field: 'temperature' },
  { type: 'roleChanged', from: 'developer', to: 'system' },
  { type: 'contentJoined' },
];
export const oddRepairs: readonly Repair[] = [
  { type: 'dropped', field: `stream_options.${'include_obfuscation_'.repeat(40)}` },
  { type: 'renamed', field: '<img src=x onerror=alert(1)>', to: 'safe\u202Egnp.exe\n' },
];

const anywhere = { origin: 'https://api.openai.com', model: 'gpt-5-mini' };

/** One failure of each kind, as the client makes them. */
export const failures: Readonly<Record<FailureKind, Failure>> = {
  noEndpoint: { kind: 'noEndpoint' },
  noModel: { kind: 'noModel' },
  noKey: { kind: 'noKey', ...anywhere },
  unauthorized: {
    kind: 'unauthorized',
    ...anywhere,
    status: 401,
    code: 'invalid_api_key',
    detail: 'Incorrect API key provided. You can find your API key in your account settings.',
  },
  forbidden: {
    kind: 'forbidden',
    ...anywhere,
    status: 403,
    detail: 'Project does not have access to this model.',
  },
  modelNotFound: {
    kind: 'modelNotFound',
    ...anywhere,
    status: 404,
    code: 'model_not_found',
    detail: 'The model `gpt-5-mini` does not exist or you do not have access to it.',
  },
  wrongPath: {
    kind: 'wrongPath',
    origin: 'http://localhost:11434',
    status: 404,
    detail: '404 page not found',
  },
  rateLimited: {
    kind: 'rateLimited',
    ...anywhere,
    status: 429,
    code: 'rate_limit_exceeded',
    detail: 'Rate limit reached for requests per minute.',
    retryAfterMs: 20_000,
  },
  quotaExceeded: { kind: 'quotaExceeded', ...anywhere, status: 429, code: 'insufficient_quota' },
  contextTooLong: {
    kind: 'contextTooLong',
    ...anywhere,
    status: 400,
    code: 'context_length_exceeded',
    param: 'messages',
    detail: "This model's maximum context length is 128000 tokens, but your messages have 131072.",
  },
  contentFiltered: { kind: 'contentFiltered', ...anywhere, status: 400, code: 'content_filter' },
  badRequest: {
    kind: 'badRequest',
    ...anywhere,
    status: 400,
    param: 'temperature',
    detail: "Unsupported value: 'temperature' does not support 0.2 with this model.",
  },
  serverError: {
    kind: 'serverError',
    ...anywhere,
    status: 503,
    detail: 'The engine is currently overloaded.',
  },
  cannotConnect: { kind: 'cannotConnect', origin: 'http://localhost:11434', code: 'ECONNREFUSED' },
  certificate: { kind: 'certificate', origin: 'https://llm.example.com', code: 'SELF_SIGNED_CERT_IN_CHAIN' },
  notAnApi: {
    kind: 'notAnApi',
    origin: 'https://example.com',
    status: 200,
    detail: '<!DOCTYPE html><title>Sign in</title>',
  },
  redirected: { kind: 'redirected', origin: 'https://example.com', status: 307 },
  cut: { kind: 'cut', ...anywhere, code: 'ECONNRESET' },
  stalled: { kind: 'stalled', ...anywhere },
  errorInStream: { kind: 'errorInStream', ...anywhere, detail: 'upstream provider failed' },
  tooLarge: { kind: 'tooLarge', ...anywhere },
  unexpected: { kind: 'unexpected', detail: "TypeError: Cannot read properties of undefined (reading 'id')" },
};
