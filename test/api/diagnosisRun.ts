import type net from 'node:net';
import { diagnose, type DiagnosisPorts } from '../../src/api/diagnosis.ts';
import { createTransport, type TransportOptions } from '../../src/api/transport.ts';
import type { DiagnosisRequest } from '../../src/core/diagnosisRequest.ts';
import type { Endpoint } from '../../src/core/endpoint.ts';
import type { DiagnosisStage, StageName } from '../../src/shared/diagnosis.ts';
import * as at from './clientServer.ts';

/** A key that every test sends, and that no stage may tell. */
export const key = 'sk-canary-diagnosis-0123456789';

export interface RunOptions
  extends Partial<TransportOptions>, Pick<DiagnosisPorts, 'explainProxy' | 'clock'> {
  readonly key?: DiagnosisRequest['key'];
  readonly modelId?: string | undefined;
  readonly parameters?: DiagnosisRequest['parameters'];
  readonly signal?: AbortSignal;
  /** Told every stage as it comes. */
  readonly onStage?: (stage: DiagnosisStage) => void;
}

export interface Run {
  /** Each stage as it ended. */
  readonly stages: Readonly<Partial<Record<StageName, DiagnosisStage>>>;
  /** `dns passed`, ... in their order. */
  readonly states: readonly string[];
  readonly all: readonly DiagnosisStage[];
}

/** Runs a diagnosis to its end, with a transport of its own. */
export async function run(endpoint: Endpoint, options: RunOptions = {}): Promise<Run> {
  const {
    signal = new AbortController().signal,
    parameters = {},
    onStage,
    explainProxy,
    clock,
    ...rest
  } = options;
  const { key: given = { type: 'key', key, from: 'stored' }, modelId: _, ...network } = rest;
  const transportOptions: TransportOptions = { ...at.transportOptions, ...network };
  const transport = createTransport(transportOptions);
  const all: DiagnosisStage[] = [];
  try {
    const modelId = 'modelId' in options ? options.modelId : 'm';
    const ports = {
      transport,
      options: transportOptions,
      ...(explainProxy && { explainProxy }),
      ...(clock && { clock }),
    };
    for await (const stage of diagnose({ endpoint, key: given, modelId, parameters }, ports, signal)) {
      all.push(stage);
      onStage?.(stage);
    }
  } finally {
    await transport.dispose();
  }
  const ended = all.filter(({ state }) => state !== 'running');
  return {
    all,
    stages: Object.fromEntries(ended.map((stage) => [stage.name, stage])),
    states: ended.map(({ name, state }) => `${name} ${state}`),
  };
}

/** The whole of a run as text, to search it. */
export function said({ all }: Run): string {
  return JSON.stringify(all);
}

export const models = JSON.stringify({ object: 'list', data: [{ id: 'm' }, { id: 'other-model' }] });
export const reply = at.streamHead + at.textEvent('Hi') + at.finishEvent + at.doneEvent;

/** A server that does everything right, except where `odd` takes a request. */
export function serveApi(odd?: at.RawAnswer, takes = (_: at.SeenRequest) => true) {
  return at.serveRaw((socket, request, count) => {
    if (odd && takes(request)) odd(socket, request, count);
    else if (request.line.startsWith('GET /v1/models')) socket.end(at.plainAnswer(200, models));
    else if (request.line.startsWith('POST /v1/chat/completions')) socket.end(reply);
    else socket.end(at.plainAnswer(404, JSON.stringify({ error: { message: 'Not found' } })));
  });
}

/** Takes the requests with this method. */
export const only =
  (method: 'GET' | 'POST') =>
  ({ line }: at.SeenRequest): boolean =>
    line.startsWith(`${method} `);

/** A name server that fails with this code, or knows these addresses. */
export function lookupOf(
  answer: string | readonly { address: string; family: number }[],
): net.LookupFunction {
  return (_, __, done) => {
    if (typeof answer === 'string') done(Object.assign(new Error('no name'), { code: answer }), []);
    else done(null, [...answer]);
  };
}
