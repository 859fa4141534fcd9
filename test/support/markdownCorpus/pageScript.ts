// Runs inside the test page: drives the markdown view with frames and pauses that the test decides about.

import { createMarkdownView, type MarkdownView } from '../../../webview/markdown/markdownView.ts';
import type { Scheduler } from '../../../webview/markdown/scheduler.ts';
import { inspect, settleNetwork, touchEverything, traps } from './inspectPage.ts';

/** A scheduler whose frames and pauses happen when they are called. Its clock stands still unless it is moved. */
function createManualScheduler() {
  const frames = new Set<() => void>();
  const pauses = new Set<() => void>();
  let now = 0;
  const into = (tasks: Set<() => void>) => (task: () => void) => {
    tasks.add(task);
    return () => void tasks.delete(task);
  };
  const run = (tasks: Set<() => void>) => {
    const due = [...tasks];
    tasks.clear();
    for (const task of due) task();
    return due.length > 0;
  };
  const scheduler: Scheduler = { now: () => now, onFrame: into(frames), onIdle: into(pauses) };
  return {
    scheduler,
    frame: () => run(frames),
    pause: () => run(pauses),
    advance: (ms: number) => {
      now += ms;
    },
    drain: () => {
      while (run(pauses));
    },
  };
}

/** What the view asked for: links that were followed, buttons that were made and taken away. */
export const calls: string[] = [];

export { createMarkdownView };

/** A view of its own, in the hands of the test. */
export function open() {
  const manual = createManualScheduler();
  const view = createMarkdownView({
    scheduler: manual.scheduler,
    onLink: (href) => calls.push(`link ${href}`),
    onPath: (path) => calls.push(`path ${path}`),
    fillCodeActions: (slot, { block, language, info }) => {
      calls.push(`fill ${String(block)}`);
      const button = document.createElement('button');
      button.textContent = `Copy ${String(block)} ${language} ${info}`;
      slot.append(button);
      return () => calls.push(`clear ${String(block)}`);
    },
  });
  return { ...manual, view };
}

/** The page of a text given in pieces, each with a frame of its own, after all colours came. */
export function stream(pieces: readonly string[]): MarkdownView['element'] {
  const { view, frame, drain } = open();
  for (const piece of pieces) {
    view.append(piece);
    frame();
  }
  view.end();
  drain();
  return view.element;
}

export function oneShot(text: string): MarkdownView['element'] {
  return stream([text]);
}

export type Difference = {
  readonly how: string;
  readonly streamed: string;
  readonly oneShot: string;
};

function difference(pieces: readonly string[], expected: Element): Difference | undefined {
  const streamed = stream(pieces);
  // Unlike a comparison of markup, this one also sees where one text node ends and the next begins.
  if (streamed.isEqualNode(expected)) return undefined;
  return { how: JSON.stringify(pieces), streamed: streamed.outerHTML, oneShot: expected.outerHTML };
}

/** Compares a way of cutting with one shot; nothing if the pages are equal. */
export function compare(pieces: readonly string[]): Difference | undefined {
  return difference(pieces, oneShot(pieces.join('')));
}

export type CutOptions = {
  /** Every how many characters a cut is tried. */
  readonly stride: number;
  /** Whether every prefix is compared with one shot of that prefix, too. */
  readonly prefixes: boolean;
};

/** Cuts a text into single characters and in two at many places; the first difference from one shot, if any. */
export function compareCuts(text: string, { stride, prefixes }: CutOptions): Difference | undefined {
  const whole = oneShot(text);
  const found = difference(text.split(''), whole);
  if (found !== undefined) return found;
  for (let at = 1; at < text.length; at += stride) {
    const prefix = text.slice(0, at);
    const inPieces = prefix.match(/[\s\S]{1,7}/gu) ?? [];
    const next =
      difference([prefix, text.slice(at)], whole) ??
      (prefixes ? difference(inPieces, oneShot(prefix)) : undefined);
    if (next !== undefined) return next;
  }
  return undefined;
}

/** What went wrong with a hostile text, given in pieces of `size` and in one piece. */
export function attack(text: string, size: number): readonly string[] {
  const { view, frame, drain } = open();
  const found: string[] = [];
  for (let at = 0; at < text.length; at += size) {
    view.append(text.slice(at, at + size));
    frame();
    found.push(...inspect(view.element));
  }
  view.end();
  drain();
  const restored = oneShot(text);
  if (!view.element.isEqualNode(restored)) found.push('streamed and restored pages differ');
  found.push(...inspect(view.element));
  document.querySelector('#root')?.append(view.element, restored);
  return found.map((problem) => `${problem} of ${text}`);
}

export { inspect, settleNetwork, touchEverything, traps };
