import { ConnectorError, type ErrorKind } from '../core/errors.ts';

/**
 * How many rows to ask for at once; the client halves it on repeated 5xx or time-outs, and lets it grow again. Requests that
 * belong together share one. Not for walks by page number: with another size, page 3 holds other rows.
 */
export interface PageSize {
  current: number;
  readonly max: number;
}

export interface Request {
  readonly method: 'GET' | 'POST';
  /** Path, perhaps with a query: `/contacts/search`, or the path and query of a link inside an answer. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  /** JSON body of a POST. All POSTs of this connector are searches, hence safe to repeat. */
  readonly body?: Readonly<Record<string, unknown>>;
  /**
   * Most attempts, fewer than the client's own: a request whose repetition is of little use says so. Waiting for the rate limit
   * is no attempt.
   */
  readonly attempts?: number;
  /** A body of `null` stands for nothing known, and not for a fault: so `GET /me` answers, by Intercom's own description. */
  readonly mayBeNull?: boolean;
  /** Sent as `per_page` (GET: query; POST: `pagination.per_page` in the body). Absent: the endpoint's own default. */
  readonly pageSize?: PageSize;
  /** What is being done, for error messages: `Reading conversations`. */
  readonly purpose: string;
}

/**
 * Path and query of a link inside an answer, whatever host it names; undefined if there are none.
 * @example pathOf('https://api.intercom.io/events?before=1') // '/events?before=1'
 */
export function pathOf(link: string): string | undefined {
  const url = URL.parse(link, 'https://intercom.invalid/');
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return undefined;
  return url.pathname.replace(/^\/+/, '/') + url.search;
}

/** The only way out to Intercom. Rate, retries and error kinds live behind it. */
export interface Api {
  /** The parsed JSON object of a successful answer. @throws ApiError, or the signal's reason when aborted */
  send(request: Request, signal: AbortSignal): Promise<Readonly<Record<string, unknown>>>;
  /** Unix seconds: the earlier of our clock and Intercom's (the `Date` header), so that no clock skew can lose a row. */
  now(): number;
  /** What may be sent, as far as the last answer told; absent before that, or where answers do not tell. */
  limit?(): RateLimit | undefined;
}

export interface RateLimit {
  /** Requests that we may send in a minute. */
  readonly perMinute: number;
  /** Requests that the present window still permits. */
  readonly left: number | undefined;
}

/**
 * What an answer means for the one who asked.
 * `bad_token`: nothing can be read. `no_permission`: this stream cannot. `unavailable`: the workspace's plan lacks the product.
 * `gone`: 404 or 410. `scroll_busy`: another scroll is open (not retried here). `transient`: retries did not help; a 5xx that asks
 * to restart the scroll is not retried but comes at once, with its status. `refused`: any other 4xx.
 * `unexpected`: an answer that is not what the API promises.
 */
export type ApiFailure =
  'bad_token' | 'no_permission' | 'unavailable' | 'gone' | 'scroll_busy' | 'transient' | 'refused' | 'unexpected';

/** A request that failed for good. `message` is for the user and never holds the token. */
export class ApiError extends ConnectorError {
  override readonly name = 'ApiError';
  readonly failure: ApiFailure;
  /** HTTP status; absent when no answer came. */
  readonly status: number | undefined;
  /** Intercom's own code, such as `token_revoked`. */
  readonly code: string | undefined;

  constructor(
    failure: ApiFailure,
    kind: ErrorKind,
    message: string,
    details: {
      readonly status?: number | undefined;
      readonly code?: string | undefined;
      readonly cause?: unknown;
    } = {},
  ) {
    super(kind, message, { cause: details.cause });
    this.failure = failure;
    this.status = details.status;
    this.code = details.code;
  }
}
