import type { Thoughts } from './readingThoughts.ts';

/**
 * A Chat Completions server as the user configured it: one entry of the setting `colloquy.endpoints`. It holds no
 * key: keys live in SecretStorage, bound to the origin of `baseUrl`.
 */
export interface Endpoint {
  readonly id: string;
  readonly name: string;
  /** Absolute URL to which `/chat/completions` and `/models` are appended, without a trailing slash. */
  readonly baseUrl: string;
  /** Which server habits to follow; found from the URL where it is not given. */
  readonly dialect?: DialectId | undefined;
  /** Query parameters sent with every request, for example Azure's `api-version`. */
  readonly query?: Readonly<Record<string, string>> | undefined;
  /** Extra headers; a value may contain `${apiKey}`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Name of an environment variable that holds the key; confirmed once for the origin it is used with. */
  readonly apiKeyEnv?: string | undefined;
  /** PEM file with certificate authorities to accept besides the system's. */
  readonly caFile?: string | undefined;
  /**
   * The certificate that shows the server who we are (mTLS): a PEM file with its chain, and the key if it is not in
   * `clientKeyFile`; or a PKCS #12 file (`.pfx`, `.p12`). A passphrase is kept in SecretStorage.
   */
  readonly clientCertFile?: string | undefined;
  /** PEM file with the private key of `clientCertFile`; may be encrypted. */
  readonly clientKeyFile?: string | undefined;
  /** Model ids offered besides (or in place of) what the server lists. */
  readonly models?: readonly string[] | undefined;
  /** Fields merged over every request body. */
  readonly extraBody?: Readonly<Record<string, unknown>> | undefined;
  /** Where thoughts stand in a reply, if not where this kind of server usually puts them. */
  readonly thoughts?: Thoughts | undefined;
  /** Limits in milliseconds: until the connection stands, until the answer begins, and between two of its pieces. */
  readonly timeouts?:
    | {
        readonly connectMs?: number | undefined;
        readonly firstByteMs?: number | undefined;
        readonly idleMs?: number | undefined;
      }
    | undefined;
}

export const dialectIds = [
  'openai',
  'azure',
  'azureDeployment',
  'anthropic',
  'gemini',
  'deepseek',
  'mistral',
  'groq',
  'openrouter',
  'xai',
  'together',
  'fireworks',
  'cerebras',
  'ollama',
  'lmstudio',
  'llamacpp',
  'vllm',
  'litellm',
  'cloudflare',
  'generic',
] as const;
export type DialectId = (typeof dialectIds)[number];

/**
 * Scheme, host and port: what a key is bound to. `undefined` for anything that is no http(s) URL or that carries a
 * user name. The URL is parsed once, by the same parser that the request uses.
 */
export function originOf(baseUrl: string): string | undefined {
  let url: URL;
  try {
    url = new URL(baseUrl);
  } catch {
    return undefined;
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
  return url.username === '' && url.password === '' ? url.origin : undefined;
}
