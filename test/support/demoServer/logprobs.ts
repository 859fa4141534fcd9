import { hashText } from './json.ts';

interface Candidate {
  readonly token: string;
  /** Natural logarithm, never above 0. */
  readonly logprob: number;
  readonly bytes: readonly number[];
}

/** `ChatCompletionTokenLogprob` of the API description. */
export interface TokenLogprob extends Candidate {
  readonly top_logprobs: readonly Candidate[];
}

const encoder = new TextEncoder();
const others = [
  'the',
  ' a',
  ' and',
  ' is',
  '\n',
  ' it',
  ',',
  ' to',
  '.',
  ' of',
  ' in',
  ' this',
  ' that',
  ' for',
  ' (',
  ' not',
  ' be',
  ' as',
  ' with',
  ' on',
  ' or',
] as const;

/**
 * A plausible probability for a token of the answer: between 0.55 and 0.999, always the same for the same token, and
 * `count` most likely candidates, the token itself first, whose probabilities add up to less than 1.
 */
export function logprobOf(token: string, count: number): TokenLogprob {
  const hash = hashText(token);
  const probability = 0.55 + 0.449 * ((hash % 1000) / 999);
  const top: Candidate[] = [];
  let rest = 1 - probability;
  for (let rank = 0; rank < count; rank += 1) {
    if (rank === 0) {
      top.push(candidate(token, probability));
      continue;
    }
    rest /= 2;
    top.push(candidate(alternative(token, hash, rank), rest));
  }
  return { ...candidate(token, probability), top_logprobs: top };
}

function alternative(token: string, hash: number, rank: number): string {
  const list = others.filter((other) => other !== token);
  return list[(hash + rank) % list.length] ?? ' ';
}

function candidate(token: string, probability: number): Candidate {
  return { token, logprob: Math.log(probability), bytes: [...encoder.encode(token)] };
}
