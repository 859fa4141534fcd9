import { existsSync, globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { root } from '../installOnce.mjs';

/*
 * How windows looked when a journey failed. A journey closes its window before anybody knows how it ended, so every
 * window leaves a last picture; who does not want pictures (screenshots, benchmarks) pays nothing.
 */

const folder = join(root, 'dist', 'pictures', 'failed');
type Pictured = Pick<Page, 'screenshot'>;

const windows = new Set<Pictured>();
let lastPictures: Buffer[] = [];
let wanted = false;

/** From now on windows leave pictures. Those of an earlier run of this test file are removed. */
export function wantPictures(testFile: string): void {
  wanted = true;
  for (const file of existsSync(folder) ? globSync(`${slug(testFile)}.*.png`, { cwd: folder }) : [])
    rmSync(join(folder, file), { force: true });
}

/** A window has been opened. Returns what is to be called before it is closed. */
export function watchWindow(page: Pictured): () => Promise<void> {
  windows.add(page);
  return async () => {
    windows.delete(page);
    if (wanted) lastPictures.push(...(await picture(page)));
  };
}

/** Saves how the windows of a failed test look, or looked before they were closed; gives the paths. */
export async function savePictures(testFile: string, name: string): Promise<readonly string[]> {
  const open = await Promise.all([...windows].map(picture));
  return [...lastPictures, ...open.flat()].map((png, index) => {
    mkdirSync(folder, { recursive: true });
    const number = index === 0 ? '' : `-${String(index + 1)}`;
    const file = join(folder, `${slug(testFile)}.${slug(name)}${number}.png`);
    writeFileSync(file, png);
    return file;
  });
}

/** A test is over: what its windows looked like is of no interest any more. */
export function forgetPictures(): void {
  lastPictures = [];
}

/** A page that is gone, or hangs, has no picture; that must not hide why its test failed. */
async function picture(page: Pictured): Promise<readonly Buffer[]> {
  return page
    .screenshot({ timeout: 5000, animations: 'disabled', caret: 'hide' })
    .then((png) => [png])
    .catch(() => []);
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 80);
}
