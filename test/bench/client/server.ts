import { createServer, type ServerResponse } from 'node:http';
import { once } from 'node:events';

/*
 * A server of its own process that streams as many tokens as its path asks for: `/2000/small/v1/chat/completions`.
 * `small`: one event for each write, and a turn of the event loop between two writes; `large`: 64 kB for each write;
 * `timed`: an event every other millisecond whose text is the time at which it was written.
 */

const large = 64 * 1024;
/** Pieces of text as models send them, some with characters that JSON escapes. */
const words = [
  'The',
  ' quick',
  ' brown',
  ' fox',
  ' jump',
  's',
  ' över',
  ' the',
  ' "lazy"',
  ' dog',
  '.',
  '\n',
];

function event(index: number, delta: Readonly<Record<string, string>>): string {
  const chunk = {
    id: 'chatcmpl-BenchmarkOfTheClient0000000',
    object: 'chat.completion.chunk',
    created: 1_760_000_000,
    model: 'gpt-4.1-2026-04-14',
    service_tier: 'default',
    system_fingerprint: 'fp_0123456789',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: null }],
    usage: null,
    obfuscation: 'x'.repeat((index * 7) % 13),
  };
  return `data: ${JSON.stringify(chunk)}\n\n`;
}

const end =
  'data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';

const server = createServer((request, response) => {
  request.resume();
  const [, tokens, pieces] = (request.url ?? '').split('/');
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.socket?.setNoDelay(true);
  response.on('error', () => {});
  void send(response, Number(tokens), pieces ?? '');
});

async function send(response: ServerResponse, tokens: number, pieces: string): Promise<void> {
  const write = async (piece: string): Promise<void> => {
    if (!response.write(piece)) await once(response, 'drain');
  };
  let waiting = event(0, { role: 'assistant', content: '' });
  for (let index = 0; index < tokens; index++) {
    const text = pieces === 'timed' ? String(process.hrtime.bigint()) : (words[index % words.length] ?? '');
    const next = event(index, { content: text });
    if (pieces === 'large') {
      waiting += next;
      if (waiting.length < large) continue;
      await write(waiting);
      waiting = '';
    } else {
      await write(next);
      await new Promise<void>((resolve) => {
        if (pieces === 'timed') setTimeout(resolve, 2);
        else setImmediate(resolve);
      });
    }
  }
  response.end(waiting + end);
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' && address !== null ? address.port : 0);
});
process.on('disconnect', () => process.exit());
