import type { ModelRef } from '../shared/conversation.ts';

/** A model reference in its two parts. */
export interface ModelParts {
  readonly endpointId: string;
  readonly modelId: string;
}

/** Longer ids exist only in hostile or broken lists. */
const longestModelId = 200;

/** The setting's form, `"<endpoint id>/<model id>"`. The model id may hold slashes, the endpoint id cannot. */
export function joinModelRef(endpointId: string, modelId: string): ModelRef {
  return `${endpointId}/${modelId}`;
}

/** `undefined` for anything that does not name an endpoint and a model. */
export function splitModelRef(ref: string): ModelParts | undefined {
  const slash = ref.indexOf('/');
  if (slash <= 0 || !isModelId(ref.slice(slash + 1))) return undefined;
  return { endpointId: ref.slice(0, slash), modelId: ref.slice(slash + 1) };
}

/** What may be sent as `model`: one line of text, without spaces around it. */
export function isModelId(text: string): boolean {
  return (
    text !== '' &&
    text.length <= longestModelId &&
    text.trim() === text &&
    !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)
  );
}
