import { realpath } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';

/** The file in the first workspace folder that has it, links resolved; never one that lies outside its folder. */
export async function findInWorkspace(relative: string): Promise<vscode.Uri | undefined> {
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    const uri = vscode.Uri.joinPath(folder.uri, relative);
    try {
      const stat = await vscode.workspace.fs.stat(uri);
      if ((stat.type & vscode.FileType.File) !== 0 && (await liesInside(uri, folder.uri))) return uri;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

async function liesInside(uri: vscode.Uri, folder: vscode.Uri): Promise<boolean> {
  if (uri.scheme !== 'file') return true;
  const relative = path.relative(await realpath(folder.fsPath), await realpath(uri.fsPath));
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
}
