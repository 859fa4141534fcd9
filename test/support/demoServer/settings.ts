import type { ChatRequest } from './chatRequest.ts';
import { hostileMarkdown } from './hostileMarkdown.ts';

export interface DemoServerOptions {
  /** On 127.0.0.1; 0 or absent for any free one. */
  readonly port?: number;
  readonly key?: string;
  /** Milliseconds after each token of a streamed reply. 0 is as fast as the client reads. */
  readonly tokenDelayMs?: number;
  /** Ids of further models that answer as the ordinary one does. */
  readonly models?: readonly string[];
  /** What the ordinary models say instead of an answer of their own, unless this returns undefined. */
  readonly answer?: (request: ChatRequest) => string | undefined;
  /** Tokens that fit into a request of an ordinary model; more is refused with `context_length_exceeded`. */
  readonly contextTokens?: number;
  /** Where `fault-redirect` points; this server under the name `localhost` unless given. */
  readonly redirectTo?: string;
  /** What `fault-hostile-markdown` says. */
  readonly hostileMarkdown?: string;
  /** How many requests the log keeps. */
  readonly keepRequests?: number;
}

/** The options with everything decided but the port. */
export interface Settings {
  readonly key: string;
  readonly tokenDelayMs: number;
  readonly models: readonly string[];
  readonly answer: (request: ChatRequest) => string | undefined;
  readonly contextTokens: number;
  readonly redirectTo: string | undefined;
  readonly hostileMarkdown: string;
  readonly keepRequests: number;
}

const defaultKey = 'colloquy-demo-key';

export function decide(options: DemoServerOptions): Settings {
  return {
    key: options.key ?? defaultKey,
    tokenDelayMs: options.tokenDelayMs ?? 8,
    models: options.models ?? [],
    answer: options.answer ?? (() => undefined),
    contextTokens: options.contextTokens ?? 128_000,
    redirectTo: options.redirectTo,
    hostileMarkdown: options.hostileMarkdown ?? hostileMarkdown,
    keepRequests: options.keepRequests ?? 1000,
  };
}
