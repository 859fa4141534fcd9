import * as vscode from 'vscode';

export interface Question {
  readonly message: string;
  readonly detail: string;
  /** The button that says yes; the other one is VS Code's own Cancel. */
  readonly accept: string;
}

/** Asks before something happens; false for anything but the accepting button. */
export type Confirm = (question: Question) => Promise<boolean>;

export const confirmInModal: Confirm = async ({ message, detail, accept }) =>
  (await vscode.window.showWarningMessage(message, { modal: true, detail }, accept)) === accept;
