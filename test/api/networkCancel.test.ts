import { test } from 'node:test';
import { cancelStorm } from './cancelStorm.ts';
import { kinds } from './networkServer.ts';

for (const kind of kinds) {
  test(`1,500 requests over ${kind}, stopped at random times, leave no connection, timer or listener`, async () => {
    await cancelStorm(kind, 1500, 1);
  });
}
