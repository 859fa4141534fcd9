import { describe, test } from 'node:test';
import * as at from '../api/clientServer.ts';
import { checkCut, endings, recordedStreams, serveCut } from '../support/replies/cuts.ts';

// The full size of test/api/clientCuts.test.ts: every byte of every stream, over sockets.

/** Connections at a time. */
const abreast = 32;

describe('L1: a connection cut after every byte loses nothing, doubles nothing and completes nothing', () => {
  for (const [stream, { name, bytes }] of recordedStreams.entries()) {
    for (const by of endings) {
      test(`by ${by}: ${name}`, async () => {
        await using server = await at.serveRaw(serveCut);
        await at.withTransport(async (transport) => {
          let next = 0;
          const work = async (): Promise<void> => {
            while (next <= bytes.length) await checkCut(transport, server, stream, next++, by);
          };
          await Promise.all(Array.from({ length: abreast }, work));
        });
      });
    }
  }
});
