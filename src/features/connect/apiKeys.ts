import * as vscode from 'vscode';
import { changeEntry } from '../../core/editEntries.ts';
import { dialectFor } from '../../core/dialects.ts';
import { originOf, type Endpoint } from '../../core/endpoint.ts';
import type { Confirm } from '../../platform/confirm.ts';
import type { Permissions } from '../../platform/permissions.ts';
import type { KeyStore } from '../../platform/secrets.ts';
import type { Settings } from '../../platform/settings.ts';
import type { KeyEntry } from './addEndpointForm.ts';
import { Agreements } from './agreements.ts';
import { askKey } from './askKey.ts';
import { plainLabel } from './plainLabel.ts';
import type { Prompts } from './prompts.ts';

export interface ApiKeyPorts {
  readonly prompts: Prompts;
  readonly settings: Pick<Settings, 'endpoints' | 'endpoint' | 'changeEndpoints'>;
  readonly keys: KeyStore;
  readonly permissions: Permissions;
  readonly confirm: Confirm;
  readonly readVariable: (name: string) => string | undefined;
  readonly openExternal: (url: string) => void;
  readonly say: (message: string) => void;
}

/**
 * Asks for an endpoint's key and stores it for the endpoint's origin.
 *
 * @param which id of the endpoint; without one the user chooses.
 * @returns whether a key was stored.
 */
export async function setApiKey(which: Endpoint['id'] | undefined, ports: ApiKeyPorts): Promise<boolean> {
  const chosen = which === undefined ? undefined : ports.settings.endpoint(which);
  const endpoint = chosen ?? (await chooseEndpoint(ports));
  const origin = endpoint === undefined ? undefined : originOf(endpoint.baseUrl);
  if (endpoint === undefined || origin === undefined) return false;
  const agreements = new Agreements(ports.permissions, ports.confirm);
  // A key never travels unencrypted unless that was agreed to, whoever wrote the URL into the settings.
  const isPlain = origin.startsWith('http:');
  if (isPlain && !(await agreements.ask({ type: 'plainHttp', origin }))) return false;
  const answer = await askKey(
    {
      title: vscode.l10n.t('Set API Key: {0}', plainLabel(endpoint.name)),
      canGoBack: false,
      origin,
      required: true,
      entered: undefined,
      keyUrl: dialectFor(endpoint).keyUrl,
    },
    { ...ports, allowVariable: (name, to) => agreements.ask({ type: 'variable', name, origin: to }) },
  );
  if (answer.type !== 'value' || answer.value === undefined) return false;
  await agreements.keep(origin);
  await storeKey(endpoint, origin, answer.value, ports);
  ports.say(vscode.l10n.t('The key for {0} is set.', origin));
  return true;
}

/** A typed key goes to the store; a variable's name to the settings, and the stored key goes. */
async function storeKey(
  endpoint: Endpoint,
  origin: string,
  entry: KeyEntry,
  ports: ApiKeyPorts,
): Promise<void> {
  switch (entry.type) {
    case 'typed':
      return ports.keys.store(endpoint.id, origin, entry.text);
    case 'variable':
      if (entry.name !== endpoint.apiKeyEnv) {
        await ports.settings.changeEndpoints((raw) =>
          changeEntry(raw, endpoint.id, { apiKeyEnv: entry.name }),
        );
      }
      return ports.keys.remove(endpoint.id);
  }
}

async function chooseEndpoint({ prompts, settings, say }: ApiKeyPorts): Promise<Endpoint | undefined> {
  const { endpoints } = settings;
  if (endpoints.length === 0) say(vscode.l10n.t('There is no endpoint yet. Add one first.'));
  if (endpoints.length <= 1) return endpoints[0];
  const answer = await prompts.pick<Endpoint>({
    title: vscode.l10n.t('Set API Key'),
    canGoBack: false,
    placeholder: vscode.l10n.t('Which endpoint is the key for?'),
    choices: endpoints.map((endpoint) => ({
      label: plainLabel(endpoint.name),
      description: originOf(endpoint.baseUrl) ?? '',
      icon: 'plug',
      value: endpoint,
    })),
  });
  return answer.type === 'value' ? answer.value : undefined;
}

/**
 * Lets the user choose a stored key, also one whose endpoint is no longer configured, and removes it.
 *
 * @returns whether one was removed.
 */
export async function removeApiKey(
  { prompts, settings, keys, say, confirm }: ApiKeyPorts,
  which?: Endpoint['id'],
): Promise<boolean> {
  const stored = await keys.list();
  if (stored.length === 0) {
    say(vscode.l10n.t('No key is stored.'));
    return false;
  }
  const given = stored.find((key) => key.endpoint === which);
  const answer =
    given === undefined
      ? await prompts.pick({
          title: vscode.l10n.t('Remove API Key'),
          canGoBack: false,
          placeholder: vscode.l10n.t('Which key do you want to remove?'),
          choices: stored.map((key) => ({
            label: plainLabel(settings.endpoint(key.endpoint)?.name ?? key.endpoint),
            description: key.origin,
            icon: 'key',
            value: key,
            ...(settings.endpoint(key.endpoint) === undefined
              ? { detail: vscode.l10n.t('This endpoint is no longer configured') }
              : {}),
          })),
        })
      : ({ type: 'value', value: given } as const);
  if (answer.type !== 'value') return false;
  const { endpoint, origin } = answer.value;
  const confirmed = await confirm({
    message: vscode.l10n.t('Remove the key for {0}?', origin),
    detail: vscode.l10n.t(
      'It is deleted from this machine. To use {0} again you need to enter it again.',
      origin,
    ),
    accept: vscode.l10n.t('Remove Key'),
  });
  if (confirmed) await keys.remove(endpoint);
  return confirmed;
}
