import * as vscode from 'vscode';
import { CompletionError } from '../../core/completionError.ts';
import type { Endpoint } from '../../core/endpoint.ts';
import { needsKey } from '../../core/endpointNeedsKey.ts';
import { splitModelRef } from '../../core/modelRef.ts';
import type { Confirm } from '../../platform/confirm.ts';
import { Permissions } from '../../platform/permissions.ts';
import { KeyStore } from '../../platform/secrets.ts';
import type { Settings } from '../../platform/settings.ts';
import type { ModelRef } from '../../shared/conversation.ts';
import type { PanelStatus, Setup } from '../../shared/protocol.ts';
import { addEndpoint } from './addEndpoint.ts';
import type { ListModels } from './addEndpointSteps.ts';
import { removeApiKey, setApiKey } from './apiKeys.ts';
import { EndpointKeys } from './endpointKeys.ts';
import { manageEndpoints } from './manageEndpoints.ts';
import { ModelCatalog } from './modelCatalog.ts';
import { ModelMemory } from './modelMemory.ts';
import type { Prompts } from './prompts.ts';
import { saveEndpoint, type NewEndpoint } from './saveEndpoint.ts';
import { selectModel, type ModelChoice } from './selectModel.ts';
import { problemWords, whyNoKey } from './words.ts';

export interface ConnectPorts {
  readonly settings: Settings;
  readonly secrets: vscode.SecretStorage;
  /** The extension's global state. */
  readonly state: vscode.Memento;
  readonly listModels: ListModels;
  readonly testConnection: (endpoint: Endpoint) => Promise<void>;
  readonly prompts: Prompts;
  readonly confirm: Confirm;
  /** A variable of the extension host's environment. */
  readonly readVariable: (name: string) => string | undefined;
}

/** An endpoint and the model of it that a reference names. */
export interface ResolvedModel {
  readonly endpoint: Endpoint;
  readonly modelId: string;
}

/**
 * Everything about endpoints, keys and models. The commands take what comes from other extensions as `unknown`, and
 * none of them hands a key out.
 */
export interface Connect extends vscode.Disposable {
  /** From the settings as they are now; `undefined` where the endpoint is gone. */
  readonly resolveEndpoint: (model: ModelRef) => ResolvedModel | undefined;
  /** How a model is shown: its id and its endpoint's name. */
  readonly describeModel: (model: ModelRef) => PanelStatus['model'];
  /** Whether a conversation with this model can be sent. */
  readonly setup: (model: ModelRef | undefined) => Setup;
  /** What in the settings is not used and why, one sentence each; without any value from there but names. */
  readonly problems: () => readonly string[];
  /** Told when a key was stored or removed. */
  readonly onDidChangeKey: (listener: (endpoint: Endpoint['id']) => void) => vscode.Disposable;
  /** See `EndpointKeys.keyFor`. */
  readonly keyFor: (endpoint: Endpoint) => Promise<string | undefined>;
  /** Where that key comes from, without asking anything. */
  readonly keySource: (endpoint: Endpoint) => Promise<'stored' | 'variable' | undefined>;
  /** Keys that were given out since the start, to be masked in logs. */
  readonly keysGivenOut: () => readonly string[];
  readonly addEndpoint: () => Promise<boolean>;
  readonly manageEndpoints: () => Promise<void>;
  /** @param endpoint an endpoint's id; anything else lets the user choose. */
  readonly setApiKey: (endpoint?: unknown) => Promise<boolean>;
  readonly removeApiKey: () => Promise<void>;
  /** @param current the model of the conversation that is shown. */
  readonly selectModel: (current: ModelRef | undefined) => Promise<ModelChoice | undefined>;
}

export function createConnect(given: ConnectPorts): Connect {
  const { settings, state } = given;
  const keys = new KeyStore(given.secrets);
  const permissions = new Permissions(given.secrets);
  const ports = { ...given, keys, permissions, openExternal, say };
  const endpointKeys = new EndpointKeys(ports);
  const memory = new ModelMemory(state);
  const catalog = new ModelCatalog(async (endpoint, signal) => {
    const key = await endpointKeys.keyFor(endpoint, false);
    if (key === undefined && needsKey(endpoint)) {
      throw new CompletionError({ kind: 'noKey', detail: whyNoKey({ type: 'none' }) });
    }
    return given.listModels(endpoint, key, signal);
  });
  const keyListener = keys.onDidChange((endpoint) => catalog.forget(endpoint));

  const add = () => addEndpoint({ ...ports, save: (added) => save(added, settings, keys) });
  const setKey = (endpoint: unknown) => setApiKey(typeof endpoint === 'string' ? endpoint : undefined, ports);
  const manage = () =>
    manageEndpoints({ ...ports, endpointKeys, addEndpoint: add, setApiKey: setKey, openSettings });

  return {
    resolveEndpoint: (model) => resolve(model, settings),
    describeModel: (model) => {
      const found = resolve(model, settings);
      return found === undefined ? undefined : { label: found.modelId, endpoint: found.endpoint.name };
    },
    setup: (model) => setupOf(model, settings),
    problems: () => settings.problems().map(problemWords),
    keyFor: (endpoint) => endpointKeys.keyFor(endpoint),
    keySource: async (endpoint) => {
      const found = await endpointKeys.find(endpoint, false);
      return found.type === 'key' ? found.from : undefined;
    },
    keysGivenOut: () => endpointKeys.givenOut,
    onDidChangeKey: (listener) => keys.onDidChange(listener),
    addEndpoint: add,
    manageEndpoints: manage,
    setApiKey: setKey,
    removeApiKey: async () => {
      await removeApiKey(ports);
    },
    selectModel: (current) =>
      selectModel(current, {
        settings,
        catalog,
        memory,
        addEndpoint: add,
        manageEndpoints: manage,
        unlock: async (endpoint, failure) => {
          // A refused key needs another one; a missing one may be a variable that is not allowed yet.
          const isRefused = failure.kind === 'unauthorized';
          const found = isRefused ? undefined : await endpointKeys.find(endpoint, true);
          if (found?.type !== 'key') await setKey(endpoint.id);
        },
      }),
    dispose: () => {
      keyListener.dispose();
      catalog.stop();
    },
  };
}

function resolve(model: ModelRef, settings: Settings): ResolvedModel | undefined {
  const parts = splitModelRef(model);
  const endpoint = parts === undefined ? undefined : settings.endpoint(parts.endpointId);
  return parts === undefined || endpoint === undefined ? undefined : { endpoint, modelId: parts.modelId };
}

function setupOf(model: ModelRef | undefined, settings: Settings): Setup {
  const [first] = settings.endpoints;
  if (first === undefined) return { type: 'noEndpoint' };
  if (model !== undefined && resolve(model, settings) !== undefined) return { type: 'ready' };
  return { type: 'noModel', endpoint: first.name };
}

/** Stores a new endpoint; says why where that fails and offers to try again, so that nothing typed is lost. */
async function save(added: NewEndpoint, settings: Settings, keys: KeyStore): Promise<boolean> {
  const tryAgain = vscode.l10n.t('Try Again');
  const open = vscode.l10n.t('Open Settings (JSON)');
  for (;;) {
    try {
      const { name } = await saveEndpoint(added, { settings, keys });
      say(vscode.l10n.t('{0} is connected.', name));
      return true;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const message = vscode.l10n.t('The endpoint could not be saved.');
      const answer = await vscode.window.showErrorMessage(
        message,
        { modal: true, detail: reason },
        tryAgain,
        open,
      );
      if (answer === undefined) return false;
      if (answer === open) {
        openSettings();
        // Not modal this time: the settings file is to be put right before the next try.
        const next = await vscode.window.showWarningMessage(message, tryAgain);
        if (next === undefined) return false;
      }
    }
  }
}

function openSettings(): void {
  void vscode.commands.executeCommand('workbench.action.openSettingsJson');
}

function openExternal(url: string): void {
  void vscode.env.openExternal(vscode.Uri.parse(url, true));
}

function say(message: string): void {
  void vscode.window.showInformationMessage(message);
}
