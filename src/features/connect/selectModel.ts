import * as vscode from 'vscode';
import type { Endpoint } from '../../core/endpoint.ts';
import type { Settings } from '../../platform/settings.ts';
import type { ModelRef } from '../../shared/conversation.ts';
import type { Failure } from '../../shared/failure.ts';
import type { ModelCatalog } from './modelCatalog.ts';
import { isActionButton, modelItem, wantsKey, type ItemAction, type ModelItem } from './modelItems.ts';
import type { ModelMemory } from './modelMemory.ts';
import { buildRows } from './modelRows.ts';

/** `default`: new conversations; it is in the settings already when this is returned. */
export type ModelTarget = 'conversation' | 'default';

export interface ModelChoice {
  readonly model: ModelRef;
  readonly target: ModelTarget;
}

export interface SelectModelPorts {
  readonly settings: Pick<Settings, 'endpoints' | 'model' | 'changeModel'>;
  readonly catalog: ModelCatalog;
  readonly memory: ModelMemory;
  readonly addEndpoint: () => Promise<boolean>;
  readonly manageEndpoints: () => Promise<void>;
  /** Allows the endpoint's environment variable or asks for its key. */
  readonly unlock: (endpoint: Endpoint, failure: Failure) => Promise<void>;
}

/** Where the picker was left for something else, so that it comes back the same. */
interface View {
  readonly target: ModelTarget;
  readonly typed: string;
}

type Ending =
  | { readonly type: 'chosen'; readonly model: ModelRef; readonly target: ModelTarget }
  | {
      readonly type: 'unlock';
      readonly endpoint: Endpoint;
      readonly failure: Failure;
      readonly view: View;
    }
  | { readonly type: 'manage'; readonly view: View }
  | { readonly type: 'cancelled' };

/**
 * Lets the user choose a model of any endpoint. The lists are asked for when the picker opens, once a session, each on
 * its own.
 *
 * @param current the model of the conversation that is shown.
 * @returns what was chosen and for what, `undefined` after Escape. Raises VS Code's error where the default model could
 *   not be written to the settings.
 */
export async function selectModel(
  current: ModelRef | undefined,
  ports: SelectModelPorts,
): Promise<ModelChoice | undefined> {
  const { settings, memory, catalog } = ports;
  let view: View = { target: 'conversation', typed: '' };
  for (;;) {
    if (settings.endpoints.length === 0) {
      const isAdded = await ports.addEndpoint();
      return isAdded && settings.model !== undefined
        ? { model: settings.model, target: 'default' }
        : undefined;
    }
    const ending = await showPicker(current, view, ports);
    catalog.stop();
    switch (ending.type) {
      case 'cancelled':
        return undefined;
      case 'unlock':
        await ports.unlock(ending.endpoint, ending.failure);
        view = ending.view;
        break;
      case 'manage':
        await ports.manageEndpoints();
        view = ending.view;
        break;
      case 'chosen': {
        const { model, target } = ending;
        await memory.use(model);
        // The first model ever chosen is for new conversations too: they would have none.
        if (target === 'default' || settings.model === undefined) await settings.changeModel(model);
        return { model, target };
      }
    }
  }
}

async function showPicker(
  current: ModelRef | undefined,
  view: View,
  ports: SelectModelPorts,
): Promise<Ending> {
  const { settings, catalog, memory } = ports;
  const quickPick = vscode.window.createQuickPick<ModelItem>();
  let { target } = view;
  let ownDefault = settings.model;
  quickPick.placeholder = vscode.l10n.t('Search the models, or type the id of one');
  quickPick.matchOnDescription = true;
  quickPick.keepScrollPosition = true;
  quickPick.value = view.typed;

  const refreshButton = titleButton('refresh', vscode.l10n.t('Refresh'));
  const manageButton = titleButton('gear', vscode.l10n.t('Manage Endpoints...'));
  let targetButton = titleButton('comment', '');
  // Inline buttons of a row are out of reach for the keyboard, those in the title are not.
  const starButton = titleButton(
    'star-empty',
    vscode.l10n.t('Add or Remove the Highlighted Model as Favorite'),
  );

  const showTarget = () => {
    const isDefault = target === 'default';
    quickPick.title = isDefault
      ? vscode.l10n.t('Select the Default Model for New Conversations')
      : vscode.l10n.t('Select a Model for This Conversation');
    targetButton = isDefault
      ? titleButton('comment', vscode.l10n.t('Choose for This Conversation'))
      : titleButton('pinned', vscode.l10n.t('Choose the Default for New Conversations'));
    quickPick.buttons = [targetButton, starButton, refreshButton, manageButton];
  };
  const showRows = (active = quickPick.activeItems[0]?.key) => {
    const { endpoints } = settings;
    quickPick.busy = endpoints.some((endpoint) => catalog.state(endpoint).type === 'loading');
    quickPick.items = buildRows({
      endpoints,
      stateOf: (endpoint) => catalog.state(endpoint),
      recent: memory.recent,
      favourites: memory.favourites,
      current,
      default: ownDefault,
      typed: quickPick.value,
    }).map((row) => modelItem(row, endpoints.length > 1));
    const again = quickPick.items.filter((item) => item.key !== '' && item.key === active);
    if (again.length > 0) quickPick.activeItems = again;
  };
  const act = async (action: ItemAction, { row }: ModelItem) => {
    if (action === 'refresh' && row.type === 'failure') catalog.refresh(row.endpoint);
    if (row.type !== 'model') return;
    if (action === 'favourite') await memory.toggleFavourite(row.ref);
    if (action === 'makeDefault') {
      await settings.changeModel(row.ref);
      ownDefault = row.ref;
    }
    showRows();
  };

  showTarget();
  catalog.askMissing(settings.endpoints);
  showRows(target === 'conversation' ? (current ?? ownDefault) : ownDefault);

  const listeners: vscode.Disposable[] = [quickPick, { dispose: catalog.onDidChange(() => showRows()) }];
  try {
    return await new Promise<Ending>((resolve, reject) => {
      listeners.push(
        // No row stays highlighted: VS Code highlights the best match of what is typed.
        quickPick.onDidChangeValue(() => showRows('')),
        quickPick.onDidTriggerButton((button) => {
          const here = { target, typed: quickPick.value };
          const [active] = quickPick.activeItems;
          if (button === refreshButton) for (const endpoint of settings.endpoints) catalog.refresh(endpoint);
          else if (button === manageButton) resolve({ type: 'manage', view: here });
          else if (button === starButton && active !== undefined) act('favourite', active).catch(reject);
          else if (button === targetButton) {
            target = target === 'default' ? 'conversation' : 'default';
            showTarget();
          }
        }),
        quickPick.onDidTriggerItemButton(({ button, item }) => {
          if (isActionButton(button)) act(button.action, item).catch(reject);
        }),
        quickPick.onDidAccept(() => {
          const row = quickPick.selectedItems[0]?.row;
          if (row?.type === 'model' || row?.type === 'typed')
            resolve({ type: 'chosen', model: row.ref, target });
          else if (row?.type === 'failure') {
            const here = { target, typed: quickPick.value };
            if (wantsKey(row))
              resolve({ type: 'unlock', endpoint: row.endpoint, failure: row.failure, view: here });
            else catalog.refresh(row.endpoint);
          }
        }),
        quickPick.onDidHide(() => resolve({ type: 'cancelled' })),
      );
      quickPick.show();
    });
  } finally {
    for (const listener of listeners) listener.dispose();
  }
}

function titleButton(icon: string, tooltip: string): vscode.QuickInputButton {
  return { iconPath: new vscode.ThemeIcon(icon), tooltip };
}
