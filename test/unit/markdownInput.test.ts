import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createTextInput } from '../../webview/markdown/textInput.ts';
import { splitAtHidden } from '../../webview/markdown/hiddenCharacters.ts';
import { codeHazards } from '../../src/core/codeHazards.ts';
import { sized } from '../support/sized.ts';

test('text comes out the same however it was cut', () => {
  const piece = fc.string({ unit: fc.constantFrom('a', '\r', '\n', '\uD83D', '\uDE00', 'é', '\r\n') });
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const input = createTextInput();
      const text = [...pieces.map((taken) => input.take(taken)), input.finish()].join('');
      assert.equal(text, pieces.join('').replaceAll(/\r\n?/gu, '\n'));
    }),
  );
});

test('half a line end and half a character wait for their other half', () => {
  const input = createTextInput();
  assert.equal(input.take('a\r'), 'a');
  assert.equal(input.take('\nb\uD83D'), '\nb');
  assert.equal(input.take('\uDE00\r'), '😀');
  assert.equal(input.finish(), '\n');
});

test('a text is cut at its hidden characters and loses nothing', () => {
  assert.deepEqual(splitAtHidden('a\u202Eb\u200B'), ['a', '\u202E', 'b', '\u200B', '']);
  assert.deepEqual(splitAtHidden('👩‍💻 ⚠️ ok'), ['👩‍💻 ⚠️ ok']);
  assert.deepEqual(splitAtHidden('x\u200D'), ['x', '\u200D', '']);
  assert.deepEqual(splitAtHidden('\u{E0041}'), ['', '\u{E0041}', '']);
  assert.deepEqual(splitAtHidden('tab\tand\nline'), ['tab\tand\nline']);
});

test('R23: whatever the host warns about before it inserts code is marked in the view', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat({ max: 0xe_01_ef }), (text, code) => {
      fc.pre(code < 0xd8_00 || code > 0xdf_ff);
      const all = `${text}${String.fromCodePoint(code)}${text}`;
      const isMarked = splitAtHidden(all).length > 1;
      if (codeHazards(all, 'plaintext').includes('hiddenCharacters'))
        assert.ok(isMarked, `U+${code.toString(16)}`);
    }),
    { numRuns: sized(5_000) },
  );
});
