import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dialectIds, type DialectId } from '../../src/core/endpoint.ts';
import { dialectFor } from '../../src/core/dialects.ts';
import { readEntries } from '../../src/core/endpointEntries.ts';
import {
  emptyForm,
  endpointOf,
  enterKey,
  formKey,
  formUrl,
  keyRequired,
  modelText,
  neededParameter,
  nextStep,
  placeholderIn,
  presets,
  previousStep,
  queryText,
  stepsOf,
  suggestedName,
  typeQuery,
  typeUrl,
  urlText,
  type Form,
} from '../../src/features/connect/addEndpointForm.ts';

const formFor = (dialect: DialectId, url?: string): Form => {
  const form = { ...emptyForm, dialect };
  return url === undefined ? form : typeUrl(form, url);
};

test('every kind of server of the table is offered once, Azure with one entry for its two paths', () => {
  const { hosted, local } = presets();
  const offered = [...hosted, ...local].map(({ id }) => id);
  assert.equal(new Set(offered).size, offered.length);
  const missing = dialectIds.filter((id) => !offered.includes(id));
  assert.deepEqual(missing, ['azureDeployment', 'generic']);
  assert.ok(local.every(({ key }) => key === 'optional'));
});

test('a preset whose URL is complete works with Enter alone', () => {
  for (const { id, placeholder } of [...presets().hosted, ...presets().local]) {
    const form = formFor(id);
    assert.equal(placeholderIn(form, urlText(form)), placeholder);
    if (placeholder !== undefined) continue;
    const endpoint = endpointOf(form, 'x', suggestedName(form));
    assert.ok(endpoint !== undefined, id);
    assert.equal(dialectFor(endpoint).id, id);
    assert.equal(endpoint.dialect, undefined, 'what the URL tells is not stored');
    assert.equal(keyRequired(form), !['ollama', 'lmstudio', 'llamacpp', 'vllm', 'litellm'].includes(id), id);
  }
});

test('the steps follow the kind of server', () => {
  assert.deepEqual(stepsOf(emptyForm), ['preset', 'url', 'key', 'model']);
  assert.deepEqual(stepsOf(formFor('ollama')), ['preset', 'url', 'key', 'model']);
  assert.deepEqual(stepsOf(formFor('azure')), ['preset', 'generation', 'url', 'key', 'model']);
  assert.deepEqual(stepsOf(formFor('azureDeployment')), [
    'preset',
    'generation',
    'url',
    'query',
    'key',
    'model',
  ]);
});

test('going back undoes going forward, at every step of every kind of server', () => {
  for (const dialect of dialectIds) {
    const form = formFor(dialect);
    const steps = stepsOf(form);
    for (const step of steps.slice(0, -1)) assert.equal(previousStep(form, nextStep(form, step)), step);
    assert.equal(previousStep(form, 'preset'), 'preset');
    assert.equal(nextStep(form, 'model'), 'model');
  }
});

test('each kind of server keeps its own URL while the user goes back and forth', () => {
  let form = formFor('openai', 'https://gateway.example/v1');
  form = typeUrl({ ...form, dialect: 'ollama' }, 'http://gpu-box:11434/v1');
  assert.equal(urlText({ ...form, dialect: 'openai' }), 'https://gateway.example/v1');
  assert.equal(urlText(form), 'http://gpu-box:11434/v1');
  assert.equal(urlText({ ...form, dialect: 'groq' }), 'https://api.groq.com/openai/v1');
});

test('a key that was typed for one origin never turns up for another, and comes back with its own', () => {
  const origins = fc.constantFrom(
    'https://a.example',
    'https://b.example',
    'https://a.example:8443',
    'http://localhost:1',
  );
  const action = fc.oneof(
    fc.record({
      type: fc.constant('url' as const),
      origin: origins,
      path: fc.constantFrom('', '/v1', '/x/y'),
    }),
    fc.record({ type: fc.constant('key' as const) }),
    fc.record({ type: fc.constant('noKey' as const) }),
    fc.record({
      type: fc.constant('dialect' as const),
      dialect: fc.constantFrom<DialectId>('generic', 'openai'),
    }),
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 20 }), (actions) => {
      let form = formFor('generic', 'https://a.example/v1');
      const typedFor = new Map<string, string>();
      for (const [index, step] of actions.entries()) {
        const origin = formUrl(form)?.origin ?? assert.fail();
        switch (step.type) {
          case 'url':
            form = typeUrl(form, step.origin + step.path);
            break;
          case 'dialect':
            form = { ...form, dialect: step.dialect };
            break;
          case 'key':
            form = enterKey(form, { type: 'typed', text: `key-${index}` });
            typedFor.set(origin, `key-${index}`);
            break;
          case 'noKey':
            form = enterKey(form, undefined);
            typedFor.delete(origin);
        }
        const now = formUrl(form)?.origin ?? assert.fail();
        const key = formKey(form);
        assert.equal(key?.type === 'typed' ? key.text : undefined, typedFor.get(now));
      }
    }),
  );
});

test('an address without a path gets the path that this kind of server has', () => {
  assert.equal(formUrl(formFor('ollama', 'http://localhost:11434'))?.href, 'http://localhost:11434/v1');
  assert.equal(formUrl(formFor('lmstudio', 'http://localhost:1234/'))?.href, 'http://localhost:1234/v1');
  assert.equal(
    formUrl(formFor('azure', 'https://r.openai.azure.com'))?.href,
    'https://r.openai.azure.com/openai/v1',
  );
  assert.equal(formUrl(formFor('ollama', 'http://localhost:11434/api'))?.href, 'http://localhost:11434/api');
  assert.equal(formUrl(formFor('generic', 'https://a.example'))?.href, 'https://a.example');
});

test('a pasted Azure address gives version and deployment to the steps that ask for them', () => {
  const form = formFor(
    'azureDeployment',
    'https://r.openai.azure.com/openai/deployments/my-gpt/chat/completions?api-version=2025-01-01-preview',
  );
  assert.equal(neededParameter(form), 'api-version');
  assert.equal(queryText(form), '2025-01-01-preview');
  assert.equal(modelText(form), 'my-gpt');
  assert.equal(modelText({ ...form, model: 'other' }), 'other');
  const typed = typeQuery(form, '2024-10-21');
  assert.deepEqual(endpointOf(typed, 'az', 'Azure'), {
    id: 'az',
    name: 'Azure',
    baseUrl: 'https://r.openai.azure.com/openai',
    query: { 'api-version': '2024-10-21' },
  });
  assert.equal(queryText(formFor('azureDeployment')), '2024-10-21');
});

test('a gateway in front of a service may do without a key, the service itself may not', () => {
  assert.equal(keyRequired(formFor('openai')), true);
  assert.equal(keyRequired(formFor('openai', 'https://gateway.example/v1')), false);
  assert.equal(keyRequired(formFor('azure', 'https://mine.openai.azure.com/openai/v1')), true);
  assert.equal(keyRequired(formFor('generic', 'https://a.example/v1')), false);
});

test('the endpoint holds the dialect only where the URL does not tell it, and never a typed key', () => {
  const gateway = enterKey(formFor('mistral', 'https://gateway.example/v1?team=a%20b'), {
    type: 'typed',
    text: 'CANARY-KEY',
  });
  const endpoint = endpointOf(gateway, 'm', 'Mistral');
  assert.deepEqual(endpoint, {
    id: 'm',
    name: 'Mistral',
    baseUrl: 'https://gateway.example/v1',
    dialect: 'mistral',
    query: { team: 'a b' },
  });
  const variable = endpointOf(enterKey(gateway, { type: 'variable', name: 'MISTRAL_KEY' }), 'm', 'M');
  assert.equal(variable?.apiKeyEnv, 'MISTRAL_KEY');
  assert.equal(endpointOf(formFor('generic', 'https://api.openai.com/v1'), 'o', 'O')?.dialect, undefined);
});

test('what the form makes is an entry that the settings accept', () => {
  const hosts = fc.constantFrom(
    'a.example',
    'localhost:1234',
    'r.openai.azure.com',
    '10.0.0.1',
    'api.openai.com',
  );
  const paths = fc.constantFrom('', '/', '/v1', '/openai/deployments/d', '/v1/chat/completions?x=1&y=%26');
  fc.assert(
    fc.property(
      fc.constantFrom(...dialectIds),
      fc.constantFrom('http', 'https'),
      hosts,
      paths,
      (dialect, scheme, host, path) => {
        const endpoint = endpointOf(formFor(dialect, `${scheme}://${host}${path}`), 'id', 'Name');
        if (endpoint === undefined) return;
        const read = readEntries([JSON.parse(JSON.stringify(endpoint))]);
        assert.deepEqual(read.problems, []);
        assert.deepEqual(JSON.parse(JSON.stringify(read.endpoints[0])), JSON.parse(JSON.stringify(endpoint)));
      },
    ),
  );
});

test('any other server is named after its host', () => {
  assert.equal(suggestedName(formFor('generic', 'https://llm.corp.example:8443/v1')), 'llm.corp.example');
  assert.equal(suggestedName(formFor('azureDeployment')), 'Azure OpenAI');
});
