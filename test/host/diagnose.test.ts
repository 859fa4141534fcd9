import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { CompletionError } from '../../src/core/completionError.ts';
import type { DiagnosisRequest } from '../../src/core/diagnosisRequest.ts';
import type { Endpoint } from '../../src/core/endpoint.ts';
import { createDiagnose, type Diagnose, type DiagnosePorts } from '../../src/features/diagnose/diagnose.ts';
import type { Failure } from '../../src/shared/failure.ts';
import { press } from './press.ts';

const accept = 'workbench.action.acceptSelectedQuickOpenItem';
const close = 'workbench.action.closeQuickOpen';
const primary = 'notification.acceptPrimaryAction';

const a: Endpoint = { id: 'a', name: 'A', baseUrl: 'https://a.example/v1' };
const b: Endpoint = { id: 'b', name: 'B', baseUrl: 'https://b.example/v1', models: ['first'] };

describe('testing and diagnosing a connection', () => {
  let diagnose: Diagnose;
  let endpoints: readonly Endpoint[];
  let model: string | undefined;
  let requests: DiagnosisRequest[];
  let shown: number;
  let failures: Failure[];
  let copied: string[];

  function create(more: Partial<DiagnosePorts> = {}): Diagnose {
    return createDiagnose({
      endpoints: () => endpoints,
      currentModel: () => model,
      parameters: () => ({}),
      keyFor: async () => 'CANARY-KEY',
      keySource: async () => 'stored',
      listModels: async () => [{}, {}],
      async *run(request) {
        requests.push(request);
        yield { name: 'settings', state: 'passed', found: 'There.', ms: 1 };
      },
      describeFailure: (failure) => {
        failures.push(failure);
        return `Failed: ${failure.kind}`;
      },
      addEndpoint: () => assert.fail('nothing is to be added'),
      show: async () => void (shown += 1),
      copyText: async (text) => void copied.push(text),
      reportFacts: () => ({ surroundings: ['Colloquy'] }),
      onChanged: () => undefined,
      onError: (error) => assert.fail(String(error)),
      ...more,
    });
  }

  beforeEach(() => {
    endpoints = [a, b];
    model = 'b/m';
    requests = [];
    shown = 0;
    failures = [];
    copied = [];
    diagnose = create();
  });

  afterEach(async () => {
    diagnose.dispose();
    await vscode.commands.executeCommand(close);
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  /** Ends when that many diagnoses have begun. */
  async function begun(count: number): Promise<void> {
    while (requests.length < count) await new Promise(setImmediate);
  }

  const what = () => requests.map(({ endpoint, modelId }) => `${endpoint.id} ${modelId ?? '-'}`);

  it('asks for the endpoint, with that of the chosen model first', async () => {
    await press(accept, diagnose.diagnoseConnection());
    await begun(1);
    assert.deepEqual(what(), ['b m']);
    assert.equal(shown, 1);
    assert.equal(diagnose.current()?.endpoint, 'B');
  });

  it('asks nothing where there is one, and starts nothing after Escape', async () => {
    await press(close, diagnose.diagnoseConnection());
    assert.deepEqual(what(), []);
    endpoints = [b];
    model = undefined;
    await diagnose.diagnoseConnection();
    await begun(1);
    assert.deepEqual(what(), ['b first']);
  });

  it('takes the endpoint of the reply that failed, and asks where that is gone', async () => {
    await diagnose.diagnoseConnection('a/other');
    await begun(1);
    await press(accept, diagnose.diagnoseConnection('gone/m'));
    await begun(2);
    assert.deepEqual(what(), ['a other', 'b first']);
  });

  it('runs again with the settings as they are then, and closes where the endpoint is gone', async () => {
    await diagnose.diagnoseConnection('a/other');
    await begun(1);
    model = 'a/better';
    await diagnose.again();
    await begun(2);
    assert.deepEqual(what(), ['a other', 'a better']);
    endpoints = [b];
    await diagnose.again();
    assert.equal(diagnose.current(), undefined);
  });

  it('copies a report that holds no key', async () => {
    await diagnose.copyReport();
    assert.deepEqual(copied, []);
    await diagnose.diagnoseConnection('a/other');
    await begun(1);
    while (diagnose.current()?.state === 'running') await new Promise(setImmediate);
    await diagnose.copyReport();
    assert.match(copied[0] ?? '', /\[ ok {2}\] Settings/);
    assert.ok(!copied.join('').includes('CANARY'));
  });

  it('tests quickly, and its message leads to the diagnosis', async () => {
    let keys: unknown[] = [];
    diagnose = create({
      listModels: async (endpoint, key) => {
        keys = [endpoint.id, key];
        return [];
      },
    });
    await diagnose.testConnection(a);
    assert.deepEqual(keys, ['a', 'CANARY-KEY']);
    await press(primary, begun(1));
    assert.deepEqual(what(), ['a -']);
    assert.deepEqual(failures, []);
  });

  it('says what failed, also before anything was sent', async () => {
    diagnose = create({ listModels: () => Promise.reject(new CompletionError({ kind: 'certificate' })) });
    await diagnose.testConnection(a);
    diagnose = create({ keyFor: () => Promise.reject(new CompletionError({ kind: 'noKey' })) });
    await diagnose.testConnection(a);
    assert.deepEqual(
      failures.map(({ kind }) => kind),
      ['certificate', 'noKey'],
    );
  });

  it('offers to add an endpoint where there is none', async () => {
    endpoints = [];
    let added = 0;
    diagnose = create({ addEndpoint: async () => (added += 1) });
    await press(primary, diagnose.testConnection());
    assert.equal(added, 1);
    await press('notifications.clearAll', diagnose.diagnoseConnection());
    assert.deepEqual(what(), []);
  });
});
