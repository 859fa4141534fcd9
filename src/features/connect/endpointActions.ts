import * as vscode from 'vscode';
import {
  changeEntry,
  duplicateEntry,
  moveEntry,
  newId,
  newName,
  removeEntry,
} from '../../core/editEntries.ts';
import { originOf, type Endpoint } from '../../core/endpoint.ts';
import { splitModelRef } from '../../core/modelRef.ts';
import type { KeyStore } from '../../platform/secrets.ts';
import type { Settings } from '../../platform/settings.ts';
import type { ApiKeyPorts } from './apiKeys.ts';
import { changeUrl } from './changeUrl.ts';
import { plainLabel } from './plainLabel.ts';

/** What can be done with an endpoint. */
export type Action =
  | 'test'
  | 'rename'
  | 'changeUrl'
  | 'setKey'
  | 'moveUp'
  | 'moveDown'
  | 'duplicate'
  | 'delete';

export interface ActionPorts extends ApiKeyPorts {
  readonly settings: Settings;
  readonly setApiKey: (id: Endpoint['id']) => Promise<boolean>;
  readonly testConnection: (endpoint: Endpoint) => Promise<void>;
}

/** Does it, asking where something is to be typed or confirmed. Raises VS Code's error where settings cannot be written. */
export async function carryOut(action: Action, endpoint: Endpoint, ports: ActionPorts): Promise<void> {
  const { settings, keys } = ports;
  switch (action) {
    case 'test':
      return ports.testConnection(endpoint);
    case 'rename':
      return rename(endpoint, ports);
    case 'changeUrl':
      return changeUrl(endpoint, ports);
    case 'setKey':
      await ports.setApiKey(endpoint.id);
      return;
    case 'moveUp':
      return settings.changeEndpoints((raw) => moveEntry(raw, endpoint.id, -1));
    case 'moveDown':
      return settings.changeEndpoints((raw) => moveEntry(raw, endpoint.id, 1));
    case 'duplicate':
      return duplicate(endpoint, settings, keys);
    case 'delete':
      return remove(endpoint, ports);
  }
}

async function rename(endpoint: Endpoint, { prompts, settings }: ActionPorts): Promise<void> {
  const answer = await prompts.input({
    title: vscode.l10n.t('Rename Endpoint'),
    canGoBack: true,
    prompt: vscode.l10n.t('Name of the endpoint as it is shown'),
    value: endpoint.name,
    check: (typed) =>
      typed.trim() === '' || typed.length > 100 ? vscode.l10n.t('Enter a short name.') : undefined,
  });
  if (answer.type !== 'value') return;
  await settings.changeEndpoints((raw) => changeEntry(raw, endpoint.id, { name: answer.value.trim() }));
}

/** The copy has the same address, so the key goes along. */
async function duplicate(endpoint: Endpoint, settings: Settings, keys: KeyStore): Promise<void> {
  const name = newName(settings.endpoints, endpoint.name);
  let id: Endpoint['id'] = '';
  await settings.changeEndpoints((raw) => {
    id = newId(raw, name);
    return duplicateEntry(raw, endpoint.id, { id, name });
  });
  const origin = originOf(endpoint.baseUrl);
  const stored = origin === undefined ? undefined : await keys.read(endpoint.id, origin);
  if (origin !== undefined && stored?.type === 'key') await keys.store(id, origin, stored.key);
  else await keys.remove(id);
}

async function remove(endpoint: Endpoint, { settings, keys, confirm }: ActionPorts): Promise<void> {
  const isConfirmed = await confirm({
    message: vscode.l10n.t('Delete the endpoint "{0}"?', plainLabel(endpoint.name)),
    detail: vscode.l10n.t('Its settings and its key are deleted. Conversations stay.'),
    accept: vscode.l10n.t('Delete'),
  });
  if (!isConfirmed) return;
  await settings.changeEndpoints((raw) => removeEntry(raw, endpoint.id));
  await Promise.all([keys.remove(endpoint.id), keys.removePassphrase(endpoint.id)]);
  const isDefault = splitModelRef(settings.model ?? '')?.endpointId === endpoint.id;
  if (isDefault) await settings.changeModel(undefined);
}

/** Names of codicons. */
export const actionIcons: Readonly<Record<Action, string>> = {
  test: 'pulse',
  rename: 'edit',
  changeUrl: 'link',
  setKey: 'key',
  moveUp: 'arrow-up',
  moveDown: 'arrow-down',
  duplicate: 'copy',
  delete: 'trash',
};

export function actionWords(action: Action): string {
  switch (action) {
    case 'test':
      return vscode.l10n.t('Test Connection');
    case 'rename':
      return vscode.l10n.t('Rename...');
    case 'changeUrl':
      return vscode.l10n.t('Change URL...');
    case 'setKey':
      return vscode.l10n.t('Set API Key...');
    case 'moveUp':
      return vscode.l10n.t('Move Up');
    case 'moveDown':
      return vscode.l10n.t('Move Down');
    case 'duplicate':
      return vscode.l10n.t('Duplicate');
    case 'delete':
      return vscode.l10n.t('Delete...');
  }
}

/** The actions that are possible, in the order in which they are offered. */
export function actionsFor(canMoveUp: boolean, canMoveDown: boolean): readonly Action[] {
  return [
    'test',
    'rename',
    'changeUrl',
    'setKey',
    ...(canMoveUp ? (['moveUp'] as const) : []),
    ...(canMoveDown ? (['moveDown'] as const) : []),
    'duplicate',
    'delete',
  ];
}
