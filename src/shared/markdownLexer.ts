import { openLexer, type Lookup } from './markedGuard.ts';
import type { Definition, Marked, MarkedTokenizer } from './markedParts.ts';

/**
 * How a reply's markdown is read, for both sides of the wall: the view draws it, the host finds code block number N in
 * its own copy. Both hand over their copy of marked, so nothing is imported here but the guard around it. The same
 * text reads the same everywhere; what is too hard to read is plain text.
 */

/** A block at the top level of the text, with the half-open range of the text it was made of. */
export type LexedBlock<T> = {
  /** marked's token; nothing for text that is too hard to read and stays as it is. */
  readonly token: T | undefined;
  readonly start: number;
  readonly end: number;
};

/** A definition, with the index of the block that holds it. */
export type FoundDefinition = {
  readonly label: string;
  readonly definition: Definition;
  readonly block: number;
};

export type LexedBlocks<T> = {
  readonly blocks: readonly LexedBlock<T>[];
  /** Only the first definition of a label is here: it is the one that counts. */
  readonly definitions: readonly FoundDefinition[];
  /** The source of every `tokens` array that holds inline content; the arrays are filled by nobody yet. */
  readonly inlineSources: ReadonlyMap<readonly T[], string>;
};

export type MarkdownLexer<T> = {
  /**
   * The block structure of a text whose line ends are `\n`, without inline content. `lookup` knows the definitions
   * before this text; `plain` is the number of blocks before it that had to stay plain.
   */
  readonly blocks: (source: string, lookup: Lookup, plain: number) => LexedBlocks<T>;
  /** The inline content of one block, a heading or a table cell for example. */
  readonly inline: (source: string, lookup: Lookup) => readonly T[];
};

/** After this many blocks that were too hard, a text is hostile and the rest of it is plain. */
const maxPlainBlocks = 3;

export function createMarkdownLexer<T, K extends MarkedTokenizer>(marked: Marked<T, K>): MarkdownLexer<T> {
  let inlineLookup: Lookup = () => undefined;
  const inlineLexer = openLexer(
    marked,
    (label) => inlineLookup(label),
    () => undefined,
  );

  return {
    blocks(source, lookup, plain) {
      const blocks: LexedBlock<T>[] = [];
      const definitions: FoundDefinition[] = [];
      const inlineSources = new Map<readonly T[], string>();
      const added = new Map<string, Definition>();

      /** Reads on from `from` until the end or until a block is too hard. Returns where that is. */
      function readFrom(from: number): number {
        const before = blocks.length;
        const lexer = openLexer(
          marked,
          (label) => lookup(label) ?? added.get(label),
          (label, definition, token) => {
            added.set(label, definition);
            definitions.push({ label, definition, block: before + token });
          },
        );
        const { tokens, rests, inlineQueue, isComplete } = lexer.readBlocks(source.slice(from));
        const starts = rests.map((rest) => source.length - rest);
        const end = isComplete ? source.length : (starts[tokens.length] ?? from);
        for (const [index, token] of tokens.entries()) {
          const next = index + 1 < tokens.length ? starts[index + 1] : end;
          blocks.push({ token, start: starts[index] ?? from, end: next ?? end });
        }
        for (const { src, tokens: waiting } of inlineQueue) inlineSources.set(waiting, src);
        return end;
      }

      let plainBlocks = plain;
      let from = 0;
      while (from < source.length) {
        if (plainBlocks < maxPlainBlocks) from = readFrom(from);
        if (from < source.length) {
          const end = endOfParagraph(source, from);
          blocks.push({ token: undefined, start: from, end });
          plainBlocks += 1;
          from = end;
        }
      }
      return { blocks, definitions, inlineSources };
    },
    inline(source, lookup) {
      inlineLookup = lookup;
      return inlineLexer.readInline(source);
    },
  };
}

/** Just behind the first blank line after `from`, or the end. */
function endOfParagraph(source: string, from: number): number {
  const blank = /\n[ \t]*\n/gu;
  blank.lastIndex = from;
  return blank.test(source) ? blank.lastIndex : source.length;
}

/** Line ends as markdown counts them: `\r\n` and `\r` are `\n`. */
export function normaliseLineEnds(text: string): string {
  return text.includes('\r') ? text.replaceAll(/\r\n?/gu, '\n') : text;
}
