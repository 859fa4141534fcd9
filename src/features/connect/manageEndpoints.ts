import * as vscode from 'vscode';
import type { Endpoint } from '../../core/endpoint.ts';
import { splitModelRef } from '../../core/modelRef.ts';
import {
  actionIcons,
  actionsFor,
  actionWords,
  carryOut,
  type Action,
  type ActionPorts,
} from './endpointActions.ts';
import type { EndpointKeys } from './endpointKeys.ts';
import { plainLabel } from './plainLabel.ts';
import { problemWords, whyNoKey } from './words.ts';

export interface ManagePorts extends ActionPorts {
  readonly endpointKeys: Pick<EndpointKeys, 'find'>;
  readonly addEndpoint: () => Promise<boolean>;
  readonly openSettings: () => void;
}

interface EndpointItem extends vscode.QuickPickItem {
  readonly endpoint?: Endpoint;
  readonly opensSettings?: true;
}

interface ActionButton extends vscode.QuickInputButton {
  readonly action: Action;
}

type Ending =
  | { readonly type: 'actions'; readonly endpoint: Endpoint }
  | { readonly type: 'action'; readonly action: Action; readonly endpoint: Endpoint }
  | { readonly type: 'add' | 'settings' | 'cancelled' };

/** Lists the endpoints, and what in the settings is not used, until Escape; every action comes back to the list. */
export async function manageEndpoints(ports: ManagePorts): Promise<void> {
  let active: Endpoint['id'] | undefined;
  for (;;) {
    const ending = await showList(active, ports);
    switch (ending.type) {
      case 'cancelled':
        return;
      case 'settings':
        return ports.openSettings();
      case 'add':
        await ports.addEndpoint();
        break;
      case 'actions': {
        active = ending.endpoint.id;
        const action = await chooseAction(ending.endpoint, ports);
        if (action === 'cancelled') return;
        if (action !== 'back') await carryOut(action, ending.endpoint, ports);
        break;
      }
      case 'action':
        active = ending.endpoint.id;
        await carryOut(ending.action, ending.endpoint, ports);
    }
  }
}

async function showList(active: Endpoint['id'] | undefined, ports: ManagePorts): Promise<Ending> {
  const { settings } = ports;
  const quickPick = vscode.window.createQuickPick<EndpointItem>();
  const addButton = titleButton('add', vscode.l10n.t('Add Endpoint...'));
  const settingsButton = titleButton('settings-gear', vscode.l10n.t('Open Settings (JSON)'));
  quickPick.title = vscode.l10n.t('Manage Endpoints');
  quickPick.buttons = [addButton, settingsButton];
  quickPick.matchOnDescription = true;
  quickPick.placeholder =
    settings.endpoints.length === 0
      ? vscode.l10n.t('There is no endpoint yet')
      : vscode.l10n.t('Choose an endpoint to change');
  const items = await Promise.all(
    settings.endpoints.map(async (endpoint, index, all): Promise<EndpointItem> => {
      const isDefault = splitModelRef(settings.model ?? '')?.endpointId === endpoint.id;
      return {
        label: plainLabel(endpoint.name),
        description: isDefault
          ? vscode.l10n.t('{0} · default', plainLabel(endpoint.baseUrl))
          : plainLabel(endpoint.baseUrl),
        detail: await keyWordsFor(endpoint, ports),
        iconPath: new vscode.ThemeIcon('plug'),
        endpoint,
        buttons: inlineButtons(index > 0, index < all.length - 1),
      };
    }),
  );
  const add = {
    label: vscode.l10n.t('Add Endpoint...'),
    iconPath: new vscode.ThemeIcon('add'),
    alwaysShow: true,
  };
  const problems = settings.problems().map((problem) => ({
    label: plainLabel(problemWords(problem), 300),
    detail: vscode.l10n.t('Press Enter to open the settings'),
    iconPath: new vscode.ThemeIcon('warning'),
    opensSettings: true as const,
  }));
  quickPick.items = [...items, ...problems, separator, add];
  const again = items.filter((item) => item.endpoint?.id === active);
  if (again.length > 0) quickPick.activeItems = again;

  const listeners: vscode.Disposable[] = [quickPick];
  try {
    return await new Promise<Ending>((resolve) => {
      listeners.push(
        quickPick.onDidTriggerButton((button) =>
          resolve({ type: button === addButton ? 'add' : 'settings' }),
        ),
        quickPick.onDidTriggerItemButton(({ button, item: { endpoint } }) => {
          if (isActionButton(button) && endpoint !== undefined) {
            resolve({ type: 'action', action: button.action, endpoint });
          }
        }),
        quickPick.onDidAccept(() => {
          const [item] = quickPick.selectedItems;
          if (item?.endpoint !== undefined) resolve({ type: 'actions', endpoint: item.endpoint });
          else if (item !== undefined) resolve({ type: item.opensSettings === true ? 'settings' : 'add' });
        }),
        quickPick.onDidHide(() => resolve({ type: 'cancelled' })),
      );
      quickPick.show();
    });
  } finally {
    for (const listener of listeners) listener.dispose();
  }
}

/** The same actions as the inline buttons, for the keyboard. */
async function chooseAction(
  endpoint: Endpoint,
  { prompts, settings }: ManagePorts,
): Promise<Action | 'back' | 'cancelled'> {
  const index = settings.endpoints.findIndex(({ id }) => id === endpoint.id);
  const answer = await prompts.pick<Action>({
    title: vscode.l10n.t('Manage Endpoints: {0}', plainLabel(endpoint.name)),
    canGoBack: true,
    placeholder: vscode.l10n.t('What do you want to do?'),
    choices: actionsFor(index > 0, index < settings.endpoints.length - 1).map((action) => ({
      label: actionWords(action),
      icon: actionIcons[action],
      value: action,
    })),
  });
  if (answer.type === 'value') return answer.value;
  return answer.type === 'cancelled' ? 'cancelled' : 'back';
}

async function keyWordsFor(endpoint: Endpoint, { endpointKeys }: ManagePorts): Promise<string> {
  const found = await endpointKeys.find(endpoint, false);
  if (found.type !== 'key') return whyNoKey(found);
  return found.from === 'stored'
    ? vscode.l10n.t('Key stored')
    : vscode.l10n.t('Key from {0}', endpoint.apiKeyEnv ?? '');
}

function inlineButtons(canMoveUp: boolean, canMoveDown: boolean): readonly ActionButton[] {
  return actionsFor(canMoveUp, canMoveDown).map((action) => ({
    action,
    ...titleButton(actionIcons[action], actionWords(action)),
  }));
}

function isActionButton(button: vscode.QuickInputButton): button is ActionButton {
  return 'action' in button;
}

function titleButton(icon: string, tooltip: string): vscode.QuickInputButton {
  return { iconPath: new vscode.ThemeIcon(icon), tooltip };
}

const separator: EndpointItem = { label: '', kind: vscode.QuickPickItemKind.Separator };
