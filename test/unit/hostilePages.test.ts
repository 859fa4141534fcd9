import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { kindOf } from '../../src/api/serverFailure.ts';
import { pageText, type ServerError } from '../../src/core/readingError.ts';
import { unsupportedFields } from '../../src/core/refusedFields.ts';

/* What a server writes in place of a reply is read by the extension host, which stands still meanwhile. */

/** Milliseconds; the same work took seconds where it grew with the square of the length. */
const mostMs = 400;

function timed(work: () => unknown): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

function filled(piece: string, length: number): string {
  return piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
}

describe('A hostile text in place of a reply is read in no time:', () => {
  for (const piece of ['<', '< ', '<h1', '<title', '<title a="', '<h1>', '</h1']) {
    test(`a page made of ${JSON.stringify(piece)}`, () => {
      const page = filled(piece, 1_000_000);
      assert.ok(timed(() => pageText(page)) < mostMs);
      assert.ok(timed(() => pageText(`${page.slice(0, 65_535)}>`)) < mostMs);
    });
  }

  const long = (text: string): ServerError => ({ message: text, type: text, code: text, param: text });
  for (const piece of ['model ', 'route ', 'deployment ', 'no auth', 'only ', '_', "n't ", 'a']) {
    test(`a complaint made of ${JSON.stringify(piece)}`, () => {
      const error = long(filled(piece, 8_000_000));
      assert.ok(timed(() => kindOf(error, 400, 'a model')) < mostMs);
      assert.ok(timed(() => unsupportedFields(error)) < mostMs);
    });
  }
});

describe('What a person would read on a page', () => {
  test('is its title, whatever its tags hold', () => {
    assert.equal(pageText('<html lang="en"><title data-a="b">Sign in</title>'), 'Sign in');
    assert.equal(pageText('<!doctype html>\n<TITLE\nid=x>\n 502 Bad Gateway \n</TITLE>'), '502 Bad Gateway');
    assert.equal(pageText('<body><h1 class="a">Not found</h1><title>later</title>'), 'Not found');
  });

  test('is its text without the tags where it has none', () => {
    assert.equal(pageText('<p class="a">Go <b>away</b></p>').replaceAll(/ +/g, ' '), 'Go away');
    assert.equal(pageText('<title></title><p>Go</p>').trim(), 'Go');
  });
});
