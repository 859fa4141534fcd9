import * as vscode from 'vscode';

const askKind = vscode.CodeActionKind.Empty.append('colloquy');

/** The lightbulb: "Ask", "Explain" and the others on a selection, "Fix" on a problem. No request is made here. */
export class AskActions implements vscode.CodeActionProvider {
  static readonly kinds = [askKind, vscode.CodeActionKind.QuickFix];

  provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range | vscode.Selection,
    context: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    if (runsUnasked(document, range, context)) return [];
    const actions: vscode.CodeAction[] = [];
    if (!range.isEmpty) {
      actions.push(
        action(vscode.l10n.t('Ask Colloquy About Selection'), 'colloquy.askSelection', askKind),
        action(vscode.l10n.t('Explain with Colloquy'), 'colloquy.explainSelection', askKind),
        action(vscode.l10n.t('Document with Colloquy'), 'colloquy.documentSelection', askKind),
        action(vscode.l10n.t('Write Tests with Colloquy'), 'colloquy.testSelection', askKind),
        action(vscode.l10n.t('Review with Colloquy'), 'colloquy.reviewSelection', askKind),
      );
    }
    if (context.diagnostics.length > 0) {
      const fix = action(
        vscode.l10n.t('Fix with Colloquy'),
        'colloquy.fixSelection',
        vscode.CodeActionKind.QuickFix,
      );
      fix.diagnostics = [...context.diagnostics];
      actions.push(fix);
    }
    return actions;
  }
}

/**
 * On save VS Code asks for the actions of the kinds in `editor.codeActionsOnSave` over the whole document and runs all
 * of them. A workspace can set that, and nothing is ever sent that nobody asked for.
 */
function runsUnasked(
  document: vscode.TextDocument,
  range: vscode.Range,
  { only }: vscode.CodeActionContext,
): boolean {
  const end = document.lineAt(document.lineCount - 1).range.end;
  return only !== undefined && range.isEqual(new vscode.Range(new vscode.Position(0, 0), end));
}

function action(title: string, command: string, kind: vscode.CodeActionKind): vscode.CodeAction {
  const result = new vscode.CodeAction(title, kind);
  result.command = { title, command };
  return result;
}
