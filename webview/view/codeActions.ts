import type { CodeAction } from '../../src/shared/protocol.ts';
import type { CodeBlockPlace } from '../markdown/markdownView.ts';
import { selectedRange, type TextRange } from './codeSelection.ts';
import { copiedForMs } from './messageToolbar.tsx';

type UseCode = (action: CodeAction, block: number, part: TextRange | undefined) => void;

/**
 * Puts the buttons of a code block into its header. Plain DOM, like the block itself. The text never travels: the host
 * takes it from its own copy of the message, so what is inserted is what the model wrote.
 */
export function fillCodeActions(slot: HTMLElement, { block }: CodeBlockPlace, onUse: UseCode): () => void {
  const copy = createButton('copy', 'Copy code');
  const insert = createButton('insert', 'Insert at cursor');
  const newFile = createButton('new-file', 'New file');
  let timer: ReturnType<typeof setTimeout> | undefined;
  copy.button.addEventListener('click', () => {
    copy.show('check', 'Copied');
    clearTimeout(timer);
    timer = setTimeout(() => copy.show('copy', 'Copy code'), copiedForMs);
    onUse('copy', block, undefined);
  });
  // A press on the button must not take the selection away before it is read.
  insert.button.addEventListener('mousedown', (event) => event.preventDefault());
  insert.button.addEventListener('click', () => {
    const code = codeOf(slot);
    onUse('insert', block, code && selectedRange(code, document.getSelection()));
  });
  newFile.button.addEventListener('click', () => onUse('newFile', block, undefined));
  slot.append(copy.button, insert.button, newFile.button);
  return () => clearTimeout(timer);
}

/** The code that a header belongs to: the nearest one around it. */
function codeOf(slot: HTMLElement): Element | undefined {
  for (let around = slot.parentElement; around; around = around.parentElement) {
    const code = around.querySelector('code');
    if (code) return code;
  }
  return undefined;
}

interface CodeButton {
  readonly button: HTMLButtonElement;
  /** Shows another icon and tooltip for a while; the accessible name stays. */
  readonly show: (icon: string, title: string) => void;
}

function createButton(icon: string, label: string): CodeButton {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'icon-button';
  button.ariaLabel = label;
  const glyph = document.createElement('span');
  glyph.ariaHidden = 'true';
  button.append(glyph);
  const show = (name: string, title: string): void => {
    glyph.className = `codicon codicon-${name}`;
    button.title = title;
  };
  show(icon, label);
  return { button, show };
}
