import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Reading } from '../../src/core/reading.ts';
import { type Thoughts, ThoughtSplitter } from '../../src/core/readingThoughts.ts';
import { sized } from '../support/sized.ts';

type Split = { content: string; reasoning: string };

function split(pieces: readonly string[], thoughts: Exclude<Thoughts, 'fields'> = 'tags'): Split {
  const result = { content: '', reasoning: '' };
  const splitter = new ThoughtSplitter(thoughts);
  const emit = (type: keyof Split, text: string): void => {
    assert.notEqual(text, '');
    result[type] += text;
  };
  for (const piece of pieces) splitter.add(piece, emit);
  splitter.end(emit);
  return result;
}

describe('Thoughts between tags', () => {
  const cases: readonly (readonly [text: string, reasoning: string, content: string])[] = [
    ['<think>plan</think>text', 'plan', 'text'],
    ['\n <think>\n\nplan\nmore\n</think>\n\n text\n', 'plan\nmore', ' text\n'],
    ['<think>\n\n</think>\n\ntext', '', 'text'],
    ['<think></think>', '', ''],
    ['<think>a < b </thin </thinks></think>x', 'a < b </thin </thinks>', 'x'],
    ['<think>cut off within', 'cut off within', ''],
    ['<think>cut off within </thi', 'cut off within </thi', ''],
    ['<think>plan</think>text about <think>tags</think>', 'plan', 'text about <think>tags</think>'],
    ['no thought <think>here</think>', '', 'no thought <think>here</think>'],
    ['<thinking>another tag</thinking>', '', '<thinking>another tag</thinking>'],
    ['<thi', '', '<thi'],
    ['  ', '', '  '],
    ['', '', ''],
    [`${' '.repeat(2000)}<think>far away</think>`, '', `${' '.repeat(2000)}<think>far away</think>`],
    [`<think>a${'\n'.repeat(100)}</think>b`, `a${'\n'.repeat(36)}`, 'b'],
  ];
  for (const [text, reasoning, content] of cases) {
    test(`are told from the text in ${JSON.stringify(text.slice(0, 50))}, however it is cut`, () => {
      assert.deepEqual(split([text]), { content, reasoning });
      assert.deepEqual(split([...text]), { content, reasoning });
      for (let at = 1; at < text.length; at++) {
        assert.deepEqual(split([text.slice(0, at), text.slice(at)]), { content, reasoning }, `cut at ${at}`);
      }
    });
  }

  test('need no opening tag where the prompt has it, and may have it twice', () => {
    assert.deepEqual(split(['\npl', 'an</th', 'ink>\ntext'], 'closingTag'), {
      content: 'text',
      reasoning: 'plan',
    });
    assert.deepEqual(split(['<th', 'ink>\nplan</think>text'], 'closingTag'), {
      content: 'text',
      reasoning: 'plan',
    });
  });

  test('are divided the same way however anything is cut, and nothing but tags and line ends is lost', () => {
    const part = fc.constantFrom(
      '<think>',
      '</think>',
      '<thi',
      'nk>',
      '</',
      '\n',
      '\r\n',
      ' ',
      'a',
      '<',
      'é',
      '🌍',
    );
    const parts = fc.array(part, { maxLength: 20 });
    fc.assert(
      fc.property(parts, fc.constantFrom('tags', 'closingTag'), (pieces, thoughts) => {
        const text = pieces.join('');
        const whole = split([text], thoughts);
        assert.deepEqual(split(pieces, thoughts), whole);
        assert.deepEqual(split([...text], thoughts), whole);
        const bare = (it: string): string => it.replaceAll(/[<>/think\r\n ]/g, '');
        assert.equal(bare(whole.reasoning + whole.content), bare(text));
      }),
      { numRuns: sized(2000) },
    );
  });

  test('are not looked for in a text whose thoughts have come in a field of their own', () => {
    const reading = new Reading(1, 'tags');
    for (const delta of [
      { content: '' },
      { reasoning: 'plan' },
      { content: '<think>' },
      { content: ' is a tag' },
    ]) {
      reading.event(undefined, JSON.stringify({ choices: [{ index: 0, delta }] }));
    }
    reading.end();
    const [choice] = reading.reply().choices;
    assert.equal(choice?.message.content, '<think> is a tag');
    assert.equal(choice?.message.reasoning, 'plan');
  });
});
