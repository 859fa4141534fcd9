import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { handleIntent, type IntentPorts } from '../../src/panel/intents.ts';
import { Sessions } from '../../src/panel/sessions.ts';
import { intentSchema } from '../../src/shared/protocol.ts';

function createSessions(): Sessions {
  let ids = 0;
  const nothing = (): void => {};
  return new Sessions(
    {
      writer: 'w',
      now: () => 0,
      newId: () => `id-${String((ids += 1))}`,
      connect: () => Promise.reject(new Error('nothing is sent here')),
      defaultModel: () => 'b/default',
      onRetryChanged: nothing,
      onError: nothing,
      onTurnEnded: nothing,
      onEvent: nothing,
    },
    nothing,
  );
}

/** Ports of which only the diagnosis may be used. */
function createPorts(sessions: Sessions) {
  const calls: string[] = [];
  const unused = (): never => assert.fail('not asked for');
  const ports: IntentPorts = {
    sessions,
    selectModel: unused,
    addEndpoint: unused,
    attach: unused,
    openContext: unused,
    copyText: unused,
    useCode: unused,
    openLink: unused,
    setKey: unused,
    editEndpoint: unused,
    showLog: unused,
    forgetRepairs: unused,
    diagnosis: {
      start: async (model) => void calls.push(`start ${String(model)}`),
      again: async () => void calls.push('again'),
      stop: () => void calls.push('stop'),
      copy: async () => void calls.push('copy'),
      close: () => void calls.push('close'),
    },
  };
  return { ports, calls };
}

test('Each intent of a diagnosis does that one thing', async () => {
  const { ports, calls } = createPorts(createSessions());
  for (const type of ['diagnose', 'stopDiagnosis', 'copyDiagnosis', 'closeDiagnosis'] as const) {
    const intent = v.parse(intentSchema, { type });
    assert.ok(intent.type !== 'ready');
    await handleIntent(intent, undefined, ports);
  }
  assert.deepEqual(calls, ['again', 'stop', 'copy', 'close']);
});

test('The intents of a diagnosis take nothing along: no endpoint, no address, no text', () => {
  for (const type of ['diagnose', 'stopDiagnosis', 'copyDiagnosis', 'closeDiagnosis']) {
    assert.equal(v.safeParse(intentSchema, { type, endpoint: 'https://evil.example' }).success, false);
  }
});

test('A failed reply is diagnosed for the model that was asked, whatever is chosen by now', async () => {
  const sessions = createSessions();
  const { ports, calls } = createPorts(sessions);
  const session = sessions.current;
  session.chooseModel('a/asked');
  await session.send('Hello', []);
  session.chooseModel('b/chosen-later');
  const reply = session.path.at(-1)?.node.id ?? '';
  const recover = { type: 'recover', conversation: session.id, recovery: 'diagnose' } as const;
  await handleIntent({ ...recover, message: reply }, undefined, ports);
  await handleIntent({ ...recover, message: 'gone' }, undefined, ports);
  assert.deepEqual(calls, ['start a/asked', 'start b/chosen-later']);
});
