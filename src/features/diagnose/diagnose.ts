import * as vscode from 'vscode';
import type { Endpoint } from '../../core/endpoint.ts';
import { splitModelRef } from '../../core/modelRef.ts';
import type { Diagnosis } from '../../shared/diagnosis.ts';
import type { ModelRef } from '../../shared/conversation.ts';
import { chooseEndpoint, inOrder, modelFor } from './chooseEndpoint.ts';
import { DiagnosisRuns, type DiagnosisRunsPorts } from './diagnosisRuns.ts';
import { reportOf, type ReportFacts } from './report.ts';
import { testConnection, type TestPorts } from './testConnection.ts';

export interface DiagnosePorts
  extends Omit<DiagnosisRunsPorts, 'newId'>, Pick<TestPorts, 'listModels' | 'describeFailure'> {
  /** From the settings as they are now. */
  readonly endpoints: () => readonly Endpoint[];
  /** The model of the conversation that is shown, else the default. */
  readonly currentModel: () => ModelRef | undefined;
  readonly addEndpoint: () => Promise<unknown>;
  /** Brings the chat to the front, with the focus on the diagnosis. */
  readonly show: () => Promise<void>;
  readonly copyText: (text: string) => Promise<void>;
  readonly reportFacts: () => ReportFacts;
}

/** Testing and diagnosing the way to an endpoint. */
export interface Diagnose extends vscode.Disposable {
  /** What is shown in the chat. */
  readonly current: () => Diagnosis | undefined;
  /** The quick test; without an endpoint the user chooses. */
  readonly testConnection: (endpoint?: Endpoint) => Promise<void>;
  /** All stages, for the endpoint of this model; without one the user chooses. Ends when they have begun. */
  readonly diagnoseConnection: (model?: ModelRef) => Promise<void>;
  /** The same once more, with the settings as they are now. */
  readonly again: () => Promise<void>;
  readonly stop: () => void;
  readonly close: () => void;
  readonly copyReport: () => Promise<void>;
}

export function createDiagnose(ports: DiagnosePorts): Diagnose {
  const runs = new DiagnosisRuns({ ...ports, newId: () => crypto.randomUUID() });
  /** What was diagnosed last. */
  let last: { readonly endpoint: Endpoint['id']; readonly model: ModelRef | undefined } | undefined;

  async function begin(endpoint: Endpoint, model: ModelRef | undefined): Promise<void> {
    last = { endpoint: endpoint.id, model };
    void runs.start(endpoint, modelFor(endpoint, model)).catch(ports.onError);
    await ports.show();
  }

  async function choose(title: string): Promise<Endpoint | undefined> {
    const endpoints = inOrder(ports.endpoints(), ports.currentModel());
    if (endpoints.length > 0) return chooseEndpoint(endpoints, title);
    const add = vscode.l10n.t('Add Endpoint...');
    const message = vscode.l10n.t('There is no endpoint yet, so there is nothing to connect to.');
    if ((await vscode.window.showInformationMessage(message, add)) === add) await ports.addEndpoint();
    return undefined;
  }

  return {
    current: () => runs.current,
    async testConnection(given) {
      const endpoint = given ?? (await choose(vscode.l10n.t('Test Connection')));
      if (endpoint === undefined) return;
      await testConnection(endpoint, {
        ...ports,
        diagnose: (chosen) => void begin(chosen, ports.currentModel()).catch(ports.onError),
      });
    },
    async diagnoseConnection(model) {
      const id = model === undefined ? undefined : splitModelRef(model)?.endpointId;
      const named = ports.endpoints().find((endpoint) => endpoint.id === id);
      const endpoint = named ?? (await choose(vscode.l10n.t('Diagnose Connection')));
      if (endpoint !== undefined) await begin(endpoint, model ?? ports.currentModel());
    },
    async again() {
      const endpoint = ports.endpoints().find(({ id }) => id === last?.endpoint);
      if (endpoint === undefined) runs.close();
      else {
        const current = ports.currentModel();
        const isHere = current !== undefined && splitModelRef(current)?.endpointId === endpoint.id;
        await begin(endpoint, isHere ? current : last?.model);
      }
    },
    stop: () => runs.stop(),
    close: () => runs.close(),
    async copyReport() {
      if (runs.current !== undefined) await ports.copyText(reportOf(runs.current, ports.reportFacts()));
    },
    dispose: () => runs.close(),
  };
}
