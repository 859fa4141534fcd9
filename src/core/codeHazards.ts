import { hasHiddenCharacters } from './visible.ts';

/** What a reader of a code block could not see, and should know before it enters a document. */
export type CodeHazard =
  /** Bidirectional controls, zero-width or tag characters: the code is not what it looks like. */
  | 'hiddenCharacters'
  /** JSON whose `$schema` or `$ref` names an address that VS Code's JSON support would fetch. */
  | 'remoteSchema';

const jsonLanguages = new Set(['json', 'jsonc', 'json5', 'jsonl', 'snippets']);

/** The hazards of putting `code` into a document of this language. */
export function codeHazards(code: string, languageId: string): readonly CodeHazard[] {
  const hazards: CodeHazard[] = [];
  if (hasHiddenCharacters(code)) hazards.push('hiddenCharacters');
  if (jsonLanguages.has(languageId) && namesRemoteSchema(code)) hazards.push('remoteSchema');
  return hazards;
}

function namesRemoteSchema(code: string): boolean {
  // As VS Code's JSON support reads it: comments are nothing, and a slash may be escaped.
  const bare = code.replaceAll(/"(?:[^"\\]|\\.)*"|\/\/[^\r\n]*|\/\*[\s\S]*?(?:\*\/|$)/g, (part) =>
    part.startsWith('"') ? part.replaceAll('\\/', '/') : '',
  );
  // Other escapes could spell the key or the address in another way, so a text with any of them counts as well.
  const escapes = /\\u00(?:24|2f|3a|7[0-9a-f]|6[0-9a-f])/i.test(bare);
  return escapes || /"\$(?:schema|ref)"\s*:\s*"(?:[a-z][a-z0-9+.-]*:)?\/\//i.test(bare);
}
