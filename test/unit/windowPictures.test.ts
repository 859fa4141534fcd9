import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'node:test';
import { forgetPictures, savePictures, wantPictures, watchWindow } from '../support/vscode/windowPictures.ts';

/** A window that shows this. */
const showing = (text: string) => ({ screenshot: async () => Buffer.from(text) });
const file = 'windowPictures';

test('a failed test leaves a picture of every window, open or closed by then, and the next run removes them', async () => {
  const unwatched = watchWindow(showing('nobody asked'));
  await unwatched();
  wantPictures(file);
  const closeFirst = watchWindow(showing('first'));
  const closeSecond = watchWindow(showing('second'));
  const closeHung = watchWindow({ screenshot: () => Promise.reject(new Error('The page hangs.')) });
  await closeFirst();
  const saved = await savePictures(file, 'says: "Too many/requests"?');
  assert.deepEqual(
    saved.map((path) => [basename(path), readFileSync(path, 'utf8')]),
    [
      ['windowpictures.says-too-many-requests.png', 'first'],
      ['windowpictures.says-too-many-requests-2.png', 'second'],
    ],
  );
  await closeSecond();
  await closeHung();
  forgetPictures();
  assert.deepEqual(await savePictures(file, 'next'), []);
  wantPictures(file);
  assert.deepEqual(saved.filter(existsSync), []);
});
