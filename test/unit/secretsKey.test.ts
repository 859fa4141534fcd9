import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkKey, isVariableName } from '../../src/core/apiKey.ts';
import { redact } from '../../src/core/redact.ts';

test('a key loses what a paste put around it', () => {
  assert.deepEqual(checkKey('  sk-abc_123\r\n'), { type: 'key', key: 'sk-abc_123' });
});

test('a key that no header can carry is refused with its reason', () => {
  const why = (typed: string) => {
    const check = checkKey(typed);
    return check.type === 'refused' ? check.why : check.type;
  };
  assert.equal(why(' \n '), 'empty');
  assert.equal(why('sk-a\nb'), 'controlCharacter');
  assert.equal(why('sk-a\rb'), 'controlCharacter');
  assert.equal(why('sk-a\u0000b'), 'controlCharacter');
  assert.equal(why('Bearer sk-abc'), 'space');
  assert.equal(why('s\u043A-abc'), 'notAscii');
  assert.equal(why('sk-abc\u200b1'), 'notAscii');
  assert.equal(why('a'.repeat(64 * 1024)), 'tooLong');
});

const anyCharacter = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) },
);

test('every key that is accepted is visible ASCII and survives a second check', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), (typed) => {
      const check = checkKey(typed);
      if (check.type === 'refused') return;
      assert.match(check.key, /^[!-~]{1,8192}$/);
      assert.doesNotThrow(() => new Headers({ authorization: `Bearer ${check.key}` }));
      assert.deepEqual(checkKey(check.key), check);
    }),
  );
});

test('environment variables have names that a shell takes', () => {
  for (const name of ['OPENAI_API_KEY', '_x', 'a1']) assert.ok(isVariableName(name));
  for (const name of ['', '1A', 'A-B', 'A B', 'A=B', 'Ä', '$A', 'a'.repeat(200)])
    assert.ok(!isVariableName(name));
});

const key = fc.string({ unit: fc.constantFrom(...'abcXYZ012-_./+=$&"\\'), minLength: 6, maxLength: 60 });

test('no spelling of a key is left in a redacted text', () => {
  fc.assert(
    fc.property(key, fc.string(), fc.string(), (secret, before, after) => {
      const spellings = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
      for (const spelling of spellings) {
        const result = redact(`${before}\n${spelling}\n${after}`, [secret]);
        // The mask itself is made of letters that a key may contain.
        assert.ok(!result.replaceAll('[key]', '').includes(secret), result);
      }
    }),
  );
});

test('key headers are masked even when nobody knows the key', () => {
  const cases = [
    'authorization: Bearer abcdef123456',
    '{"authorization":"Bearer abcdef123456"}',
    "headers { 'api-key': 'abcdef123456' }",
    'x-api-key=abcdef123456',
    'refused Bearer abcdef123456.',
  ];
  for (const text of cases) assert.ok(!redact(text, []).includes('abcdef123456'), redact(text, []));
});

test('ordinary words stay as they are', () => {
  const text =
    'Rate limit reached for gpt-5 in organization org-1 on tokens per min. Visit https://example.com.';
  assert.equal(redact(text, ['EMPTY', 'x', undefined]), text);
});
