/*
 * A diagnosis of the way to an endpoint, as it is shown and copied. Every text in it is one line, cut, with invisible
 * characters written out and without keys, header values and proxy passwords; host names, addresses and paths are in it.
 */

/** In the order in which they run. */
export const stageNames = [
  'settings',
  'dns',
  'proxy',
  'tcp',
  'tls',
  'path',
  'key',
  'models',
  'completion',
] as const;
export type StageName = (typeof stageNames)[number];

/** `skipped`: there was nothing to try, or it could not be tried; `found` says why. */
export type StageState = 'running' | 'passed' | 'warning' | 'failed' | 'skipped';

export interface DiagnosisStage {
  readonly name: StageName;
  readonly state: StageState;
  /** What was found, as sentences; empty while the stage runs. */
  readonly found: string;
  /** Particulars, one a line: addresses, certificates, times. */
  readonly facts?: readonly string[];
  /** What to do about it, as sentences. */
  readonly advice?: string;
  /** How long it took, in milliseconds. */
  readonly ms: number;
}

export interface Diagnosis {
  /** Another one for every run. */
  readonly id: string;
  /** The endpoint's name. */
  readonly endpoint: string;
  /** Scheme, host and port; empty where the base URL has none. */
  readonly origin: string;
  /** The model that is asked for one token. */
  readonly model?: string;
  readonly state: 'running' | 'finished' | 'stopped';
  /** Those that have begun, in their order. */
  readonly stages: readonly DiagnosisStage[];
}

/** What each stage is called. */
export const stageTitles: Readonly<Record<StageName, string>> = {
  settings: 'Settings',
  dns: 'Host name',
  proxy: 'Proxy',
  tcp: 'Connection',
  tls: 'Encryption',
  path: 'Address of the API',
  key: 'API key',
  models: 'Models',
  completion: 'Reply',
};

/** The whole result in one sentence. */
export function summarize({ state, stages }: Diagnosis): string {
  const failed = stages.filter((stage) => stage.state === 'failed').map(({ name }) => stageTitles[name]);
  const warned = stages.filter((stage) => stage.state === 'warning').map(({ name }) => stageTitles[name]);
  if (state === 'running') return 'Checking the connection...';
  const what = [
    ...(failed.length > 0 ? [`Failed: ${failed.join(', ')}.`] : []),
    ...(warned.length > 0 ? [`To look at: ${warned.join(', ')}.`] : []),
  ];
  if (state === 'stopped') return ['Stopped before the end.', ...what].join(' ');
  return what.length > 0 ? what.join(' ') : 'Everything works.';
}

/** A time as people read it: `0 ms`, `870 ms`, `3.2 s`. */
export function inTime(ms: number): string {
  return ms < 1000 ? `${String(Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`;
}
