import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { findChromium, launchChromium } from '../vscode/chromium.ts';
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
  /** How often anybody connected to what every `*.example` is resolved to. */
  readonly connections: () => number;
  /** The port of that place, which Chromium's log of its network names. */
  readonly tripwirePort: number;
}

/** The view's own policy, one half of it, or none at all: then the renderer stands alone. */
export type Policy = 'strict' | 'without trusted types' | 'trusted types' | 'none';

export type MarkdownPageOptions = {
  readonly policy?: Policy;
  readonly script?: string;
  /**
   * Has Chromium write what its network did into this file, speculative look-ups included, which it makes only with a
   * profile of its own and Playwright's default switches off.
   */
  readonly netLog?: string;
};

/** Opens a page on loopback, in a Chromium of its own that knows no host beyond it. */
export async function openMarkdownPage(options: MarkdownPageOptions = {}): Promise<MarkdownPage> {
  const { policy = 'strict', script = 'pageScript.ts', netLog } = options;
  const nonce = randomBytes(24).toString('base64url');
  const files = new Map([
    ['/', htmlPage(policy, nonce)],
    ['/script.js', await bundle(path.join(import.meta.dirname, script), 'js')],
    [
      '/style.css',
      await bundle(path.join(import.meta.dirname, '../../../webview/markdown/markdown.css'), 'css'),
    ],
  ]);
  const server = createHttpServer(({ url = '/' }, response) => {
    const file = files.get(url);
    response.statusCode = file === undefined ? 404 : 200;
    const type = url.endsWith('.js') ? 'text/javascript' : url.endsWith('.css') ? 'text/css' : 'text/html';
    response.setHeader('content-type', `${type}; charset=utf-8`);
    response.end(file);
  });
  let connections = 0;
  const tripwire = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  const origin = `http://127.0.0.1:${String(await listen(server))}`;
  const tripwirePort = await listen(tripwire);
  const { context, close } = await openContext(tripwirePort, netLog);
  const page = await context.newPage();
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
    connections: () => connections,
    tripwirePort,
    [Symbol.asyncDispose]: async () => {
      await close();
      server.closeAllConnections();
      await Promise.all([server, tripwire].map((one) => new Promise((resolve) => void one.close(resolve))));
    },
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address of this kind.
  return (server.address() as AddressInfo).port;
}

async function openContext(
  tripwirePort: number,
  netLog: string | undefined,
): Promise<{ readonly context: BrowserContext; readonly close: () => Promise<void> }> {
  const resolver = `--host-resolver-rules=MAP *.example 127.0.0.1:${String(tripwirePort)}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1`;
  if (netLog === undefined) {
    const browser = await launchChromium([resolver]);
    return { context: await browser.newContext(), close: () => browser.close() };
  }
  const profile = await mkdtemp(path.join(tmpdir(), 'colloquy-profile-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: findChromium(),
    ignoreDefaultArgs: ['--disable-background-networking'],
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...[
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-component-update',
        '--disable-sync',
      ],
      ...[resolver, `--log-net-log=${netLog}`, '--net-log-capture-mode=Everything'],
    ],
  });
  const close = async () => {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  };
  return { context, close };
}

function htmlPage(policy: Policy, nonce: string): string {
  // The policy of src/panel/html.ts, with this server in place of the webview's own source.
  const sources = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data: blob:",
    'media-src data: blob:',
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
  ];
  const trustedTypes = ["require-trusted-types-for 'script'", "trusted-types 'none'"];
  const directives: Readonly<Record<Policy, readonly string[]>> = {
    strict: [...sources, ...trustedTypes],
    'without trusted types': sources,
    'trusted types': trustedTypes,
    none: [],
  };
  const meta =
    policy === 'none'
      ? ''
      : `<meta http-equiv="Content-Security-Policy" content="${directives[policy].join('; ')}">`;
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
