import type { JsonObject } from '../json.ts';

/** An answer that says no, in Intercom's words. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;
  readonly field: string | undefined;

  constructor(
    status: number,
    code: string,
    message: string,
    more: { headers?: Record<string, string>; field?: string } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = more.headers ?? {};
    this.field = more.field;
  }
}

/** The envelope in which Intercom sends errors. */
export function errorBody(requestId: string | null, code: string, message: string, field?: string): JsonObject {
  const error: JsonObject = { code, message };
  if (field !== undefined) error['field'] = field;
  return { type: 'error.list', request_id: requestId, errors: [error] };
}

export function notFound(what: string, code = 'not_found'): ApiError {
  return new ApiError(404, code, `${what} Not Found`);
}

export function badRequest(code: string, message: string, field?: string): ApiError {
  return new ApiError(400, code, message, field === undefined ? {} : { field });
}
