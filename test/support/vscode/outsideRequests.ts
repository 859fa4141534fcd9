import type { Page } from 'playwright-core';

/** Gathers the addresses that a page, or any frame in it, asks for outside the VS Code at `origin`; the list grows. */
export function gatherOutsideRequests(page: Page, origin: string): readonly string[] {
  const found: string[] = [];
  page.on('request', (request) => {
    const url = request.url();
    if (/^(https?|wss?):/.test(url) && !url.startsWith(origin) && !isWebviewResource(url)) found.push(url);
  });
  return found;
}

/** VS Code serves a webview's files under this name from inside the page; nothing is asked of the network. */
function isWebviewResource(url: string): boolean {
  return /^https:\/\/[^/]*vscode-resource\.vscode-cdn\.net\//.test(url);
}
