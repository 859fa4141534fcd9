import { CompletionError } from '../../core/completionError.ts';
import type { DiagnosisKey, DiagnosisRequest } from '../../core/diagnosisRequest.ts';
import { originOf, type Endpoint } from '../../core/endpoint.ts';
import type { JsonObject } from '../../core/json.ts';
import { untilStopped } from '../../core/untilStopped.ts';
import type { Diagnosis, DiagnosisStage } from '../../shared/diagnosis.ts';

export interface DiagnosisRunsPorts {
  /** Goes through the stages; each comes as it begins and as it has ended. Ends when it is stopped. */
  readonly run: (request: DiagnosisRequest, signal: AbortSignal) => AsyncIterable<DiagnosisStage>;
  /**
   * The key for an endpoint; may ask the user. Raises `CompletionError`: `noKey`, or `cannotConnect` where the user does
   * not allow anything to be sent to this address.
   */
  readonly keyFor: (endpoint: Endpoint) => Promise<string | undefined>;
  readonly keySource: (endpoint: Endpoint) => Promise<'stored' | 'variable' | undefined>;
  /** The setting `colloquy.parameters`. */
  readonly parameters: () => JsonObject;
  readonly newId: () => string;
  /** Told after every change of `current`. */
  readonly onChanged: () => void;
  /** Told what was thrown by a defect. */
  readonly onError: (error: unknown) => void;
}

/** The one diagnosis that is shown: at most one runs at a time. */
export class DiagnosisRuns {
  readonly #ports: DiagnosisRunsPorts;
  #current: Diagnosis | undefined;
  #abort: AbortController | undefined;

  constructor(ports: DiagnosisRunsPorts) {
    this.#ports = ports;
  }

  get current(): Diagnosis | undefined {
    return this.#current;
  }

  /** Starts one; what runs is given up. Ends when it has ended. */
  async start(endpoint: Endpoint, modelId: string | undefined): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    let diagnosis: Diagnosis = {
      id: this.#ports.newId(),
      endpoint: endpoint.name,
      origin: originOf(endpoint.baseUrl) ?? '',
      ...(modelId !== undefined && { model: modelId }),
      state: 'running',
      stages: [],
    };
    const show = (change: Partial<Diagnosis>): void => {
      // Another one, or none, is shown by now.
      if (this.#abort !== abort) return;
      diagnosis = { ...diagnosis, ...change };
      this.#current = diagnosis;
      this.#ports.onChanged();
    };
    show({});
    try {
      const key = await untilStopped(this.#key(endpoint), abort.signal);
      if (key !== undefined) {
        const request = { endpoint, key, modelId, parameters: this.#ports.parameters() };
        for await (const stage of this.#ports.run(request, abort.signal)) {
          show({ stages: withStage(diagnosis.stages, stage) });
        }
      }
    } catch (error) {
      this.#ports.onError(error);
      // What was running is not running any more, and that is all that is known of it.
      show({ stages: diagnosis.stages.map(broken) });
    }
    show({ state: abort.signal.aborted ? 'stopped' : 'finished' });
  }

  stop(): void {
    this.#abort?.abort();
  }

  /** Stops it and shows nothing any more. */
  close(): void {
    this.#abort?.abort();
    this.#abort = undefined;
    if (this.#current === undefined) return;
    this.#current = undefined;
    this.#ports.onChanged();
  }

  async #key(endpoint: Endpoint): Promise<DiagnosisKey> {
    try {
      const key = await this.#ports.keyFor(endpoint);
      if (key === undefined) return { type: 'none' };
      return { type: 'key', key, from: (await this.#ports.keySource(endpoint)) ?? 'stored' };
    } catch (error) {
      if (!(error instanceof CompletionError)) throw error;
      const { kind, detail = 'The key of this endpoint cannot be used.' } = error.failure;
      return { type: 'refused', why: detail, blocks: kind !== 'noKey' };
    }
  }
}

/** In the place of the stage of this name, else at the end. */
function withStage(stages: readonly DiagnosisStage[], stage: DiagnosisStage): readonly DiagnosisStage[] {
  const at = stages.findIndex(({ name }) => name === stage.name);
  return at < 0 ? [...stages, stage] : stages.with(at, stage);
}

function broken(stage: DiagnosisStage): DiagnosisStage {
  if (stage.state !== 'running') return stage;
  return { ...stage, state: 'failed', found: 'This could not be checked.', advice: 'The log may tell more.' };
}
