import { isModelId } from '../../core/modelRef.ts';

/** A server may list anything; more entries than these are of no use to a person. */
const most = 1000;

/** The models of one endpoint, as far as they can be offered. */
export interface ModelList {
  /** Without duplicates; models that do something else than chat come last. */
  readonly ids: readonly string[];
  /** How many entries were left out: too many, or no usable id. */
  readonly leftOut: number;
}

/** Ids of models that make or take something other than text, as the services name them. */
const otherPurpose =
  /(?:^|[-_/.])(?:embed(?:ding)?s?|bge|rerank(?:er)?|moderation|whisper|tts|dall-e|davinci-002|babbage-002|image|imagen|sora|veo|flux|stable-diffusion|transcribe|realtime|guard)(?:$|[-_/.:\d])/i;

/** The configured ids first, then what the server listed, in its order. */
export function listModels(
  listed: readonly { readonly id: string }[],
  configured: readonly string[] = [],
): ModelList {
  const usable = new Set(configured);
  let leftOut = 0;
  for (const { id } of listed) {
    if (isModelId(id) && (usable.size < most || usable.has(id))) usable.add(id);
    else leftOut += 1;
  }
  const ids = [...usable];
  const isOther = (id: string) => !configured.includes(id) && otherPurpose.test(id);
  return { ids: [...ids.filter((id) => !isOther(id)), ...ids.filter(isOther)], leftOut };
}
