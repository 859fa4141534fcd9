import { cleanText } from '../core/readingText.ts';
import type { DiagnosisStage, StageName, StageState } from '../shared/diagnosis.ts';
import type { Clock } from './stopping.ts';

/** How a stage ended, before its texts are cleaned. */
export interface Outcome {
  readonly state: Exclude<StageState, 'running'>;
  readonly found: string;
  readonly facts?: readonly string[] | undefined;
  readonly advice?: string | undefined;
}

export interface Stage {
  readonly name: StageName;
  readonly limitMs: number;
  /** What is said when the limit is reached. */
  readonly late: () => Outcome;
  readonly work: (signal: AbortSignal) => Promise<Outcome>;
}

export interface StageContext {
  readonly clock: Clock;
  /** Texts that must not show up in any stage. */
  readonly secrets: readonly string[];
}

/** There was nothing to look at. */
export function skipped(found: string): Outcome {
  return { state: 'skipped', found };
}

const sentenceLimit = 600;
const factLimit = 300;
const mostFacts = 16;

/**
 * Runs one stage: tells that it runs, then how it ended. Its work is given up at its limit and as soon as `signal`
 * says stop, whether it listens to its own signal or not; after a stop the result is `undefined`. Everything that is
 * told has been cleaned here, wherever it came from.
 */
export async function* runStage(
  { name, limitMs, late, work }: Stage,
  { clock, secrets }: StageContext,
  signal: AbortSignal,
): AsyncGenerator<DiagnosisStage, Outcome | undefined, undefined> {
  const began = clock.now();
  yield { name, state: 'running', found: '', ms: 0 };
  const inner = new AbortController();
  const stop = (): void => inner.abort();
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  let outcome: Outcome | undefined;
  try {
    const limit = clock.wait(limitMs, inner.signal).then(() => (inner.signal.aborted ? undefined : late()));
    outcome = await Promise.race([limit, signal.aborted ? limit : outcomeOf(work(inner.signal))]);
    if (signal.aborted) outcome = undefined;
  } finally {
    signal.removeEventListener('abort', stop);
    inner.abort();
  }
  const { state, found, facts, advice } = outcome ?? stopped;
  const clean = (text: string, limit: number): string => cleanText(text, secrets, limit);
  yield {
    name,
    state,
    found: clean(found, sentenceLimit),
    ...(facts !== undefined &&
      facts.length > 0 && { facts: facts.slice(0, mostFacts).map((fact) => clean(fact, factLimit)) }),
    ...(advice !== undefined && { advice: clean(advice, sentenceLimit) }),
    ms: Math.max(0, clock.now() - began),
  };
  return outcome;
}

const stopped: Outcome = { state: 'skipped', found: 'Stopped.' };

/** A defect of ours must not take the other stages along. Its words may hold anything, so only its kind is told. */
async function outcomeOf(work: Promise<Outcome>): Promise<Outcome> {
  try {
    return await work;
  } catch (error) {
    const kind = error instanceof Error ? error.name : typeof error;
    return { state: 'failed', found: `This could not be checked (${kind}).` };
  }
}
