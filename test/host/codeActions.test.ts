import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('code actions', () => {
  it('are offered on a selection', async () => {
    const document = await vscode.workspace.openTextDocument({
      language: 'plaintext',
      content: 'const a = 1;\nconst b = 2;\n',
    });
    await vscode.window.showTextDocument(document);
    const range = new vscode.Range(0, 0, 0, 12);
    assert.ok((await titles(document, range)).includes('Explain with Colloquy'));
  });

  it('run nothing on save, whatever a workspace asks for', async () => {
    const document = await vscode.workspace.openTextDocument({
      language: 'plaintext',
      content: 'const a = 1;\n',
    });
    await vscode.window.showTextDocument(document);
    const whole = new vscode.Range(0, 0, 1, 0);
    for (const kind of ['colloquy', 'quickfix']) {
      const offered = (await titles(document, whole, kind)).filter((title) => title.includes('Colloquy'));
      assert.deepEqual(offered, [], kind);
    }
  });
});

async function titles(
  document: vscode.TextDocument,
  range: vscode.Range,
  kind?: string,
): Promise<readonly string[]> {
  const actions = await vscode.commands.executeCommand<readonly vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    document.uri,
    range,
    ...(kind === undefined ? [] : [kind]),
  );
  return actions.map(({ title }) => title);
}
