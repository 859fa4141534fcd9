import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

/** Runs a module in a process of its own, in which nothing was imported before. */
function inFreshProcess(code: string): unknown {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module'], {
    encoding: 'utf8',
    cwd: new URL('../..', import.meta.url),
    input: code,
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

const slots = `
  const slots = ['1', '2'].map((version) => Symbol.for('undici.globalDispatcher.' + version));
  const look = () => slots.map((slot) => Object.getOwnPropertyDescriptor(globalThis, slot) ?? 'absent');
  const load = () => import('./src/api/undici.ts');
`;

test('importing undici leaves the process-wide dispatcher slots empty', () => {
  const [before, after, works] = inFreshProcess(`${slots}
    const before = look();
    const { Agent } = await load();
    console.log(JSON.stringify([before, look(), typeof new Agent().dispatch]));
  `) as unknown[];
  assert.deepEqual(before, ['absent', 'absent']);
  assert.deepEqual(after, before);
  assert.equal(works, 'function');
});

test('what another extension has put into the slot stays there', () => {
  const same = inFreshProcess(`${slots}
    const theirs = { dispatch() {} };
    Object.defineProperty(globalThis, slots[0], { value: theirs, writable: true, configurable: false });
    const before = JSON.stringify(look());
    await load();
    console.log(JSON.stringify(globalThis[slots[0]] === theirs && JSON.stringify(look()) === before));
  `);
  assert.equal(same, true);
});

test('the built-in fetch works as before when it is first used afterwards', () => {
  const result = inFreshProcess(`${slots}
    await load();
    const reason = await fetch('http://127.0.0.1:1').catch((error) => error.cause.message);
    console.log(JSON.stringify([reason, globalThis[slots[0]]?.constructor.name]));
  `);
  assert.deepEqual(result, ['bad port', 'Agent']);
});

test('the same holds in a bundle', async () => {
  const esbuild = await import('esbuild');
  const { outputFiles } = await esbuild.build({
    entryPoints: ['src/api/transport.ts'],
    absWorkingDir: new URL('../..', import.meta.url).pathname,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
  });
  const after = inFreshProcess(`${slots}
    import { createRequire } from 'node:module';
    const module = { exports: {} };
    const code = ${JSON.stringify(outputFiles[0]?.text)};
    new Function('module', 'exports', 'require', code)(module, module.exports, createRequire(import.meta.url));
    const options = { proxyFor: async () => undefined, certificates: async () => undefined };
    const transport = module.exports.createTransport(options);
    const timeouts = { connectMs: 1000, firstByteMs: 1000, idleMs: 1000 };
    const request = { endpoint: {}, url: new URL('http://127.0.0.1:1/'), method: 'GET', headers: {}, timeouts };
    const code2 = await transport.request(request, new AbortController().signal).catch((error) => error.code);
    await transport.dispose();
    console.log(JSON.stringify([code2, ...look()]));
  `);
  assert.deepEqual(after, ['ECONNREFUSED', 'absent', 'absent']);
});
