// Loaded into every test file of the journeys before it (`--import`): a test that fails leaves a picture of its windows
// and says where. Without it, in a CI, nobody knows what was on the screen.

import { basename } from 'node:path';
import { afterEach, type SuiteContext, type TestContext } from 'node:test';
import { forgetPictures, savePictures, wantPictures } from '../vscode/windowPictures.ts';

const testFile = basename(process.argv[1] ?? 'journey', '.test.ts');
wantPictures(testFile);

afterEach(async (context: TestContext | SuiteContext) => {
  if ('passed' in context && !context.passed) {
    for (const file of await savePictures(testFile, context.name)) console.log(`Picture: ${file}`);
  }
  forgetPictures();
});
