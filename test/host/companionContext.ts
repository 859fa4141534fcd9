import assert from 'node:assert/strict';
import * as vscode from 'vscode';

/** A real extension context, with SecretStorage and global state, that belongs to the tests alone. */
export async function companionContext(): Promise<vscode.ExtensionContext> {
  const companion = vscode.extensions.getExtension<vscode.ExtensionContext>('colloquy-test.companion');
  assert.ok(companion, 'the companion extension is not loaded');
  return companion.activate();
}

/** Empties the companion's SecretStorage. */
export async function clearSecrets(secrets: vscode.SecretStorage): Promise<void> {
  for (const key of await secrets.keys()) await secrets.delete(key);
}
