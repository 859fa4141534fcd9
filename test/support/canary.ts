import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';

/*
 * A canary is a key that a test gave to the product and that is then looked for wherever a key must not be. Every
 * canary has a word in it that nothing else has.
 */

/** What every key of a test holds: `sk-canary-...`, `CANARY-KEY` and so on. */
const canary = /\bcanary-[\w+/=-]{3,}/i;

/** A key for one test or journey. */
export function newCanary(): string {
  return `sk-canary-${crypto.randomUUID().replaceAll('-', '')}`;
}

/** The first canary in a text. */
export function canaryIn(text: string): string | undefined {
  return canary.exec(text)?.[0];
}

/** The files below a folder, hidden ones too, that hold a key. Latin-1, so that no byte of a database is lost. */
export function filesHolding(key: string, folder: string): readonly string[] {
  return filesWith((text) => text.includes(key), folder);
}

/** The log files below a folder that hold any canary. */
export function logsWithCanary(folder: string): readonly string[] {
  return filesWith((text) => canaryIn(text) !== undefined, folder).filter((file) => file.endsWith('.log'));
}

function filesWith(holds: (text: string) => boolean, folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => {
    const path = join(folder, file);
    return (
      statSync(path, { throwIfNoEntry: false })?.isFile() === true && holds(readFileSync(path, 'latin1'))
    );
  });
}

/** The pages of a browser that hold a key: in their text, in their markup or in what they stored. */
export async function pagesHolding(key: string, context: BrowserContext): Promise<readonly string[]> {
  const found: string[] = [];
  for (const page of context.pages()) {
    for (const frame of page.frames()) {
      // A frame that is just going away has nothing to show.
      const markup = await frame.content().catch(() => '');
      if (markup.includes(key)) found.push(new URL(frame.url()).pathname);
    }
  }
  const stored = await context.storageState({ indexedDB: true });
  if (JSON.stringify(stored).includes(key)) found.push('the storage of the browser');
  return found;
}
