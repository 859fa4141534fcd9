import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { CompletionError } from '../../src/core/completionError.ts';
import type { Endpoint } from '../../src/core/endpoint.ts';
import { EndpointKeys } from '../../src/features/connect/endpointKeys.ts';
import { Permissions } from '../../src/platform/permissions.ts';
import { KeyStore } from '../../src/platform/secrets.ts';
import { clearSecrets, companionContext } from './companionContext.ts';

const endpoint: Endpoint = { id: 'work', name: 'Work', baseUrl: 'https://a.example/v1' };

describe('keys in SecretStorage', () => {
  let secrets: vscode.SecretStorage;
  let keys: KeyStore;

  before(async () => {
    ({ secrets } = await companionContext());
    keys = new KeyStore(secrets);
  });

  beforeEach(() => clearSecrets(secrets));
  after(() => clearSecrets(secrets));

  it('gives a key out for the origin it was entered for, also to a store that was made later', async () => {
    await keys.store('work', 'https://a.example', 'CANARY-1');
    const later = new KeyStore((await companionContext()).secrets);
    assert.deepEqual(await later.read('work', 'https://a.example'), { type: 'key', key: 'CANARY-1' });
  });

  it('refuses a key to any other scheme, host or port', async () => {
    await keys.store('work', 'https://a.example', 'CANARY-1');
    for (const origin of ['http://a.example', 'https://a.example:444', 'https://b.example']) {
      assert.deepEqual(await keys.read('work', origin), { type: 'otherOrigin', origin: 'https://a.example' });
    }
  });

  it('tells that a key changed, and lists keys without giving them out', async () => {
    const told = new Promise<string>((resolve) => {
      const listener = keys.onDidChange((id) => {
        listener.dispose();
        resolve(id);
      });
    });
    await keys.store('work', 'https://a.example', 'CANARY-1');
    assert.equal(await told, 'work');
    assert.deepEqual(await keys.list(), [{ endpoint: 'work', origin: 'https://a.example' }]);
    await keys.remove('work');
    assert.deepEqual(await keys.list(), []);
  });

  describe('for an endpoint', () => {
    const environment = new Map<string, string>();
    const questions: string[] = [];
    let answer = true;
    let endpointKeys: EndpointKeys;

    beforeEach(() => {
      environment.clear();
      questions.length = 0;
      answer = true;
      endpointKeys = new EndpointKeys({
        keys,
        permissions: new Permissions(secrets),
        readVariable: (name) => environment.get(name),
        confirm: async ({ message, detail }) => {
          questions.push(`${message} ${detail}`);
          return answer;
        },
      });
    });

    it('are those of its origin; a moved endpoint gets none and says why', async () => {
      await keys.store('work', 'https://a.example', 'CANARY-1');
      assert.equal(await endpointKeys.keyFor(endpoint), 'CANARY-1');
      assert.equal(
        await endpointKeys.keyFor({ ...endpoint, baseUrl: 'https://a.example/other' }),
        'CANARY-1',
      );
      for (const baseUrl of ['https://evil.example/v1', 'http://a.example/v1', 'https://a.example:8443/v1']) {
        await assert.rejects(endpointKeys.keyFor({ ...endpoint, baseUrl }), (error: unknown) => {
          assert.ok(error instanceof CompletionError);
          assert.equal(error.failure.kind, 'noKey');
          assert.match(error.failure.detail ?? '', /https:\/\/a\.example/);
          assert.ok(!JSON.stringify(error.failure).includes('CANARY'));
          return true;
        });
      }
    });

    it('come from an environment variable once that was allowed for the origin', async () => {
      const withVariable = { ...endpoint, apiKeyEnv: 'WORK_KEY' };
      environment.set('WORK_KEY', ' CANARY-2\n');
      assert.equal(await endpointKeys.keyFor(withVariable), 'CANARY-2');
      assert.equal(await endpointKeys.keyFor(withVariable), 'CANARY-2');
      assert.equal(questions.length, 1);
      assert.match(questions[0] ?? '', /\$WORK_KEY for https:\/\/a\.example/);
      assert.ok(!questions.join().includes('CANARY'));
      assert.equal(await endpointKeys.keyFor({ ...withVariable, baseUrl: 'https://b.example' }), 'CANARY-2');
      assert.equal(questions.length, 2, 'another origin is another question');
      assert.deepEqual(endpointKeys.givenOut, ['CANARY-2']);
    });

    it('are not taken from a variable in the background, nor after No', async () => {
      const withVariable = { ...endpoint, apiKeyEnv: 'WORK_KEY' };
      environment.set('WORK_KEY', 'CANARY-2');
      assert.deepEqual(await endpointKeys.find(withVariable, false), {
        type: 'variableNotAllowed',
        name: 'WORK_KEY',
      });
      assert.equal(questions.length, 0);
      answer = false;
      assert.equal((await endpointKeys.find(withVariable, true)).type, 'variableNotAllowed');
      answer = true;
      assert.equal((await endpointKeys.find(withVariable, true)).type, 'key', 'No is not for ever');
    });

    it('ask one question for two requests at the same time', async () => {
      environment.set('WORK_KEY', 'CANARY-2');
      const withVariable = { ...endpoint, apiKeyEnv: 'WORK_KEY' };
      const found = await Promise.all([endpointKeys.keyFor(withVariable), endpointKeys.keyFor(withVariable)]);
      assert.deepEqual(found, ['CANARY-2', 'CANARY-2']);
      assert.equal(questions.length, 1);
    });

    it('say what is wrong with a variable without repeating its value', async () => {
      const withVariable = { ...endpoint, apiKeyEnv: 'WORK_KEY' };
      assert.equal((await endpointKeys.find(withVariable, true)).type, 'variableMissing');
      environment.set('WORK_KEY', 'CANARY\u043A');
      const found = await endpointKeys.find(withVariable, true);
      assert.deepEqual(found, { type: 'variableUnusable', name: 'WORK_KEY' });
      await assert.rejects(
        endpointKeys.keyFor(withVariable),
        (error: Error) => !error.message.includes('CANARY'),
      );
      assert.equal(questions.length, 0);
    });

    it('prefer the stored key to the variable, and none is no error', async () => {
      environment.set('WORK_KEY', 'CANARY-2');
      await keys.store('work', 'https://a.example', 'CANARY-1');
      assert.equal(await endpointKeys.keyFor({ ...endpoint, apiKeyEnv: 'WORK_KEY' }), 'CANARY-1');
      await keys.remove('work');
      assert.equal(await endpointKeys.keyFor(endpoint), undefined);
    });
  });
});
