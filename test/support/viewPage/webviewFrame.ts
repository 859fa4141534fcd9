import { viewHtml } from '../../../src/panel/html.ts';
import type { Theme } from './theme.ts';

/*
 * A page that treats the view as VS Code does: the view runs in a frame of the same origin, is given its API by a
 * script that stands before the content security policy, cannot see its parent, and gets VS Code's own default sheet.
 */

/** The page around the view. It records what the view says and hands on what the host says. */
export function outerHtml(theme: Theme): string {
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="UTF-8"><title>Host</title><link rel="icon" href="data:,">
<style>html, body, iframe { display: block; width: 100%; height: 100%; margin: 0; border: 0; }
body { background: ${theme.variables['--vscode-sideBar-background'] ?? 'Canvas'}; }</style></head>
<body><script>
window.intents = [];
window.viewState = undefined;
window.onIntent = (intent) => window.intents.push(intent);
window.postToView = (message) => document.querySelector('iframe').contentWindow.postMessage(message, window.origin);
</script></body></html>`;
}

/** The view's own page: the product's HTML, with what VS Code puts into it. */
export function innerHtml(theme: Theme, origin: string, nonce: string): string {
  const html = viewHtml({
    script: `${origin}/webview/main.js`,
    style: `${origin}/webview/style.css`,
    cspSource: origin,
    nonce,
  });
  const variables = Object.entries(theme.variables)
    .map(([name, value]) => `${name}: ${value};`)
    .join(' ')
    .replaceAll('"', '&quot;');
  return html
    .replace('<html lang="en">', () => `<html lang="en" style="${variables}">`)
    .replace(
      '<head>',
      () => `<head><style id="_defaultStyles">${defaultStyles}</style><script>${apiScript}</script>`,
    )
    .replace('<body>', () => `<body class="${theme.bodyClass}" role="document">`);
}

const apiScript = `
globalThis.acquireVsCodeApi = (() => {
  const host = window.parent;
  let acquired = false;
  return () => {
    if (acquired) throw new Error('An instance of the VS Code API has already been acquired');
    acquired = true;
    return Object.freeze({
      postMessage: (message) => host.onIntent(structuredClone(message)),
      setState: (state) => { host.viewState = structuredClone(state); return state; },
      getState: () => host.viewState,
    });
  };
})();
window.parent = window;
window.top = window;
window.frameElement = null;
`;

/** What VS Code 1.139 puts before a webview's own sheets, as far as it touches what the view has in it. */
const defaultStyles = `/* What lies behind a view. */
html { background: var(--vscode-sideBar-background); }
@layer vscode-default {
html { scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-editor-background); }
body { overscroll-behavior-x: none; background-color: transparent; color: var(--vscode-editor-foreground);
  font-family: var(--vscode-font-family); font-weight: var(--vscode-font-weight); font-size: var(--vscode-font-size);
  margin: 0; padding: 0 20px; }
img, video { max-width: 100%; max-height: 100%; }
a, a code { color: var(--vscode-textLink-foreground); }
p > a { text-decoration: var(--text-link-decoration); }
a:hover { color: var(--vscode-textLink-activeForeground); }
a:focus, input:focus, select:focus, textarea:focus { outline: 1px solid -webkit-focus-ring-color; outline-offset: -1px; }
code { font-family: var(--monaco-monospace-font); color: var(--vscode-textPreformat-foreground);
  background-color: var(--vscode-textPreformat-background); padding: 1px 3px; border-radius: 4px; }
pre code { padding: 0; }
blockquote { background: var(--vscode-textBlockQuote-background); border-color: var(--vscode-textBlockQuote-border); }
::-webkit-scrollbar { width: 10px; height: 10px; }
::-webkit-scrollbar-corner { background-color: var(--vscode-editor-background); }
::-webkit-scrollbar-thumb { background-color: var(--vscode-scrollbarSlider-background); }
::-webkit-scrollbar-thumb:hover { background-color: var(--vscode-scrollbarSlider-hoverBackground); }
::-webkit-scrollbar-thumb:active { background-color: var(--vscode-scrollbarSlider-activeBackground); }
}`;
