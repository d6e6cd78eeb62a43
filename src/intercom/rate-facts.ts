/** What the headers of an answer say about the rate limit. Absent members were absent, or nonsense. */
export interface RateFacts {
  readonly status: number;
  /** Requests that a window permits. */
  readonly limit?: number;
  /** Requests that the present window still permits. */
  readonly remaining?: number;
  /** When the window ends: unix milliseconds of Intercom's clock. */
  readonly reset?: number;
  /** When the answer was made: unix milliseconds of Intercom's clock, whole seconds. */
  readonly date?: number;
  /** Milliseconds from now before which no request is welcome. */
  readonly retryAfter?: number;
}

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

export function rateFacts(status: number, headers: Headers): RateFacts {
  const limit = wholeNumber(headers['x-ratelimit-limit']);
  const remaining = wholeNumber(headers['x-ratelimit-remaining']);
  const reset = wholeNumber(headers['x-ratelimit-reset']);
  const date = moment(headers['date']);
  const retryAfter = delay(headers['retry-after'], date);
  return {
    status,
    ...(limit === undefined || limit === 0 ? {} : { limit }),
    ...(remaining === undefined ? {} : { remaining }),
    ...(reset === undefined ? {} : { reset: reset * 1000 }),
    ...(date === undefined ? {} : { date }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}

/** `Retry-After` is a number of seconds, or a moment by the clock of the `Date` header. */
function delay(header: string | readonly string[] | undefined, date: number | undefined): number | undefined {
  const inSeconds = wholeNumber(header);
  if (inSeconds !== undefined) return inSeconds * 1000;
  const until = moment(header);
  return until === undefined || date === undefined ? undefined : Math.max(0, until - date);
}

function wholeNumber(header: string | readonly string[] | undefined): number | undefined {
  if (typeof header !== 'string' || !/^\s*-?\d{1,15}(\.\d+)?\s*$/.test(header)) return undefined;
  return Math.max(0, Math.ceil(Number(header)));
}

function moment(header: string | readonly string[] | undefined): number | undefined {
  const value = typeof header === 'string' && /[A-Za-z]/.test(header) ? Date.parse(header) : NaN;
  return Number.isNaN(value) ? undefined : value;
}
