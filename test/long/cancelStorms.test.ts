import { test } from 'node:test';
import { cancelStorm } from '../api/cancelStorm.ts';
import { kinds } from '../api/networkServer.ts';

for (const kind of kinds) {
  test(`L17: 10,000 requests over ${kind}, stopped at random times, leave no connection, timer or listener`, async () => {
    await cancelStorm(kind, 10_000, 17);
  });
}
