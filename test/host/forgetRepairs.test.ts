import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { forgetRepairs, type RepairItem } from '../../src/features/repairs/forgetRepairs.ts';
import { RepairStore } from '../../src/features/repairs/repairStore.ts';
import { companionContext } from './companionContext.ts';

describe('forgetting request repairs', () => {
  let store: RepairStore;
  let said: string[];
  let shown: readonly RepairItem[] | undefined;

  beforeEach(async () => {
    const { globalState } = await companionContext();
    await globalState.update('repairs', undefined);
    store = new RepairStore(globalState, (error) => assert.fail(String(error)));
    said = [];
    shown = undefined;
  });

  const forget = (choose: (items: readonly RepairItem[]) => readonly RepairItem[] | undefined) =>
    forgetRepairs({
      store,
      pick: async (items) => {
        shown = items;
        return choose(items);
      },
      say: (message) => said.push(message),
    });

  function learn(): void {
    store.learn('https://api.example', 'm', {
      learnt: [
        { repair: { type: 'renamed', field: 'max_tokens', to: 'max_completion_tokens' } },
        { repair: { type: 'dropped', field: 'reasoning_effort' }, value: '"none"' },
      ],
      unlearnt: [],
    });
    store.learn('https://other.example', '$(bug) n', {
      learnt: [
        { repair: { type: 'dropped', field: 'seed' } },
        { repair: { type: 'roleChanged', from: 'developer', to: 'system' } },
        { repair: { type: 'contentJoined' } },
      ],
      unlearnt: [],
    });
  }

  it('says so when there is nothing to forget', async () => {
    await forget(() => assert.fail('a list of nothing'));
    assert.equal(said.length, 1);
    assert.match(said[0] ?? '', /No request is changed/);
  });

  it('lists every change in words under its model and its server', async () => {
    learn();
    await forget(() => undefined);
    assert.deepEqual(
      shown?.map(({ label, kind }) => (kind === vscode.QuickPickItemKind.Separator ? `== ${label}` : label)),
      [
        '== $ (bug) n · https://other.example',
        'seed is left out',
        'The role developer is sent as system',
        'Text parts are sent as one text',
        '== m · https://api.example',
        'max_tokens is sent as max_completion_tokens',
        'reasoning_effort is left out where it is "none"',
      ],
    );
    assert.equal(store.models.length, 2);
    assert.deepEqual(said, []);
  });

  it('forgets what is chosen and nothing else', async () => {
    learn();
    await forget((items) => items.filter(({ label }) => label === 'seed is left out'));
    assert.deepEqual(
      store.models.map(({ repairs }) => repairs.length),
      [2, 2],
    );
    assert.deepEqual(said, ['One change is forgotten.']);
    await forget((items) => items);
    assert.deepEqual(store.models, []);
    assert.match(said[1] ?? '', /^4 changes/);
  });
});
