import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanText } from '../../src/core/readingText.ts';

const key = 'sk-canary-abcdefghijklmnopqrstuvwxyz0123456789';

test('No part of a key is shown, wherever in a long text it stands', () => {
  for (let before = 65_536 - key.length; before <= 65_536; before += 5) {
    for (const filling of [' ', '\n', `bearer ${'a'.repeat(50)} `]) {
      const start = filling.repeat(before / filling.length).padStart(before, ' ');
      const shown = cleanText(`${start}${key}`, [key], 300);
      assert.doesNotMatch(shown, /canary/, String(before));
    }
  }
});

test('No more than the beginning of a key is shown where its end was cut off before', () => {
  for (const cut of [10, 20, key.length - 1]) {
    assert.equal(cleanText(`No: ${key.slice(0, cut)}`, [key], 300), 'No: [key]');
  }
  assert.equal(cleanText('A key begins with sk-', [key], 300), 'A key begins with sk-');
});

test('A text of millions of characters is cleaned in no time', () => {
  const began = performance.now();
  for (const piece of [' ', 'bearer ', 'authorization: ', key]) {
    assert.ok(cleanText(piece.repeat(8_000_000 / piece.length), [key], 300).length <= 300);
  }
  assert.ok(performance.now() - began < 3000);
});
