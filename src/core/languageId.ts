/**
 * VS Code language ids by what models write behind a code fence, where the two differ
 * (https://code.visualstudio.com/docs/languages/identifiers).
 */
const byFenceName: Readonly<Record<string, string>> = {
  bash: 'shellscript',
  'c#': 'csharp',
  'c++': 'cpp',
  cs: 'csharp',
  console: 'shellscript',
  docker: 'dockerfile',
  golang: 'go',
  js: 'javascript',
  jsx: 'javascriptreact',
  kt: 'kotlin',
  md: 'markdown',
  make: 'makefile',
  objc: 'objective-c',
  patch: 'diff',
  ps1: 'powershell',
  pwsh: 'powershell',
  py: 'python',
  python3: 'python',
  rb: 'ruby',
  rs: 'rust',
  sh: 'shellscript',
  shell: 'shellscript',
  ts: 'typescript',
  tsx: 'typescriptreact',
  vb: 'vb',
  yml: 'yaml',
  zsh: 'shellscript',
};

/** The language of a code block: `known` holds the ids that this VS Code has. Anything else is plain text. */
export function languageIdFor(fenceName: string, known: readonly string[]): string {
  const name = fenceName.trim().toLowerCase();
  const id = Object.hasOwn(byFenceName, name) ? byFenceName[name] : name;
  return id !== undefined && known.includes(id) ? id : 'plaintext';
}
