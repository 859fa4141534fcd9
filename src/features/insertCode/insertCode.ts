import * as vscode from 'vscode';
import { codeHazards, type CodeHazard } from '../../core/codeHazards.ts';
import { fitCode, type IndentStyle, type Place } from '../../core/indent.ts';
import { languageIdFor } from '../../core/languageId.ts';
import type { CodeAction } from '../../shared/protocol.ts';

/** A code block of a reply, taken from the host's copy of the message. */
export interface Code {
  readonly text: string;
  /** What stands behind the fence. */
  readonly language: string;
}

/** Copies a code block, puts it into the editor, or opens it as a new file. */
export async function useCode(action: CodeAction, code: Code): Promise<void> {
  switch (action) {
    case 'copy':
      return copyCode(code);
    case 'insert': {
      const editor = targetEditor();
      return editor ? insertInto(editor, code) : openNewFile(code);
    }
    case 'newFile':
      return openNewFile(code);
  }
}

/** The editor that was used last. Output panels count as editors for VS Code, but nothing can be put into them. */
function targetEditor(): vscode.TextEditor | undefined {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  return [activeTextEditor, ...visibleTextEditors].find(
    (editor) => editor && editor.document.uri.scheme !== 'output',
  );
}

async function copyCode({ text }: Code): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  if (codeHazards(text, '').length > 0) {
    void vscode.window.showWarningMessage(
      vscode.l10n.t('The copied code contains characters that cannot be seen.'),
    );
  }
}

/** Fits the code to every cursor or selection of the editor, in one undo step, and shows what was inserted. */
async function insertInto(editor: vscode.TextEditor, code: Code): Promise<void> {
  const { document } = editor;
  if (!(await confirmHazards(codeHazards(code.text, document.languageId)))) return;
  // The question above takes time: everything below is computed from the document as it is now.
  const style = indentStyle(editor);
  const edits = editor.selections
    .map((selection) => ({ selection, text: fitCode(code.text, placeOf(document, selection), style) }))
    .toSorted((a, b) => a.selection.start.compareTo(b.selection.start));
  const done = await editor.edit((edit) => {
    for (const { selection, text } of edits) edit.replace(selection, text);
  });
  if (!done) {
    void vscode.window.showErrorMessage(
      vscode.l10n.t(
        'The code was not inserted: the editor changed or is read-only. Try again, or copy the code.',
      ),
    );
    return;
  }
  const shown = await vscode.window.showTextDocument(document, {
    ...(editor.viewColumn !== undefined && { viewColumn: editor.viewColumn }),
    preserveFocus: false,
  });
  shown.selections = insertedRanges(document, edits);
  const first = shown.selections[0];
  if (first) shown.revealRange(first, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** Where the texts stand after the edit: every one moves those behind it. */
function insertedRanges(
  document: vscode.TextDocument,
  edits: readonly { readonly selection: vscode.Selection; readonly text: string }[],
): vscode.Selection[] {
  let lineShift = 0;
  let lastLine = -1;
  let columnShift = 0;
  return edits.map(({ selection, text }) => {
    const lines = text.split('\n');
    const sameLine = selection.start.line === lastLine;
    const start = new vscode.Position(
      selection.start.line + lineShift,
      selection.start.character + (sameLine ? columnShift : 0),
    );
    const lastLength = lines.at(-1)?.length ?? 0;
    const end = new vscode.Position(
      start.line + lines.length - 1,
      lines.length === 1 ? start.character + lastLength : lastLength,
    );
    lineShift = end.line - selection.end.line;
    columnShift = end.character - selection.end.character;
    lastLine = selection.end.line;
    return new vscode.Selection(document.validatePosition(start), document.validatePosition(end));
  });
}

function placeOf(document: vscode.TextDocument, selection: vscode.Selection): Place {
  const first = document.lineAt(selection.start.line).text;
  const last = document.lineAt(selection.end.line).text;
  let above = selection.start.line - 1;
  while (above >= 0 && document.lineAt(above).isEmptyOrWhitespace) above -= 1;
  return {
    before: first.slice(0, selection.start.character),
    after: last.slice(selection.end.character),
    above: above < 0 ? undefined : document.lineAt(above).text,
    selected: selection.isEmpty ? undefined : first.slice(selection.start.character),
    wholeLines:
      !selection.isEmpty && selection.end.character === 0 && selection.end.line > selection.start.line,
  };
}

function indentStyle({ options }: vscode.TextEditor): IndentStyle {
  const tabSize = typeof options.tabSize === 'number' ? options.tabSize : 4;
  return { insertSpaces: options.insertSpaces !== false, tabSize };
}

/** A new untitled document in the block's language. JSON that names a remote schema opens as plain text. */
async function openNewFile({ text, language }: Code): Promise<void> {
  const id = languageIdFor(language, await vscode.languages.getLanguages());
  const hazards = codeHazards(text, id);
  if (!(await confirmHazards(hazards.filter((hazard) => hazard !== 'remoteSchema')))) return;
  const plain = hazards.includes('remoteSchema');
  const document = await vscode.workspace.openTextDocument({
    language: plain ? 'plaintext' : id,
    content: text,
  });
  await vscode.window.showTextDocument(document);
  if (plain) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Opened as plain text: as JSON, VS Code would fetch the remote schema that it names.'),
    );
  }
}

async function confirmHazards(hazards: readonly CodeHazard[]): Promise<boolean> {
  if (hazards.length === 0) return true;
  const proceed = vscode.l10n.t('Insert Anyway');
  const detail = hazards.map(describeHazard).join('\n\n');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('This code holds more than it shows.'),
    { modal: true, detail },
    proceed,
  );
  return answer === proceed;
}

function describeHazard(hazard: CodeHazard): string {
  switch (hazard) {
    case 'hiddenCharacters':
      return vscode.l10n.t(
        'It contains characters that cannot be seen, such as bidirectional controls or zero-width characters. It may do something else than it says.',
      );
    case 'remoteSchema':
      return vscode.l10n.t(
        'It names a remote JSON schema, which VS Code fetches as soon as the text is in the document.',
      );
  }
}
