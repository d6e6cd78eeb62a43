import { backoff } from '../core/backoff.ts';
import type { Log } from '../core/log.ts';
import { createRedactor } from '../core/redact.ts';
import { seconds, type Clock } from '../core/time.ts';
import type { Answer } from './answer.ts';
import { ApiError, type Api, type Request } from './api.ts';
import { requestUrl } from './base-url.ts';
import { createClockCheck } from './clock-check.ts';
import { requestBody, requestHeaders } from './message.ts';
import { outcomeOf, type Failed } from './outcome.ts';
import { createPacer, TooLate, type Wait } from './pacer.ts';
import { grow, shrink } from './page-size.ts';
import { rateFacts, type RateFacts } from './rate-facts.ts';
import { redirectTarget } from './redirect.ts';
import { createTransport, NoAnswer, type Transport } from './transport.ts';

export interface ApiOptions {
  readonly token: string;
  /** From `resolveBaseUrl`. The token goes there and nowhere else. */
  readonly baseUrl: URL;
  /** Default: `source-intercom/<version>`. */
  readonly userAgent?: string | undefined;
  /** For one request, from the connection to the last byte. Default: 300. */
  readonly timeoutSeconds?: number | undefined;
  /** Most requests on their way. Default: 50. */
  readonly concurrency?: number | undefined;
  /** Percent of the rate limit that may be used. Default: 100. */
  readonly rateLimitShare?: number | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** Told when all requests begin to wait for the rate limit (unix milliseconds of our clock), and when that is over. */
  readonly onWait?: ((wait: Wait | undefined) => void) | undefined;
  /** Told after each HTTP request. */
  readonly onCall?: ((call: CallInfo) => void) | undefined;
  /** From now on in total, whatever Intercom asks to wait; then requests fail as transient. Default: no bound. */
  readonly maxElapsedSeconds?: number | undefined;
  /** Attempts per request, waiting for the rate limit not counted. Default: 6. */
  readonly maxAttempts?: number | undefined;
  readonly random?: () => number;
}

export interface CallInfo {
  readonly request: Request;
  /** Absent when no answer came. */
  readonly status: number | undefined;
  readonly milliseconds: number;
  /** 1, 2, … */
  readonly attempt: number;
}

/** The API of one workspace, as one token sees it. */
export function createApi(options: ApiOptions, transport?: Transport): Api {
  const { token, baseUrl, clock, log, onCall, onWait, random = Math.random } = options;
  const { timeoutSeconds = 300, concurrency = 50, rateLimitShare = 100, maxAttempts = 6, maxElapsedSeconds } = options;
  const speak = transport ?? createTransport(baseUrl);
  const headers = requestHeaders(token, options.userAgent);
  const redact = createRedactor([token]);
  const pacer = createPacer({ clock, concurrency, share: rateLimitShare, onWait, random });
  const checkClock = createClockCheck(log);
  const end = maxElapsedSeconds === undefined ? Infinity : clock.now() + maxElapsedSeconds * 1000;
  let lastFacts: RateFacts | undefined;

  /** Sends once, when the rate limit lets it. */
  const attempt = async (request: Request, url: URL, size: number | undefined, number: number, signal: AbortSignal) => {
    const body = requestBody(request, size);
    const ticket = await pacer.take(signal, Math.min(end, clock.now() + LONGEST_WAIT));
    const started = clock.now();
    let answer: Answer | undefined;
    try {
      const timeoutMilliseconds = Math.max(1, Math.min(timeoutSeconds * 1000, end - started));
      answer = await speak({ method: request.method, url, headers, body, timeoutMilliseconds, signal });
      return answer;
    } catch (error) {
      if (error instanceof NoAnswer) return error;
      throw error;
    } finally {
      const facts = answer && rateFacts(answer.status, answer.headers);
      pacer.settle(ticket, facts);
      checkClock(pacer.ahead());
      lastFacts = facts ?? lastFacts;
      const milliseconds = clock.now() - started;
      const status = answer?.status;
      log('debug', `${request.method} ${url.pathname}: ${status ?? 'no answer'} after ${milliseconds} ms`);
      onCall?.({ request, status, milliseconds, attempt: number });
    }
  };

  const fail = (failed: Failed, request: Request, attempts: number): ApiError => {
    const { failure, kind, message, status, code, cause } = failed.error(request, attempts);
    return new ApiError(failure, kind, redact(message), { status, code, cause });
  };

  const tooLate = (request: Request): ApiError => {
    const why = 'the rate limit of the workspace is used up, and there was no room in the time that there is';
    const advice = 'Run again later, or give other apps that use the workspace less to do.';
    return new ApiError('transient', 'transient', `${request.purpose}: ${why}. ${advice}`);
  };

  const send = async (request: Request, signal: AbortSignal) => {
    const most = Math.min(maxAttempts, request.attempts ?? maxAttempts);
    const { pageSize } = request;
    let failures = 0;
    let inARow = 0;
    let shrunk = 0;
    let limited: { readonly since: number; readonly last: Failed; readonly times: number } | undefined;
    let redirected: URL | undefined;
    for (let redirects = 0; ;) {
      const size = pageSize?.current;
      const url: URL = redirected ?? requestUrl(baseUrl, request, size);
      const came = await attempt(request, url, size, failures + 1, signal).catch((error: unknown) => {
        if (!(error instanceof TooLate)) throw error;
        throw limited === undefined ? tooLate(request) : fail(limited.last, request, failures + 1);
      });
      const outcome = outcomeOf(came, request, redact);
      if (outcome.json !== undefined) {
        if (pageSize !== undefined) grow(pageSize, size ?? 0);
        return outcome.json;
      }
      redirected = came instanceof NoAnswer ? undefined : redirectTarget(came, request.method, url);
      if (redirected !== undefined && redirects++ < MOST_REDIRECTS) continue;
      if (outcome.isLimit) {
        limited = { since: limited?.since ?? clock.now(), last: outcome, times: (limited?.times ?? 0) + 1 };
        // The pacer makes everybody wait, for as long as it believes what the refusal says; this request trusts it less each time.
        const mistrust = Math.min(MOST_MISTRUST, LEAST_MISTRUST * 2 ** (limited.times - 1));
        if (clock.now() - limited.since >= LONGEST_WAIT || clock.now() + mistrust > end)
          throw fail(outcome, request, failures + 1);
        await clock.sleep(mistrust, signal);
        continue;
      }
      limited = undefined;
      failures++;
      inARow = outcome.blamesSize ? inARow + 1 : 0;
      const canShrink = pageSize !== undefined && size !== undefined && size > 1;
      if (canShrink && (inARow > 1 || outcome.isTooLarge)) {
        shrink(pageSize, size);
        shrunk++;
      }
      // A smaller page is another request in a way, hence has an attempt more.
      const pause = Math.max(backoff(Math.max(1, failures - shrunk), BACKOFF, random), outcome.retryAfter);
      const isHopeless = !outcome.again || (outcome.isTooLarge && !canShrink);
      const isLast = isHopeless || failures >= most + shrunk || pause > LONGEST_WAIT || clock.now() + pause > end;
      if (isLast) throw fail(outcome, request, failures);
      const what = came instanceof NoAnswer ? 'no answer came' : `Intercom answered ${came.status}`;
      log('info', `${request.purpose}: ${what}; trying again in ${(pause / 1000).toFixed(1)} s.`);
      await clock.sleep(pause, signal);
    }
  };

  return {
    send,
    now: () => seconds(clock.now() - Math.max(0, pacer.ahead() ?? 0)),
    limit: () =>
      lastFacts?.limit === undefined
        ? undefined
        : {
            perMinute: Math.max(1, Math.floor((lastFacts.limit * WINDOWS_PER_MINUTE * rateLimitShare) / 100)),
            left: lastFacts.remaining,
          },
  };
}

/** No wait for Intercom's sake is longer: what asks for more is an outage, and for the platform to handle. */
const LONGEST_WAIT = 600_000;
/** Intercom's windows last ten seconds. */
const WINDOWS_PER_MINUTE = 6;
/** Milliseconds. */
const LEAST_MISTRUST = 100;
const MOST_MISTRUST = 10_000;
const BACKOFF = { base: 1_000, cap: 60_000 };
const MOST_REDIRECTS = 3;
