import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Frame, type FrameLocator, type Locator, type Page } from 'playwright-core';
import { gatherOutsideRequests } from './outsideRequests.ts';
import { QuickInput } from './quickInput.ts';
import { type Server, userSettingsFile } from './server.ts';
import { countStartedHosts, hostsStarted, readExtensionLog } from './writtenLogs.ts';

type WorkbenchParts = {
  readonly page: Page;
  readonly server: Pick<Server, 'url' | 'output'>;
  readonly dataFolder: string;
  readonly close: () => Promise<void>;
};

const chatSelector = 'iframe.webview[src*="extensionId=colloquy.colloquy"]';
const startTimeoutMs = 60_000;
const modifier = process.platform === 'darwin' ? 'Meta' : 'Control';

/** An open VS Code window and what a person does in it. Everything waits for what it needs; nothing sleeps. */
export class Workbench implements AsyncDisposable {
  readonly page: Page;
  readonly server: Pick<Server, 'url' | 'output'>;
  readonly quickInput: QuickInput;
  /** Ends the browser and the server, and removes their folders. */
  readonly close: () => Promise<void>;
  /** Addresses that the page, or any frame in it, asked for outside this VS Code. */
  readonly outsideRequests: readonly string[];
  /** Everything that VS Code writes lies below it. */
  readonly dataFolder: string;

  constructor({ page, server, dataFolder, close }: WorkbenchParts) {
    this.page = page;
    this.server = server;
    this.close = close;
    this.dataFolder = dataFolder;
    this.quickInput = new QuickInput(page);
    page.setDefaultTimeout(30_000);
    this.outsideRequests = gatherOutsideRequests(page, server.url);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Opens this address and waits until the window can be used. */
  async open(address: string): Promise<void> {
    const hosts = countStartedHosts(this.dataFolder) + 1;
    await this.page.goto(address);
    await this.#ready(hosts);
  }

  /**
   * Reloads the window: a new page and a new extension host on the same folders. The browser's own reload
   * would leave VS Code no time to save which views are open.
   */
  async reload(): Promise<void> {
    const hosts = countStartedHosts(this.dataFolder) + 1;
    await this.runCommand('Developer: Reload Window');
    await this.#ready(hosts);
  }

  async #ready(hosts: number): Promise<void> {
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: startTimeoutMs });
    if (!(await hostsStarted(this.dataFolder, hosts, startTimeoutMs)))
      throw new Error(`No extension host started.\n${this.server.output()}`);
  }

  /** Runs a command by the title that the palette shows, category included: `Colloquy: New Chat`. */
  async runCommand(title: string): Promise<void> {
    // An extension's commands join the palette when its host has started, and an open palette does not
    // notice; and a view that takes the focus while it loads closes it. So it is opened again until the
    // command is there.
    const deadline = Date.now() + 30_000;
    let seen: readonly string[] = [];
    while (Date.now() < deadline) {
      await this.page.keyboard.press('F1');
      // A page that is still busy with something else loses the key.
      if (!(await this.quickInput.isOpen())) continue;
      await this.quickInput.type(`>${title}`);
      if (await this.quickInput.offers(title)) {
        await this.quickInput.pick(title);
        return;
      }
      seen = await this.quickInput.items();
      if (await this.quickInput.widget.isVisible()) await this.page.keyboard.press('Escape');
    }
    throw new Error(`The palette has no command "${title}", only: ${seen.join(' | ')}`);
  }

  /** Opens a file of the workspace through Go to File, given the end of its path, and waits for its editor. */
  async openFile(path: string): Promise<void> {
    const name = path.slice(path.lastIndexOf('/') + 1);
    await this.page.keyboard.press(`${modifier}+P`);
    await this.quickInput.type(path);
    await this.quickInput.pick(name);
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
    await this.editor.locator('.view-line').first().waitFor();
  }

  /** The text editor that has, or last had, the focus. */
  get editor(): Locator {
    return this.page.locator(".editor-group-container.active .monaco-editor[role='code']").first();
  }

  /** Selects whole lines, counted from 1, as a person would: to the first line, then Shift+Down. */
  async selectLines(first: number, last: number): Promise<void> {
    await this.goToLine(first);
    for (let line = first; line <= last; line++) await this.page.keyboard.press('Shift+ArrowDown');
    await this.statusBarItem(/\(\d+ selected\)/).waitFor();
  }

  /** Puts the cursor at the start of a line, counted from 1, and the focus into the editor. */
  async goToLine(line: number): Promise<void> {
    await this.page.keyboard.press(`${modifier}+G`);
    await this.quickInput.type(`:${line}`);
    await this.quickInput.accept();
    await this.statusBarItem(new RegExp(`^Ln ${line}, Col 1$`)).waitFor();
  }

  /** The item of the status bar whose text matches: `Ln 3, Col 1`, an extension's own, ... */
  statusBarItem(text: string | RegExp): Locator {
    return this.page.locator('.statusbar-item').filter({ hasText: text });
  }

  /** The lines of the active editor that are on screen, joined with `\n`: all of a file that fits on it. */
  async editorText(): Promise<string> {
    return this.editor.locator('.view-lines').evaluate((lines) =>
      Array.from(lines.querySelectorAll<HTMLElement>('.view-line'))
        .toSorted((a, b) => Number.parseFloat(a.style.top) - Number.parseFloat(b.style.top))
        .map((line) => (line.textContent ?? '').replaceAll('\u00a0', ' '))
        .join('\n'),
    );
  }

  /** The notification that contains this text; its buttons: `getByRole("button", { name, exact: true })`. */
  notification(text: string | RegExp): Locator {
    return this.page
      .locator('.notifications-toasts .notification-list-item')
      .filter({ hasText: text })
      .first();
  }

  /** The texts of all notifications on screen. */
  async notifications(): Promise<string[]> {
    return this.page.locator('.notifications-toasts .notification-list-item-message').allInnerTexts();
  }

  /** Opens the context menu of an element and chooses an item by its exact label. */
  async chooseFromMenu(element: Locator, label: string): Promise<void> {
    await element.click({ button: 'right' });
    const item = this.page.locator('.monaco-menu').getByText(label, { exact: true });
    await item.waitFor();
    // For its first tenth of a second a menu takes no clicks, so that the one that opened it chooses nothing.
    for (let tries = 0; tries < 20 && (await item.isVisible()); tries++) {
      await item.click({ timeout: 1000 }).catch(() => undefined);
      await item.waitFor({ state: 'hidden', timeout: 500 }).catch(() => undefined);
    }
    await item.waitFor({ state: 'hidden' });
  }

  /** The modal dialog. Its buttons: `dialog().getByRole("button", { name: "Yes" })`. */
  dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  /** Colloquy's view, found anew for every action, so that it outlives reloads of the window and the view. */
  get chat(): FrameLocator {
    return this.page.locator(chatSelector).contentFrame().locator('#active-frame').contentFrame();
  }

  /** The frame of Colloquy's view as it is now, for `evaluate` and the like; a reload makes it stale. */
  async chatFrame(): Promise<Frame> {
    const inner = this.page.locator(chatSelector).contentFrame().locator('#active-frame');
    const frame = await (await inner.elementHandle()).contentFrame();
    if (frame === null) throw new Error("Colloquy's view went away");
    await frame.waitForLoadState('load');
    return frame;
  }

  /** Saves a picture of the whole window as PNG under this path. */
  async screenshot(file: string): Promise<void> {
    mkdirSync(dirname(file), { recursive: true });
    await this.page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
  }

  get userSettingsFile(): string {
    return userSettingsFile(this.dataFolder);
  }

  /** The user's settings.json as it is now. */
  userSettings(): string {
    return readFileSync(this.userSettingsFile, 'utf8');
  }

  /** What the log channels of an extension say, every extension host since the start included. */
  log(extensionId = 'colloquy.colloquy'): string {
    return readExtensionLog(this.dataFolder, extensionId);
  }
}
