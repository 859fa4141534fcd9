import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { CompletionError } from '../../src/core/completionError.ts';
import type { Endpoint } from '../../src/core/endpoint.ts';
import { createConnect, type Connect } from '../../src/features/connect/connect.ts';
import { Permissions } from '../../src/platform/permissions.ts';
import { KeyStore } from '../../src/platform/secrets.ts';
import { Settings } from '../../src/platform/settings.ts';
import { clearSecrets, companionContext } from './companionContext.ts';
import { ScriptedPrompts, type Deed } from './scriptedPrompts.ts';

interface Request {
  readonly endpoint: Endpoint;
  readonly key: string | undefined;
  readonly signal: AbortSignal;
}

describe('adding an endpoint', () => {
  let context: vscode.ExtensionContext;
  let settings: Settings;
  let connect: Connect | undefined;
  let prompts: ScriptedPrompts;
  let requests: Request[];
  let answers: (readonly string[] | CompletionError)[];
  let questions: string[];
  let agrees: boolean;
  const environment = new Map<string, string>();

  before(async () => {
    context = await companionContext();
  });

  beforeEach(async () => {
    settings = new Settings();
    requests = [];
    answers = [];
    questions = [];
    agrees = true;
    environment.clear();
    await reset();
  });

  afterEach(async () => {
    connect?.dispose();
    settings.dispose();
    await reset();
  });

  async function reset(): Promise<void> {
    await clearSecrets(context.secrets);
    await settings.changeEndpoints(() => []);
    await settings.changeModel(undefined);
  }

  /** Runs `addEndpoint` with someone who does these things, all of them. */
  async function add(...deeds: readonly Deed[]): Promise<boolean> {
    prompts = new ScriptedPrompts(deeds);
    connect?.dispose();
    connect = createConnect({
      settings,
      secrets: context.secrets,
      state: context.globalState,
      prompts,
      testConnection: () => assert.fail('nothing is tested here'),
      listModels: async (endpoint, key, signal) => {
        requests.push({ endpoint, key, signal });
        const answer = answers.shift() ?? [];
        if (answer instanceof CompletionError) throw answer;
        return answer.map((id) => ({ id }));
      },
      confirm: async ({ message }) => {
        questions.push(message);
        return agrees;
      },
      readVariable: (name) => environment.get(name),
    });
    const isAdded = await connect.addEndpoint();
    assert.deepEqual(prompts.left, []);
    return isAdded;
  }

  async function nothingIsLeft(): Promise<void> {
    assert.deepEqual(await context.secrets.keys(), []);
    assert.deepEqual(settings.endpoints, []);
    assert.equal(settings.model, undefined);
  }

  const keyOf = (id: string, origin: string) => new KeyStore(context.secrets).read(id, origin);

  it('takes four steps: server, URL, key, model', async () => {
    answers = [['text-embedding-3-small', 'gpt-5', 'gpt-5-mini']];
    assert.equal(
      await add(
        { choose: 'OpenAI' },
        { enter: true },
        { type: ' sk-CANARY \n' },
        { wait: true },
        { choose: 'gpt-5' },
      ),
      true,
    );
    assert.deepEqual(
      prompts.asked.map(({ step, password }) => `${step}${password ? ' secret' : ''}`),
      ['1/4', '2/4', '3/4 secret', '4/4', '4/4'],
    );
    assert.deepEqual(prompts.asked.at(-1)?.labels, ['gpt-5', 'gpt-5-mini', 'text-embedding-3-small']);
    assert.deepEqual(
      requests.map(({ endpoint, key }) => [endpoint.baseUrl, key]),
      [['https://api.openai.com/v1', 'sk-CANARY']],
    );
    assert.deepEqual(
      settings.endpoints.map(({ id, name, baseUrl }) => [id, name, baseUrl]),
      [['openai', 'OpenAI', 'https://api.openai.com/v1']],
    );
    assert.equal(settings.model, 'openai/gpt-5');
    assert.deepEqual(await keyOf('openai', 'https://api.openai.com'), { type: 'key', key: 'sk-CANARY' });
    assert.deepEqual(questions, []);
    assert.ok(!JSON.stringify(prompts.asked).includes('CANARY'), 'the key is nowhere but in its own box');
    assert.ok(!JSON.stringify(vscode.workspace.getConfiguration('colloquy')).includes('CANARY'));
  });

  it('leaves nothing behind after Escape, at every step', async () => {
    environment.set('MY_KEY', 'CANARY');
    const all: readonly Deed[] = [
      { choose: 'Ollama' },
      { type: 'http://192.168.1.5:11434' },
      { button: 'variable' },
      { type: 'MY_KEY' },
      { wait: true },
    ];
    for (let steps = 0; steps <= all.length; steps++) {
      answers = [['llama']];
      assert.equal(await add(...all.slice(0, steps), { escape: true }), false);
      await nothingIsLeft();
    }
    assert.deepEqual(questions.filter((question) => question.includes('without encryption')).length, 4);
  });

  it('keeps what was typed on the way back and forth', async () => {
    answers = [['m'], ['m']];
    await add(
      { choose: 'LiteLLM' },
      { type: 'https://proxy.example/v1' },
      { back: true, typed: 'sk-half' },
      { enter: true },
      { enter: true },
      { wait: true },
      { back: true, typed: 'unfinished' },
      { enter: true },
      { wait: true },
      { escape: true },
    );
    const values = prompts.asked.map(({ value }) => value);
    assert.deepEqual(values, [
      '',
      'http://localhost:4000/v1',
      '',
      'https://proxy.example/v1',
      'sk-half',
      '',
      '',
      'sk-half',
      '',
      'unfinished',
    ]);
  });

  it('asks for the key again when the URL was changed to another origin, and finds it again on the way back', async () => {
    const refused = new CompletionError({ kind: 'unauthorized', origin: 'https://a.example' });
    answers = [refused, refused, ['m']];
    await add(
      { choose: 'Another compatible server' },
      { type: 'https://a.example/v1' },
      { type: 'CANARY-A' },
      { wait: true },
      { choose: 'Change URL' },
      { type: 'https://b.example/v1' },
      { back: true },
      { type: 'https://a.example/v2' },
      { enter: true },
      { wait: true },
      { choose: 'Change URL' },
      { type: 'https://b.example/v1' },
      { enter: true },
      { wait: true },
      { choose: 'm' },
    );
    assert.deepEqual(
      requests.map(({ endpoint, key }) => [endpoint.baseUrl, key]),
      [
        ['https://a.example/v1', 'CANARY-A'],
        ['https://a.example/v2', 'CANARY-A'],
        ['https://b.example/v1', undefined],
      ],
    );
    assert.deepEqual(await new KeyStore(context.secrets).list(), []);
  });

  it('says what went wrong and lets the user try again, change the key, or save anyway', async () => {
    const failure = new CompletionError({
      kind: 'unauthorized',
      origin: 'https://api.groq.com',
      detail: 'Invalid API Key',
    });
    answers = [
      new CompletionError({ kind: 'cannotConnect', origin: 'https://api.groq.com' }),
      failure,
      failure,
    ];
    assert.equal(
      await add(
        { choose: 'Groq' },
        { enter: true },
        { type: 'CANARY-1' },
        { wait: true },
        { choose: 'Try again' },
        { wait: true },
        { choose: 'Change key' },
        { type: 'CANARY-2' },
        { wait: true },
        { choose: 'Save anyway' },
        { type: 'llama-9' },
      ),
      true,
    );
    assert.deepEqual(
      requests.map(({ key }) => key),
      ['CANARY-1', 'CANARY-1', 'CANARY-2'],
    );
    assert.match(prompts.asked[4]?.words ?? '', /Cannot connect to https:\/\/api\.groq\.com/);
    assert.match(prompts.asked[6]?.words ?? '', /refused/);
    assert.equal(settings.model, 'groq/llama-9');
  });

  it('gives the request up when the user cancels it', async () => {
    await add({ choose: 'xAI' }, { enter: true }, { type: 'CANARY' }, { cancelWait: true }, { escape: true });
    assert.equal(requests[0]?.signal.aborted, true);
    assert.equal(prompts.asked.at(-1)?.value, 'CANARY', 'back at the key, which is still there');
    await nothingIsLeft();
  });

  it('asks once before it connects without encryption, and remembers that with the endpoint only', async () => {
    answers = [['llama'], ['llama']];
    agrees = false;
    assert.equal(await add({ choose: 'Ollama' }, { enter: true }, { escape: true }), false);
    assert.equal(prompts.asked.length, 3, 'after No the URL is asked for again');
    agrees = true;
    const deeds: readonly Deed[] = [
      { choose: 'Ollama' },
      { enter: true },
      { enter: true },
      { wait: true },
      { choose: 'llama' },
    ];
    assert.equal(await add(...deeds), true);
    assert.equal(await add(...deeds), true);
    assert.deepEqual(
      questions,
      Array.from({ length: 2 }, () => 'Connect to http://localhost:11434 without encryption?'),
    );
    assert.deepEqual(
      settings.endpoints.map(({ id, name }) => [id, name]),
      [
        ['ollama', 'Ollama'],
        ['ollama-2', 'Ollama 2'],
      ],
    );
    assert.ok(
      await new Permissions(context.secrets).isGranted({
        type: 'plainHttp',
        origin: 'http://localhost:11434',
      }),
    );
  });

  it('takes a model by hand where the server has no list, or none at all', async () => {
    answers = [[], []];
    await add({ choose: 'vLLM' }, { enter: true }, { enter: true }, { wait: true }, { type: 'my/model' });
    assert.equal(settings.model, 'vllm/my/model');
    await add({ choose: 'llama.cpp' }, { enter: true }, { enter: true }, { wait: true }, { type: '' });
    assert.equal(settings.model, 'vllm/my/model', 'the default stays');
    assert.equal(settings.endpoints.length, 2);
  });

  it('takes an id that the list does not have', async () => {
    answers = [['a', 'b']];
    await add(
      { choose: 'OpenRouter' },
      { enter: true },
      { type: 'CANARY' },
      { wait: true },
      { type: 'vendor/new' },
    );
    assert.equal(settings.model, 'openrouter/vendor/new');
  });

  it('understands a pasted Azure address', async () => {
    answers = [['gpt-4o']];
    const address =
      'https://mine.openai.azure.com/openai/deployments/prod/chat/completions?api-version=2025-01-01-preview';
    await add(
      { choose: 'Azure OpenAI' },
      { choose: 'Deployment path' },
      { type: address },
      { enter: true },
      { type: 'CANARY' },
      { wait: true },
      { type: 'prod' },
    );
    assert.equal(prompts.asked[3]?.value, '2025-01-01-preview');
    assert.equal(prompts.asked.at(-1)?.value, 'prod');
    assert.deepEqual(
      prompts.asked.map(({ step }) => step),
      ['1/4', '2/5', '3/6', '4/6', '5/6', '6/6', '6/6'],
    );
    const [endpoint] = settings.endpoints;
    assert.equal(endpoint?.baseUrl, 'https://mine.openai.azure.com/openai');
    assert.deepEqual(endpoint?.query, { 'api-version': '2025-01-01-preview' });
    assert.equal(settings.model, 'azure-openai/prod');
  });

  it('takes the key from an environment variable, and stores its name only', async () => {
    environment.set('GROQ_API_KEY', 'CANARY');
    answers = [['m']];
    await add(
      { choose: 'Groq' },
      { enter: true },
      { button: 'variable' },
      { type: 'GROQ_API_KEY' },
      { wait: true },
      { choose: 'm' },
    );
    assert.deepEqual(questions, ['Use the key in $GROQ_API_KEY for https://api.groq.com?']);
    assert.equal(requests[0]?.key, 'CANARY');
    const [endpoint] = settings.endpoints;
    assert.equal(endpoint?.apiKeyEnv, 'GROQ_API_KEY');
    for (const key of await context.secrets.keys()) {
      assert.ok(!(await context.secrets.get(key))?.includes('CANARY'));
    }
    assert.ok(endpoint && (await connect?.keyFor(endpoint)) === 'CANARY');
    assert.equal(questions.length, 1, 'it was allowed already');
  });

  it('does not give a new endpoint the key of a deleted one with the same id', async () => {
    await new KeyStore(context.secrets).store('ollama', 'https://gateway.example', 'CANARY-OLD');
    answers = [['m']];
    await add(
      { choose: 'Ollama' },
      { type: 'https://gateway.example/v1' },
      { enter: true },
      { wait: true },
      { choose: 'm' },
    );
    assert.equal(requests[0]?.key, undefined);
    assert.equal(settings.endpoints[0]?.id, 'ollama');
    assert.deepEqual(await keyOf('ollama', 'https://gateway.example'), { type: 'none' });
  });
});
