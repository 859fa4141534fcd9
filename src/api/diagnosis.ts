import { lookup as systemLookup } from 'node:dns';
import type { Socket } from 'node:net';
import type { DiagnosisRequest } from '../core/diagnosisRequest.ts';
import type { Endpoint } from '../core/endpoint.ts';
import type { ProxyRoute } from '../core/proxy.ts';
import type { TlsSettings } from '../core/tlsSettings.ts';
import { type DiagnosisStage, stageTitles } from '../shared/diagnosis.ts';
import type { Connection } from './attempt.ts';
import { type Outcome, runStage, skipped, type Stage } from './diagnosisStage.ts';
import { probeCompletion } from './probeCompletion.ts';
import { probeConnection } from './probeConnection.ts';
import { isKeyRefused, probeKey } from './probeKey.ts';
import { probeModels } from './probeModels.ts';
import { type Address, bareHost, probeName, promisedLookup } from './probeName.ts';
import { type PathProbed, probePath } from './probePath.ts';
import { probeProxy, type ProxyAddress, readProxy } from './probeProxy.ts';
import { probeSettings } from './probeSettings.ts';
import { probeTls } from './probeTls.ts';
import { secretsOf } from './requestHeaders.ts';
import { modelsUrl } from './requestUrl.ts';
import { type Clock, systemClock } from './stopping.ts';
import { proxyTlsOptions, tlsOptions } from './tlsOptions.ts';
import type { Transport, TransportOptions } from './transport.ts';

export interface DiagnosisPorts {
  /** The one that all requests use. */
  readonly transport: Transport;
  /** What that transport was made with. */
  readonly options: TransportOptions;
  /** Why requests to an origin go through this proxy, or through none, as the end of a sentence. */
  readonly explainProxy?: (origin: string, route: ProxyRoute | undefined) => string | undefined;
  readonly clock?: Clock;
}

/** What the stages tell each other. One that was given up tells nothing any more. */
interface Way {
  isUsable: boolean;
  /** `undefined` where there is none to load, and where it could not be loaded. */
  tls?: TlsSettings | undefined;
  tlsError?: { readonly error: unknown };
  route?: ProxyRoute | undefined;
  /** `undefined` also where the route names no proxy that can be used. */
  proxy?: ProxyAddress | undefined;
  addresses: readonly Address[];
  /** To the server, for the next stage. */
  socket?: Socket | undefined;
  /** False where it is certain that no request will get through. */
  isReachable: boolean;
  path?: PathProbed;
}

/** Limits in milliseconds. A model that has to be loaded first takes the longest. */
const limits = {
  // Somebody may have to type the passphrase of a certificate.
  settings: 120_000,
  dns: 8000,
  proxy: 10_000,
  tcp: 10_000,
  tls: 10_000,
  path: 25_000,
  key: 1000,
  models: 5000,
  completion: 90_000,
} as const;

/**
 * Goes the way of a request step by step and tells what is there: first that a stage runs, then how it ended. What is
 * sent is at most ten GETs to the endpoint's own origin and one request for a single token, repaired like any other.
 * Ends early, with the running stage as `skipped`, when `signal` says stop. Raises nothing.
 */
export async function* diagnose(
  request: DiagnosisRequest,
  ports: DiagnosisPorts,
  signal: AbortSignal,
): AsyncGenerator<DiagnosisStage, void, undefined> {
  const { clock = systemClock } = ports;
  const way: Way = { isUsable: false, addresses: [], isReachable: true };
  const secrets = [...secretsIn(request)];
  try {
    for (const stage of stagesOf(request, ports, clock, way, secrets)) {
      const outcome = yield* runStage(stage, { clock, secrets }, signal);
      if (outcome === undefined) return;
    }
  } finally {
    way.socket?.destroy();
  }
}

function stagesOf(
  request: DiagnosisRequest,
  ports: DiagnosisPorts,
  clock: Clock,
  way: Way,
  secrets: string[],
): readonly Stage[] {
  const { endpoint, key, modelId, parameters } = request;
  const { transport, options } = ports;
  const url = modelsUrl(endpoint);
  const host = url === undefined ? '' : bareHost(url.hostname);
  const port =
    url === undefined ? 0 : Number(url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port);
  const connection: Connection = { endpoint, key: key.type === 'key' ? key.key : undefined, transport };
  /** A stage that runs only where something may be sent. */
  const stage = (
    name: Exclude<DiagnosisStage['name'], 'settings'>,
    late: string,
    work: (target: URL, signal: AbortSignal) => Promise<Outcome>,
    advice?: string,
  ): Stage => ({
    name,
    limitMs: limits[name],
    late: () => {
      way.isReachable &&= name === 'path' || name === 'key' || name === 'models' || name === 'proxy';
      return { state: 'failed', found: late, advice };
    },
    work: (signal) =>
      url === undefined || !way.isUsable
        ? Promise.resolve(skipped(`Not tried: see ${stageTitles.settings}.`))
        : work(url, signal),
  });

  return [
    {
      name: 'settings',
      limitMs: limits.settings,
      late: () => skipped('Not known.'),
      work: async (signal) => {
        const { outcome, isUsable } = probeSettings(request);
        if (isUsable && url?.protocol === 'https:') await loadCertificates(way, options, endpoint, signal);
        if (!signal.aborted) way.isUsable = isUsable;
        return outcome;
      },
    },
    stage(
      'dns',
      'The name server did not answer in time.',
      async (target, signal) => {
        const route = await options.proxyFor(target.origin).catch(() => undefined);
        if (signal.aborted) return skipped('');
        way.route = route;
        way.proxy = way.route && readProxy(way.route);
        if (way.proxy) secrets.push(...way.proxy.secrets);
        if (way.route && !way.proxy) return skipped('Not looked up: requests go through a proxy.');
        const lookup = promisedLookup(options.lookup ?? systemLookup);
        const of = way.proxy?.host ?? target.hostname;
        const { outcome, addresses } = await probeName(of, way.proxy ? 'The proxy' : 'The server', lookup);
        if (signal.aborted) return outcome;
        way.addresses = addresses;
        if (!way.proxy) way.isReachable = addresses.length > 0;
        return way.proxy
          ? { ...outcome, found: `${outcome.found} The proxy looks up ${host} itself.` }
          : outcome;
      },
      'Check the network connection and the VPN, then run this again.',
    ),
    stage(
      'proxy',
      'The proxy did not answer in time.',
      async (target, signal) => {
        const reason = ports.explainProxy?.(target.origin, way.route);
        if (way.route === undefined) {
          return skipped(`Requests go to the server directly${reason === undefined ? '' : `: ${reason}`}.`);
        }
        if (way.proxy === undefined) {
          way.isReachable = false;
          const found = `The proxy is not written as a URL that can be used${reason === undefined ? '' : ` (${reason})`}.`;
          const advice = 'Write it as http://host:port or https://host:port in http.proxy or HTTPS_PROXY.';
          return { state: 'failed', found, advice };
        }
        const tls = proxyTlsOptions({ proxy: way.route, tls: way.tls });
        const hostHelps = options.kind?.() !== 'undici' && options.hostFindsProxies?.() === true;
        const { proxy, addresses } = way;
        const probe = { proxy, addresses, target, reason, tls, hostHelps };
        const { outcome, tunnel } = await probeProxy(probe, clock, signal);
        if (signal.aborted) {
          tunnel?.destroy();
          return outcome;
        }
        way.socket = tunnel;
        way.isReachable = outcome.state !== 'failed';
        return outcome;
      },
      'Check http.proxy in the settings and HTTPS_PROXY in the environment.',
    ),
    stage(
      'tcp',
      `${host}, port ${String(port)} does not answer at all.`,
      async (_, signal) => {
        if (way.route !== undefined) return skipped('The proxy connects to the server.');
        if (!way.isReachable) return skipped(`Not tried: see ${stageTitles.dns}.`);
        const { outcome, socket } = await probeConnection(
          { host, port, addresses: way.addresses },
          clock,
          signal,
        );
        if (signal.aborted) {
          socket?.destroy();
          return outcome;
        }
        way.socket = socket;
        way.isReachable = socket !== undefined;
        return outcome;
      },
      'A firewall may drop the connection, or a VPN or proxy is needed. Check the host and the port in the base URL.',
    ),
    stage(
      'tls',
      'What answers did not shake hands in time.',
      async (target, signal) => {
        if (target.protocol === 'http:') return skipped('Not encrypted: the base URL begins with http://.');
        const { socket } = way;
        if (socket === undefined) return skipped('Not tried: there is no connection to look at.');
        if (way.tlsError !== undefined) {
          way.isReachable = false;
          return unreadableCertificate(way.tlsError.error);
        }
        const { rejectUnauthorized, ...settings } = tlsOptions({ proxy: way.route, tls: way.tls });
        const strict = rejectUnauthorized !== false;
        const outcome = await probeTls({ socket, host, settings, strict }, signal);
        if (outcome.state === 'failed' && !signal.aborted) way.isReachable = false;
        return outcome;
      },
      'The port may be one without encryption (then begin the base URL with http://), or a firewall holds the connection up.',
    ),
    stage(
      'path',
      'The server took the request and did not answer in time.',
      async (_, signal) => {
        way.socket?.destroy();
        if (!way.isReachable) return skipped('Not tried: no request gets through.');
        const path = await probePath(connection, clock, signal);
        if (!signal.aborted) way.path = path;
        return path.outcome;
      },
      'The server may be overloaded, or something on the way holds answers back. Try again.',
    ),
    stage('key', 'Not known.', async () =>
      way.path ? probeKey(way.path, request) : skipped('Not known: no answer came.'),
    ),
    stage('models', 'Not known.', async () =>
      way.path?.isThere === true
        ? probeModels(way.path.list, modelId)
        : skipped(way.path ? 'Not known: the API was not found.' : 'Not known: no answer came.'),
    ),
    stage(
      'completion',
      'No reply came in time.',
      async (_, signal) => {
        if (way.path?.isThere !== true) return skipped('Not tried: the API was not found.');
        if (isKeyRefused(way.path)) return skipped(`Not tried: see ${stageTitles.key}.`);
        if (modelId === undefined) return skipped('Not tried: no model is chosen.');
        return probeCompletion(connection, modelId, parameters, clock, signal);
      },
      'The server may still be loading the model, or be overloaded. Try again.',
    ),
  ];
}

/** What TLS to this endpoint is made with, for the stages that need it. */
async function loadCertificates(
  way: Way,
  { certificates }: TransportOptions,
  endpoint: Endpoint,
  signal: AbortSignal,
): Promise<void> {
  try {
    const tls = await certificates(endpoint);
    if (!signal.aborted) way.tls = tls;
  } catch (error) {
    way.tlsError = { error };
  }
}

function unreadableCertificate(error: unknown): Outcome {
  const failure: unknown = error instanceof Error && 'failure' in error ? error.failure : undefined;
  const detail: unknown =
    typeof failure === 'object' && failure !== null && 'detail' in failure ? failure.detail : undefined;
  return {
    state: 'failed',
    found: typeof detail === 'string' ? detail : 'The certificates of the endpoint cannot be read.',
    advice: 'Correct the path in the setting colloquy.endpoints, or the file.',
  };
}

/** The key and every header value, whatever it is for. */
function secretsIn({ endpoint, key }: DiagnosisRequest): readonly string[] {
  const values = Object.values(endpoint.headers ?? {}).flatMap((value) => [
    value,
    ...value.replaceAll('${apiKey}', '').split(/\s+/),
  ]);
  return [...secretsOf(endpoint, key.type === 'key' ? key.key : undefined), ...values];
}
