import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { runStage, type Outcome } from '../../src/api/diagnosisStage.ts';
import { failureWords } from '../../src/api/diagnosisWords.ts';
import { probeModels } from '../../src/api/probeModels.ts';
import type { Clock } from '../../src/api/stopping.ts';
import { baseUrlVariants } from '../../src/core/baseUrlVariants.ts';
import { CompletionError } from '../../src/core/completionError.ts';
import type { DiagnosisRequest } from '../../src/core/diagnosisRequest.ts';
import { proxyReason } from '../../src/core/proxyReason.ts';
import { DiagnosisRuns, type DiagnosisRunsPorts } from '../../src/features/diagnose/diagnosisRuns.ts';
import { reportOf } from '../../src/features/diagnose/report.ts';
import { type Diagnosis, type DiagnosisStage, inTime, summarize } from '../../src/shared/diagnosis.ts';
import { failureKinds } from '../../src/shared/failure.ts';
import { diagnoses } from '../support/viewPage/diagnosisSamples.ts';

/** A clock that the test turns. */
function fakeClock() {
  let now = 1000;
  const waits: { readonly at: number; readonly end: () => void }[] = [];
  const clock: Clock = {
    now: () => now,
    random: () => 0,
    wait: (ms, signal) =>
      new Promise((resolve) => {
        waits.push({ at: now + ms, end: resolve });
        signal.addEventListener('abort', () => resolve(), { once: true });
      }),
  };
  const turn = (ms: number): void => {
    now += ms;
    for (const { at, end } of waits) if (at <= now) end();
  };
  return { clock, turn };
}

describe('A stage', () => {
  const never = new AbortController().signal;
  const late = (): Outcome => ({ state: 'failed', found: 'too late' });

  async function collect(
    work: (signal: AbortSignal) => Promise<Outcome>,
    clock: Clock,
    signal = never,
    onBegun = (): void => {},
  ) {
    const stages: DiagnosisStage[] = [];
    const stage = { name: 'dns', limitMs: 5000, late, work } as const;
    const running = runStage(stage, { clock, secrets: ['sk-canary-123'] }, signal);
    for (let next = await running.next(); ; next = await running.next()) {
      if (next.done === true) return { stages, outcome: next.value };
      stages.push(next.value);
      if (next.value.state === 'running') setImmediate(onBegun);
    }
  }

  test('is told as running, then with what was found and the time it took', async () => {
    const { clock, turn } = fakeClock();
    const { stages } = await collect(async () => {
      turn(42);
      return { state: 'passed', found: 'there', facts: ['one'], advice: 'none' };
    }, clock);
    assert.deepEqual(stages, [
      { name: 'dns', state: 'running', found: '', ms: 0 },
      { name: 'dns', state: 'passed', found: 'there', facts: ['one'], advice: 'none', ms: 42 },
    ]);
  });

  test('that takes longer than its limit is failed, and its work is told to stop', async () => {
    const { clock, turn } = fakeClock();
    let stopped = false;
    const { stages } = await collect(
      (signal) =>
        new Promise(() => {
          signal.addEventListener('abort', () => (stopped = true));
        }),
      clock,
      never,
      () => turn(5000),
    );
    assert.deepEqual(stages[1], { name: 'dns', state: 'failed', found: 'too late', ms: 5000 });
    assert.equal(stopped, true);
  });

  test('that is stopped ends at once, whether its work listens or not', async () => {
    const { clock } = fakeClock();
    const stop = new AbortController();
    const { stages, outcome } = await collect(
      () => new Promise(() => {}),
      clock,
      stop.signal,
      () => stop.abort(),
    );
    assert.equal(outcome, undefined);
    assert.equal(stages[1]?.state, 'skipped');
    assert.equal(stages[1].found, 'Stopped.');
  });

  test('whose work throws is failed, and what was thrown is not told', async () => {
    const { clock } = fakeClock();
    const { stages } = await collect(() => Promise.reject(new RangeError('sk-canary-123')), clock);
    assert.equal(stages[1]?.found, 'This could not be checked (RangeError).');
  });

  test('has no secret, no control character and nothing endless in any text', async () => {
    const { clock } = fakeClock();
    const nasty = fc.string({ unit: 'binary', maxLength: 2000 }).map((text) => `${text}sk-canary-123${text}`);
    await fc.assert(
      fc.asyncProperty(nasty, async (text) => {
        const work = async (): Promise<Outcome> => ({
          state: 'failed',
          found: text,
          facts: Array.from({ length: 50 }, () => text),
          advice: text,
        });
        const { stages } = await collect(work, clock);
        const told = stages[1];
        assert.ok(told);
        const all = [told.found, told.advice ?? '', ...(told.facts ?? [])];
        assert.ok((told.facts?.length ?? 0) <= 16);
        for (const one of all) {
          assert.ok(!one.includes('sk-canary-123'));
          assert.ok(one.length <= 600);
          assert.ok(!/[\p{Cc}\u202A-\u202E]/u.test(one));
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('The variants of a base URL', () => {
  test('begin with what is most likely meant', () => {
    const first = (url: string): string | undefined => baseUrlVariants(url)[0];
    assert.equal(first('http://localhost:11434'), 'http://localhost:11434/v1');
    assert.equal(first('https://h/v1/v1'), 'https://h/v1');
    assert.equal(first('https://h/v1/chat/completions'), 'https://h/v1');
    assert.equal(first('https://h/proxy/v1/models'), 'https://h/proxy/v1');
    assert.equal(first('https://h/team/v1'), 'https://h/team');
    assert.equal(first('https://h/team'), 'https://h/team/v1');
    assert.equal(first('http://h:11434/api/generate'), 'http://h:11434');
  });

  test('are few, different from one another and from what is configured, and of its origin', () => {
    const parts = fc.constantFrom('v1', 'v1beta', 'api', 'openai', 'chat', 'completions', 'models', 'x');
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 6 }), (path) => {
        const base = ['https://host.example:8443', ...path].join('/');
        const variants = baseUrlVariants(base);
        assert.ok(variants.length > 0 && variants.length <= 8);
        assert.equal(new Set(variants).size, variants.length);
        assert.ok(!variants.includes(base));
        for (const variant of variants) assert.equal(new URL(variant).origin, 'https://host.example:8443');
      }),
    );
    assert.deepEqual(baseUrlVariants('no url'), []);
  });
});

describe('The reason for a proxy', () => {
  const none = { support: 'override', proxy: '', noProxy: [], env: {} };
  const origin = 'https://api.example.com';

  test('names the setting or the variable, and never its value', () => {
    const proxy = 'http://me:hunter22@proxy:3128';
    const env = { HTTPS_PROXY: proxy };
    assert.equal(
      proxyReason(origin, 'http://proxy:3128/', { ...none, proxy }),
      'from the setting http.proxy',
    );
    assert.equal(proxyReason(origin, proxy, { ...none, env }), 'from the environment variable HTTPS_PROXY');
    assert.match(proxyReason(origin, 'http://pac:1', { ...none, proxy, env }), /found by VS Code/);
  });

  test('says why there is none', () => {
    const env = { NO_PROXY: '.example.com' };
    assert.equal(proxyReason(origin, undefined, { ...none, support: 'off' }), 'http.proxySupport is off');
    assert.match(proxyReason('http://localhost:1', undefined, none), /this computer itself/);
    assert.equal(
      proxyReason(origin, undefined, { ...none, noProxy: ['api.example.com'] }),
      'http.noProxy names the host',
    );
    assert.equal(proxyReason(origin, undefined, { ...none, env }), 'NO_PROXY names the host');
    assert.equal(proxyReason(origin, undefined, none), 'no proxy is configured');
    const set = { ...none, proxy: 'http://p:1' };
    assert.equal(proxyReason(origin, undefined, set), 'VS Code finds none for this address');
  });
});

test('Every kind of failure has words for what was found and for what to do', () => {
  for (const kind of failureKinds) {
    for (const failure of [
      { kind },
      { kind, status: 418, origin: 'https://h', detail: 'said so', code: 'E' },
    ]) {
      const { found, advice } = failureWords(failure);
      assert.match(found, /^(?:[A-Z]|https:).*\S$/s, kind);
      assert.match(advice, /^[A-Z].*[.]$/s, kind);
      assert.ok(!`${found}${advice}`.includes('undefined'), found);
    }
  }
});

test('The nearest models are those with a part of the name, or few letters apart', () => {
  const list = (ids: readonly string[]) => ({ type: 'models', models: ids.map((id) => ({ id })) }) as const;
  const near = (wanted: string, ids: readonly string[]): string =>
    probeModels(list(ids), wanted).advice ?? '';
  assert.match(near('lama3', ['llama3', 'mistral']), /^Nearest: "llama3"\. /);
  assert.match(near('gpt-4o', ['openai/gpt-4o', 'x']), /^Nearest: "openai\/gpt-4o"\. /);
  assert.doesNotMatch(near('gpt-4o', ['whisper']), /Nearest/);
  assert.equal(probeModels(list(['a', 'b']), 'a').state, 'passed');
  assert.equal(probeModels(list([]), 'a').state, 'warning');
  const endless = Array.from({ length: 1000 }, (_, index) => `id-${String(index)}`);
  assert.match(
    probeModels(list(endless), 'a').found,
    /at least 1000 models, and "a" is not among those that are read/,
  );
});

describe('The result in one sentence', () => {
  test('names what failed before what is to be looked at', () => {
    assert.equal(summarize(diagnoses.running), 'Checking the connection...');
    assert.equal(summarize(diagnoses.passed), 'Everything works.');
    assert.equal(summarize(diagnoses.failed), 'Failed: Address of the API. To look at: Connection.');
    assert.equal(summarize(diagnoses.stopped), 'Stopped before the end.');
  });

  test('has times as people read them', () => {
    assert.deepEqual([0, 12.4, 999.4, 1000, 61_234].map(inTime), [
      '0 ms',
      '12 ms',
      '999 ms',
      '1.0 s',
      '61.2 s',
    ]);
  });
});

describe('The report', () => {
  const facts = { surroundings: ['Colloquy 1.2.3', 'VS Code 1.139.1', 'linux x64', 'transport auto'] };

  test('has every stage with what was found and what to do, and says what is in it', () => {
    const text = reportOf(diagnoses.failed, facts);
    assert.match(text, /^```text\nColloquy: connection diagnosis\n/);
    assert.match(text, /No key, header value or password is in this report\. Host names/);
    assert.match(text, /With: {6}Colloquy 1\.2\.3, VS Code 1\.139\.1, linux x64, transport auto/);
    assert.match(
      text,
      /\[FAIL \] Address of the API \(48 ms\)\n {8}http:\/\/localhost:4000\/models answers HTTP 404/,
    );
    assert.match(text, /\n {8}To do: Change the base URL to http:\/\/localhost:4000\/v1/);
    for (const { name } of diagnoses.failed.stages)
      assert.ok(text.includes(name === 'tcp' ? '[ ??  ]' : '] '));
    assert.match(text, /\n```\n$/);
  });

  test('is one block of code whatever is in it: no line and no fence of its own', () => {
    const nasty = 'x`````\n@everyone ![](https://evil.example/x.png)\u2028\u202E';
    const hostile: Diagnosis = { ...diagnoses.failed, endpoint: nasty, model: nasty };
    const text = reportOf(hostile, facts);
    const fence = '`'.repeat(6);
    assert.ok(text.startsWith(`${fence}text\n`));
    assert.equal(text.split('\n').filter((line) => line === fence).length, 1);
    assert.ok(!/[\u2028\u202E]/.test(text));
    assert.ok(!text.split('\n').some((line) => line.startsWith('@')));
  });
});

describe('The runs', () => {
  const endpoint = { id: 'a', name: 'A', baseUrl: 'https://a.example/v1' };
  const stage = (state: DiagnosisStage['state'], found = ''): DiagnosisStage => ({
    name: 'dns',
    state,
    found,
    ms: 0,
  });

  function createRuns(given: Partial<DiagnosisRunsPorts> = {}) {
    const requests: DiagnosisRequest[] = [];
    const states: string[] = [];
    const errors: unknown[] = [];
    let ids = 0;
    const runs: DiagnosisRuns = new DiagnosisRuns({
      async *run(request) {
        requests.push(request);
        yield stage('running');
        yield stage('passed', 'there');
      },
      keyFor: async () => 'sk-canary',
      keySource: async () => 'variable',
      parameters: () => ({ temperature: 0 }),
      newId: () => `d${String((ids += 1))}`,
      onChanged: () => states.push(runs.current?.state ?? 'closed'),
      onError: (error) => errors.push(error),
      ...given,
    });
    return { runs, requests, states, errors };
  }

  test('show one diagnosis from its beginning to its end, and no key', async () => {
    const { runs, requests, states } = createRuns();
    await runs.start(endpoint, 'm');
    assert.deepEqual(states, ['running', 'running', 'running', 'finished']);
    assert.deepEqual(runs.current, {
      id: 'd1',
      endpoint: 'A',
      origin: 'https://a.example',
      model: 'm',
      state: 'finished',
      stages: [stage('passed', 'there')],
    });
    assert.deepEqual(requests[0]?.key, { type: 'key', key: 'sk-canary', from: 'variable' });
    assert.ok(!JSON.stringify(runs.current).includes('sk-canary'));
  });

  test('tell a key that is missing from an address that must not be used', async () => {
    for (const [kind, blocks] of [
      ['noKey', false],
      ['cannotConnect', true],
    ] as const) {
      const { runs, requests } = createRuns({
        keyFor: () => Promise.reject(new CompletionError({ kind, detail: 'Not allowed.' })),
      });
      await runs.start(endpoint, undefined);
      assert.deepEqual(requests[0]?.key, { type: 'refused', why: 'Not allowed.', blocks });
    }
  });

  test('are stopped while the key is asked for, and nothing is run', async () => {
    const { runs, requests } = createRuns({ keyFor: () => new Promise(() => {}) });
    const ended = runs.start(endpoint, 'm');
    runs.stop();
    await ended;
    assert.equal(runs.current?.state, 'stopped');
    assert.deepEqual(requests, []);
  });

  test('are superseded by the next one, which is the only one shown', async () => {
    const signals: AbortSignal[] = [];
    const { runs } = createRuns({
      async *run(request, signal) {
        signals.push(signal);
        yield stage('running', request.modelId);
        if (signals.length === 1) await new Promise((resolve) => signal.addEventListener('abort', resolve));
        yield stage('passed', request.modelId);
      },
    });
    const first = runs.start(endpoint, 'one');
    while (signals.length === 0) await new Promise(setImmediate);
    await Promise.all([first, runs.start(endpoint, 'two')]);
    assert.equal(signals[0]?.aborted, true);
    assert.equal(runs.current?.id, 'd2');
    assert.equal(runs.current.stages[0]?.found, 'two');
  });

  test('that are closed show nothing any more, whatever still comes', async () => {
    const { runs, states } = createRuns();
    const ended = runs.start(endpoint, 'm');
    runs.close();
    await ended;
    assert.equal(runs.current, undefined);
    assert.equal(states.at(-1), 'closed');
  });

  test('that break off by a defect say so and are over', async () => {
    const defect = new TypeError('sk-canary');
    const { runs, errors } = createRuns({
      // eslint-disable-next-line require-yield -- it breaks off before
      async *run() {
        throw defect;
      },
    });
    await runs.start(endpoint, 'm');
    assert.equal(runs.current?.state, 'finished');
    assert.deepEqual(errors, [defect]);
    assert.ok(!JSON.stringify(runs.current).includes('sk-canary'));
  });
});
