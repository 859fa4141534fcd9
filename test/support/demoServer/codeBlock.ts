import { findLanguage, type Language } from './language.ts';

/** A fenced block of a message with what the message says about it. */
export interface CodeBlock {
  readonly code: string;
  readonly language: Language;
  readonly path?: string;
  /** Number of the first line in its file, 1 where the message does not say. */
  readonly firstLine: number;
}

export interface Parsed {
  readonly blocks: readonly CodeBlock[];
  /** The message without its blocks and without the lines that only announce one. */
  readonly prose: string;
}

const pathPattern = /(?:[\w@.~-]+[/\\])*[\w@.~-]+\.[A-Za-z]\w{0,7}\b/u;
const linesPattern =
  /\blines?[\s=:]*(\d+)(?:\s*(?:-|–|to|\.\.)\s*(\d+))?|(?<=\w):(\d+)(?:-(\d+))?\b|#?\bL(\d+)(?:-L?(\d+))?\b/iu;

/**
 * Finds the fenced code of a message. Language, path and line numbers are looked for in the info string and in the
 * line or two before the fence; a fence closes with at least as many of the same character as opened it.
 */
export function parseMessage(text: string): Parsed {
  const lines = text.split(/\r?\n/u);
  const blocks: CodeBlock[] = [];
  const prose: string[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const fence = /^( {0,3})(`{3,}|~{3,})[ \t]*([^`]*)$/u.exec(lines[index] ?? '');
    if (fence === null) {
      prose.push(lines[index] ?? '');
      continue;
    }
    const [, indent = '', mark = '```', info = ''] = fence;
    const end = closingLine(lines, index + 1, mark);
    const code = lines
      .slice(index + 1, end)
      .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line));
    const label = announcement(prose);
    blocks.push(describe(code.join('\n'), info.trim(), label));
    index = end;
  }
  return {
    blocks,
    prose: prose
      .join('\n')
      .replaceAll(/\n{3,}/gu, '\n\n')
      .trim(),
  };
}

function closingLine(lines: readonly string[], from: number, mark: string): number {
  const closes = new RegExp(`^ {0,3}${mark[0] === '~' ? '~' : '`'}{${mark.length},}[ \\t]*$`, 'u');
  const end = lines.findIndex((line, index) => index >= from && closes.test(line));
  return end < 0 ? lines.length : end;
}

/** The last line or two before a fence, where they name a file or lines; a line that says little else is taken out. */
function announcement(prose: string[]): string {
  let label = '';
  for (let looked = 0; looked < 3; looked += 1) {
    let last = prose.length - 1;
    while (last >= 0 && prose[last]?.trim() === '') last -= 1;
    const line = prose[last]?.trim() ?? '';
    if (!pathPattern.test(line) && !/\blines?\s+\d/iu.test(line)) return label;
    label = `${line} ${label}`;
    const words = line.replace(pathPattern, '').match(/[\p{L}]{2,}/gu) ?? [];
    if (words.length > 8 || line.endsWith('?')) return label;
    prose.splice(last);
  }
  return label;
}

function describe(code: string, info: string, label: string): CodeBlock {
  const [word = ''] = info.split(/[\s,{:]/u);
  const rest = info.slice(word.length);
  const wordIsPath = pathPattern.test(word) && word.includes('.');
  const about = `${wordIsPath ? info : rest} ${label}`;
  const path = pathPattern.exec(about)?.[0]?.replaceAll('\\', '/');
  const numbers = linesPattern.exec(path === undefined ? about : about.slice(about.search(pathPattern)));
  const first = numbers?.slice(1).find((number) => number !== undefined);
  return {
    code,
    language: findLanguage(wordIsPath ? '' : word, path),
    ...(path === undefined ? {} : { path }),
    firstLine: first === undefined ? 1 : Math.max(1, Number(first)),
  };
}
