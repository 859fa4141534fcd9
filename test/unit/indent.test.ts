import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fitCode, type Place } from '../../src/core/indent.ts';
import { sized } from '../support/sized.ts';

const spaces = { insertSpaces: true, tabSize: 4 };
const tabs = { insertSpaces: false, tabSize: 4 };
const empty: Place = { before: '', after: '', above: undefined, selected: undefined, wholeLines: false };
const code = 'if (a) {\n  b();\n}\n';

test('an empty file takes the code with its own indentation unit', () => {
  assert.equal(fitCode(code, empty, spaces), 'if (a) {\n    b();\n}');
});

test('indentation in front of the cursor is taken over by every line', () => {
  assert.equal(fitCode(code, { ...empty, before: '    ' }, spaces), 'if (a) {\n        b();\n    }');
});

test('a blank line takes the indentation of the line above, one level deeper behind an opening bracket', () => {
  assert.equal(fitCode('x;\ny;', { ...empty, above: '    a;' }, spaces), '    x;\n    y;');
  assert.equal(fitCode('x;', { ...empty, above: '  f() {' }, { insertSpaces: true, tabSize: 2 }), '    x;');
  assert.equal(fitCode('x', { ...empty, above: 'def f():  # why' }, spaces), '    x');
});

test('tabs become spaces and spaces become tabs, level by level', () => {
  assert.equal(
    fitCode('a {\n\tb {\n\t\tc\n', { ...empty, before: '  ' }, { insertSpaces: true, tabSize: 2 }),
    'a {\n    b {\n      c',
  );
  assert.equal(fitCode('a {\n  b {\n    c\n', { ...empty, before: '\t' }, tabs), 'a {\n\t\tb {\n\t\t\tc');
});

test('alignment that is no whole level stays beside the levels', () => {
  assert.equal(fitCode('g {\n  h(a,\n     b);\n}', empty, spaces), 'g {\n    h(a,\n         b);\n}');
});

test('aligned continuation lines are no levels: the code keeps its shape', () => {
  const aligned = 'if (a\n   || b) {\n    x();\n    if (y) {\n        z();\n    }\n}';
  assert.equal(fitCode(aligned, empty, spaces), aligned);
  const python = 'def f(a,\n      b):\n    return a\n';
  assert.equal(fitCode(python, empty, spaces), python.trimEnd());
});

test('a language without brackets is indented by its smallest step', () => {
  assert.equal(
    fitCode('def f\n  if a\n    b\n  end\nend', empty, spaces),
    'def f\n    if a\n        b\n    end\nend',
  );
});

test('common indentation of the block is dropped', () => {
  assert.equal(fitCode('    a\n      b\n', empty, { insertSpaces: true, tabSize: 2 }), 'a\n  b');
});

test('a selection in the middle of a line is replaced without touching what stands around it', () => {
  const place = { ...empty, before: '  return ', after: ';', selected: 'old' };
  assert.equal(fitCode('f(\n  x,\n)', place, { insertSpaces: true, tabSize: 2 }), 'f(\n    x,\n  )');
});

test('a selection of whole lines keeps its indentation and its line break', () => {
  const place = { ...empty, selected: '    old();', after: '    next();', wholeLines: true };
  assert.equal(fitCode(code, place, spaces), '    if (a) {\n        b();\n    }\n');
});

test('a selection that begins after the indentation does not double it', () => {
  const place = { ...empty, before: '    ', selected: 'old();' };
  assert.equal(fitCode(code, place, spaces), 'if (a) {\n        b();\n    }');
});

test('several lines in front of a text push it onto its own line', () => {
  assert.equal(fitCode('a\nb', { ...empty, before: '  ', after: 'rest' }, spaces), 'a\n  b\n  ');
  assert.equal(fitCode('a\nb', { ...empty, after: '  rest' }, spaces), '  a\n  b\n');
});

test('blank lines in the block stay blank, those at its end go', () => {
  assert.equal(fitCode('a\n   \nb\n\n\n', { ...empty, before: '  ' }, spaces), 'a\n\n  b');
});

test('line ends of any kind are read', () => {
  assert.equal(fitCode('a\r\nb\rc', empty, spaces), 'a\nb\nc');
});

test('whatever is inserted, only white space at the start and end of lines differs from the block', () => {
  const line = fc.string({ unit: fc.constantFrom(' ', '\t', 'a', '{', '}', ':', 'é', '😀') });
  const place = fc.record({
    before: fc.constantFrom('', '  ', '\t', 'x = '),
    after: fc.constantFrom('', ';', '  rest'),
    above: fc.constantFrom(undefined, 'f() {', '\tg'),
    selected: fc.constantFrom(undefined, 'old', '  old'),
    wholeLines: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1 }),
      place,
      fc.constantFrom(spaces, tabs),
      (lines, at, style) => {
        const words = (text: string): string[] => text.split('\n').map((each) => each.trim());
        const fitted = words(fitCode(lines.join('\n'), at, style));
        const wanted = words(lines.join('\n'));
        while (wanted.length > 1 && wanted.at(-1) === '') wanted.pop();
        assert.deepEqual(fitted.slice(0, wanted.length), wanted);
        assert.ok(fitted.length <= wanted.length + 1);
      },
    ),
    { numRuns: sized(2000) },
  );
});
