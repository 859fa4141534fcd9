import type { Endpoint } from './endpoint.ts';
import type { JsonObject } from './json.ts';

/** The key of a diagnosis. It stays on the host: no type of `shared` has a place for one. */
export type DiagnosisKey =
  | { readonly type: 'key'; readonly key: string; readonly from: 'stored' | 'variable' }
  | { readonly type: 'none' }
  /** There may be one, but it cannot or must not be used. `blocks`: nothing at all may be sent to this address. */
  | { readonly type: 'refused'; readonly why: string; readonly blocks: boolean };

/** What a diagnosis is of. */
export interface DiagnosisRequest {
  readonly endpoint: Endpoint;
  readonly key: DiagnosisKey;
  /** The model to ask for one token; without one nothing is asked. */
  readonly modelId: string | undefined;
  /** The setting `colloquy.parameters`. */
  readonly parameters: JsonObject;
}
