import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { TextFeed } from '../textFeed.ts';

interface PlainTextProps {
  readonly feed: TextFeed;
  readonly class: string;
}

/** A text as it was written, with its line breaks, and nothing in it means anything. It may still grow. */
export function PlainText({ feed, class: className }: PlainTextProps): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const node = document.createTextNode(feed.text);
    place.current?.replaceChildren(node);
    return feed.listen({
      append: (text) => node.appendData(text),
      replace: (text) => {
        node.data = text;
      },
    });
  }, [feed]);
  return <div class={className} ref={place} />;
}
