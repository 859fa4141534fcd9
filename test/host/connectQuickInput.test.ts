import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { createConnect, type Connect } from '../../src/features/connect/connect.ts';
import { quickInputPrompts } from '../../src/features/connect/prompts.ts';
import { Settings } from '../../src/platform/settings.ts';
import { clearSecrets, companionContext } from './companionContext.ts';
import { press } from './press.ts';
import { ScriptedPrompts } from './scriptedPrompts.ts';

const accept = 'workbench.action.acceptSelectedQuickOpenItem';
const next = 'workbench.action.quickOpenSelectNext';
const close = 'workbench.action.closeQuickOpen';
const back = 'workbench.action.quickInputBack';

describe('questions in VS Code’s quick input', () => {
  afterEach(async () => vscode.commands.executeCommand(close));

  const choices = [{ separator: 'letters' }, { label: 'A', value: 'a' }, { label: 'B', value: 'b' }] as const;
  const frame = { title: 'Question', canGoBack: true, step: 2, totalSteps: 3 };

  it('begin with the active choice and end with it on Enter', async () => {
    const answer = quickInputPrompts.pick<string>({ ...frame, placeholder: 'Which?', choices, active: 'b' });
    assert.deepEqual(await press(accept, answer), { type: 'value', value: 'b' });
  });

  it('offer what was typed after what matches it', async () => {
    const answer = quickInputPrompts.pick<string>({
      ...frame,
      placeholder: 'Which?',
      choices,
      typed: 'zzz',
      choicesFor: (typed) => [
        { label: 'Use another', description: typed, value: `typed ${typed}`, always: true },
      ],
    });
    assert.deepEqual(await press(accept, answer), { type: 'value', value: 'typed zzz' });
  });

  it('end with Escape', async () => {
    const picked = quickInputPrompts.pick<string>({ ...frame, placeholder: 'Which?', choices });
    assert.deepEqual(await press(close, picked), { type: 'cancelled' });
    const typed = quickInputPrompts.input({ ...frame, prompt: 'What?', value: 'x', check: () => undefined });
    assert.deepEqual(await press(close, typed), { type: 'cancelled' });
  });

  it('go back with what was typed', async () => {
    const answer = quickInputPrompts.input({
      ...frame,
      prompt: 'What?',
      value: 'half',
      check: () => undefined,
    });
    assert.deepEqual(await press(back, answer), { type: 'back', typed: 'half' });
  });

  it('do not accept what the check refuses', async () => {
    let checks = 0;
    const answer = quickInputPrompts.input({
      ...frame,
      prompt: 'What?',
      value: 'wrong',
      check: () => {
        checks += 1;
        return checks < 3 ? 'This is wrong.' : undefined;
      },
    });
    assert.deepEqual(await press(accept, answer), { type: 'value', value: 'wrong' });
    assert.equal(checks, 3);
  });

  it('wait for work, and stop it on Cancel', async () => {
    const wait = { ...frame, placeholder: 'Waiting...' };
    assert.deepEqual(await quickInputPrompts.wait(wait, () => Promise.resolve(7)), {
      type: 'value',
      value: 7,
    });
    await assert.rejects(
      quickInputPrompts.wait(wait, () => Promise.reject(new Error('refused'))),
      /refused/,
    );
    let isStopped = false;
    const held = quickInputPrompts.wait(
      wait,
      (signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            isStopped = true;
            reject(new Error('stopped'));
          });
        }),
    );
    assert.deepEqual(await press(accept, held), { type: 'back', typed: '' });
    assert.equal(isStopped, true);
  });
});

describe('the model picker', () => {
  let context: vscode.ExtensionContext;
  let settings: Settings;
  let connect: Connect;
  let asked: string[];

  before(async () => {
    context = await companionContext();
  });

  beforeEach(async () => {
    asked = [];
    settings = new Settings();
    await clearSecrets(context.secrets);
    await context.globalState.update('recentModels', undefined);
    await context.globalState.update('favouriteModels', undefined);
    await settings.changeEndpoints(() => [
      { id: 'slow', name: 'Slow', baseUrl: 'https://slow.example/v1' },
      { id: 'quick', name: 'Quick', baseUrl: 'https://quick.example/v1', models: ['first', 'second'] },
    ]);
    await settings.changeModel('quick/first');
    connect = createConnect({
      settings,
      secrets: context.secrets,
      state: context.globalState,
      prompts: new ScriptedPrompts([]),
      confirm: () => Promise.resolve(false),
      readVariable: () => undefined,
      testConnection: () => assert.fail('nothing is tested here'),
      listModels: (endpoint, _key, signal) => {
        asked.push(endpoint.id);
        if (endpoint.id === 'quick') return Promise.resolve([{ id: 'third' }]);
        return new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(new Error('stopped'))),
        );
      },
    });
  });

  afterEach(async () => {
    await vscode.commands.executeCommand(close);
    connect.dispose();
    await settings.changeEndpoints(() => []);
    await settings.changeModel(undefined);
    settings.dispose();
  });

  it('begins at the current model and gives it back for the conversation', async () => {
    const choice = await press(accept, connect.selectModel('quick/second'));
    assert.deepEqual(choice, { model: 'quick/second', target: 'conversation' });
    assert.equal(settings.model, 'quick/first', 'the default stays');
    assert.deepEqual(asked, ['slow', 'quick']);
  });

  it('makes the first model ever chosen the default too, and remembers it as recent', async () => {
    await settings.changeModel(undefined);
    const choice = await press(accept, connect.selectModel('quick/second'));
    assert.deepEqual(choice, { model: 'quick/second', target: 'conversation' });
    assert.equal(settings.model, 'quick/second');
    assert.deepEqual(context.globalState.get('recentModels'), ['quick/second']);
  });

  it('changes nothing on Escape, and asks again only for what it does not know', async () => {
    assert.equal(await press(close, connect.selectModel(undefined)), undefined);
    assert.equal(await press(close, connect.selectModel(undefined)), undefined);
    assert.deepEqual(asked, ['slow', 'quick', 'slow']);
    assert.equal(settings.model, 'quick/first');
  });

  it('can be walked with the keyboard while one endpoint does not answer', async () => {
    await settings.changeModel(undefined);
    // The highlight begins on the line that says that "Slow" is still asked: Enter does nothing there.
    const chosen = await press([accept, next], connect.selectModel(undefined));
    assert.match(chosen?.model ?? '', /^quick\//);
  });
});
