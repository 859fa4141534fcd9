import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { createMarkdownView, type MarkdownView, type MarkdownViewOptions } from '../markdown/markdownView.ts';
import type { TextFeed } from '../textFeed.ts';

interface MarkdownTextProps {
  readonly feed: TextFeed;
  /** No more text is expected. */
  readonly ended: boolean;
  readonly options: MarkdownViewOptions;
}

/**
 * Mounts the markdown view of a growing text. Pieces go straight from the feed to that view: no component renders
 * while a reply streams.
 */
export function MarkdownText({ feed, ended, options }: MarkdownTextProps): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const shown = useRef<MarkdownView>(undefined);
  const isEnded = useRef(ended);
  isEnded.current = ended;

  useLayoutEffect(() => {
    const show = (text: string): void => {
      shown.current?.dispose();
      const view = createMarkdownView(options);
      shown.current = view;
      view.append(text);
      if (isEnded.current) view.end();
      place.current?.replaceChildren(view.element);
    };
    show(feed.text);
    const stop = feed.listen({
      append: (text) => {
        // A piece that was late, behind the end of its reply: the finished page is made again.
        if (isEnded.current) show(feed.text);
        else shown.current?.append(text);
      },
      replace: show,
    });
    return () => {
      stop();
      shown.current?.dispose();
      shown.current = undefined;
    };
  }, [feed, options]);

  useLayoutEffect(() => {
    if (ended) shown.current?.end();
  }, [ended]);

  return <div class="message-text" ref={place} />;
}
