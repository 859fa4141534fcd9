import { StringStream, type StreamParser } from '@codemirror/streamparser';

/**
 * Some parsers keep the type of the last token in a variable of their module, whatever text it was in. This one begins
 * every line of every text alike: it has the parser read a semicolon in a text of its own first.
 */
export function steady(parser: StreamParser<unknown>): StreamParser<unknown> {
  let lastStream: StringStream | undefined;
  let lastState: unknown;
  const aside = parser.startState?.(2) ?? {};
  return {
    ...parser,
    token(stream, state) {
      if (stream !== lastStream || state !== lastState) {
        lastStream = stream;
        lastState = state;
        const semicolon = new StringStream(';', 4, 2);
        while (!semicolon.eol() && semicolon.pos === 0) {
          parser.token(semicolon, aside);
          if (semicolon.pos === 0) semicolon.next();
        }
      }
      return parser.token(stream, state);
    },
  };
}
