import type { JsonObject } from '../core/json.ts';
import { see, type Answer, type Redact } from './answer.ts';
import { ApiError, type Request } from './api.ts';
import { answerError, classify } from './classify.ts';
import { rateFacts } from './rate-facts.ts';
import { NoAnswer } from './transport.ts';

/** What one attempt came to: what was asked for, or how it failed. */
export type Outcome = { readonly json: JsonObject } | Failed;

export interface Failed {
  readonly json?: undefined;
  /** The same request may succeed later. */
  readonly again: boolean;
  /** 429: nothing is wrong with the request. */
  readonly isLimit: boolean;
  /** A smaller page may succeed, */
  readonly blamesSize: boolean;
  /** and nothing else will. */
  readonly isTooLarge: boolean;
  /** Milliseconds that Intercom asks to wait. */
  readonly retryAfter: number;
  readonly error: (request: Request, attempts: number) => ApiError;
}

/** @param request - What was asked for; an answer of `null` is an object without members where the request says that it may be */
export function outcomeOf(came: Answer | NoAnswer, { mayBeNull = false }: Request, redact: Redact): Outcome {
  if (came instanceof NoAnswer) return unanswered(came);
  const isNull = mayBeNull && came.status === 200 && came.text.trim() === 'null';
  return isNull ? { json: {} } : answered(came, redact);
}

function answered(answer: Answer, redact: Redact): Outcome {
  const seen = see(answer, redact);
  const verdict = classify(seen);
  if (verdict === undefined) return { json: seen.json ?? {} };
  const { status } = seen;
  return {
    again: verdict.again,
    isLimit: status === 429,
    blamesSize: status === 408 || status >= 500,
    isTooLarge: false,
    retryAfter: rateFacts(status, answer.headers).retryAfter ?? 0,
    error: (request, attempts) => answerError(verdict, seen, request, attempts),
  };
}

function unanswered(cause: NoAnswer): Failed {
  const { reason } = cause;
  return {
    again: reason !== 'certificate',
    isLimit: false,
    blamesSize: reason === 'timeout' || reason === 'size',
    isTooLarge: reason === 'size',
    retryAfter: 0,
    error: ({ purpose }, attempts) => {
      const after = attempts > 1 ? `, after ${attempts} attempts` : '';
      const message = `${purpose}: no answer from Intercom (${cause.message})${after}. ${ADVICE[reason]}`;
      if (reason === 'certificate') return new ApiError('unexpected', 'config', message, { code: cause.code, cause });
      return new ApiError('transient', reason === 'size' ? 'system' : 'transient', message, {
        code: cause.code,
        cause,
      });
    },
  };
}

const ADVICE: Readonly<Record<NoAnswer['reason'], string>> = {
  size: 'That is more than can be read at once, and it cannot be asked for in smaller parts. Please report it.',
  timeout: 'Run the sync again later; if it stays, raise `request_timeout`.',
  network: 'Check the network, its name server and its proxy (HTTPS_PROXY, NO_PROXY), and run the sync again.',
  certificate:
    'The certificate is not trusted: behind a proxy that opens TLS, name its authority in NODE_EXTRA_CA_CERTS, and check the clock.',
};
