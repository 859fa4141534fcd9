import type { Locator } from 'playwright-core';
import type { Workbench } from '../vscode/workbench.ts';

/** Colloquy's view as a person uses it, found by its accessible names. */
export class Chat {
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  /** Shows the view and waits for its composer. */
  async open(): Promise<void> {
    await this.#workbench.runCommand('Colloquy: Focus Chat');
    await this.composer.waitFor();
  }

  get composer(): Locator {
    return this.#workbench.chat.getByRole('textbox', { name: 'Message' });
  }

  button(name: string | RegExp): Locator {
    return this.#workbench.chat.getByRole('button', { name });
  }

  /** The last reply on screen. */
  get reply(): Locator {
    return this.#workbench.chat.getByRole('article', { name: 'Assistant' }).last();
  }

  get messages(): Locator {
    return this.#workbench.chat.getByRole('article');
  }

  async send(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }

  /** Answers the question whether the demo server's key may be read from the environment. */
  async allowKey(): Promise<void> {
    await this.#workbench.dialog().getByRole('button', { name: 'Use Key' }).click();
  }

  /** Sends and waits until the reply has ended. */
  async ask(text: string): Promise<void> {
    const shown = await this.messages.count();
    await this.send(text);
    // The reply's article and the Stop button come together: from here on, no Stop means that it has ended.
    await this.messages.nth(shown + 1).waitFor();
    await this.ended();
  }

  /** Chooses a model for this conversation in the picker; typed by hand where the endpoint does not list it. */
  async chooseModel(id: string, endpoint = 'Demo server'): Promise<void> {
    const { quickInput } = this.#workbench;
    // A new chat takes the focus when its command has run, and that closes a picker: it is opened again.
    for (const deadline = Date.now() + 30_000; ;) {
      await this.button(/^Model:/).click();
      const isTaken = await quickInput.takes(id);
      const label = (await quickInput.offers(id)) ? id : `Use another model of ${endpoint}`;
      if (isTaken && (await quickInput.offers(label))) {
        await quickInput.pick(label);
        break;
      }
      if (Date.now() > deadline) throw new Error(`The picker offers no model "${id}".`);
    }
    await this.button(`Model: ${id}`).waitFor();
  }

  /** Waits until no reply streams. */
  async ended(): Promise<void> {
    await this.button('Stop').waitFor({ state: 'detached' });
  }
}
