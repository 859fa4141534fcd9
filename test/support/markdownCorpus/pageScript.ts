// Runs inside the test page: drives the markdown view with frames and pauses that the test decides about.

import { createMarkdownView, type MarkdownView } from '../../../webview/markdown/markdownView.ts';
import type { Scheduler } from '../../../webview/markdown/scheduler.ts';

/** A scheduler whose frames and pauses happen when they are called, and whose clock stands still. */
function createManualScheduler() {
  const frames = new Set<() => void>();
  const pauses = new Set<() => void>();
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
  const scheduler: Scheduler = { now: () => 0, onFrame: into(frames), onIdle: into(pauses) };
  return {
    scheduler,
    frame: () => run(frames),
    drain: () => {
      while (run(pauses));
    },
  };
}

/** Links that were followed, and code blocks that were closed. */
export const calls: string[] = [];

function open() {
  const manual = createManualScheduler();
  const view = createMarkdownView({
    scheduler: manual.scheduler,
    onLink: (href) => calls.push(`link ${href}`),
    onPath: (path) => calls.push(`path ${path}`),
    fillCodeActions: (slot, { block, language }) => {
      const button = document.createElement('button');
      button.textContent = `Copy ${String(block)} ${language}`;
      slot.append(button);
      return undefined;
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

function describe(element: Element): string {
  return element.outerHTML;
}

export type Difference = {
  readonly how: string;
  readonly streamed: string;
  readonly oneShot: string;
};

/** Compares a way of cutting with one shot; nothing if the pages are equal. */
export function compare(pieces: readonly string[]): Difference | undefined {
  const text = pieces.join('');
  const whole = oneShot(text);
  const streamed = stream(pieces);
  if (streamed.isEqualNode(whole)) return undefined;
  return { how: JSON.stringify(pieces), streamed: describe(streamed), oneShot: describe(whole) };
}

export type CutOptions = {
  /** Every how many characters a cut is tried. */
  readonly stride: number;
  /** Whether every prefix is compared with one shot of that prefix, too. */
  readonly prefixes: boolean;
};

/** Cuts a text in two at many places, and into single characters; the first difference from one shot, if any. */
export function compareCuts(text: string, { stride, prefixes }: CutOptions): Difference | undefined {
  const whole = oneShot(text);
  const check = (pieces: readonly string[], expected: Element): Difference | undefined => {
    const streamed = stream(pieces);
    if (streamed.isEqualNode(expected)) return undefined;
    return { how: JSON.stringify(pieces), streamed: describe(streamed), oneShot: describe(expected) };
  };
  const characters = Array.from({ length: text.length }, (_, index) => text[index] ?? '');
  const first = check(characters, whole);
  if (first !== undefined) return first;
  for (let at = 1; at < text.length; at += stride) {
    const difference = check([text.slice(0, at), text.slice(at)], whole);
    if (difference !== undefined) return difference;
    if (!prefixes) continue;
    const prefix = text.slice(0, at);
    const pieces = prefix.match(/[\s\S]{1,7}/gu) ?? [];
    const other = check(pieces, oneShot(prefix));
    if (other !== undefined) return other;
  }
  return undefined;
}

export { createMarkdownView, createManualScheduler, open };
