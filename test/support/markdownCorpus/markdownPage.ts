import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import * as esbuild from 'esbuild';
import type { Page } from 'playwright-core';
import { launchChromium } from '../vscode/chromium.ts';
import type * as pageScript from './pageScript.ts';

declare global {
  interface Window {
    /** What pageScript.ts exports. */
    markdown: typeof pageScript;
  }
}

/** A page with the markdown view's modules and nothing else. */
export interface MarkdownPage extends AsyncDisposable {
  readonly page: Page;
  /** Errors, and violations of the content security policy. */
  readonly complaints: string[];
  /** Requests beyond the page and its own script. */
  readonly requests: string[];
}

export type MarkdownPageOptions = {
  /** The view's own policy, or none at all: then the renderer stands alone. */
  readonly policy?: 'strict' | 'none';
  /** The view's style sheet for markdown. */
  readonly style?: boolean;
  readonly script?: string;
  readonly chromiumArgs?: readonly string[];
};

/** Opens a page on loopback, in a Chromium of its own. */
export async function openMarkdownPage(options: MarkdownPageOptions = {}): Promise<MarkdownPage> {
  const { policy = 'strict', script = 'pageScript.ts', chromiumArgs = [] } = options;
  const nonce = randomBytes(24).toString('base64url');
  const files = new Map([
    ['/', htmlPage(policy, nonce)],
    ['/script.js', await bundle(path.join(import.meta.dirname, script), 'js')],
    [
      '/style.css',
      await bundle(path.join(import.meta.dirname, '../../../webview/markdown/markdown.css'), 'css'),
    ],
  ]);
  const server = createServer(({ url = '/' }, response) => {
    const file = files.get(url);
    response.statusCode = file === undefined ? 404 : 200;
    const type = url.endsWith('.js') ? 'text/javascript' : url.endsWith('.css') ? 'text/css' : 'text/html';
    response.setHeader('content-type', `${type}; charset=utf-8`);
    response.end(file);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address of this kind.
  const origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const browser = await launchChromium(chromiumArgs);
  const page = await browser.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (!request.url().startsWith(origin) || !files.has(pathname)) requests.push(request.url());
  });
  await page.goto(origin);
  return {
    page,
    complaints,
    requests,
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

function htmlPage(policy: 'strict' | 'none', nonce: string): string {
  // The policy of src/panel/viewHtml.ts, with this server in place of the webview's own source.
  const directives = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data: blob:",
    'media-src data: blob:',
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  const meta =
    policy === 'none' ? '' : `<meta http-equiv="Content-Security-Policy" content="${directives.join('; ')}">`;
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">${meta}
<link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css"><title>Markdown</title></head>
<body><div id="root"></div><script nonce="${nonce}" src="/script.js"></script></body></html>`;
}

async function bundle(entry: string, kind: 'js' | 'css'): Promise<string> {
  const built = await esbuild.build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'chrome128',
    logLevel: 'warning',
    ...(kind === 'js' ? { globalName: 'markdown' } : {}),
  });
  return built.outputFiles[0]?.text ?? '';
}
