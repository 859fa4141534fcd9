import * as vscode from 'vscode';
import type { ContextItem } from '../../shared/conversation.ts';
import type { Confirm } from '../../platform/confirm.ts';
import { mayAttach } from './mayAttach.ts';

/** Characters of a file or selection that may be attached: more would not fit any model's context. */
const longest = 1_000_000;

/**
 * What the user points at in an editor: the selection; without one, the innermost symbol around the cursor (in a
 * trusted workspace, because language services answer that); else the whole file. `undefined` when the user said no.
 */
export async function contextFromEditor(
  editor: vscode.TextEditor,
  options: { readonly problems: boolean; readonly confirm: Confirm },
): Promise<ContextItem | undefined> {
  const { document, selection } = editor;
  const range = selection.isEmpty
    ? await symbolAround(document, selection.active)
    : wholeLines(document, selection);
  if (!range) return contextFromDocument(document, options.confirm);
  return accept(document, options.confirm, {
    kind: 'selection',
    lines: { first: range.start.line + 1, last: range.end.line + 1 },
    text: document.getText(range),
    ...(options.problems && { problems: problemsIn(document, range) }),
  });
}

/** A whole document. */
export async function contextFromDocument(
  document: vscode.TextDocument,
  confirm: Confirm,
): Promise<ContextItem | undefined> {
  return accept(document, confirm, { kind: 'file', text: document.getText() });
}

async function accept(
  document: vscode.TextDocument,
  confirm: Confirm,
  part: Pick<ContextItem, 'kind' | 'text' | 'lines' | 'problems'>,
): Promise<ContextItem | undefined> {
  const path = vscode.workspace.asRelativePath(
    document.uri,
    (vscode.workspace.workspaceFolders?.length ?? 0) > 1,
  );
  const name = document.isUntitled ? document.uri.path : path;
  if (part.text.trim() === '') {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('There is nothing to attach: "{0}" is empty here.', name),
    );
    return undefined;
  }
  if (part.text.length > longest) {
    void vscode.window.showErrorMessage(
      vscode.l10n.t(
        '"{0}" was not attached: it has {1} characters, and at most {2} can be. Select a part of it.',
        name,
        part.text.length,
        longest,
      ),
    );
    return undefined;
  }
  if (!(await mayAttach(document.uri, name, confirm))) return undefined;
  return {
    id: crypto.randomUUID(),
    uri: document.uri.toString(),
    path: name,
    languageId: document.languageId,
    ...part,
  };
}

/** The selected lines from their first to their last character; a selection that ends before a line leaves it out. */
function wholeLines(document: vscode.TextDocument, selection: vscode.Selection): vscode.Range {
  const endsBefore = selection.end.character === 0 && selection.end.line > selection.start.line;
  const last = document.lineAt(endsBefore ? selection.end.line - 1 : selection.end.line);
  return new vscode.Range(document.lineAt(selection.start.line).range.start, last.range.end);
}

function problemsIn(document: vscode.TextDocument, range: vscode.Range): readonly string[] {
  return vscode.languages
    .getDiagnostics(document.uri)
    .filter((diagnostic) => diagnostic.range.intersection(range))
    .map((diagnostic) => {
      const source = diagnostic.source === undefined ? '' : ` (${diagnostic.source})`;
      return `Line ${diagnostic.range.start.line + 1}, ${severityName(diagnostic.severity)}: ${diagnostic.message}${source}`;
    });
}

function severityName(severity: vscode.DiagnosticSeverity): string {
  switch (severity) {
    case vscode.DiagnosticSeverity.Error:
      return 'error';
    case vscode.DiagnosticSeverity.Warning:
      return 'warning';
    case vscode.DiagnosticSeverity.Information:
      return 'information';
    case vscode.DiagnosticSeverity.Hint:
      return 'hint';
  }
}

async function symbolAround(
  document: vscode.TextDocument,
  at: vscode.Position,
): Promise<vscode.Range | undefined> {
  if (!vscode.workspace.isTrusted) return undefined;
  const symbols = await vscode.commands.executeCommand<readonly vscode.DocumentSymbol[] | undefined>(
    'vscode.executeDocumentSymbolProvider',
    document.uri,
  );
  let found: vscode.Range | undefined;
  let level = symbols ?? [];
  for (;;) {
    // Providers may answer with SymbolInformation, which has no range of its own.
    const inner = level.find(
      (symbol) => 'range' in symbol && symbol.range.contains(at) && isBlock(symbol.kind),
    );
    if (!inner) return found;
    found = new vscode.Range(new vscode.Position(inner.range.start.line, 0), inner.range.end);
    level = inner.children;
  }
}

/** Symbols that make sense to ask about as a whole: not a single variable or property. */
function isBlock(kind: vscode.SymbolKind): boolean {
  const { Class, Method, Constructor, Enum, Interface, Function, Module, Namespace, Struct, Object } =
    vscode.SymbolKind;
  return [Class, Method, Constructor, Enum, Interface, Function, Module, Namespace, Struct, Object].includes(
    kind,
  );
}
