import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { isObject, type Json, type JsonObject } from './json.ts';
import type { DemoServer } from './server.ts';

/* A client for the tests of the demo server, on node:http so that nothing is hidden or repaired. */

/** What came back, and how it ended. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
  /** Undefined where the body is no JSON. */
  readonly json: Json | undefined;
  /** Set when the connection broke off: the code of the error, or its message. */
  readonly broken: string | undefined;
}

interface Call {
  readonly method?: string;
  /** From the root of the server. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text is sent as it is, anything else as JSON. */
  readonly body?: unknown;
  /** Called with each piece of the body and the length of all so far; hang up by returning true. */
  readonly watch?: (piece: Buffer, length: number) => boolean | void;
  /** Size limit of the response's head in bytes. */
  readonly maxHeaderSize?: number;
}

/** Sends one request with the right key and reads the answer to its end, good or bad. Rejects when none begins. */
export function call(server: DemoServer, options: Call = {}): Promise<Answer> {
  const text = typeof options.body === 'string' ? options.body : JSON.stringify(options.body);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        host: '127.0.0.1',
        port: server.port,
        method: options.method ?? 'POST',
        path: options.path ?? '/v1/chat/completions',
        agent: false,
        maxHeaderSize: options.maxHeaderSize ?? 16_384,
        headers: {
          authorization: `Bearer ${server.key}`,
          ...(text === undefined ? {} : { 'content-type': 'application/json' }),
          ...options.headers,
        },
      },
      (incoming) => {
        const pieces: Buffer[] = [];
        let length = 0;
        let broken: string | undefined;
        const noteError = (error: NodeJS.ErrnoException) => {
          broken = error.code ?? error.message;
        };
        // From here on the answer tells how it ended; a reset is reported here, other ends on the answer.
        outgoing.off('error', reject);
        outgoing.on('error', noteError);
        incoming.on('data', (piece: Buffer) => {
          pieces.push(piece);
          length += piece.length;
          if (options.watch?.(piece, length) === true) outgoing.destroy();
        });
        incoming.on('error', noteError);
        incoming.on('close', () => {
          const body = Buffer.concat(pieces);
          const whole = body.toString('utf8');
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body,
            text: whole,
            json: parse(whole),
            broken,
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(text);
  });
}

/** A request for a completion, given the fields that matter. */
export function complete(
  server: DemoServer,
  fields: Readonly<Record<string, unknown>> = {},
  options: Omit<Call, 'body'> = {},
): Promise<Answer> {
  return call(server, {
    ...options,
    body: { model: 'colloquy-demo', messages: [{ role: 'user', content: 'Hello!' }], ...fields },
  });
}

/** The `data` of each event; `[DONE]` stays a text. */
export function events(answer: Answer): readonly (JsonObject | string)[] {
  return answer.text
    .split(/\r?\n\r?\n/u)
    .flatMap((event) => event.split(/\r?\n/u).filter((line) => line.startsWith('data: ')))
    .map((line) => {
      const data = parse(line.slice('data: '.length));
      return isObject(data) ? data : line.slice('data: '.length);
    });
}

/** The chunks of a stream without `[DONE]`. */
export function chunksOf(answer: Answer): readonly JsonObject[] {
  return events(answer).filter((event) => typeof event !== 'string');
}

/** The value at a path such as `choices.0.message.content`; undefined where it leads nowhere. */
export function at(value: Json | undefined, path: string): Json | undefined {
  let current = value;
  for (const step of path.split('.')) {
    if (Array.isArray(current)) current = (current as readonly Json[])[Number(step)];
    else if (isObject(current)) current = current[step];
    else return undefined;
  }
  return current;
}

/** The text at a path; throws where there is none. */
export function textAt(value: Json | undefined, path: string): string {
  const found = at(value, path);
  if (typeof found !== 'string') throw new TypeError(`No text at ${path}: ${JSON.stringify(found)}`);
  return found;
}

/** One field of the deltas of one choice, joined. */
export function streamed(answer: Answer, field: string, choice = 0): string {
  return chunksOf(answer)
    .flatMap((chunk) => (at(chunk, 'choices') ?? []) as readonly Json[])
    .filter((one) => at(one, 'index') === choice)
    .map((one) => at(one, `delta.${field}`))
    .filter((text) => typeof text === 'string')
    .join('');
}

/** Every finish reason of a stream, in the order of arrival. */
export function finishReasons(answer: Answer): readonly Json[] {
  return chunksOf(answer)
    .flatMap((chunk) => (at(chunk, 'choices') ?? []) as readonly Json[])
    .map((choice) => at(choice, 'finish_reason') ?? null)
    .filter((reason) => reason !== null);
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
