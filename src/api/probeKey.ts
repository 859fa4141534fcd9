import type { DiagnosisRequest } from '../core/diagnosisRequest.ts';
import type { Failure } from '../shared/failure.ts';
import { type Outcome, skipped } from './diagnosisStage.ts';
import { failureWords } from './diagnosisWords.ts';
import type { PathProbed } from './probePath.ts';
import { keyWords } from './probeSettings.ts';

/** What the server's answer says about the key. Nothing is sent: the answer has come already. */
export function probeKey({ list, isThere }: PathProbed, { key, endpoint }: DiagnosisRequest): Outcome {
  if (!isThere) return skipped('Not known: the API was not found.');
  const from = keyWords(key, endpoint.apiKeyEnv);
  if (list.type === 'models') {
    return key.type === 'key'
      ? { state: 'passed', found: `The server answered with the key (${from}).` }
      : { state: 'passed', found: 'The server answers without a key.' };
  }
  const { failure } = list;
  const { found, advice } = failureWords(failure);
  if (failure.kind === 'unauthorized') {
    return key.type === 'key'
      ? {
          state: 'failed',
          found: `${found} The key is ${from}.`,
          advice: refusedKey(key.from, endpoint.apiKeyEnv, advice),
        }
      : {
          state: 'failed',
          found: `The server wants a key, and none was sent (${statusOf(failure)}).`,
          advice: 'Set the key: Colloquy: Set API Key...',
        };
  }
  if (failure.kind === 'noKey') {
    return { state: 'failed', found: 'A header of the endpoint wants the key, and there is none.', advice };
  }
  // Keys may be allowed to chat and not to list: the reply decides.
  if (failure.kind === 'forbidden') return { state: 'warning', found, advice };
  return skipped('Not known before the reply.');
}

function refusedKey(from: 'stored' | 'variable', variable: string | undefined, advice: string): string {
  return from === 'stored'
    ? advice
    : `Check the environment variable ${variable ?? ''} where VS Code was started, or store a key: Colloquy: Set API Key...`;
}

function statusOf({ status }: Failure): string {
  return status === undefined ? 'no status' : String(status);
}

/** Whether asking for a reply can have no other end. */
export function isKeyRefused({ list }: PathProbed): boolean {
  return list.type === 'failed' && (list.failure.kind === 'unauthorized' || list.failure.kind === 'noKey');
}
