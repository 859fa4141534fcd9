import * as vscode from 'vscode';
import { isSecretFile } from '../../core/secretFile.ts';
import { plainName } from '../../core/visible.ts';
import type { Confirm } from '../../platform/confirm.ts';
import { followLinks } from '../../platform/workspaceFile.ts';

/**
 * Asks before the text of a file goes into a request that often holds secrets by its name, or by the name of the file
 * that a link leads to; and where a link leads from the workspace to somewhere else. `name` is how the file is shown.
 */
export async function mayAttach(uri: vscode.Uri, name: string, confirm: Confirm): Promise<boolean> {
  const real = await followLinks(uri);
  const isSecret = isSecretFile(uri.path) || (real !== undefined && isSecretFile(real.path));
  const leaves = real?.leavesWorkspace ?? false;
  if (!isSecret && !leaves) return true;
  const place = plainName(real?.path ?? '');
  const sentences = [
    ...(leaves ? [vscode.l10n.t('It lies outside of the workspace, at "{0}".', place)] : []),
    ...(real?.isRenamed === true && !leaves ? [vscode.l10n.t('It is a link to "{0}".', place)] : []),
    ...(isSecret ? [vscode.l10n.t('Files of this name often hold passwords or keys.')] : []),
    vscode.l10n.t("Its text will be sent to the model's server."),
  ];
  return confirm({
    message: vscode.l10n.t('Attach "{0}"?', name),
    detail: sentences.join(' '),
    accept: vscode.l10n.t('Attach'),
  });
}
