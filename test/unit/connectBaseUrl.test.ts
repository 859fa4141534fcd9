import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readBaseUrl, reachOf, splitDeployment, type BaseUrlRefusal } from '../../src/core/baseUrl.ts';
import { sized } from '../support/sized.ts';

function urlOf(text: string) {
  const check = readBaseUrl(text);
  assert.equal(check.type, 'url', `${text} should be accepted`);
  return check.type === 'url' ? check.url : assert.fail();
}

function refusalOf(text: string): BaseUrlRefusal | undefined {
  const check = readBaseUrl(text);
  return check.type === 'refused' ? check.why : undefined;
}

test('a base URL comes out without trailing slashes, in lower case, without the default port', () => {
  assert.equal(urlOf('https://api.openai.com/v1').href, 'https://api.openai.com/v1');
  assert.equal(urlOf('  HTTPS://API.OpenAI.com:443/v1//\n').href, 'https://api.openai.com/v1');
  assert.equal(urlOf('https://example.com').href, 'https://example.com');
  assert.equal(urlOf('https://example.com/a/../b/').href, 'https://example.com/b');
});

test('a pasted request address loses its last part and gives its query away', () => {
  const url = urlOf(
    'https://r.openai.azure.com/openai/deployments/gpt%204/chat/completions?api-version=2024-10-21&a=b+c%26d',
  );
  assert.equal(url.href, 'https://r.openai.azure.com/openai/deployments/gpt%204');
  assert.deepEqual(url.query, { 'api-version': '2024-10-21', a: 'b c&d' });
  assert.deepEqual(splitDeployment(url.href), {
    href: 'https://r.openai.azure.com/openai',
    deployment: 'gpt 4',
  });
});

test('a base URL that ends in /models is left alone: Azure AI Foundry has one', () => {
  const typed = 'https://r.services.ai.azure.com/models';
  assert.equal(urlOf(typed).href, typed);
  assert.equal(urlOf(`${typed}/chat/completions`).href, typed);
});

test('what is no base URL is refused with its reason', () => {
  const cases: readonly (readonly [string, BaseUrlRefusal])[] = [
    ['', 'empty'],
    [' \t ', 'empty'],
    ['api.openai.com/v1', 'scheme'],
    ['localhost:11434/v1', 'scheme'],
    ['ftp://example.com', 'scheme'],
    ['file:///etc/passwd', 'scheme'],
    ['javascript:alert(1)', 'scheme'],
    ['https://', 'notAUrl'],
    ['https:example.com', 'notAUrl'],
    ['https:///example.com', 'notAUrl'],
    ['https://exa mple.com', 'badCharacter'],
    ['https://example.com/v1\r\nX-Evil: 1', 'badCharacter'],
    ['https://exam\tple.com', 'badCharacter'],
    ['https://exam\u0000ple.com', 'badCharacter'],
    ['https://example\u200b.com', 'badCharacter'],
    ['https://example.com\\@evil.example', 'badCharacter'],
    ['https://user:pass@example.com', 'userInfo'],
    ['https://api.openai.com@evil.example/v1', 'userInfo'],
    ['https://@example.com', 'userInfo'],
    ['https://example.com/v1#part', 'hash'],
    ['https://example.com/v1#', 'hash'],
    ['https://example.com/v1?key=abc', 'keyInQuery'],
    ['https://example.com/v1?API_KEY=abc', 'keyInQuery'],
    ['https://example.com/v1?a=%E0%A4%A', 'notAUrl'],
    ['https://example.com/v1?a=%0d%0a', 'notAUrl'],
    ['https://example.com:99999/', 'notAUrl'],
    ['http://example.com/v1', 'publicHttp'],
    ['http://1.1.1.1/v1', 'publicHttp'],
    ['http://169.254.169.254/latest', 'publicHttp'],
    ['http://localhost.evil.example/v1', 'publicHttp'],
    ['http://192.168.1.1.evil.example/v1', 'publicHttp'],
    [`https://example.com/${'a'.repeat(2048)}`, 'tooLong'],
  ];
  for (const [text, why] of cases) assert.equal(refusalOf(text), why, text);
});

test('http is accepted for this computer and for private networks, however they are spelt', () => {
  const cases: readonly (readonly [string, 'loopback' | 'private'])[] = [
    ['http://localhost:11434/v1', 'loopback'],
    ['http://LOCALHOST./v1', 'loopback'],
    ['http://app.localhost', 'loopback'],
    ['http://127.0.0.1:8080', 'loopback'],
    ['http://127.1', 'loopback'],
    ['http://0x7f000001', 'loopback'],
    ['http://2130706433', 'loopback'],
    ['http://0.0.0.0:8000/v1', 'loopback'],
    ['http://[::1]:1234/v1', 'loopback'],
    ['http://[::ffff:127.0.0.1]', 'loopback'],
    ['http://10.1.2.3', 'private'],
    ['http://172.16.0.1', 'private'],
    ['http://172.31.255.255', 'private'],
    ['http://192.168.178.20:1234', 'private'],
    ['http://100.100.1.1', 'private'],
    ['http://[fd12:3456::1]', 'private'],
    ['http://[fe80::1]', 'private'],
    ['http://[::ffff:10.0.0.1]', 'private'],
    ['http://gpu-box:8000/v1', 'private'],
    ['http://host.docker.internal:11434', 'private'],
    ['http://mac.local:1234', 'private'],
  ];
  for (const [text, reach] of cases) {
    const url = urlOf(text);
    assert.equal(url.reach, reach, text);
    assert.equal(url.encrypted, false);
  }
});

test('the neighbours of private networks are public', () => {
  const hosts = ['9.255.255.255', '11.0.0.0', '172.15.255.255', '172.32.0.0', '192.167.0.1', '192.169.0.1'];
  for (const host of [...hosts, '100.63.255.255', '100.128.0.0', '126.0.0.1', '128.0.0.1', '8.8.8.8']) {
    assert.equal(reachOf(host), 'public', host);
    const [a = 0, b = 0, c = 0, d = 0] = host.split('.').map(Number);
    const mapped = new URL(`http://[::ffff:${a}.${b}.${c}.${d}]`).hostname;
    assert.equal(reachOf(mapped), 'public', mapped);
  }
  for (const host of ['[2001:db8::1]', '[fec0::1]', '[fbff::1]', '[::2]', 'local.example', 'example.com.']) {
    assert.equal(reachOf(host), 'public', host);
  }
});

test('whatever is accepted, the requests built from it go to the origin that was shown', () => {
  const host = fc.constantFrom(
    'a.example',
    'localhost',
    '10.0.0.1',
    '[::1]',
    'A.EXAMPLE',
    'x@y',
    '127.1',
    'ä.example',
    '',
  );
  const piece = fc.constantFrom(
    ...'a.@:/?#[]\\\t\n%+&=127 ',
    '%0a',
    '..',
    '/v1',
    'é',
    '\u200b',
    '/chat/completions',
  );
  const text = fc
    .tuple(
      fc.constantFrom('http://', 'https://', 'https://', ' https://', 'HTTPS:/', 'https:\\', ''),
      host,
      fc.string({ unit: piece, maxLength: 8 }),
    )
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, (typed) => {
      const check = readBaseUrl(typed);
      if (check.type === 'refused') return;
      const { url } = check;
      const request = new URL(`${url.href}/chat/completions`);
      assert.equal(request.origin, url.origin);
      assert.equal(request.username + request.password + request.hash + request.search, '');
      assert.ok(request.pathname.endsWith('/chat/completions'));
      assert.match(url.href, /^https?:\/\/[!-~]+$/);
      assert.ok(url.encrypted || url.reach !== 'public');
      // Reading it again changes nothing: what is stored is what was checked.
      assert.equal(urlOf(url.href).href, url.href);
    }),
    { numRuns: sized(5000) },
  );
});
