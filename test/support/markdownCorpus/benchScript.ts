// Runs inside the benchmark's page: streams a reply into it.

import { createMarkdownView } from '../../../webview/markdown/markdownView.ts';

type Sink = {
  readonly element: HTMLElement;
  readonly append: (text: string) => void;
  readonly end: () => void;
};

export type Approach = 'limit' | 'markdown' | 'markdown with colours';

/** The cheapest way to put a text on the screen: lines as text nodes in sections that are laid out when near. */
function createLimit(onRender: () => void): Sink {
  const element = document.createElement('div');
  const newSection = () => {
    const made = document.createElement('div');
    made.className = 'md-section';
    made.style.whiteSpace = 'pre-wrap';
    element.append(made);
    return made;
  };
  let section = newSection();
  let line = document.createTextNode('');
  section.append(line);
  let lines = 0;
  let pending = '';
  let frame: number | undefined;
  const render = () => {
    frame = undefined;
    const pieces = pending.split('\n');
    pending = '';
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) {
        line.appendData('\n');
        lines += 1;
        if (lines % 40 === 0) section = newSection();
        line = document.createTextNode('');
        section.append(line);
      }
      if (piece !== '') line.appendData(piece);
    }
    onRender();
  };
  return {
    element,
    append(text) {
      pending += text;
      frame ??= requestAnimationFrame(render);
    },
    end: render,
  };
}

function createSink(approach: Approach, onRender: () => void): Sink {
  if (approach === 'limit') return createLimit(onRender);
  return createMarkdownView({
    onLink: () => undefined,
    onPath: () => undefined,
    fillCodeActions: (slot) => {
      for (const label of ['Copy code', 'Insert at cursor', 'New file']) {
        const button = document.createElement('button');
        button.ariaLabel = label;
        slot.append(button);
      }
      return undefined;
    },
    onRender,
    ...(approach === 'markdown' ? { tokenize: () => undefined } : {}),
  });
}

/** Streams a text in pieces of four characters into a scroller that follows its end, as fast as the model writes. */
export async function streamReply(approach: Approach, text: string, tokensPerSecond: number): Promise<void> {
  const scroller = document.createElement('div');
  scroller.style.cssText = 'height: 800px; width: 400px; overflow-y: auto; font: 13px sans-serif';
  const sink = createSink(approach, () => {
    scroller.scrollTop = scroller.scrollHeight;
  });
  scroller.append(sink.element);
  document.body.append(scroller);
  await new Promise<void>((resolve) => {
    const start = performance.now();
    let sent = 0;
    const send = () => {
      const due = Math.floor(((performance.now() - start) / 1000) * tokensPerSecond) * 4;
      while (sent < due && sent < text.length) {
        sink.append(text.slice(sent, sent + 4));
        sent += 4;
      }
      if (sent < text.length) setTimeout(send, 4);
      else resolve();
    };
    send();
  });
  sink.end();
  await quiet();
  scroller.remove();
}

/** Waits until colours and pending frames are done. */
async function quiet(): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    await new Promise<void>((resolve) => {
      requestIdleCallback(() => requestAnimationFrame(() => resolve()));
    });
  }
}
