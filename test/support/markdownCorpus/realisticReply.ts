// Replies as models write them, of any length and always the same: prose, lists, tables, fenced code.

const words =
  'the function reads each value and returns a promise that resolves when the stream has ended so callers should handle errors before they retry because a cancelled request leaves its buffer behind which is why the parser keeps state between chunks and never assumes that a line is complete'.split(
    ' ',
  );

/** A small generator of numbers in [0, 1) that starts the same every time (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = Math.trunc(state + 0x6d_2b_79_f5);
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function realisticReply(length: number, seed = 1): string {
  const random = createRandom(seed);
  const pick = (count: number) => Math.floor(random() * count);
  const word = () => words[pick(words.length)] ?? '';
  const styled = () => {
    const styles = ['`%`', '**%**', '*%*', '[%](https://example.com/docs/%)', '[src/%.ts](src/%.ts#L10)'];
    return (styles[pick(styles.length)] ?? '%').replaceAll('%', word());
  };
  const sentence = (count = 8 + pick(14)) =>
    `${Array.from({ length: count }, () => (random() < 0.06 ? styled() : word())).join(' ')}.`;
  const paragraph = () => Array.from({ length: 2 + pick(4) }, () => sentence()).join(' ');
  const codeLine = (line: number) =>
    [
      `  const ${word()}${String(line)} = await ${word()}(${String(pick(1000))}, '${word()} ${word()}'); // ${word()}`,
      `  if (${word()} === ${String(pick(99))}) return { ${word()}: \`\${${word()}}\`, ${word()}: null };`,
      '  }',
      '',
    ][pick(4)] ?? '';
  const fence = (lines: number) =>
    `\`\`\`ts\nexport async function ${word()}(${word()}: string): Promise<void> {\n${Array.from({ length: lines }, (_, line) => codeLine(line)).join('\n')}\n}\n\`\`\``;
  const list = () =>
    Array.from({ length: 3 + pick(6) }, (_, item) =>
      random() < 0.2
        ? `${String(item + 1)}. ${sentence(6)}\n   - ${sentence(5)}\n   - ${sentence(5)}`
        : `${String(item + 1)}. **${word()}**: ${sentence(9)}`,
    ).join('\n');
  const table = () =>
    [
      '| Name | Type | Meaning |',
      '|------|:----:|---------|',
      ...Array.from({ length: 3 + pick(5) }, () => `| \`${word()}\` | ${word()} | ${sentence(5)} |`),
    ].join('\n');

  const parts = [`# ${sentence(4)}`, paragraph()];
  let size = 0;
  const hasLongBlock = length >= 100_000;
  while (size < length) {
    const kind = random();
    const part =
      kind < 0.42
        ? paragraph()
        : kind < 0.54
          ? `## ${sentence(4)}`
          : kind < 0.7
            ? list()
            : kind < 0.77
              ? table()
              : kind < 0.82
                ? `> ${sentence()}\n> ${sentence()}`
                : fence(
                    hasLongBlock && size > length / 2 && !parts.some((text) => text.length > 20_000)
                      ? 1000
                      : 6 + pick(24),
                  );
    parts.push(part);
    size += part.length + 2;
  }
  return parts.join('\n\n').slice(0, length);
}
