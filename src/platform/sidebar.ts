import * as vscode from 'vscode';

/**
 * Hosts whose workbench has no secondary sidebar, although their version says that it should: there the chat lives
 * in the activity bar. Theia is the one known.
 */
const withoutSecondarySidebar = /theia/i;

const hasSecondarySidebar = (): boolean => !withoutSecondarySidebar.test(vscode.env.appName);

/** Which of the two chat views this host shows. */
export function chatViewId(): 'colloquy.chat' | 'colloquy.chatSide' {
  return hasSecondarySidebar() ? 'colloquy.chat' : 'colloquy.chatSide';
}

/** Sets the context key that the manifest's `when` clauses read. Left unset it means that there is one. */
export function setViewContext(): void {
  if (hasSecondarySidebar()) return;
  void vscode.commands.executeCommand('setContext', 'colloquy.noSecondarySidebar', true);
}
