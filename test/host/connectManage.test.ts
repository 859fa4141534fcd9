import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Endpoint } from '../../src/core/endpoint.ts';
import { removeApiKey, setApiKey, type ApiKeyPorts } from '../../src/features/connect/apiKeys.ts';
import { carryOut, type Action } from '../../src/features/connect/endpointActions.ts';
import { Permissions } from '../../src/platform/permissions.ts';
import { KeyStore } from '../../src/platform/secrets.ts';
import { Settings } from '../../src/platform/settings.ts';
import { clearSecrets, companionContext } from './companionContext.ts';
import { ScriptedPrompts, type Deed } from './scriptedPrompts.ts';

describe('managing endpoints', () => {
  let secrets: vscode.SecretStorage;
  let settings: Settings;
  let keys: KeyStore;
  let prompts: ScriptedPrompts;
  let questions: string[];
  let said: string[];
  let agrees: boolean;
  let tested: string[];
  const environment = new Map<string, string>();

  before(async () => {
    ({ secrets } = await companionContext());
    keys = new KeyStore(secrets);
  });

  beforeEach(async () => {
    settings = new Settings();
    questions = [];
    said = [];
    agrees = true;
    tested = [];
    environment.clear();
    await clearSecrets(secrets);
    await settings.changeEndpoints(() => [
      { id: 'a', name: 'A', baseUrl: 'https://a.example/v1', query: { x: '1' }, unknownField: 1 },
      { id: 'broken', baseUrl: 'nonsense' },
      { id: 'b', name: 'B', baseUrl: 'http://localhost:1/v1' },
    ]);
    await settings.changeModel('a/m');
    await keys.store('a', 'https://a.example', 'CANARY-A');
  });

  afterEach(async () => {
    await settings.changeEndpoints(() => []);
    await settings.changeModel(undefined);
    await clearSecrets(secrets);
    settings.dispose();
  });

  function portsWith(deeds: readonly Deed[]): ApiKeyPorts & { readonly settings: Settings } {
    prompts = new ScriptedPrompts(deeds);
    return {
      prompts,
      settings,
      keys,
      permissions: new Permissions(secrets),
      confirm: async ({ message }) => {
        questions.push(message);
        return agrees;
      },
      readVariable: (name) => environment.get(name),
      openExternal: () => assert.fail('nothing is to be opened'),
      say: (message) => said.push(message),
    };
  }

  async function act(action: Action, id: string, ...deeds: readonly Deed[]): Promise<void> {
    const ports = portsWith(deeds);
    const endpoint = settings.endpoint(id);
    assert.ok(endpoint);
    await carryOut(action, endpoint, {
      ...ports,
      setApiKey: (which) => setApiKey(which, ports),
      testConnection: async (which) => void tested.push(which.id),
    });
    assert.deepEqual(prompts.left, []);
  }

  const raw = () =>
    vscode.workspace.getConfiguration('colloquy').inspect<Endpoint[]>('endpoints')?.globalValue ?? [];
  const order = () => raw().map(({ id }) => id);

  it('tests the connection of the endpoint that was chosen', async () => {
    await act('test', 'b');
    assert.deepEqual(tested, ['b']);
  });

  it('renames an endpoint and leaves everything else in the file as it was', async () => {
    await act('rename', 'a', { type: ' New name ' });
    assert.deepEqual(raw()[0], {
      id: 'a',
      name: 'New name',
      baseUrl: 'https://a.example/v1',
      query: { x: '1' },
      unknownField: 1,
    });
    assert.deepEqual(raw()[1], { id: 'broken', baseUrl: 'nonsense' });
  });

  it('moves an endpoint past a broken one, and back', async () => {
    await act('moveDown', 'a');
    assert.deepEqual(order(), ['b', 'broken', 'a']);
    await act('moveUp', 'a');
    assert.deepEqual(order(), ['a', 'broken', 'b']);
  });

  it('duplicates an endpoint with its key, which is for the same address', async () => {
    await act('duplicate', 'a');
    assert.deepEqual(order(), ['a', 'a-2', 'broken', 'b']);
    assert.equal(settings.endpoint('a-2')?.name, 'A 2');
    assert.deepEqual(await keys.read('a-2', 'https://a.example'), { type: 'key', key: 'CANARY-A' });
  });

  it('deletes an endpoint with its key and as the default, after a question', async () => {
    agrees = false;
    await act('delete', 'a');
    assert.deepEqual(order(), ['a', 'broken', 'b']);
    agrees = true;
    await act('delete', 'a');
    assert.deepEqual(order(), ['broken', 'b']);
    assert.deepEqual(await keys.list(), []);
    assert.equal(settings.model, undefined);
    assert.equal(questions.length, 2);
  });

  it('keeps the key when only the path changes', async () => {
    await act('changeUrl', 'a', { type: 'https://a.example/v2?x=2' });
    assert.equal(prompts.asked[0]?.value, 'https://a.example/v1?x=1');
    assert.equal(settings.endpoint('a')?.baseUrl, 'https://a.example/v2');
    assert.deepEqual(settings.endpoint('a')?.query, { x: '2' });
    assert.equal((await keys.read('a', 'https://a.example')).type, 'key');
  });

  it('asks for the key again for another origin, and the old one is gone', async () => {
    await act('changeUrl', 'a', { type: 'https://c.example/v1' }, { type: 'CANARY-C' });
    assert.equal(prompts.asked[1]?.value, '', 'the old key is not offered');
    assert.deepEqual(await keys.read('a', 'https://c.example'), { type: 'key', key: 'CANARY-C' });
    assert.equal((await keys.read('a', 'https://a.example')).type, 'otherOrigin');
    await act('changeUrl', 'a', { type: 'https://d.example/v1' }, { type: '' });
    assert.deepEqual(await keys.list(), []);
  });

  it('changes nothing when the user leaves before the new key', async () => {
    await act('changeUrl', 'a', { type: 'http://10.0.0.1/v1' }, { type: 'CANARY-X' });
    assert.deepEqual(questions, ['Connect to http://10.0.0.1 without encryption?']);
    await act('changeUrl', 'a', { type: 'https://c.example/v1' }, { escape: true });
    await act(
      'changeUrl',
      'a',
      { type: 'https://c.example/v1' },
      { back: true, typed: 'CANARY-C' },
      { back: true },
    );
    assert.equal(settings.endpoint('a')?.baseUrl, 'http://10.0.0.1/v1');
    assert.deepEqual(await keys.read('a', 'http://10.0.0.1'), { type: 'key', key: 'CANARY-X' });
  });

  it('does not carry a half-typed key over to a third origin', async () => {
    await act(
      'changeUrl',
      'a',
      { type: 'https://c.example/v1' },
      { back: true, typed: 'CANARY-C' },
      { type: 'https://d.example/v1' },
      { back: true },
      { type: 'https://c.example/v2' },
      { escape: true },
    );
    assert.deepEqual(
      prompts.asked.filter(({ password }) => password).map(({ value }) => value),
      ['', '', 'CANARY-C'],
    );
  });

  it('sets a key for an endpoint, after a question where it would travel unencrypted', async () => {
    assert.equal(await setApiKey('b', portsWith([{ type: 'CANARY-B' }])), true);
    assert.deepEqual(questions, ['Connect to http://localhost:1 without encryption?']);
    assert.deepEqual(await keys.read('b', 'http://localhost:1'), { type: 'key', key: 'CANARY-B' });
    agrees = false;
    await new Permissions(secrets).revoke({ type: 'plainHttp', origin: 'http://localhost:1' });
    assert.equal(await setApiKey('b', portsWith([])), false);
    assert.ok(!said.join().includes('CANARY'));
  });

  it('lets the user choose the endpoint when none or a wrong one is named', async () => {
    assert.equal(await setApiKey('gone', portsWith([{ choose: 'A' }, { type: 'CANARY-2' }])), true);
    assert.deepEqual(await keys.read('a', 'https://a.example'), { type: 'key', key: 'CANARY-2' });
    assert.equal(await setApiKey(undefined, portsWith([{ choose: 'B' }, { escape: true }])), false);
  });

  it('replaces a stored key by a variable', async () => {
    environment.set('A_KEY', 'CANARY-V');
    assert.equal(await setApiKey('a', portsWith([{ button: 'variable' }, { type: 'A_KEY' }])), true);
    assert.equal(settings.endpoint('a')?.apiKeyEnv, 'A_KEY');
    assert.deepEqual(await keys.list(), []);
  });

  it('removes a key, also one whose endpoint is gone, after a question', async () => {
    await keys.store('gone', 'https://gone.example', 'CANARY-G');
    assert.equal(await removeApiKey(portsWith([{ choose: 'gone' }])), true);
    assert.deepEqual(await keys.list(), [{ endpoint: 'a', origin: 'https://a.example' }]);
    agrees = false;
    assert.equal(await removeApiKey(portsWith([{ choose: 'A' }])), false);
    agrees = true;
    assert.equal(await removeApiKey(portsWith([{ choose: 'A' }])), true);
    assert.equal(await removeApiKey(portsWith([])), false);
    assert.deepEqual(said, ['No key is stored.']);
  });
});
