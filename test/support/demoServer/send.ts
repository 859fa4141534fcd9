import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate, setTimeout } from 'node:timers/promises';

/** The pieces of a body, one write each. */
export type Frames = Iterable<string | Uint8Array>;

/**
 * Writes `frames` one by one and never faster than the client reads; `delayMs` after each where it is above 0.
 * Returns false when `signal` aborted before the end. The response stays open.
 */
export async function sendFrames(
  response: ServerResponse,
  frames: Frames,
  delayMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  let written = 0;
  for (const frame of frames) {
    if (signal.aborted) return false;
    written += frame.length;
    try {
      if (!response.write(frame)) await once(response, 'drain', { signal });
      if (delayMs > 0) await setTimeout(delayMs, undefined, { signal });
      else if (written > 65_536) {
        // Other connections get their turn.
        written = 0;
        await setImmediate(undefined, { signal });
      }
    } catch {
      return false;
    }
  }
  return !signal.aborted;
}

/** The same with every piece in a write of its own to the network, so that the client may see it alone. */
export async function sendApart(
  response: ServerResponse,
  frames: Frames,
  delayMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  for (const frame of frames) {
    if (!(await sendFrames(response, [frame], delayMs, signal))) return false;
    await setImmediate();
  }
  return !signal.aborted;
}

/** Resolves when everything written so far was handed to the system, or the connection is gone. */
export async function flushed(response: ServerResponse): Promise<void> {
  if (response.destroyed) return;
  await new Promise<void>((resolve) => {
    response.once('close', resolve);
    response.write('', () => resolve());
  });
}

export function sseFrame(document: unknown): string {
  return `data: ${JSON.stringify(document)}\n\n`;
}

export const doneFrame = 'data: [DONE]\n\n';

/** The first `count` bytes, in the same pieces. */
export function* takeBytes(frames: Frames, count: number): Generator<Uint8Array> {
  let left = count;
  for (const frame of frames) {
    if (left <= 0) return;
    const bytes = Buffer.from(frame);
    yield bytes.subarray(0, left);
    left -= bytes.length;
  }
}
