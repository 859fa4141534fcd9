import { pick } from './json.ts';

/** Markdown for a message without code: short for a greeting, else with the question quoted and a plan of an answer. */
export function generalAnswer(question: string, earlierTurns: number, variation: number): string {
  const asked = question.trim();
  if (asked === '') return 'There is nothing to answer yet: the message is empty.';
  if (/^(?:hi|hello|hey|good (?:morning|evening|day))\b[\s!.,\w]{0,20}$/iu.test(asked)) {
    return pick(
      [
        'Hello! Select some code and ask me about it, or just ask.',
        'Hello! What are we looking at today?',
        'Hi! Paste some code or ask a question.',
      ],
      variation,
    );
  }
  if (/\bhaiku\b/iu.test(asked)) {
    return pick(
      [
        '> Cursor blinks, waiting.\n> One missing semicolon\n> holds the whole night up.',
        '> Green tests, quiet fans.\n> The bug was in the comment\n> that nobody read.',
      ],
      variation,
    );
  }
  const subject = subjectOf(asked);
  const opening = pick(['You asked:', 'Your question:', 'To your question:'], variation);
  const earlier =
    earlierTurns > 0
      ? ` I have kept ${earlierTurns === 1 ? 'the earlier question' : `the ${earlierTurns} earlier questions`} of this conversation in mind.`
      : '';
  return [
    `${opening}\n\n${quoted(asked)}`,
    `## ${subject.slice(0, 1).toUpperCase()}${subject.slice(1)}`,
    `Without code in front of me this stays general.${earlier} Three things decide it:`,
    [
      '1. **What goes in.** Which values are allowed, and who makes sure of it?',
      '2. **What comes out.** One result, none, many, or a failure that the caller must see?',
      '3. **What it may cost.** Once at the start is different from once per key press.',
    ].join('\n'),
    '### Ways to go',
    [
      '| Way | Good when | Price |',
      '| --- | --- | --- |',
      '| A plain function | the input is at hand | none |',
      '| A small class | there is state to keep | one more name |',
      '| A library | the problem is well known | a dependency |',
    ].join('\n'),
    '### A start',
    sketch(asked, subject),
    'Select the code this is about and ask again: then I can name functions and lines.',
  ].join('\n\n');
}

/** The question as a quote, shortened after a few lines. */
function quoted(question: string): string {
  const lines = question.split('\n').filter((line) => line.trim() !== '');
  const shown = lines.slice(0, 4).map((line) => `> ${line.length > 200 ? `${line.slice(0, 199)}…` : line}`);
  return [...shown, ...(lines.length > 4 ? ['> …'] : [])].join('\n');
}

/** The last telling words of the first sentence. */
function subjectOf(question: string): string {
  const sentence = question.split(/[.!?\n]/u)[0] ?? '';
  const words = sentence
    .replace(
      /^(?:please\s+|can you\s+|could you\s+|how (?:do|can|should) (?:i|we|you)\s+|what(?:'s| is| are)\s+|write\s+(?:me\s+)?|(?:a|an|the)\s+)+/iu,
      '',
    )
    .match(/[\p{L}\p{N}'-]+/gu);
  return words?.slice(0, 7).join(' ') ?? 'an answer';
}

function sketch(question: string, subject: string): string {
  const words = subject.toLowerCase().match(/[a-z][a-z0-9]*/gu) ?? ['answer'];
  const telling = words
    .filter((word) => !['a', 'an', 'the', 'of', 'in', 'for', 'to', 'and', 'function', 'that'].includes(word))
    .slice(0, 3);
  const name = telling.length === 0 ? ['answer'] : telling;
  if (/\bpython\b/iu.test(question)) {
    return `\`\`\`python\ndef ${name.join('_')}(value: str) -> str:\n    """One thing, under a name that says which."""\n    if not value:\n        raise ValueError("value is empty")\n    return value.strip()\n\`\`\``;
  }
  const camel = name
    .map((word, index) => (index === 0 ? word : word.slice(0, 1).toUpperCase() + word.slice(1)))
    .join('');
  return `\`\`\`ts\n/** One thing, under a name that says which. */\nexport function ${camel}(value: string): string {\n  if (value === '') throw new RangeError('value is empty');\n  return value.trim();\n}\n\`\`\``;
}
