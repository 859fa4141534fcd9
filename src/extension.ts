import * as vscode from 'vscode';
import { createLazyClient } from './api/lazyClient.ts';
import { commandTable } from './commands.ts';
import { redact } from './core/redact.ts';
import { attachFiles } from './features/askSelection/askSelection.ts';
import { AskActions } from './features/askSelection/codeActions.ts';
import { createConnect } from './features/connect/connect.ts';
import { quickInputPrompts } from './features/connect/prompts.ts';
import { failureWords } from './features/connect/words.ts';
import { createDiagnose } from './features/diagnose/diagnose.ts';
import { surroundings } from './features/diagnose/surroundings.ts';
import { openContext } from './features/askSelection/openContext.ts';
import { useCode } from './features/insertCode/insertCode.ts';
import { openLink } from './features/openLink/openLink.ts';
import { forgetRepairs, nativePorts } from './features/repairs/forgetRepairs.ts';
import { RepairStore } from './features/repairs/repairStore.ts';
import { createConnector } from './panel/connector.ts';
import { Panel } from './panel/panel.ts';
import { askPassphraseInInput } from './platform/askPassphrase.ts';
import { tlsFor } from './platform/certificates.ts';
import { confirmInModal } from './platform/confirm.ts';
import { createLog } from './platform/log.ts';
import {
  explainProxy,
  hostFindsProxies,
  onDidChangeNetwork,
  proxyForOrigin,
  transportKind,
} from './platform/network.ts';
import { createFindPassphrase } from './platform/passphrases.ts';
import { KeyStore } from './platform/secrets.ts';
import { Settings } from './platform/settings.ts';
import { chatViewId, setViewContext } from './platform/sidebar.ts';

/** The composition root: constructs, wires, registers. It makes no request and returns nothing. */
export function activate(context: vscode.ExtensionContext): void {
  const settings = new Settings();
  const findPassphrase = createFindPassphrase(new KeyStore(context.secrets), askPassphraseInInput);
  const repairs = new RepairStore(context.globalState, (error) =>
    log.error('What a server does not take could not be remembered', error),
  );
  const client = createLazyClient(
    {
      proxyFor: proxyForOrigin,
      certificates: (endpoint) => tlsFor(endpoint, findPassphrase),
      kind: transportKind,
      hostFindsProxies,
      explainProxy,
    },
    {
      repairs,
      onListRetry: ({ waitMs, failure }) =>
        log.warn(`The list of models is asked for again in ${Math.round(waitMs)} ms (${failure.kind})`),
    },
  );
  const connect = createConnect({
    settings,
    secrets: context.secrets,
    state: context.globalState,
    listModels: client.listModels,
    testConnection: (endpoint) => diagnose.testConnection(endpoint),
    prompts: quickInputPrompts,
    confirm: confirmInModal,
    readVariable: (name) => process.env[name],
  });
  const log = createLog((text) => redact(text, connect.keysGivenOut()));

  const diagnose = createDiagnose({
    endpoints: () => settings.endpoints,
    currentModel: () => panel.sessions.current.model,
    parameters: () => settings.parameters,
    keyFor: connect.keyFor,
    keySource: connect.keySource,
    listModels: client.listModels,
    run: client.diagnose,
    describeFailure: failureWords,
    addEndpoint: connect.addEndpoint,
    show: () => panel.focus('diagnosisFocused'),
    copyText,
    reportFacts: () => ({ surroundings: surroundings(context.extension, transportKind()) }),
    onChanged: () => panel.refreshDiagnosis(),
    onError: (error) => log.error('A connection could not be checked', error),
  });

  const endpointOf = (model: string | undefined): string | undefined =>
    model === undefined ? undefined : connect.resolveEndpoint(model)?.endpoint.id;
  const selectModel = async (session = panel.sessions.current): Promise<void> => {
    const choice = await connect.selectModel(session.model);
    if (choice?.target === 'conversation') session.chooseModel(choice.model);
  };
  const forgetSome = (): Promise<void> => forgetRepairs({ ...nativePorts, store: repairs });
  const panel = new Panel({
    viewRoot: vscode.Uri.joinPath(context.extensionUri, 'dist', 'webview'),
    viewId: chatViewId,
    connect: createConnector({
      hasEndpoints: () => settings.endpoints.length > 0,
      resolve: connect.resolveEndpoint,
      keyFor: connect.keyFor,
      stream: client.stream,
      instructions: () => settings.instructions,
      parameters: () => settings.parameters,
    }),
    defaultModel: () => settings.model,
    setup: connect.setup,
    describeModel: connect.describeModel,
    diagnosis: diagnose.current,
    actions: {
      selectModel,
      addEndpoint: async () => void (await connect.addEndpoint()),
      attach: (add) => attachFiles({ attach: add, confirm: confirmInModal }),
      openContext,
      copyText,
      useCode,
      openLink,
      setKey: async (model) => void (await connect.setApiKey(endpointOf(model))),
      editEndpoint: () => connect.manageEndpoints(),
      showLog: log.show,
      diagnosis: {
        start: (model) => diagnose.diagnoseConnection(model),
        again: diagnose.again,
        stop: diagnose.stop,
        copy: diagnose.copyReport,
        close: diagnose.close,
      },
      forgetRepairs: forgetSome,
    },
    log,
  });

  const commands = commandTable({
    panel,
    ask: {
      attach: (item) => panel.attach(item),
      send: (text, items) => panel.send(text, items),
      confirm: confirmInModal,
    },
    connect: { ...connect, selectModel: () => selectModel() },
    diagnose,
    forgetRepairs: forgetSome,
    log,
  });
  const refresh = (): void => panel.refreshStatus();
  const reportProblems = (): void => connect.problems().forEach((problem) => log.warn(problem));
  context.subscriptions.push(
    log,
    settings,
    connect,
    diagnose,
    panel,
    { dispose: () => void client.dispose() },
    panel.register(),
    onDidChangeNetwork(client.renew),
    settings.onDidChange(refresh),
    settings.onDidChange(reportProblems),
    connect.onDidChangeKey(refresh),
    vscode.workspace.onDidGrantWorkspaceTrust(refresh),
    ...Object.entries(commands).map(([id, run]) => vscode.commands.registerCommand(id, run)),
    vscode.languages.registerCodeActionsProvider({ pattern: '**' }, new AskActions(), {
      providedCodeActionKinds: AskActions.kinds,
    }),
  );
  setViewContext();
  reportProblems();
}

async function copyText(text: string): Promise<void> {
  await vscode.env.clipboard.writeText(text);
}
