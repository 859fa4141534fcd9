import * as vscode from 'vscode';
import type { RememberedRepair } from '../../core/repairMemory.ts';
import { plainName } from '../../core/visible.ts';
import type { RememberedChange, RepairStore } from './repairStore.ts';

/** One line of the list. */
export interface RepairItem extends vscode.QuickPickItem {
  /** Missing on the heading of a model. */
  readonly change?: RememberedChange;
}

export interface ForgetPorts {
  readonly store: Pick<RepairStore, 'models' | 'forget'>;
  /** Several may be chosen; `undefined` where the list was left. */
  readonly pick: (items: readonly RepairItem[]) => Promise<readonly RepairItem[] | undefined>;
  readonly say: (message: string) => void;
}

/** VS Code's own list, with a box before every line and one for all of them. */
export const nativePorts: Omit<ForgetPorts, 'store'> = {
  pick: async (items) =>
    vscode.window.showQuickPick(items, {
      canPickMany: true,
      matchOnDescription: true,
      title: vscode.l10n.t('Forget Request Repairs'),
      placeHolder: vscode.l10n.t('What should be sent again as you set it?'),
    }),
  say: (message) => void vscode.window.showInformationMessage(message),
};

/** Lists every change that is made to requests because a server refused a field, and forgets those that are chosen. */
export async function forgetRepairs({ store, pick, say }: ForgetPorts): Promise<void> {
  const items = repairItems(store.models);
  if (items.length === 0) {
    say(vscode.l10n.t('No request is changed: no server has refused a field so far.'));
    return;
  }
  const chosen = (await pick(items))?.flatMap(({ change }) => change ?? []) ?? [];
  if (chosen.length === 0) return;
  await store.forget(chosen);
  say(
    chosen.length === 1
      ? vscode.l10n.t('One change is forgotten.')
      : vscode.l10n.t('{0} changes are forgotten.', chosen.length),
  );
}

/** Under a heading for each model, the one that changed last first. */
function repairItems(models: RepairStore['models']): readonly RepairItem[] {
  return models.toReversed().flatMap(({ origin, model, repairs }) => {
    const where = `${plainLabel(model)} · ${plainLabel(origin)}`;
    return [
      { label: where, kind: vscode.QuickPickItemKind.Separator },
      ...repairs.map((repair) => ({
        label: changeInWords(repair),
        description: where,
        change: { origin, model, repair },
      })),
    ];
  });
}

function changeInWords({ repair, value }: RememberedRepair): string {
  switch (repair.type) {
    case 'renamed':
      return vscode.l10n.t('{0} is sent as {1}', repair.field, repair.to);
    case 'dropped':
      return value === undefined
        ? vscode.l10n.t('{0} is left out', repair.field)
        : vscode.l10n.t('{0} is left out where it is {1}', repair.field, plainLabel(value));
    case 'roleChanged':
      return vscode.l10n.t('The role {0} is sent as {1}', repair.from, repair.to);
    case 'contentJoined':
      return vscode.l10n.t('Text parts are sent as one text');
  }
}

/** Names come from servers: one visible line, in which `$(...)` is no icon. */
function plainLabel(name: string): string {
  return plainName(name).replaceAll('$(', '$ (');
}
