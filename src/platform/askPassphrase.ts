import * as vscode from 'vscode';
import type { AskPassphrase } from './passphrases.ts';

/** Asks in an input box that hides what is typed and stays when another window comes to the front. */
export const askPassphraseInInput: AskPassphrase = async (endpoint, file, again) =>
  vscode.window.showInputBox({
    title: vscode.l10n.t('Client Certificate of {0}', endpoint.name),
    prompt: again
      ? vscode.l10n.t('That passphrase does not open {0}. Try another one.', file)
      : vscode.l10n.t('Passphrase of {0}. It is stored safely and used for this server only.', file),
    placeHolder: vscode.l10n.t('Passphrase'),
    password: true,
    ignoreFocusOut: true,
  });
