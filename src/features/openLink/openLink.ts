import * as vscode from 'vscode';
import { readLink } from '../../core/link.ts';
import { findInWorkspace } from '../../platform/workspaceFile.ts';

/** Opens a link of a reply: outside after VS Code's own question, or a file of the workspace in an editor. */
export async function openLink(href: string): Promise<void> {
  const target = readLink(href);
  switch (target.type) {
    case 'external':
      if (target.deceptive && !(await confirmHost(target.url, target.host))) return;
      // As a string, which VS Code takes but does not declare: a Uri would be decoded and written anew, so that
      // `%26` became `&` and another address were opened than the one that was checked.
      await vscode.env.openExternal(target.url as unknown as vscode.Uri);
      return;
    case 'file': {
      const uri = await findInWorkspace(target.path);
      if (!uri) {
        void vscode.window.showInformationMessage(
          vscode.l10n.t('There is no file "{0}" in this workspace.', target.path),
        );
        return;
      }
      const line = Math.max(0, (target.line ?? 1) - 1);
      await vscode.window.showTextDocument(uri, { selection: new vscode.Range(line, 0, line, 0) });
      return;
    }
    case 'refused':
      void vscode.window.showWarningMessage(
        vscode.l10n.t(
          'This link was not opened: only web addresses, mail addresses and files of the workspace are.',
        ),
      );
  }
}

async function confirmHost(url: string, host: string): Promise<boolean> {
  const open = vscode.l10n.t('Open');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('Open "{0}"?', host),
    {
      modal: true,
      detail: vscode.l10n.t(
        'The name of this site uses letters that can look like others. This is its full address:\n{0}',
        url,
      ),
    },
    open,
  );
  return answer === open;
}
