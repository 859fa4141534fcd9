import * as vscode from 'vscode';
import { failureOf } from '../../core/completionError.ts';
import type { Endpoint } from '../../core/endpoint.ts';
import type { Failure } from '../../shared/failure.ts';
import { inTime } from '../../shared/diagnosis.ts';
import { nameOf } from './chooseEndpoint.ts';

export interface TestPorts {
  /** See `DiagnosisRunsPorts.keyFor`. */
  readonly keyFor: (endpoint: Endpoint) => Promise<string | undefined>;
  readonly listModels: (
    endpoint: Endpoint,
    key: string | undefined,
    signal: AbortSignal,
  ) => Promise<readonly unknown[]>;
  /** What went wrong, in one sentence. */
  readonly describeFailure: (failure: Failure) => string;
  readonly diagnose: (endpoint: Endpoint) => void;
  readonly onError: (error: unknown) => void;
}

type Tested =
  | { readonly type: 'connected'; readonly ms: number; readonly count: number }
  | { readonly type: 'failed'; readonly failure: Failure }
  | { readonly type: 'cancelled' };

/** Asks one endpoint for its models and says how that went. Ends before the message is answered. */
export async function testConnection(endpoint: Endpoint, ports: TestPorts): Promise<void> {
  const name = nameOf(endpoint);
  const tested = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Testing the connection to {0}...', name),
      cancellable: true,
    },
    (_, token) => test(endpoint, token, ports),
  );
  const diagnose = vscode.l10n.t('Diagnose...');
  const offer = (answer: Thenable<string | undefined>): void =>
    void answer.then((chosen) => {
      if (chosen === diagnose) ports.diagnose(endpoint);
    });
  switch (tested.type) {
    case 'connected': {
      const time = inTime(tested.ms);
      offer(
        vscode.window.showInformationMessage(
          tested.count === 1
            ? vscode.l10n.t('Connected to {0} in {1}, one model.', name, time)
            : vscode.l10n.t('Connected to {0} in {1}, {2} models.', name, time, tested.count),
          diagnose,
        ),
      );
      return;
    }
    case 'failed':
      offer(vscode.window.showErrorMessage(ports.describeFailure(tested.failure), diagnose));
      return;
    case 'cancelled':
  }
}

async function test(
  endpoint: Endpoint,
  token: vscode.CancellationToken,
  { keyFor, listModels, onError }: TestPorts,
): Promise<Tested> {
  const abort = new AbortController();
  const listener = token.onCancellationRequested(() => abort.abort());
  try {
    const key = await keyFor(endpoint);
    const began = performance.now();
    const models = await listModels(endpoint, key, abort.signal);
    const ms = performance.now() - began;
    return abort.signal.aborted ? { type: 'cancelled' } : { type: 'connected', ms, count: models.length };
  } catch (error) {
    if (abort.signal.aborted) return { type: 'cancelled' };
    const failure = failureOf(error);
    if (failure.kind === 'unexpected') onError(error);
    return { type: 'failed', failure };
  } finally {
    listener.dispose();
  }
}
