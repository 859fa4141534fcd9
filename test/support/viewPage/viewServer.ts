import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readTheme, themeNames, type ThemeName } from './theme.ts';
import type { ViewBundle } from './viewBundle.ts';
import { innerHtml, outerHtml } from './webviewFrame.ts';

const types: Readonly<Record<string, string>> = {
  js: 'text/javascript',
  css: 'text/css',
  ttf: 'font/ttf',
};

export interface ViewServer extends AsyncDisposable {
  readonly origin: string;
  /** Paths that were asked for and are not part of the view: anything here is a leak. */
  readonly strays: readonly string[];
}

/** Serves the view's bundle and its page on loopback, one address for each theme. */
export async function serveView(bundle: ViewBundle): Promise<ViewServer> {
  const strays: string[] = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://view');
    const [, kind = '', name = ''] = pathname.split('/');
    const theme = themeNames.find((candidate) => candidate === name);
    const file = kind === 'webview' ? bundle.get(name) : undefined;
    if (file) {
      response.setHeader('content-type', types[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream');
      response.end(file);
    } else if (theme && (kind === 'outer' || kind === 'inner')) {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(page(kind, theme, originOf(server)));
    } else {
      if (pathname !== '/favicon.ico') strays.push(pathname);
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    origin: originOf(server),
    strays,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function page(kind: 'outer' | 'inner', theme: ThemeName, origin: string): string {
  if (kind === 'outer') return outerHtml(readTheme(theme));
  return innerHtml(readTheme(theme), origin, randomBytes(24).toString('base64url'));
}

function originOf(server: Server): string {
  // A server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${String(port)}`;
}
