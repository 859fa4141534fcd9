import * as vscode from 'vscode';
import type { Row } from './modelRows.ts';
import { plainLabel } from './plainLabel.ts';
import { failureWords } from './words.ts';

/** A row of the model picker as VS Code shows it. */
export interface ModelItem extends vscode.QuickPickItem {
  readonly row: Row;
  /** The same for the same row after a change elsewhere in the list. */
  readonly key: string;
}

export type ItemAction = 'favourite' | 'makeDefault' | 'refresh';

export interface ActionButton extends vscode.QuickInputButton {
  readonly action: ItemAction;
}

export function isActionButton(button: vscode.QuickInputButton): button is ActionButton {
  return 'action' in button;
}

/** @param several whether there is more than one endpoint, so that a model must say whose it is. */
export function modelItem(row: Row, several: boolean): ModelItem {
  switch (row.type) {
    case 'heading':
      return separator(row, headingWords(row.group));
    case 'endpointHeading':
      return separator(row, plainLabel(row.endpoint.name));
    case 'model': {
      const marks = [
        ...(several ? [plainLabel(row.endpoint.name)] : []),
        ...(row.isCurrent ? [vscode.l10n.t('this conversation')] : []),
        ...(row.isDefault ? [vscode.l10n.t('default')] : []),
      ];
      return {
        row,
        key: row.ref,
        label: plainLabel(row.modelId),
        description: marks.join(' · '),
        // Without an icon of its own a row would stand further left than the one with the check mark.
        iconPath: new vscode.ThemeIcon(row.isCurrent ? 'check' : 'blank'),
        buttons: [
          ...(row.isDefault
            ? []
            : [button('makeDefault', 'pinned', vscode.l10n.t('Make Default for New Conversations'))]),
          row.isFavourite
            ? button('favourite', 'star-full', vscode.l10n.t('Remove from Favorites'))
            : button('favourite', 'star-empty', vscode.l10n.t('Add to Favorites')),
        ],
      };
    }
    case 'typed':
      return {
        row,
        key: `typed ${row.ref}`,
        label: vscode.l10n.t('Use another model of {0}', plainLabel(row.endpoint.name)),
        description: plainLabel(row.modelId),
        iconPath: new vscode.ThemeIcon('edit'),
        alwaysShow: true,
      };
    case 'failure':
      return {
        row,
        key: `state ${row.endpoint.id}`,
        label: failureWords(row.failure),
        detail: whatToDo(row),
        iconPath: new vscode.ThemeIcon('warning'),
        buttons: [button('refresh', 'refresh', vscode.l10n.t('Try Again'))],
      };
    case 'loading':
      return {
        row,
        key: `state ${row.endpoint.id}`,
        label: vscode.l10n.t('Asking {0} for its models...', plainLabel(row.endpoint.name)),
        iconPath: new vscode.ThemeIcon('loading~spin'),
      };
    case 'empty':
      return {
        row,
        key: `state ${row.endpoint.id}`,
        label: vscode.l10n.t('{0} lists no models. Type the id of one.', plainLabel(row.endpoint.name)),
        iconPath: new vscode.ThemeIcon('info'),
      };
    case 'leftOut':
      return {
        row,
        key: `leftOut ${row.endpoint.id}`,
        label: vscode.l10n.t('{0} more are not shown. Type the id to use one.', row.count),
        iconPath: new vscode.ThemeIcon('info'),
      };
  }
}

/** Whether choosing the row of a failed list asks for the key; otherwise it asks the server again. */
export function wantsKey(row: Extract<Row, { readonly type: 'failure' }>): boolean {
  return row.failure.kind === 'noKey' || row.failure.kind === 'unauthorized';
}

function whatToDo(row: Extract<Row, { readonly type: 'failure' }>): string {
  return wantsKey(row)
    ? vscode.l10n.t('Press Enter to set the key')
    : vscode.l10n.t('Press Enter to try again');
}

function headingWords(group: Extract<Row, { readonly type: 'heading' }>['group']): string {
  switch (group) {
    case 'typed':
      return vscode.l10n.t('not listed');
    case 'favourites':
      return vscode.l10n.t('favorites');
    case 'recent':
      return vscode.l10n.t('recently used');
  }
}

function separator(row: Row, label: string): ModelItem {
  return { row, key: '', label, kind: vscode.QuickPickItemKind.Separator };
}

function button(action: ItemAction, icon: string, tooltip: string): ActionButton {
  return { action, iconPath: new vscode.ThemeIcon(icon), tooltip };
}
