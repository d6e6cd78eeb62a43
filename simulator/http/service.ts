import { altered, replacement } from '../effects.ts';
import { at, isObject, type Json, type JsonObject } from '../json.ts';
import type { Rule, Target, Trouble } from '../trouble.ts';
import { uuid } from '../world/ids.ts';
import { checkRights, checkVersion, grantOf, hasScope } from './access.ts';
import { bytesOf, jsonAnswer, type Answer } from './answer.ts';
import { ApiError, errorBody } from './errors.ts';
import type { RateLimiter } from './rate-limit.ts';
import type { Route, Router, Services } from './router.ts';

/** One request as the log keeps it. */
export interface RequestEntry {
  /** Simulated unix seconds. */
  readonly at: number;
  readonly method: string;
  /** The path, ids included. */
  readonly path: string;
  /** E.g. `GET /contacts/{id}`. */
  readonly route: string;
  readonly query: Record<string, string>;
  readonly body: Json | undefined;
  /** 0 while there is none, and for good when the connection was cut. */
  status: number;
}

/** A request as it arrives. */
export interface Asked {
  readonly method: string;
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The body. */
  readonly text: string;
}

/** What goes back, and in which way. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly bytes: Buffer;
  /** Milliseconds until it leaves. */
  readonly delay: number;
  /** The connection ends so instead. */
  readonly cut?: 'hang' | 'refuse' | 'reset' | 'resetMidBody';
}

export interface ServiceParts {
  readonly services: Services;
  readonly router: Router;
  readonly trouble: Trouble;
  readonly limiter: RateLimiter;
  readonly token: string;
  /** Milliseconds added to each answer. */
  readonly latency: () => number;
  readonly onAnswer: (entry: RequestEntry) => void;
  /** Answers paths under `/_simulator`. */
  readonly control: (method: string, url: URL, body: Json | undefined) => Answer;
}

/** What the simulator answers, whichever way requests reach it. */
export class ApiService {
  private readonly parts: ServiceParts;
  private requests = 0;

  constructor(parts: ServiceParts) {
    this.parts = parts;
  }

  reply(asked: Asked): Reply {
    const { method, url, text } = asked;
    const body = withPageSize(url, parsed(text), this.parts.services.quirks.mostPerPage);
    if (url.pathname.startsWith('/_simulator/')) {
      const answer = this.control(method, url, body);
      return { status: answer.status, headers: answer.headers, bytes: bytesOf(answer), delay: 0 };
    }
    const { trouble, services, limiter, router, latency } = this.parts;
    const matched = router.match(method, url.pathname);
    const entry = entryOf(method, url, body, matched?.route, services.clock.now());
    const requestId = uuid(3, 3, this.requests++);
    const allowance = limiter.take();
    const struck = trouble.strike(targetOf(entry));
    const effects = struck.map(({ rule }) => rule.effect);
    const cut = effects.map(({ kind }) => kind).find(isCut);
    let answer: Answer;
    if (cut !== undefined && cut !== 'resetMidBody') answer = jsonAnswer(0, null);
    else if (!allowance.allowed)
      answer = jsonAnswer(429, errorBody(requestId, 'rate_limit_exceeded', allowance.message));
    else answer = this.answer({ ...asked, body, matched, requestId, struck });
    answer = struck.reduce((changed, rule) => altered(changed, rule, entry), answer);
    const bytes = bytesOf(answer);
    entry.status = cut === undefined ? answer.status : 0;
    this.parts.onAnswer(entry);
    return {
      status: answer.status,
      headers: { ...this.headers(requestId, allowance.headers, effects), ...answer.headers },
      bytes,
      delay: latency() + effects.reduce((sum, effect) => sum + delayOf(effect, entry), 0),
      ...(cut === undefined ? {} : { cut }),
    };
  }

  private answer({ headers, url, body, text, matched, requestId, struck }: Question): Answer {
    const { services, trouble, token } = this.parts;
    try {
      for (const { rule } of struck) {
        const instead = replacement(rule.effect, requestId, services.clock.now());
        if (instead) return instead;
        if (rule.effect.kind === 'scroll') strikeScroll(services, rule.effect.how);
      }
      const grant = grantOf(headerOf(headers, 'authorization'), token, trouble);
      checkVersion(headerOf(headers, 'intercom-version'), matched?.route, services.quirks.defaultVersion);
      if (!matched) throw new ApiError(404, 'not_found', 'Resource Not Found');
      const may = (scope: string): boolean => hasScope(grant, trouble, scope);
      checkRights(matched.route, may, trouble);
      if (text !== '' && body === undefined) throw new ApiError(400, 'parameter_invalid', 'Malformed JSON');
      return jsonAnswer(200, matched.route.handle({ url, params: matched.params, body, may }, services));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return jsonAnswer(error.status, errorBody(requestId, error.code, error.message, error.field), error.headers);
    }
  }

  private control(method: string, url: URL, body: Json | undefined): Answer {
    try {
      return this.parts.control(method, url, body);
    } catch (error) {
      return jsonAnswer(400, { error: error instanceof Error ? error.message : String(error) });
    }
  }

  private headers(
    requestId: string,
    limits: Record<string, string>,
    effects: readonly { kind: string; seconds?: number }[],
  ): Record<string, string> {
    const skew = effects.reduce((sum, effect) => sum + (effect.kind === 'dateSkew' ? (effect.seconds ?? 0) : 0), 0);
    return {
      Date: new Date((this.parts.services.clock.now() + skew) * 1000).toUTCString(),
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': 'max-age=0, private, must-revalidate',
      'X-Request-Id': requestId,
      'X-Intercom-Version': '0f3c1d2b4a5968778695a4b3c2d1e0f001122334',
      'X-Runtime': '0.042',
      ...(effects.some(({ kind }) => kind === 'noRateLimitHeaders') ? {} : limits),
      ...(effects.some(({ kind }) => kind === 'nothingRemaining') ? { 'X-RateLimit-Remaining': '0' } : {}),
    };
  }
}

interface Question extends Asked {
  readonly body: Json | undefined;
  readonly matched: { route: Route; params: Record<string, string> } | undefined;
  readonly requestId: string;
  readonly struck: readonly Rule[];
}

function isCut(kind: string): kind is NonNullable<Reply['cut']> {
  return ['hang', 'refuse', 'reset', 'resetMidBody'].includes(kind);
}

export function headerOf(headers: Asked['headers'], name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' || value === undefined ? value : value[0];
}

function parsed(text: string): Json | undefined {
  try {
    return text === '' ? undefined : (JSON.parse(text) as Json);
  } catch {
    return undefined;
  }
}

function entryOf(
  method: string,
  url: URL,
  body: Json | undefined,
  route: Route | undefined,
  now: number,
): RequestEntry {
  const name = route ? `${route.method} ${route.path}` : `${method} ${url.pathname}`;
  return {
    at: now,
    method,
    path: url.pathname,
    route: name,
    query: Object.fromEntries(url.searchParams),
    body,
    status: 0,
  };
}

/** The body of the request, with a page size that is at most so large; where the query has it, it is changed there. */
function withPageSize(url: URL, body: Json | undefined, most: number): Json | undefined {
  if (most === Infinity) return body;
  const capped = (asked: Json | undefined): number => Math.min(most, asked === undefined ? most : Number(asked));
  const inQuery = url.searchParams.get('per_page') ?? undefined;
  if (!isObject(body)) url.searchParams.set('per_page', String(capped(inQuery)));
  else if ('query' in body)
    return {
      ...body,
      pagination: {
        ...(body['pagination'] as JsonObject | undefined),
        per_page: capped(at(body, 'pagination.per_page')),
      },
    };
  else return { ...body, per_page: capped(body['per_page'] ?? inQuery) };
  return body;
}

function targetOf(entry: RequestEntry): Target {
  const { query, body } = entry;
  const tokens = [
    query['starting_after'],
    query['before'],
    query['scroll_param'],
    at(body, 'pagination.starting_after'),
  ];
  const page = Number(query['page'] ?? at(body, 'page') ?? 1);
  const isLaterPage = page > 1 || tokens.some((token) => token !== undefined);
  return { entry, perPage: perPageAskedFor(entry), isLaterPage };
}

function perPageAskedFor({ query, body }: RequestEntry): number | undefined {
  const asked = query['per_page'] ?? at(body, 'pagination.per_page') ?? at(body, 'per_page');
  return asked === undefined ? undefined : Number(asked);
}

function delayOf(effect: Rule['rule']['effect'], entry: RequestEntry): number {
  if (effect.kind === 'delay') return effect.ms;
  if (effect.kind === 'slow') return Math.max(0, (perPageAskedFor(entry) ?? 0) - effect.perPageAbove) * effect.msPerRow;
  return 0;
}

function strikeScroll({ scroll }: Services, how: 'restart' | 'expire' | 'repeat'): void {
  if (how === 'repeat') scroll.repeat();
  else scroll.expire();
  if (how === 'restart')
    throw new ApiError(
      500,
      'server_error',
      'Request failed due to an internal network error. Please restart the scroll operation.',
    );
  if (how === 'expire') throw new ApiError(404, 'not_found', 'scroll parameter not found');
}
