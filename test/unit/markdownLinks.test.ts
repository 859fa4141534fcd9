import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readLink } from '../../src/core/link.ts';
import { decodeReferences } from '../../webview/markdown/characterReferences.ts';
import { linkTarget } from '../../webview/markdown/linkTarget.ts';
import { sized } from '../support/sized.ts';

test('R11: absolute https, http and mailto addresses are links, as URL spells them', () => {
  assert.deepEqual(linkTarget('https://Example.com/a?b#c'), {
    type: 'address',
    href: 'https://example.com/a?b#c',
    host: 'example.com',
  });
  assert.equal(linkTarget('HTTP://a.example')?.type, 'address');
  assert.deepEqual(linkTarget('mailto:a@b.example'), {
    type: 'address',
    href: 'mailto:a@b.example',
    host: 'mailto:',
  });
});

test('R10, R11: no other scheme is a link, in no spelling', () => {
  const schemes = [
    'javascript',
    'command',
    'data',
    'file',
    'vscode',
    'vscode-insiders',
    'vscode-remote',
    'vbscript',
    'blob',
    'about',
    'ftp',
    'ws',
    'tel',
    'chrome',
    'view-source',
    'jar',
    'smb',
    'ms-msdt',
    'x',
  ];
  for (const scheme of schemes) {
    for (const rest of ['alert(1)', '//host/path', '///etc/passwd', '%2F%2Fhost']) {
      for (const spelling of [
        scheme,
        scheme.toUpperCase(),
        ` ${scheme}`,
        `${scheme.slice(0, 1)}\t${scheme.slice(1)}`,
        `\u0001${scheme}`,
      ]) {
        assert.equal(linkTarget(`${spelling}:${rest}`), undefined, `${spelling}:${rest}`);
      }
      assert.equal(linkTarget(decodeReferences(`${scheme}&colon;${rest}`)), undefined);
      assert.equal(linkTarget(decodeReferences(`${scheme}&#58;${rest}`)), undefined);
      assert.equal(linkTarget(decodeReferences(`${scheme}&#x0003a;${rest}`)), undefined);
      assert.equal(linkTarget(decodeReferences(`&#x6a;${scheme}&Tab;:${rest}`)), undefined);
    }
  }
});

test('R11: addresses without a scheme, UNC paths and absolute or climbing paths are text', () => {
  for (const destination of [
    '//host/share',
    '\\\\host\\share',
    '/\\host',
    'https:\\\\host',
    'https:host',
    'https:///host',
    'http:/host',
    '/etc/passwd',
    '../outside',
    'a/../../b',
    'a/%2e%2e/b',
    '%2fetc/passwd',
    'a%5c..%5cb',
    'C:\\Windows',
    'C:/Windows',
    '~/.ssh/id',
    '#top',
    '?q',
    '',
    '%',
    '%E0%A4%A',
    'a\u202Eb',
    'a\u200Bb.ts',
    'a\nb',
    'a//b',
  ]) {
    assert.equal(linkTarget(destination), undefined, destination);
  }
});

test('R12: an address with a user name or a password is text', () => {
  assert.equal(linkTarget('https://user@host.example/'), undefined);
  assert.equal(linkTarget('https://bank.example@evil.example/'), undefined);
  assert.equal(linkTarget('https://:secret@host.example/'), undefined);
  assert.equal(linkTarget('https://bank.example%40evil.example/'), undefined);
  assert.equal(linkTarget('https://host.example/@user')?.type, 'address');
});

test('a relative path is left to the host, with its line', () => {
  for (const path of [
    'src/app.ts',
    './src/app.ts',
    'README',
    'src/app.ts#L10',
    'src/app.ts:10',
    'src/app.ts:10:5',
    'app/[id]/page (2).tsx',
    'a%20b.ts',
  ]) {
    assert.deepEqual(linkTarget(path), { type: 'path', path }, path);
  }
});

test('an endless destination is no link', () => {
  assert.equal(linkTarget(`https://a.example/${'a'.repeat(5_000)}`), undefined);
});

test('R10, R11: whatever the view makes a link of, the host understands in the same way', () => {
  const part = fc.constantFrom(
    ...[
      'https',
      'http',
      'mailto',
      'javascript',
      'file',
      'command',
      'c',
      ':',
      '/',
      '//',
      '\\',
      '@',
      '.',
      '..',
      'a',
      'host.example',
      '%2f',
      '%5C',
      '#',
      '?',
      ' ',
      '\t',
      '\n',
      '\u202E',
      '&#58;',
      '&colon;',
      '&Tab;',
      'é',
      '10',
    ],
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      const target = linkTarget(decodeReferences(parts.join('')));
      if (target?.type === 'address') {
        const url = new URL(target.href);
        assert.ok(['https:', 'http:', 'mailto:'].includes(url.protocol), target.href);
        assert.equal(url.username + url.password, '');
        assert.equal(readLink(target.href).type, 'external');
      } else if (target?.type === 'path') {
        assert.notEqual(readLink(target.path).type, 'external', target.path);
        assert.ok(!/^[\\/]|^[a-z][a-z\d+.-]*:\D/iu.test(target.path), target.path);
      }
    }),
    { numRuns: sized(5_000) },
  );
});

test('character references stand for characters, and unknown ones for themselves', () => {
  assert.equal(decodeReferences('&lt;b&gt; &amp;amp; &copy;&nbsp;&#65;&#x1F600;'), '<b> &amp; ©\u00A0A😀');
  assert.equal(decodeReferences('&#0; &#xD800; &#x110000; &#9999999;'), '\uFFFD \uFFFD \uFFFD \uFFFD');
  assert.equal(decodeReferences('&nosuch; &amp & &; &#; &#x; &lt'), '&nosuch; &amp & &; &#; &#x; &lt');
  assert.equal(decodeReferences('&colon;&Tab;&NewLine;&comma;&bsol;&grave;&lbrace;'), ':\t\n,\\`{');
});
