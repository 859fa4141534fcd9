import { computed, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { Slot } from '../store.ts';
import { Message, type MessagePorts } from './message.tsx';
import { ScrollKeeper } from './scrollKeeper.ts';
import { SectionFiller, type OnIdle } from './sectionFiller.ts';
import { groupSlots, type Section } from './sections.ts';
import { keepTabOrder } from './tabOrder.ts';

interface TranscriptProps {
  readonly ports: MessagePorts;
  readonly onIdle: OnIdle;
  /** Given what scrolls the transcript while it is in the page. */
  readonly onScroller: (keeper: ScrollKeeper | undefined) => void;
}

/** The place of reading is remembered this long after the last scroll. */
const rememberAfterMs = 200;

/** The messages of one conversation. Another conversation is another transcript. */
export function Transcript({ ports, onIdle, onScroller }: TranscriptProps): JSX.Element {
  const { conversation, memory, store } = ports;
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const filler = useMemo(() => new SectionFiller(onIdle), [onIdle]);

  const sections = useMemo(() => {
    const place = memory.place(conversation);
    let slots: readonly Slot[] = [];
    let groups: readonly Section[] = [];
    return computed(() => {
      const before = slots;
      slots = store.slots.value;
      const changed = slots.findIndex((slot, index) => slot !== before[index]);
      const remembered = slots.findIndex(({ message }) => message.id === place?.message);
      const visible = before.length > 0 ? changed : remembered;
      groups = groupSlots(slots, groups, visible < 0 ? undefined : visible);
      return groups;
    });
  }, [conversation, memory, store]);

  useLayoutEffect(() => {
    const log = scroller.current;
    const inside = content.current;
    if (!log || !inside) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const remember = (): void => {
      clearTimeout(timer);
      timer = undefined;
      memory.setPlace(conversation, keeper.place());
    };
    const keeper = new ScrollKeeper(log, inside, () => {
      timer ??= setTimeout(remember, rememberAfterMs);
    });
    const place = memory.place(conversation);
    if (!place || !keeper.restore(place)) keeper.toEnd();
    onScroller(keeper);
    filler.start(log);
    const leaveTabOrder = keepTabOrder(log);
    const onHide = (): void => {
      if (timer !== undefined) remember();
    };
    window.addEventListener('pagehide', onHide);
    document.addEventListener('visibilitychange', onHide);
    return () => {
      onHide();
      window.removeEventListener('pagehide', onHide);
      document.removeEventListener('visibilitychange', onHide);
      leaveTabOrder();
      filler.stop();
      keeper.dispose();
      onScroller(undefined);
    };
  }, [conversation, filler, memory, onScroller]);

  useSignalEffect(() => filler.fill(sections.value));

  const from = filler.from.value ?? firstFilled(sections.value);
  return (
    <div
      class="log"
      role="log"
      aria-label="Conversation"
      aria-live="off"
      aria-busy={store.streaming}
      ref={scroller}
    >
      <div class="log-content" ref={content}>
        {from > 0 && <Above sections={sections.value} from={from} filler={filler} />}
        {sections.value.slice(from).map((section) => (
          <SectionView key={section.key} section={section} filler={filler} ports={ports} />
        ))}
      </div>
    </div>
  );
}

function firstFilled(sections: readonly Section[]): number {
  return Math.max(
    0,
    sections.findIndex(({ filled }) => filled.peek()),
  );
}

interface AboveProps {
  readonly sections: readonly Section[];
  readonly from: number;
  readonly filler: SectionFiller;
}

/** The room of the sections that have no element yet. */
function Above({ sections, from, filler }: AboveProps): JSX.Element {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => (element.current ? filler.watch(element.current, undefined) : undefined), [filler]);
  const height = sections.slice(0, from).reduce((sum, { estimate }) => sum + estimate, 0);
  return <div class="above" ref={element} style={{ blockSize: `${String(height)}px` }} />;
}

interface SectionViewProps {
  readonly section: Section;
  readonly filler: SectionFiller;
  readonly ports: MessagePorts;
}

function SectionView({ section, filler, ports }: SectionViewProps): JSX.Element {
  const element = useRef<HTMLDivElement>(null);
  const filled = section.filled.value;
  useEffect(() => (element.current ? filler.watch(element.current, section) : undefined), [filler, section]);
  useEffect(() => {
    if (filled && element.current) filler.settle(element.current);
  }, [filled, filler]);
  const height = `${String(section.estimate)}px`;
  return (
    <div
      class="section"
      ref={element}
      style={{ containIntrinsicBlockSize: `auto ${height}`, minBlockSize: filled ? '' : height }}
    >
      {filled && section.slots.map((slot) => <Message key={slot.key} slot={slot} ports={ports} />)}
    </div>
  );
}
