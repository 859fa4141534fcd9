import type { RecordedRequest } from '../demoServer/server.ts';

/** The parts of a request body that journeys look at. The demo server has validated it before. */
export interface SentBody {
  readonly model: string;
  readonly user?: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
}

/** The body of a request that the demo server took. Raises for one that has none. */
export function bodyOf(request: RecordedRequest | undefined): SentBody {
  if (request?.body === undefined) throw new Error('The demo server got no such request.');
  // The server answers 400 to a body that is not of this shape, and no journey gets that far then.
  return request.body as unknown as SentBody;
}
