import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { sendError } from './apiError.ts';
import type { Fault } from './fault.ts';
import { type Exchange, frames, pause, sendHead, sendReply, waitForEnd } from './reply.ts';
import { flushed, type Frames, sendApart, sendFrames, takeBytes } from './send.ts';

/** Trouble below the API: connections that end, stall or talk something else, and pages that are no API at all. */
export const socketFaults: readonly Fault[] = [
  cutting('fault-cut-N', 'N bytes of body, then the socket closes in the middle.', async (exchange) => {
    await flushed(exchange.response);
    exchange.response.socket?.destroy();
  }),
  cutting('fault-reset-N', 'N bytes of body, then the connection is reset.', async (exchange) => {
    await flushed(exchange.response);
    // A reset throws away what the other side has not read yet, and nothing tells when it has.
    await pause(50, exchange.signal);
    exchange.response.socket?.resetAndDestroy();
  }),
  cutting('fault-end-N', 'N bytes of body, then a proper end, as if that were all.', (exchange) => {
    exchange.response.end();
  }),
  cutting('fault-stall-N', 'N bytes of body, then silence for as long as the client waits.', (exchange) =>
    waitForEnd(exchange.signal),
  ),
  {
    id: 'fault-fin-N',
    example: 'fault-fin-6000',
    says: 'N bytes of a body without length or chunks, then a clean end of the connection.',
    run: async (exchange, count) => {
      withoutChunks(exchange);
      sendHead(exchange);
      await sendFrames(exchange.response, takeBytes(frames(exchange), Number(count)), 0, exchange.signal);
      exchange.response.end();
    },
  },
  {
    id: 'fault-stall-headers',
    says: 'No answer, not even a status, for as long as the client waits.',
    run: (exchange) => waitForEnd(exchange.signal),
  },
  {
    id: 'fault-close',
    says: 'The connection ends before any answer.',
    run: ({ response }) => {
      response.socket?.end();
    },
  },
  {
    id: 'fault-reset',
    says: 'The connection is reset before any answer.',
    run: ({ response }) => {
      response.socket?.resetAndDestroy();
    },
  },
  {
    id: 'fault-drip',
    says: 'An ordinary answer, one byte at a time.',
    run: async (exchange) => {
      sendHead(exchange);
      const delay = exchange.settings.tokenDelayMs > 0 ? 1 : 0;
      if (await sendApart(exchange.response, bytesOf(frames(exchange)), delay, exchange.signal))
        exchange.response.end();
    },
  },
  {
    id: 'fault-utf8-split',
    says: 'An answer with many characters of several bytes, each of them cut apart by the end of a write.',
    run: async (exchange) => {
      sendHead(exchange);
      const text = 'Größe, naïve, Łódź, 東京, Ελλάδα, 🙂👩‍💻 — '.repeat(8);
      const pieces = insideCharacters(frames(exchange, [{ text }]));
      if (await sendApart(exchange.response, pieces, 0, exchange.signal)) exchange.response.end();
    },
  },
  {
    id: 'fault-garbage',
    says: 'A stream by its content type, 4 kB of noise by its body.',
    run: ({ response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      let state = 42;
      response.end(
        Buffer.from(
          Array.from({ length: 4096 }, () => {
            state = Math.imul(state, 1_103_515_245) + 12_345;
            return (state >>> 16) & 0xff;
          }),
        ),
      );
    },
  },
  raw('fault-not-http', 'An answer that is not HTTP.', 'SSH-2.0-OpenSSH_9.9\r\n'),
  raw(
    'fault-bad-chunk',
    'A stream whose second chunk has a size that is no number.',
    'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\nb\r\n: comment\n\n\r\nzz\r\ndata: x\r\n',
  ),
  {
    id: 'fault-html',
    says: '200 with a page to sign in, as a captive portal sends it.',
    run: ({ response }) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      response.end(
        '<!doctype html><html><head><title>Sign in to the network</title></head><body><h1>Welcome, guest</h1></body></html>\n',
      );
    },
  },
  {
    id: 'fault-html-502',
    says: '502 with the page of a proxy.',
    run: ({ response }) => {
      response.writeHead(502, { 'content-type': 'text/html' });
      response.end(
        '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body>\r\n</html>\r\n',
      );
    },
  },
  {
    id: 'fault-redirect',
    says: '307 to another origin.',
    run: ({ response, settings, otherOrigin }) =>
      sendError(
        response,
        307,
        { message: 'The service has moved.', type: 'redirect', param: null, code: null },
        { location: settings.redirectTo ?? `${otherOrigin}/v1/chat/completions` },
      ),
  },
  {
    id: 'fault-header-flood',
    says: 'An ordinary answer behind a header of 70 kB.',
    run: (exchange) => {
      exchange.response.setHeader('x-flood', 'x'.repeat(70_000));
      return sendReply(exchange);
    },
  },
  {
    id: 'fault-100-flood',
    says: 'A hundred times "100 Continue", then an ordinary answer.',
    run: (exchange) => {
      for (let count = 0; count < 100; count += 1) exchange.response.writeContinue();
      return sendReply(exchange);
    },
  },
  {
    id: 'fault-gzip-cut',
    says: 'A compressed answer, wanted or not, of which the second half is missing; a clean end of the connection.',
    run: (exchange) => {
      withoutChunks(exchange);
      sendHead(exchange, { 'content-encoding': 'gzip' });
      const zipped = gzipSync([...frames(exchange)].join(''));
      exchange.response.end(zipped.subarray(0, Math.floor(zipped.length / 2)));
    },
  },
];

/** Sends the first N bytes of the reply and then does `then`. A reply that is shorter than that ends the same way. */
function cutting(id: string, says: string, then: (exchange: Exchange) => Promise<void> | void): Fault {
  return {
    id,
    example: id.replace('N', '6000'),
    says,
    run: async (exchange, count) => {
      sendHead(exchange);
      const { response, signal, settings } = exchange;
      const sent = await sendFrames(
        response,
        takeBytes(frames(exchange), Number(count)),
        settings.tokenDelayMs,
        signal,
      );
      if (sent) await then(exchange);
    },
  };
}

/** The body then ends with the connection, and nothing else tells its length. */
function withoutChunks({ response }: Exchange): void {
  response.useChunkedEncodingByDefault = false;
  response.shouldKeepAlive = false;
}

/** Bytes past Node's HTTP server, then the end of the connection. */
function raw(id: string, says: string, bytes: string): Fault {
  return {
    id,
    says,
    run: ({ response }) => {
      const socket: Socket | null = response.socket;
      socket?.end(bytes, 'latin1');
    },
  };
}

function* bytesOf(all: Frames): Generator<Uint8Array> {
  for (const frame of all) {
    for (const byte of Buffer.from(frame)) yield Uint8Array.of(byte);
  }
}

/** The same bytes, cut wherever a character of several bytes has begun and not ended. */
function* insideCharacters(all: Frames): Generator<Uint8Array> {
  let open: number[] = [];
  for (const byte of bytesOf(all)) {
    open.push(byte[0] ?? 0);
    if ((byte[0] ?? 0) >= 0xc0) {
      yield Uint8Array.from(open);
      open = [];
    }
  }
  yield Uint8Array.from(open);
}
