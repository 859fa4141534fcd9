import { type Locator, type Page } from 'playwright-core';

/** VS Code's drop-down at the top of the window: command palette, Go to File, pickers and input boxes. */
export class QuickInput {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get widget(): Locator {
    return this.#page.locator('.quick-input-widget:visible');
  }

  get rows(): Locator {
    return this.widget.locator('.quick-input-list .monaco-list-row');
  }

  /** Replaces the text of its input. */
  async type(text: string): Promise<void> {
    await this.widget.locator('.quick-input-box input').fill(text);
  }

  /** The same for one that something else may close: false if it has not taken the text within two seconds. */
  async takes(text: string): Promise<boolean> {
    const filled = this.widget.locator('.quick-input-box input').fill(text, { timeout: 2000 });
    return filled.then(
      () => true,
      () => false,
    );
  }

  /** Chooses the item with exactly this label, waiting for it to be there, and until that list is gone. */
  async pick(label: string): Promise<void> {
    const row = this.#row(label);
    await row.click();
    await row.waitFor({ state: 'hidden' });
  }

  /** Whether it is there within a second. */
  async isOpen(): Promise<boolean> {
    return isThere(this.widget.locator('.quick-input-box input'));
  }

  /** Whether an item with exactly this label is there within a second. */
  async offers(label: string): Promise<boolean> {
    return isThere(this.#row(label));
  }

  #row(label: string): Locator {
    const name = this.#page.locator('.label-name').getByText(label, { exact: true });
    return this.rows.filter({ has: name }).first();
  }

  /** Enter: takes the focused item, or what was typed. */
  async accept(): Promise<void> {
    await this.widget.locator('.quick-input-box input').press('Enter');
  }

  /** Escape. */
  async cancel(): Promise<void> {
    await this.widget.locator('.quick-input-box input').press('Escape');
    await this.widget.waitFor({ state: 'hidden' });
  }

  /** The labels on screen; a long list shows only its beginning. */
  async items(): Promise<string[]> {
    return this.rows.locator('.quick-input-list-row:first-child .label-name').allInnerTexts();
  }

  /** Waits for the picker or input box with this title. */
  async titled(title: string | RegExp): Promise<void> {
    await this.widget.locator('.quick-input-title').filter({ hasText: title }).waitFor();
  }

  /** The line below the input: a prompt, or what is wrong with the input. */
  async message(): Promise<string> {
    return this.widget.locator('.quick-input-message').innerText();
  }
}

/** Whether an element is on screen within a second. */
function isThere(element: Locator): Promise<boolean> {
  return element.waitFor({ timeout: 1000 }).then(
    () => true,
    () => false,
  );
}
