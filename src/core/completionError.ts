import type { Failure } from '../shared/failure.ts';

/** The one way in which a request fails. `failure` may be shown, logged and stored: it holds no key and no header. */
export class CompletionError extends Error {
  override readonly name = 'CompletionError';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(`${failure.kind}${failure.detail === undefined ? '' : `: ${failure.detail}`}`);
    this.failure = failure;
  }
}

/**
 * Any thrown value as a failure. Of what is not ours only the kind is told: its words may hold anything. The log has
 * them, redacted.
 */
export function failureOf(error: unknown): Failure {
  if (error instanceof CompletionError) return error.failure;
  return { kind: 'unexpected', detail: error instanceof Error ? error.name : typeof error };
}
