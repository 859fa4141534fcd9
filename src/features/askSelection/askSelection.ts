import * as vscode from 'vscode';
import type { Confirm } from '../../platform/confirm.ts';
import type { ContextItem } from '../../shared/conversation.ts';
import { contextFromDocument, contextFromEditor } from './context.ts';
import { prompts, type PromptName } from './prompts.ts';

/** What asking needs from the chat panel. */
export interface AskPorts {
  /** Shows the chat with this attached and the cursor in the composer. */
  readonly attach: (item: ContextItem) => Promise<void>;
  /** Shows the chat and sends at once; in a new conversation while a reply streams in the current one. */
  readonly send: (text: string, context: readonly ContextItem[]) => Promise<void>;
  /** Asked before a file that may hold secrets is attached. */
  readonly confirm: Confirm;
}

type Attach = Pick<AskPorts, 'attach' | 'confirm'>;

/** `colloquy.askSelection` and `colloquy.addSelectionToChat`: the selection as a chip, the cursor in the composer. */
export async function askSelection({ attach, confirm }: Attach): Promise<void> {
  const editor = requireEditor();
  const item = editor && (await contextFromEditor(editor, { problems: false, confirm }));
  if (item) await attach(item);
}

/** `colloquy.explainSelection` and its sisters: asks about the selection at once. */
export async function sendPrompt(name: PromptName, { send, confirm }: AskPorts): Promise<void> {
  const editor = requireEditor();
  const item = editor && (await contextFromEditor(editor, { problems: name === 'fixSelection', confirm }));
  if (item) await send(prompts[name], [item]);
}

/**
 * `colloquy.addFileToChat`: the files chosen in the explorer or of a tab, else the active editor's. `chosen` is what
 * VS Code hands to a menu command: one URI, then all that are selected.
 */
export async function addFileToChat(
  chosen: readonly vscode.Uri[],
  { attach, confirm }: Attach,
): Promise<void> {
  const active = vscode.window.activeTextEditor?.document.uri;
  const uris = chosen.length > 0 ? chosen : active ? [active] : [];
  if (uris.length === 0) requireEditor();
  for (const uri of uris) {
    const item = await contextFromUri(uri, confirm);
    if (item) await attach(item);
  }
}

/** The chat's "Attach" button: files chosen in VS Code's own dialog. */
export async function attachFiles(ports: Attach): Promise<void> {
  const uris = await vscode.window.showOpenDialog({
    canSelectMany: true,
    openLabel: vscode.l10n.t('Attach'),
    title: vscode.l10n.t('Attach Files'),
  });
  if (uris) await addFileToChat(uris, ports);
}

async function contextFromUri(uri: vscode.Uri, confirm: Confirm): Promise<ContextItem | undefined> {
  try {
    return await contextFromDocument(await vscode.workspace.openTextDocument(uri), confirm);
  } catch (error) {
    // VS Code refuses folders, binary files and files that are too large, and says so.
    const reason = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(
      vscode.l10n.t('"{0}" was not attached. {1}', vscode.workspace.asRelativePath(uri), reason),
    );
    return undefined;
  }
}

function requireEditor(): vscode.TextEditor | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Open a file and select some code first.'));
  }
  return editor;
}
