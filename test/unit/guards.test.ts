import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeHazards } from '../../src/core/codeHazards.ts';
import { languageIdFor } from '../../src/core/languageId.ts';
import { readLink } from '../../src/core/link.ts';
import { proxyFor } from '../../src/core/proxy.ts';
import { isSecretFile } from '../../src/core/secretFile.ts';
import { titleFrom } from '../../src/core/title.ts';
import { hasHiddenCharacters, showHiddenCharacters } from '../../src/core/visible.ts';

test('only web and mail addresses and workspace paths are links (R10, R11)', () => {
  const refused = [
    'command:workbench.action.terminal.sendSequence?%5B%5D',
    'COMMAND:x',
    'com\tmand:x',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'vscode:extension/evil',
    'vscode-remote://ssh/x',
    'data:text/html,x',
    '//evil.example/x',
    '\\\\evil\\share',
    '/etc/passwd',
    '../../secret',
    'a/../../b',
    '~/.ssh/id_rsa',
    'https://user@evil.example/',
    'https://a:b@evil.example',
    'http://',
    '',
    ' ',
    'src/%2e%2e/%2e%2e/x',
    'src/%00x',
    'a//b',
    'C:\\x',
    'c:/windows',
    'src/%5c..%5cx',
    'a\nb',
  ];
  for (const href of refused) assert.equal(readLink(href).type, 'refused', href);
  assert.deepEqual(readLink('https://example.com/a?b=c#d'), {
    type: 'external',
    url: 'https://example.com/a?b=c#d',
    host: 'example.com',
    deceptive: false,
  });
  assert.equal(readLink('MAILTO:a@example.com').type, 'external');
  assert.deepEqual(readLink('src/a%20b.ts#L12'), { type: 'file', path: 'src/a b.ts', line: 12 });
  assert.deepEqual(readLink('./src/a.ts:7'), { type: 'file', path: 'src/a.ts', line: 7 });
  assert.deepEqual(readLink('src/a.ts#L10C2-L12'), { type: 'file', path: 'src/a.ts', line: 10 });
  assert.deepEqual(readLink('README.md#install'), { type: 'file', path: 'README.md', line: undefined });
  assert.deepEqual(readLink('src/a.ts?x'), { type: 'file', path: 'src/a.ts', line: undefined });
});

test('a host with look-alike letters is flagged and shown in ASCII (R12)', () => {
  const target = readLink('https://аpple.com/'); // Cyrillic а
  assert.equal(target.type === 'external' && target.deceptive, true);
  assert.match(target.type === 'external' ? target.url : '', /^https:\/\/xn--/);
});

test('hidden characters are found and written out, emoji are left alone (R23)', () => {
  for (const character of [
    '\u061C',
    '\u202E',
    '\u2066',
    '\u200B',
    '\u2060',
    '\uFEFF',
    '\u{E0041}',
    '\u{E0101}',
  ]) {
    assert.equal(hasHiddenCharacters(`a${character}b`), true, character.codePointAt(0)?.toString(16));
  }
  assert.equal(hasHiddenCharacters('👩‍💻 ❤️ naïve שלום'), false);
  assert.equal(showHiddenCharacters('a\u202Eb'), 'a\\u{202E}b');
});

test('JSON with a remote schema is a hazard, however it is spelled (F13)', () => {
  assert.deepEqual(codeHazards('{"$schema": "https://evil.example/s"}', 'json'), ['remoteSchema']);
  assert.deepEqual(codeHazards('{"\\u0024schema": "x"}', 'jsonc'), ['remoteSchema']);
  assert.deepEqual(codeHazards('{"$schema":"//evil/s"}', 'json'), ['remoteSchema']);
  assert.deepEqual(codeHazards('{"$schema":"https:\\/\\/e.x/a"}', 'json'), ['remoteSchema']);
  assert.deepEqual(codeHazards('{"$schema"/**/:"https://e.x/a"}', 'json'), ['remoteSchema']);
  assert.deepEqual(codeHazards('{"$schema"\n// c\n:"https://e"}', 'snippets'), ['remoteSchema']);
  assert.deepEqual(
    codeHazards('{"url": "https://e.x", "$schema": "./s.json"} // "$ref": "https://e"', 'jsonc'),
    [],
  );
  assert.deepEqual(codeHazards('{"$schema": "./local.json", "u": "\\u00e9"}', 'json'), []);
  assert.deepEqual(codeHazards('const s = {"$schema": "https://x"}', 'typescript'), []);
});

test('names of secret files are known in any letter case (S8)', () => {
  for (const path of [
    '.env',
    'a/.ENV.local',
    'prod.env',
    'x/server.PEM',
    '~/.ssh/id_rsa',
    'id_ed25519',
    '.npmrc',
    '.envrc',
    '.env1',
    'id_github',
    '.netrc',
    'credentials',
    'a/credentials.json',
    'C:\\k\\my.key',
  ]) {
    assert.equal(isSecretFile(path), true, path);
  }
  for (const path of [
    'environment.ts',
    'id_rsa.pub',
    'src/keys.ts',
    'credentials.ts',
    'monkey.md',
    'secrets.md',
  ]) {
    assert.equal(isSecretFile(path), false, path);
  }
});

test('a language is taken from the fence only if this VS Code knows it', () => {
  const known = ['typescript', 'shellscript', 'plaintext'];
  assert.equal(languageIdFor('ts', known), 'typescript');
  assert.equal(languageIdFor(' TypeScript ', known), 'typescript');
  assert.equal(languageIdFor('bash', known), 'shellscript');
  assert.equal(languageIdFor('klingon', known), 'plaintext');
  assert.equal(languageIdFor('__proto__', known), 'plaintext');
});

test('a title is the first words of the first message', () => {
  assert.equal(titleFrom('  How do I\nsort a list?  ', []), 'How do I sort a list?');
  assert.equal(titleFrom('Explain\n```\ncode\n```', []), 'Explain');
  const item = { id: 'i', kind: 'file' as const, uri: '', path: 'src/a.ts', languageId: 'ts', text: '' };
  assert.equal(titleFrom('', [item]), 'src/a.ts');
  assert.equal(titleFrom('Explain this.', [item]), 'Explain this (a.ts)');
  const long = titleFrom('word '.repeat(40), []);
  assert.ok(long.length <= 61 && long.endsWith('word…'));
});

test('the proxy is found in the order of VS Code and the environment', () => {
  const settings = { support: 'override', proxy: '', noProxy: [], env: {} };
  assert.equal(proxyFor('https://api.example', settings), undefined);
  assert.equal(
    proxyFor('https://api.example', { ...settings, env: { HTTPS_PROXY: 'http://p:1' } }),
    'http://p:1',
  );
  assert.equal(
    proxyFor('http://api.example', { ...settings, env: { http_proxy: 'http://p:2' } }),
    'http://p:2',
  );
  const both = { ...settings, proxy: 'http://set:1', env: { HTTPS_PROXY: 'http://p:1' } };
  assert.equal(proxyFor('https://api.example', both), 'http://set:1');
  assert.equal(proxyFor('https://api.example', { ...both, support: 'off' }), undefined);
  for (const origin of ['http://127.0.0.1:1234', 'http://localhost:1', 'http://[::1]:1']) {
    assert.equal(proxyFor(origin, both), undefined);
  }
  assert.equal(proxyFor('https://a.corp.example', { ...both, noProxy: ['.corp.example'] }), undefined);
  assert.equal(
    proxyFor('https://a.corp.example:8443', { ...both, noProxy: ['corp.example:443'] }),
    'http://set:1',
  );
  assert.equal(proxyFor('https://notcorp.example', { ...both, noProxy: ['corp.example'] }), 'http://set:1');
  assert.equal(
    proxyFor('https://a.example', {
      ...settings,
      env: { HTTPS_PROXY: 'http://p', NO_PROXY: 'x, *.example' },
    }),
    undefined,
  );
});
