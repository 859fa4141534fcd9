import type { Page } from 'playwright-core';
import { openHouse } from '../support/journey/house.ts';
import type { BenchRow } from './benchRow.ts';
import { median } from './median.ts';

const runs = 3;
/** An extension of VS Code's own that is activated at the same time. */
const yardstick = 'Emmet';

/**
 * What VS Code itself measures for the activation of the packaged extension (reading the code and `activate()`),
 * from its list of running extensions, over several starts of VS Code.
 */
export async function benchActivation(): Promise<readonly BenchRow[]> {
  const own: number[] = [];
  const other: number[] = [];
  for (let run = 0; run < runs; run++) {
    await using house = await openHouse({ page: { viewport: { width: 1280, height: 1400 } } });
    const { workbench } = house;
    await workbench.runCommand('Developer: Show Running Extensions');
    own.push(await activationOf('Colloquy', workbench.page));
    other.push(await activationOf(yardstick, workbench.page));
  }
  return [
    {
      name: `activation in the extension host (baseline: VS Code's own ${yardstick})`,
      value: median(own),
      unit: 'ms',
      baseline: median(other),
      goal: '< 20',
    },
  ];
}

async function activationOf(extension: string, page: Page): Promise<number> {
  const row = page.locator('.runtime-extensions-editor .monaco-list-row').filter({
    has: page.locator('.name').getByText(extension, { exact: true }),
  });
  const time = row.getByText(/\d+\s?ms/).first();
  const text = await time.innerText();
  const match = /(\d+(?:\.\d+)?)\s?ms/.exec(text);
  if (!match?.[1]) throw new Error(`No activation time for ${extension} in "${text}".`);
  return Number(match[1]);
}
