import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { HostileBody } from './hostileBodies.ts';
import type { HostileResult } from './hostileReader.ts';

const harmless: HostileBody = {
  pieces: () => ['data: {"choices":[{"delta":{"content":"x"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'],
  ends: 'done',
};

/** Serves bodies from loopback and lets one process of its own read them, one after the other. */
export async function readHostile(
  bodies: readonly HostileBody[],
  size: number,
): Promise<readonly HostileResult[]> {
  const all = [harmless, ...bodies];
  const server = createServer((request, response) => {
    request.resume();
    const body = all[Number((request.url ?? '').split('/')[1])] ?? harmless;
    response.on('error', () => {});
    response.writeHead(200, { 'content-type': 'text/event-stream', ...body.headers });
    void send(response, body.pieces(size));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    const reader = fileURLToPath(new URL('hostileReader.ts', import.meta.url));
    const urls = all.map((_, index) => `http://127.0.0.1:${port}/${index}/v1`);
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', reader, ...urls], {
      timeout: 300_000,
    });
    // Written by our own reader.
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as readonly HostileResult[];
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function send(
  response: ServerResponse,
  pieces: Iterable<string | Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  const closed = new AbortController();
  response.once('close', () => closed.abort());
  for await (const piece of pieces) {
    if (response.destroyed) return;
    if (!response.write(piece)) await once(response, 'drain', { signal: closed.signal }).catch(() => {});
  }
  response.end();
}
