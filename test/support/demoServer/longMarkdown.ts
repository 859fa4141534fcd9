/**
 * Exactly `length` UTF-16 units of markdown as models write it: headings, prose, lists, tables, quotes and fenced code
 * in several languages, one block of a thousand lines where there is room. The same length gives the same text, and a
 * shorter text is the beginning of a longer one, but for its last line.
 */
export function longMarkdown(length: number): string {
  const pieces: string[] = [];
  let written = 0;
  for (let section = 1; written < length; section += 1) {
    const text = sectionText(section);
    pieces.push(text);
    written += text.length;
  }
  const text = pieces.join('').slice(0, length);
  const last = text.charCodeAt(length - 1);
  return last >= 0xd800 && last <= 0xdbff ? `${text.slice(0, -1)}.` : text;
}

const blocks: readonly ((section: number) => string)[] = [
  prose,
  list,
  code,
  table,
  prose,
  nested,
  code,
  quoteBlock,
];

function sectionText(section: number): string {
  const body = blocks.slice((section % 3) * 2).map((block) => block(section));
  const big =
    section === 9
      ? [
          fenced(
            'ts',
            Array.from({ length: 1000 }, (_, line) => codeLine(line)),
          ),
        ]
      : [];
  return `## ${section}. ${pickFrom(topics, section)}\n\n${[...body, ...big].join('\n\n')}\n\n`;
}

const topics = [
  'Reading the input',
  'Keeping state',
  'Errors and retries',
  'Streaming',
  'What to measure',
  'Migration',
];
const sentences = [
  'The parser keeps one buffer and never copies a line twice, which matters once replies grow beyond a few kilobytes.',
  'A `Map` keeps the order of insertion, so the list needs no sorting before it is shown.',
  'Most of the time goes into *layout*, not into JavaScript; measure before you rewrite.',
  'See [the specification](https://example.com/spec#section-4) for the exact wording.',
  'If the connection drops, **the text so far is kept** and marked as interrupted.',
  'Names such as Zoë, Łukasz and 東京 are ordinary input, and so is an emoji 🙂 here and there.',
  'There is no second source of truth: the view asks, the host answers.',
];

function prose(section: number): string {
  return Array.from({ length: 4 }, (_, index) => pickFrom(sentences, section + index)).join(' ');
}

function list(section: number): string {
  return Array.from({ length: 5 }, (_, index) => `- ${pickFrom(sentences, section * 3 + index)}`).join('\n');
}

function nested(section: number): string {
  return [
    `1. First look at \`step${section}()\`.`,
    '   - It returns early when there is nothing to do.',
    '   - Otherwise it schedules a frame.',
    `2. ${pickFrom(sentences, section + 2)}`,
    '3. Then compare:',
    '',
    '   ```sh',
    `   npm run bench -- --case ${section}`,
    '   ```',
  ].join('\n');
}

function table(section: number): string {
  const rows = Array.from(
    { length: 6 },
    (_, row) => `| case ${row + 1} | ${section * 7 + row * 13} ms | ${row % 2 === 0 ? '`ok`' : '**slow**'} |`,
  );
  return ['| Case | Time | Verdict |', '| :-- | --: | :-: |', ...rows].join('\n');
}

function quoteBlock(section: number): string {
  return `> ${pickFrom(sentences, section + 5)}\n>\n> ${pickFrom(sentences, section + 1)}`;
}

function code(section: number): string {
  const language = pickFrom(['ts', 'python', 'json', 'sh'], section);
  if (language === 'json')
    return fenced('json', ['{', `  "section": ${section},`, '  "retries": [250, 500, 1000]', '}']);
  if (language === 'sh') return fenced('sh', [`git switch -c part-${section}`, 'npm ci', 'npm test']);
  if (language === 'python') {
    return fenced('python', [
      `def part_${section}(values: list[int]) -> int:`,
      '    """Adds what is positive."""',
      '    return sum(value for value in values if value > 0)',
    ]);
  }
  return fenced(
    'ts',
    Array.from({ length: 6 + (section % 20) }, (_, line) => codeLine(line)),
  );
}

function codeLine(line: number): string {
  const shapes = [
    `export function step${line}(input: readonly string[]): number {`,
    `  const known = new Map<string, number>([['line', ${line}]]);`,
    '  for (const name of input) known.set(name, (known.get(name) ?? 0) + 1); // counts',
    '  return [...known.values()].reduce((total, count) => total + count, 0);',
    '}',
    '',
  ];
  return pickFrom(shapes, line);
}

function fenced(language: string, lines: readonly string[]): string {
  return `\`\`\`${language}\n${lines.join('\n')}\n\`\`\``;
}

function pickFrom(list: readonly string[], index: number): string {
  return list[index % list.length] ?? '';
}
