import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type ProxyResolverPorts, resolveProxy } from '../../src/platform/proxyResolver.ts';

/** VS Code's defaults, with what the user set. */
function ports(
  settings: Record<string, unknown>,
  more: Partial<ProxyResolverPorts> = {},
): ProxyResolverPorts {
  const all: Record<string, unknown> = {
    proxySupport: 'override',
    proxyStrictSSL: true,
    noProxy: [],
    ...settings,
  };
  return { setting: (name) => all[name], hostResolver: () => undefined, env: {}, limitMs: 1000, ...more };
}

const api = 'https://api.example';

describe('The proxy for an origin', () => {
  test('is what the resolver of VS Code says, whatever the settings are', async () => {
    const asked: string[] = [];
    const hostResolver = () => (url: string) => {
      asked.push(url);
      return Promise.resolve('http://pac.example:3128');
    };
    const found = await resolveProxy(api, ports({ proxy: 'http://set.example:1' }, { hostResolver }));
    assert.deepEqual(found, { url: 'http://pac.example:3128', strictSsl: true });
    assert.deepEqual(asked, ['https://api.example/']);
  });

  test('is none where that resolver says so, though the environment names one', async () => {
    const hostResolver = () => () => Promise.resolve(undefined);
    const env = { HTTPS_PROXY: 'http://env.example:1' };
    assert.equal(await resolveProxy(api, ports({}, { hostResolver, env })), undefined);
  });

  for (const [what, hostResolver] of [
    ['is missing', () => undefined],
    ['cannot be loaded', () => assert.fail('no such module')],
    ['fails', () => () => Promise.reject(new Error('no PAC file'))],
    ['never answers', () => () => new Promise<never>(() => {})],
  ] as const) {
    test(`comes from settings and environment where that resolver ${what}`, async () => {
      const set = ports({ proxy: 'http://set.example:1' }, { hostResolver, limitMs: 20 });
      assert.equal((await resolveProxy(api, set))?.url, 'http://set.example:1');
      const env = ports({}, { hostResolver, limitMs: 20, env: { HTTPS_PROXY: 'http://env.example:1' } });
      assert.equal((await resolveProxy(api, env))?.url, 'http://env.example:1');
    });
  }

  test('is never asked for on this computer, nor where proxies are switched off', async () => {
    const hostResolver = () => assert.fail('asked');
    const proxy = 'http://set.example:1';
    for (const origin of [
      'http://localhost:11434',
      'http://127.0.0.1:1',
      'http://[::1]:1',
      'http://127.9.9.9',
    ]) {
      assert.equal(await resolveProxy(origin, ports({ proxy }, { hostResolver })), undefined);
    }
    const off = ports({ proxy, proxySupport: 'off' }, { hostResolver });
    assert.equal(await resolveProxy(api, off), undefined);
  });

  test('checks certificates unless the setting is false itself', async () => {
    const proxy = 'http://set.example:1';
    for (const [value, strictSsl] of [
      [false, false],
      [true, true],
      [undefined, true],
      [null, true],
      [0, true],
      ['false', true],
    ] as const) {
      const found = await resolveProxy(api, ports({ proxy, proxyStrictSSL: value }));
      assert.equal(found?.strictSsl, strictSsl, String(value));
    }
  });

  test('goes with http.proxyAuthorization, where that is a text', async () => {
    const proxy = 'http://set.example:1';
    for (const [value, authorization] of [
      ['Basic bWU6aHVudGVyMjI=', 'Basic bWU6aHVudGVyMjI='],
      ['  ', undefined],
      [null, undefined],
      [{}, undefined],
    ] as const) {
      const found = await resolveProxy(api, ports({ proxy, proxyAuthorization: value }));
      assert.equal(found?.authorization, authorization);
    }
  });

  test('survives settings of any type', async () => {
    for (const value of [0, {}, [1], null, true]) {
      const found = await resolveProxy(api, ports({ proxy: value, noProxy: value, proxySupport: value }));
      assert.equal(found, undefined);
    }
  });
});
