import type { StreamParser, StringStream } from '@codemirror/streamparser';
import { steady } from './steady.ts';

/** Where the parser is: in code (between braces of which so many are open), in a tag, or in the content of one. */
type Place =
  | { readonly type: 'code'; readonly state: unknown; open: number }
  | { readonly type: 'tag'; isClosing: boolean; hasName: boolean }
  | { readonly type: 'content' };

type State = {
  readonly places: Place[];
  /** The last token that is not blank, which tells a tag from "less than". */
  before: string;
};

/** A parser of JavaScript or TypeScript that knows elements among the code. */
export function withJsx(parser: StreamParser<unknown>): StreamParser<unknown> {
  const script = steady(parser);
  const newCode = (): Place => ({ type: 'code', state: script.startState?.(2) ?? {}, open: 0 });

  function token(stream: StringStream, state: State): string | null {
    const place = state.places.at(-1);
    switch (place?.type) {
      case 'code':
        return codeToken(stream, state, place);
      case 'tag':
        return tagToken(stream, state, place);
      case 'content':
        return contentToken(stream, state);
      case undefined:
        stream.next();
        return null;
    }
  }

  function codeToken(
    stream: StringStream,
    state: State,
    place: Extract<Place, { type: 'code' }>,
  ): string | null {
    if (stream.peek() === '<' && beginsElement(stream, state.before)) {
      stream.next();
      state.places.push({ type: 'tag', isClosing: false, hasName: false });
      return 'tag';
    }
    if (stream.peek() === '}' && place.open === 0 && state.places.length > 1) {
      stream.next();
      state.places.pop();
      return 'keyword';
    }
    const style = script.token(stream, place.state);
    const text = stream.current();
    const isCode = style === null || !/comment|string/u.test(style);
    if (isCode && text === '{') place.open += 1;
    if (isCode && text === '}') place.open -= 1;
    if (text.trim() !== '' && style !== 'comment') state.before = text;
    return style;
  }

  function tagToken(
    stream: StringStream,
    state: State,
    place: Extract<Place, { type: 'tag' }>,
  ): string | null {
    if (stream.eatSpace()) return null;
    if (stream.match('/>') === true) {
      state.places.pop();
      state.before = ')';
      return 'tag';
    }
    if (stream.eat('/') === '/') {
      place.isClosing = true;
      return 'tag';
    }
    if (stream.eat('>') === '>') {
      state.places.pop();
      // A closing tag ends the content that it stands in.
      if (place.isClosing) state.places.pop();
      else state.places.push({ type: 'content' });
      state.before = ')';
      return 'tag';
    }
    if (stream.eat('{') === '{') {
      state.places.push(newCode());
      state.before = '{';
      return 'keyword';
    }
    if (stream.match(/^(?:"[^"]*"?|'[^']*'?)/u) !== null) return 'string';
    if (stream.match(/^[\w$.:-]+/u) !== null) {
      const style = place.hasName ? 'attribute' : 'tag';
      place.hasName = true;
      return style;
    }
    stream.next();
    return null;
  }

  function contentToken(stream: StringStream, state: State): string | null {
    if (stream.eat('{') === '{') {
      state.places.push(newCode());
      state.before = '{';
      return 'keyword';
    }
    if (stream.eat('<') === '<') {
      state.places.push({ type: 'tag', isClosing: stream.eat('/') === '/', hasName: false });
      return 'tag';
    }
    stream.eatWhile(/[^<{]/u);
    return null;
  }

  return {
    name: script.name ?? 'jsx',
    startState: (): State => ({ places: [newCode()], before: '' }),
    // The state is always one that `startState` made.
    token: (stream, state) => token(stream, state as State),
  };
}

/** Whether the `<` here begins an element: a name or `>` behind it, and before it no value that could be compared. */
function beginsElement(stream: StringStream, before: string): boolean {
  if (stream.match(/^<(?:>|[A-Za-z][\w.:-]*(?=[\s/>]|$))/u, false) === null) return false;
  // `<T,>(x: T) => x` and `<T extends X>(...)` are functions.
  if (stream.match(/^<[A-Z]\w*\s*(?:,|extends\b)/u, false) !== null) return false;
  return (
    before === '' || /^(?:[([{},;:?=&|!]|=>|&&|\|\||\?\?|return|default|yield|await|case)$/u.test(before)
  );
}
