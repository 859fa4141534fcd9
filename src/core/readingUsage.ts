import type { CompletionUsage } from './completion.ts';
import { asNumber, asRecord, type JsonRecord } from './readingRecord.ts';

/** `CompletionUsage` out of what servers call so; a count that is no count is left out. */
export function readUsage(usage: JsonRecord): CompletionUsage {
  const prompt = asRecord(usage['prompt_tokens_details']);
  const completion = asRecord(usage['completion_tokens_details']);
  // DeepSeek and SGLang have no details, and the same figures under names of their own.
  const cached = count(prompt?.['cached_tokens']) ?? count(usage['prompt_cache_hit_tokens']);
  const reasoning = count(completion?.['reasoning_tokens']) ?? count(usage['reasoning_tokens']);
  const totals = {
    prompt_tokens: count(usage['prompt_tokens']),
    completion_tokens: count(usage['completion_tokens']),
    total_tokens: count(usage['total_tokens']),
  };
  return {
    ...Object.fromEntries(Object.entries(totals).filter(([, value]) => value !== undefined)),
    ...(cached !== undefined && { prompt_tokens_details: { cached_tokens: cached } }),
    ...(reasoning !== undefined && { completion_tokens_details: { reasoning_tokens: reasoning } }),
  };
}

function count(value: unknown): number | undefined {
  const number = asNumber(value);
  return number !== undefined && number >= 0 ? number : undefined;
}
