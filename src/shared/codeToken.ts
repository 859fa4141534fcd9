/** What is shown, copied and inserted of a code block. */
export type Code = {
  /** First word of the info string, for example `ts`; empty if there is none. */
  readonly language: string;
  /** The whole info string, for example `ts title="src/app.ts"`. */
  readonly info: string;
  /** The code without its last line end. */
  readonly text: string;
};

/** Reads a `code` token of marked's. */
export function codeOf(token: {
  readonly text: string;
  readonly lang?: string | undefined;
  readonly codeBlockStyle?: 'indented' | undefined;
}): Code {
  const info = token.lang ?? '';
  return {
    language: /^[^\s{,:]*/u.exec(info)?.[0] ?? '',
    info,
    text: token.codeBlockStyle === 'indented' ? trimBlankLines(token.text) : token.text.replace(/\n$/u, ''),
  };
}

/** Without blank lines at the end. */
function trimBlankLines(text: string): string {
  let end = text.length;
  for (let at = end - 1; at >= 0; at -= 1) {
    const character = text[at];
    if (character === '\n') end = at;
    else if (character !== ' ' && character !== '\t') break;
  }
  return text.slice(0, end);
}
