import type { ServerResponse } from 'node:http';

/** `ErrorResponse.error` of the API description. `param` names the field to blame, `code` is for programs. */
export interface ApiError {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
}

/** What a request did wrong, as it goes into an `invalid_request_error`. */
export interface Complaint {
  readonly message: string;
  readonly param: string | null;
  readonly code: string | null;
}

export function invalidRequest(complaint: Complaint): ApiError {
  return {
    message: complaint.message,
    type: 'invalid_request_error',
    param: complaint.param,
    code: complaint.code,
  };
}

/** Answers with a JSON document and its length. */
export function sendJson(
  response: ServerResponse,
  status: number,
  document: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = JSON.stringify(document);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  });
  response.end(body);
}

export function sendError(
  response: ServerResponse,
  status: number,
  error: ApiError,
  headers: Readonly<Record<string, string>> = {},
): void {
  sendJson(response, status, { error }, headers);
}
