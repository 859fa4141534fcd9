import type { Browser, BrowserContext, Frame, Locator, Page } from 'playwright-core';
import type { HostMessage, Intent } from '../../../src/shared/protocol.ts';
import { launchChromium } from '../vscode/chromium.ts';
import { readTheme, type ThemeName } from './theme.ts';
import { bundleView, type ViewBundle } from './viewBundle.ts';
import { serveView, type ViewServer } from './viewServer.ts';

declare global {
  /** Of the page around the view. */
  interface Window {
    intents: Intent[];
    viewState: unknown;
    postToView: (message: unknown) => void;
  }
}

export interface ViewPageOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  /** Physical pixels for each CSS pixel. */
  readonly scale?: number;
  readonly reducedMotion?: boolean;
  /** What `getState` answers, as an earlier view left it. */
  readonly state?: unknown;
  /** Takes the page's clock over: time stands still until the test moves it (`page.clock`). */
  readonly clock?: number;
  readonly video?: string;
}

/** The view in a page, with the host's side of it in the hands of the test. */
export interface ViewPage extends AsyncDisposable {
  readonly page: Page;
  /** The view itself. */
  readonly frame: Frame;
  /** Errors, violations of the content security policy, and warnings that the page reported. */
  readonly complaints: readonly string[];
  post(message: HostMessage): Promise<void>;
  /** What the view told the host, oldest first. */
  intents(): Promise<readonly Intent[]>;
  /** Waits for an intent of this type, counting from the start, and gives the newest. */
  intent<T extends Intent['type']>(type: T, count?: number): Promise<Extract<Intent, { type: T }>>;
  /** What the view gave to `setState`. */
  state(): Promise<unknown>;
  /** Changes the theme while the view is open, as VS Code does. */
  setTheme(theme: ThemeName): Promise<void>;
  /** Loads the view anew, as after a reload of the window: only its own state survives. */
  reload(): Promise<void>;
  role(...args: Parameters<Frame['getByRole']>): Locator;
}

/** A browser and a server for any number of view pages. */
export interface ViewWorld extends AsyncDisposable {
  readonly browser: Browser;
  readonly server: ViewServer;
  readonly bundle: ViewBundle;
  open(options?: ViewPageOptions): Promise<ViewPage>;
}

export async function createViewWorld({ production = false } = {}): Promise<ViewWorld> {
  const bundle = await bundleView({ production });
  const server = await serveView(bundle);
  const browser = await launchChromium();
  return {
    browser,
    server,
    bundle,
    open: (options = {}) => openViewPage(browser, server, options),
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

async function openViewPage(
  browser: Browser,
  server: ViewServer,
  options: ViewPageOptions,
): Promise<ViewPage> {
  const {
    theme = 'dark',
    width = 420,
    height = 800,
    scale = 1,
    reducedMotion = false,
    state,
    clock,
  } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: scale,
    reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
  });
  // A loaded machine is slow, but what has not come after half a minute is not coming.
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  if (clock !== undefined) await page.clock.install({ time: clock });
  await page.goto(`${server.origin}/outer/${theme}`);
  await page.evaluate((value) => {
    window.viewState = value;
  }, state);
  const frame = await loadView(page, `${server.origin}/inner/${theme}`);
  return viewPageOf({ context, page, frame, complaints });
}

async function loadView(page: Page, address: string): Promise<Frame> {
  await page.evaluate((src) => {
    document.querySelector('iframe')?.remove();
    window.intents.length = 0;
    const frame = document.createElement('iframe');
    frame.src = src;
    document.body.append(frame);
  }, address);
  await page.waitForFunction(() => window.intents.some(({ type }) => type === 'ready'));
  const frame = page.frames().find((candidate) => candidate.url() === address);
  if (!frame) throw new Error('The view has no frame.');
  return frame;
}

interface Parts {
  readonly context: BrowserContext;
  readonly page: Page;
  frame: Frame;
  readonly complaints: readonly string[];
}

function viewPageOf(parts: Parts): ViewPage {
  const { context, page, complaints } = parts;
  const intents = (): Promise<readonly Intent[]> => page.evaluate(() => window.intents);
  return {
    page,
    get frame() {
      return parts.frame;
    },
    complaints,
    post: (message) => page.evaluate((value) => window.postToView(value), message),
    intents,
    async intent(type, count = 1) {
      await page.waitForFunction(
        ([wanted, enough]) => window.intents.filter((intent) => intent.type === wanted).length >= enough,
        [type, count] as const,
      );
      const found = (await intents()).filter((intent) => intent.type === type).at(-1);
      // Filtered by its tag just above.
      return found as Extract<Intent, { type: typeof type }>;
    },
    state: () => page.evaluate(() => window.viewState),
    setTheme: (theme) =>
      parts.frame.evaluate(({ bodyClass, variables }) => {
        const { style } = document.documentElement;
        for (const name of [...style]) style.removeProperty(name);
        for (const [name, value] of Object.entries(variables)) style.setProperty(name, value);
        document.body.className = bodyClass;
      }, readTheme(theme)),
    async reload() {
      parts.frame = await loadView(page, parts.frame.url());
    },
    role: (...args) => parts.frame.getByRole(...args),
    [Symbol.asyncDispose]: () => context.close(),
  };
}
