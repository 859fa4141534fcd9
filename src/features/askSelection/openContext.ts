import * as vscode from 'vscode';
import type { ContextItem } from '../../shared/conversation.ts';

/** Opens what was attached: the place it came from, or, where that is gone, a copy of the text that was sent. */
export async function openContext(item: ContextItem): Promise<void> {
  const { lines } = item;
  const options = lines && {
    selection: new vscode.Range(lines.first - 1, 0, lines.last - 1, Number.MAX_SAFE_INTEGER),
  };
  try {
    const document = await openDocument(vscode.Uri.parse(item.uri, true));
    await vscode.window.showTextDocument(document, options);
  } catch {
    const document = await vscode.workspace.openTextDocument({
      language: item.languageId,
      content: item.text,
    });
    await vscode.window.showTextDocument(document);
  }
}

/** An untitled document that was closed is gone: VS Code would make a new, empty one in its place. */
function openDocument(uri: vscode.Uri): Thenable<vscode.TextDocument> {
  if (uri.scheme !== 'untitled') return vscode.workspace.openTextDocument(uri);
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  return open ? Promise.resolve(open) : Promise.reject(new Error('closed'));
}
