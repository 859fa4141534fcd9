import { Lexer, Tokenizer, type MarkedToken, type Token } from 'marked';
import { codeOf, type Code } from '../shared/codeToken.ts';
import { createMarkdownLexer, normaliseLineEnds } from '../shared/markdownLexer.ts';

/**
 * The code blocks of a message in the order of the text, those inside lists and quotes included. The view numbers the
 * blocks it shows in the same way (from 0) and sends a number instead of text; offsets into a block count UTF-16 units
 * of `text`, whose line ends are `\n`.
 */
export function codeBlocks(markdown: string): readonly Code[] {
  const lexer = createMarkdownLexer<Token, Tokenizer>({ Lexer, Tokenizer });
  const { blocks } = lexer.blocks(normaliseLineEnds(markdown), () => undefined, 0);
  const found: Code[] = [];
  for (const { token } of blocks) {
    if (token !== undefined) collect([token], found);
  }
  return found;
}

function collect(tokens: readonly Token[], found: Code[]): void {
  for (const token of tokens) {
    // No extension is installed, so marked makes its own tokens only.
    const known = token as MarkedToken;
    if (known.type === 'code') found.push(codeOf(known));
    else if (known.type === 'blockquote') collect(known.tokens, found);
    else if (known.type === 'list') {
      for (const item of known.items) collect(item.tokens, found);
    }
  }
}
