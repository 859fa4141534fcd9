/** The families that `findDeclarations` can read; `plain` is everything else. */
export type Family = 'script' | 'python' | 'go' | 'rust' | 'java' | 'c' | 'plain';

export interface Language {
  /** Name as people write it. */
  readonly name: string;
  /** Name for the info string of a fence; empty where the language is unknown. */
  readonly fence: string;
  readonly family: Family;
  /** Whether parameters and results can have a type. */
  readonly typed: boolean;
}

const table: readonly (readonly [string, string, Family, boolean, readonly string[]])[] = [
  ['TypeScript', 'ts', 'script', true, ['ts', 'typescript', 'mts', 'cts']],
  ['TypeScript', 'tsx', 'script', true, ['tsx', 'typescriptreact']],
  ['JavaScript', 'js', 'script', false, ['js', 'javascript', 'mjs', 'cjs', 'node']],
  ['JavaScript', 'jsx', 'script', false, ['jsx', 'javascriptreact']],
  ['Python', 'python', 'python', true, ['py', 'python', 'pyi', 'python3']],
  ['Go', 'go', 'go', true, ['go', 'golang']],
  ['Rust', 'rust', 'rust', true, ['rs', 'rust']],
  ['Java', 'java', 'java', true, ['java']],
  ['C#', 'csharp', 'java', true, ['cs', 'csharp', 'c#']],
  ['C', 'c', 'c', true, ['c', 'h']],
  ['C++', 'cpp', 'c', true, ['cpp', 'c++', 'cc', 'cxx', 'hpp', 'hh']],
];

const named: readonly (readonly [string, string, readonly string[]])[] = [
  ['JSON', 'json', ['json', 'jsonc']],
  ['YAML', 'yaml', ['yaml', 'yml']],
  ['HTML', 'html', ['html', 'htm']],
  ['CSS', 'css', ['css', 'scss', 'less']],
  ['shell', 'sh', ['sh', 'bash', 'zsh', 'shell', 'shellscript']],
  ['SQL', 'sql', ['sql']],
  ['Markdown', 'markdown', ['md', 'markdown']],
  ['Ruby', 'ruby', ['rb', 'ruby']],
  ['PHP', 'php', ['php']],
  ['Kotlin', 'kotlin', ['kt', 'kotlin']],
  ['Swift', 'swift', ['swift']],
  ['TOML', 'toml', ['toml']],
  ['diff', 'diff', ['diff', 'patch']],
];

const languages = new Map<string, Language>([
  ...table.flatMap(([name, fence, family, typed, aliases]) =>
    aliases.map((alias): [string, Language] => [alias, { name, fence, family, typed }]),
  ),
  ...named.flatMap(([name, fence, aliases]) =>
    aliases.map((alias): [string, Language] => [alias, { name, fence, family: 'plain', typed: false }]),
  ),
]);

/** By the first word of a fence, which may be a language id of VS Code, else by the extension of the path. */
export function findLanguage(word: string, path: string | undefined): Language {
  const extension = path === undefined ? '' : (/\.(\w+)$/u.exec(path)?.[1] ?? '');
  return (
    languages.get(word.toLowerCase()) ??
    languages.get(extension.toLowerCase()) ?? { name: word, fence: word, family: 'plain', typed: false }
  );
}
