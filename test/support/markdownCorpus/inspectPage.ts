// Runs inside the test page: what a message's page may hold, written down here a second time, and traps for scripts.

const tags = new Set(
  'A BLOCKQUOTE BR BUTTON CODE DEL DIV EM H1 H2 H3 H4 H5 H6 HR LI OL P PRE SPAN STRONG TABLE TBODY TD TH THEAD TR UL'.split(
    ' ',
  ),
);
const attributes = new Set('aria-label class data-block href role start tabindex title type'.split(' '));
const classes =
  /^md(?:-(?:actions|center|chunk|code|code-actions|code-header|code-language|code-text|comment|constant|deleted|done|function|heading|hidden|host|image|inserted|keyword|link|meta|number|path|plain|right|section|string|table|tag|task|tasks|type))?$/u;

/** Everything about the elements of a message that must not be; the element itself included. */
export function inspect(root: Element): string[] {
  const found: string[] = [];
  for (const element of [root, ...root.querySelectorAll('*')]) {
    // The test's own button in a code block's header.
    if (element.parentElement?.className === 'md-code-actions') continue;
    if (!tags.has(element.tagName)) found.push(`element ${element.tagName}`);
    if (element.namespaceURI !== 'http://www.w3.org/1999/xhtml')
      found.push(`namespace ${String(element.namespaceURI)}`);
    for (const { name, value } of element.attributes) {
      if (!attributes.has(name)) found.push(`attribute ${name}=${value}`);
      if (name === 'class' && !value.split(' ').every((one) => classes.test(one)))
        found.push(`class ${value}`);
      if (name === 'href' && !isAllowedAddress(value)) found.push(`href ${value}`);
      if (name === 'type' && value !== 'button') found.push(`type ${value}`);
      if (name === 'role' && !['group', 'img', 'link'].includes(value)) found.push(`role ${value}`);
    }
  }
  return found;
}

function isAllowedAddress(href: string): boolean {
  const { protocol, username, password } = new URL(href);
  return ['https:', 'http:', 'mailto:'].includes(protocol) && username === '' && password === '';
}

/** Calls of what a script of a payload would call. */
export const traps: string[] = [];

for (const name of ['alert', 'confirm', 'prompt', 'print', 'fetch', 'open'] as const) {
  Object.defineProperty(window, name, {
    value: (...given: readonly unknown[]) => void traps.push(`${name} ${String(given[0])}`),
  });
}

/** Does with every element what a reader could do with it. */
export function touchEverything(root: Element): void {
  for (const element of root.querySelectorAll<HTMLElement>('*')) {
    for (const type of ['pointerenter', 'mouseover', 'mouseenter', 'focus', 'animationstart', 'toggle']) {
      element.dispatchEvent(new Event(type, { bubbles: true }));
    }
    element.focus();
    element.click();
    element.dispatchEvent(new MouseEvent('auxclick', { bubbles: true, cancelable: true, button: 1 }));
  }
}

/** Until everything that began before has reached the network: an image of our own goes the same way, behind it. */
export async function settleNetwork(): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    const sentinel = new Image();
    await new Promise((resolve) => {
      sentinel.addEventListener('error', resolve);
      sentinel.src = `/sentinel-${String(round)}.png`;
    });
    await new Promise((resolve) => {
      requestIdleCallback(resolve);
    });
  }
}
