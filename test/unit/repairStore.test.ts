import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Memento } from 'vscode';
import type { RememberedRepair } from '../../src/core/repairMemory.ts';
import { RepairStore } from '../../src/features/repairs/repairStore.ts';

const origin = 'https://api.example';
const dropped = (field: string): RememberedRepair => ({ repair: { type: 'dropped', field } });
const renamed = {
  repair: { type: 'renamed', field: 'max_tokens', to: 'max_completion_tokens' },
} as const;

/** A global state that several windows look at. */
function sharedState(initial: Record<string, unknown> = {}) {
  const values = new Map(Object.entries(initial));
  const memento: Memento = {
    keys: () => [...values.keys()],
    // The interface promises whatever type is asked for; what is kept is JSON.
    get: <T>(key: string, fallback?: T) => (values.get(key) as T | undefined) ?? fallback,
    update: async (key, value: unknown) => {
      values.set(key, value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
    },
  };
  const window = () =>
    new RepairStore(memento, (error) => {
      throw error;
    });
  return { window, values };
}

const lesson = (...learnt: readonly RememberedRepair[]) => ({ learnt, unlearnt: [] });

test('what is learnt is known to every window, for that model of that server alone', () => {
  const { window } = sharedState();
  const [one, two] = [window(), window()];
  one.learn(origin, 'm', lesson(dropped('seed')));
  two.learn(origin, 'm', lesson(renamed));
  one.learn(origin, 'n', lesson(dropped('stop')));
  assert.deepEqual(one.recall(origin, 'm'), [dropped('seed'), renamed]);
  assert.deepEqual(two.recall(origin, 'n'), [dropped('stop')]);
  assert.deepEqual(two.recall('https://other.example', 'm'), []);
  assert.deepEqual(two.recall(origin, '__proto__'), []);
});

test('what contradicts something older replaces it, and what did harm is gone', () => {
  const { window } = sharedState();
  const store = window();
  store.learn(origin, 'm', lesson(renamed, dropped('seed')));
  const back = { type: 'renamed', field: 'max_completion_tokens', to: 'max_tokens' } as const;
  store.learn(origin, 'm', { learnt: [{ repair: back }], unlearnt: [{ type: 'dropped', field: 'seed' }] });
  assert.deepEqual(store.recall(origin, 'm'), [{ repair: back }]);
});

test('several refused values of one field are known side by side, until the field itself is refused', () => {
  const { window } = sharedState();
  const store = window();
  const effort = dropped('reasoning_effort');
  store.learn(origin, 'm', lesson({ ...effort, value: '"none"' }));
  store.learn(origin, 'm', lesson({ ...effort, value: '"xhigh"' }));
  assert.equal(store.recall(origin, 'm').length, 2);
  store.learn(origin, 'm', lesson(effort));
  assert.deepEqual(store.recall(origin, 'm'), [effort]);
});

test('some or all of it can be forgotten, also what another window learnt meanwhile', async () => {
  const { window, values } = sharedState();
  const [one, two] = [window(), window()];
  one.learn(origin, 'm', lesson(renamed, dropped('seed')));
  two.learn(origin, 'n', lesson(dropped('seed')));
  await one.forget([{ origin, model: 'm', repair: dropped('seed') }]);
  assert.deepEqual(two.recall(origin, 'm'), [renamed]);
  assert.deepEqual(two.recall(origin, 'n'), [dropped('seed')]);
  await two.forget(
    two.models.flatMap(({ repairs, ...where }) => repairs.map((repair) => ({ ...where, repair }))),
  );
  assert.deepEqual(one.models, []);
  assert.equal(values.get('repairs'), undefined);
});

test('nothing that was kept can change more than a repair may', () => {
  const { window } = sharedState({
    repairs: [
      null,
      'x',
      { origin, model: 7, repairs: [dropped('seed')] },
      {
        origin,
        model: 'm',
        repairs: [
          dropped('messages'),
          dropped('tools'),
          dropped('__proto__'),
          dropped('max_tokens'),
          { repair: { type: 'renamed', field: 'seed', to: 'messages' } },
          { repair: { type: 'renamed', field: 'max_tokens', to: 'tools' } },
          { repair: { type: 'roleChanged', from: 'user', to: 'system' } },
          { repair: { type: 'nonsense' } },
          { repair: 7 },
          7,
          { ...dropped('seed'), value: 7 },
        ],
      },
    ],
  });
  assert.deepEqual(window().models, [
    {
      origin,
      model: 'm',
      repairs: [renamed, dropped('seed')],
    },
  ]);
  for (const kept of [7, 'x', {}, null]) assert.deepEqual(sharedState({ repairs: kept }).window().models, []);
});

test('the memory is bounded: the models that were learnt about longest ago are forgotten', () => {
  const { window } = sharedState();
  const store = window();
  for (let index = 0; index < 310; index++) store.learn(origin, `m${index}`, lesson(dropped('seed')));
  assert.equal(store.models.length, 300);
  assert.deepEqual(store.recall(origin, 'm0'), []);
  assert.deepEqual(store.recall(origin, 'm309'), [dropped('seed')]);
});
