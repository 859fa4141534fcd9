import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('the extension in VS Code', () => {
  it('activates by itself once VS Code has started, and hands nothing out', async () => {
    const extension = vscode.extensions.getExtension('colloquy.colloquy');
    assert.ok(extension, 'VS Code does not know the extension');
    assert.equal(await extension.activate(), undefined);
    assert.equal(extension.isActive, true);
  });

  it('runs where the workspace is', () => {
    assert.equal(
      vscode.extensions.getExtension('colloquy.colloquy')?.extensionKind,
      vscode.ExtensionKind.Workspace,
    );
    assert.equal(vscode.workspace.workspaceFolders?.[0]?.uri.scheme, 'file');
  });
});
