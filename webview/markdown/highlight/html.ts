import { javascript } from '@codemirror/legacy-modes/mode/javascript';
import { html as markup } from '@codemirror/legacy-modes/mode/xml';
import type { StreamParser, StringStream } from '@codemirror/streamparser';
import { css } from './css.ts';
import { steady } from './steady.ts';

const script = steady(javascript);

type Inner = { readonly parser: StreamParser<unknown>; readonly state: unknown; readonly end: RegExp };

type State = {
  readonly markup: unknown;
  /** Name of the tag that is open, if its content is another language. */
  opening: 'script' | 'style' | undefined;
  inner: Inner | undefined;
};

function openInner(name: 'script' | 'style'): Inner {
  const parser = name === 'script' ? script : css;
  return { parser, state: parser.startState?.(2) ?? {}, end: new RegExp(`^</${name}`, 'iu') };
}

function token(stream: StringStream, state: State): string | null {
  if (state.inner !== undefined) {
    if (stream.match(state.inner.end, false) === null) return innerToken(stream, state.inner);
    state.inner = undefined;
  }
  const style = markup.token(stream, state.markup);
  const name = /^<?(?<name>script|style)$/iu.exec(stream.current())?.groups?.['name']?.toLowerCase();
  const isClosing = stream.string[stream.start - 1] === '/';
  if (style !== null && /\btag\b/u.test(style) && !isClosing && (name === 'script' || name === 'style')) {
    state.opening = name;
  } else if (state.opening !== undefined && /\/?>$/u.test(stream.current())) {
    state.inner = stream.current() === '/>' ? undefined : openInner(state.opening);
    state.opening = undefined;
  }
  return style;
}

/** A token of the inner language, which must not swallow the tag that ends it. */
function innerToken(stream: StringStream, inner: Inner): string | null {
  const style = inner.parser.token(stream, inner.state);
  const end = stream.current().search(/<\/(?:script|style)/iu);
  if (end > 0) stream.backUp(stream.current().length - end);
  return style;
}

/** HTML with the scripts and styles in it. */
export const html: StreamParser<unknown> = {
  name: 'html',
  startState: (): State => ({ markup: markup.startState?.(2) ?? {}, opening: undefined, inner: undefined }),
  // The state is always one that `startState` made.
  token: (stream, state) => token(stream, state as State),
};
