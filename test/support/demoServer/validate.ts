import type { Complaint } from './apiError.ts';
import type { ChatRequest } from './chatRequest.ts';
import { checkSense } from './checkSense.ts';
import type { Json } from './json.ts';
import { requestShape } from './requestShape.ts';
import { requestShapeA } from './requestShapeA.ts';
import { checkShape, complain, unknownFields } from './shape.ts';

export type Verdict =
  | { readonly accepted: true; readonly request: ChatRequest }
  | { readonly accepted: false; readonly complaint: Complaint };

/**
 * Judges the body of `POST /chat/completions`. A strict judgement knows the fields and values of edition A only and
 * refuses any other; the ordinary one accepts the newer fields too and lets unknown ones pass, as most compatible
 * servers do.
 */
export function validate(body: Json, strict: boolean): Verdict {
  const shape = strict ? requestShapeA : requestShape;
  const misshapen = checkShape(body, shape);
  if (misshapen !== undefined) {
    return { accepted: false, complaint: misshapen.param === '' ? notAnObject : misshapen };
  }
  const unknown = strict ? unknownFields(body, shape)[0] : undefined;
  if (unknown !== undefined) {
    return {
      accepted: false,
      complaint: complain(unknown, 'unknown_parameter', `Unknown parameter: '${unknown}'.`),
    };
  }
  // checkShape has just shown it: the shape describes every field that ChatRequest names.
  const request = body as unknown as ChatRequest;
  const complaint = checkSense(request);
  return complaint === undefined ? { accepted: true, request } : { accepted: false, complaint };
}

const notAnObject: Complaint = {
  message: 'We could not parse the JSON body of your request: expected an object.',
  param: null,
  code: null,
};
