import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { addFileToChat, askSelection } from '../../src/features/askSelection/askSelection.ts';
import type { Question } from '../../src/platform/confirm.ts';
import type { ContextItem } from '../../src/shared/conversation.ts';

describe('attaching a file that is reached through a link', () => {
  let outside: string;
  let inside: vscode.Uri;
  before(async function () {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder);
    outside = await mkdtemp(join(tmpdir(), 'colloquy-outside-'));
    inside = vscode.Uri.joinPath(folder.uri, 'links');
    await mkdir(inside.fsPath);
    await writeFile(join(outside, 'id_ed25519'), 'PRIVATE\n');
    await writeFile(join(outside, 'plain.txt'), 'plain\n');
    await writeFile(join(inside.fsPath, 'settings.pem'), 'PRIVATE\n');
    await writeFile(join(inside.fsPath, 'own.txt'), 'own\n');
    try {
      await symlink(join(outside, 'id_ed25519'), join(inside.fsPath, 'notes.md'));
      await symlink(join(outside, 'plain.txt'), join(inside.fsPath, 'linked.txt'));
      await symlink(join(inside.fsPath, 'settings.pem'), join(inside.fsPath, 'harmless.md'));
      await symlink(join(inside.fsPath, 'own.txt'), join(inside.fsPath, 'also-own.txt'));
      await symlink(outside, join(inside.fsPath, 'folder'), 'dir');
    } catch {
      // Windows gives links only to those who may make them.
      this.skip();
    }
  });
  after(async () => {
    await rm(outside, { recursive: true, force: true });
    await rm(inside.fsPath, { recursive: true, force: true });
  });

  /** Attaches a file of the folder of links; what was asked, and what was attached. */
  async function attach(name: string, answer: boolean) {
    const questions: Question[] = [];
    const items: ContextItem[] = [];
    await addFileToChat([vscode.Uri.joinPath(inside, name)], {
      attach: async (item) => void items.push(item),
      confirm: async (question) => {
        questions.push(question);
        return answer;
      },
    });
    return { questions, texts: items.map(({ text }) => text.trim()) };
  }

  it('asks for the secret that it leads to, and where that lies, and takes no for an answer', async () => {
    const refused = await attach('notes.md', false);
    assert.deepEqual(refused.texts, []);
    const [question] = refused.questions;
    assert.match(question?.message ?? '', /notes\.md/);
    assert.match(
      question?.detail ?? '',
      /outside of the workspace, at ".*id_ed25519"\. Files of this name often/,
    );
    assert.deepEqual((await attach('notes.md', true)).texts, ['PRIVATE']);
  });

  it('asks before it leaves the workspace, through a link of a file or of a folder', async () => {
    for (const name of ['linked.txt', 'folder/plain.txt']) {
      const { questions, texts } = await attach(name, false);
      assert.match(
        questions[0]?.detail ?? '',
        /^It lies outside of the workspace, at ".*plain\.txt"\. Its text/,
        name,
      );
      assert.deepEqual(texts, [], name);
    }
  });

  it('asks for a secret of the workspace under another name', async () => {
    const { questions, texts } = await attach('harmless.md', false);
    assert.match(questions[0]?.detail ?? '', /^It is a link to ".*settings\.pem"\. Files of this name often/);
    assert.deepEqual(texts, []);
  });

  it('asks nothing about a link to an ordinary file of the workspace, nor about that file', async () => {
    for (const name of ['also-own.txt', 'own.txt']) {
      assert.deepEqual(await attach(name, false), { questions: [], texts: ['own'] }, name);
    }
  });

  it('asks about a secret by its own name as before', async () => {
    const { questions } = await attach('settings.pem', false);
    assert.equal(
      questions[0]?.detail,
      "Files of this name often hold passwords or keys. Its text will be sent to the model's server.",
    );
  });

  it('asks for a selection too', async () => {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(inside, 'notes.md'));
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(0, 0, 0, 7);
    let asked = 0;
    await askSelection({
      attach: () => Promise.reject(new Error('It was not allowed.')),
      confirm: async () => {
        asked += 1;
        return false;
      },
    });
    assert.equal(asked, 1);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });
});
