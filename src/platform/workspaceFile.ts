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

/** Where a file lies once every link on the way to it is followed. */
export interface RealFile {
  readonly path: string;
  /** It has another name than the one it was asked for by. */
  readonly isRenamed: boolean;
  /** It was named as a file of the workspace, and lies in none of its folders. */
  readonly leavesWorkspace: boolean;
}

/** Follows the links to a file on disk; `undefined` for one that is not there, or no file of this machine's disks. */
export async function followLinks(uri: vscode.Uri): Promise<RealFile | undefined> {
  if (uri.scheme !== 'file') return undefined;
  try {
    const real = await realpath(uri.fsPath);
    const isNamedInside = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
    return {
      path: real,
      isRenamed: path.basename(real) !== path.basename(uri.fsPath),
      leavesWorkspace: isNamedInside && !(await liesInWorkspace(real)),
    };
  } catch {
    return undefined;
  }
}

async function liesInWorkspace(real: string): Promise<boolean> {
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
    // A folder that cannot be read holds nothing.
    const folder = uri.scheme === 'file' ? await realpath(uri.fsPath).catch(() => undefined) : undefined;
    if (folder !== undefined && isBelow(folder, real)) return true;
  }
  return false;
}

async function liesInside(uri: vscode.Uri, folder: vscode.Uri): Promise<boolean> {
  if (uri.scheme !== 'file') return true;
  return isBelow(await realpath(folder.fsPath), await realpath(uri.fsPath));
}

function isBelow(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '' && relative.split(path.sep)[0] !== '..' && !path.isAbsolute(relative);
}
