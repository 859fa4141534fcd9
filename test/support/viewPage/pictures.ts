// Renders every screen of the view in every theme and at three widths into PNG files, to be looked at.
//
//   node test/support/viewPage/pictures.ts <folder> [part of a name]

import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { screens, show } from './screens.ts';
import { themeNames } from './theme.ts';
import { createViewWorld } from './viewPage.ts';

const widths = [
  { name: 'narrow', width: 250, height: 700 },
  { name: 'panel', width: 420, height: 800 },
  { name: 'wide', width: 1200, height: 800 },
];

const [folder, wanted = ''] = process.argv.slice(2);
if (folder === undefined) throw new Error('Say where the pictures go: pictures.ts <folder> [part of a name]');
await mkdir(folder, { recursive: true });

await using world = await createViewWorld();
let count = 0;
for (const screen of screens) {
  for (const theme of themeNames) {
    for (const { name, width, height } of widths) {
      const file = `${screen.name}.${theme}.${name}.png`;
      if (!file.includes(wanted)) continue;
      await using view = await world.open({ theme, width, height, scale: 2, reducedMotion: true });
      await show(view, screen);
      // Fonts and idle work, such as highlighting, are part of the picture.
      await view.frame.evaluate(() => document.fonts.ready);
      await view.frame.evaluate(
        () => new Promise((resolve) => requestIdleCallback(resolve, { timeout: 1000 })),
      );
      await view.page.screenshot({ path: path.join(folder, file) });
      count += 1;
      if (view.complaints.length > 0) console.log(`${file}: ${view.complaints.join('; ')}`);
    }
  }
}
console.log(`${String(count)} pictures in ${folder}`);
