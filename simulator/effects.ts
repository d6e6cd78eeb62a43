import { jsonAnswer, textAnswer, textOfAnswer, type Answer } from './http/answer.ts';
import { errorBody } from './http/errors.ts';
import type { RequestEntry } from './http/service.ts';
import { at, isObject, type Json, type JsonObject } from './json.ts';
import type { Rule } from './trouble.ts';

/** What trouble does to a request. */
export type Effect =
  /** Another answer: an error envelope from code and message, or any body. */
  | { kind: 'status'; status: number; code?: string; message?: string; body?: Json; headers?: Record<string, string> }
  /** 429. `resetIn` seconds: null leaves `X-RateLimit-Reset` out, undefined keeps the true one; `retryAfter` adds the header. */
  | { kind: 'rateLimit'; resetIn?: number | null; retryAfter?: number | string }
  /** The connection is refused. A socket that listens cannot; there it is reset. */
  | { kind: 'refuse' }
  /** The connection is reset before anything is answered. */
  | { kind: 'reset' }
  /** The connection is reset in the middle of the body. */
  | { kind: 'resetMidBody' }
  /** Half of the JSON, framed as if it were all. */
  | { kind: 'truncate' }
  /** Status 200 (or another) without a body. */
  | { kind: 'empty'; status?: number }
  /** An HTML page of the edge; status 200 unless named. */
  | { kind: 'html'; status?: number }
  /** Changes the JSON: by a function, or by setting and removing dotted paths. */
  | {
      kind: 'shape';
      change?: (body: Json, request: RequestEntry) => Json;
      set?: Record<string, Json>;
      remove?: string[];
    }
  /** Changes the text of the body. */
  | { kind: 'rewrite'; change: (text: string) => string }
  /** `pages.next` in another form, or leading in circles: to the same page again and again, or to two in turn. */
  | { kind: 'nextPage'; as: 'object' | 'url' | 'null' | 'missing' | 'repeat' | 'alternate' }
  /** Answers so many milliseconds late. */
  | { kind: 'delay'; ms: number }
  /** Late by that much for each row asked for beyond a number. */
  | { kind: 'slow'; perPageAbove: number; msPerRow: number }
  /** Never answers. */
  | { kind: 'hang' }
  /** The company scroll: a 500 that asks to restart it, an expired one, or the same page again. */
  | { kind: 'scroll'; how: 'restart' | 'expire' | 'repeat' }
  | { kind: 'noRateLimitHeaders' }
  /** `X-RateLimit-Remaining: 0` although the request is served. */
  | { kind: 'nothingRemaining' }
  /** The `Date` header is off by so many seconds. */
  | { kind: 'dateSkew'; seconds: number };

/** The answer that takes the place of the true one; undefined when the request is to be served. */
export function replacement(effect: Effect, requestId: string, now: number): Answer | undefined {
  switch (effect.kind) {
    case 'status':
      return {
        ...jsonAnswer(
          effect.status,
          effect.body === undefined
            ? errorBody(requestId, effect.code ?? codeOf(effect.status), effect.message ?? 'Simulated trouble')
            : effect.body,
        ),
        headers: effect.headers ?? {},
      };
    case 'rateLimit':
      return rateLimited(effect, requestId, now);
    case 'empty':
      return textAnswer(effect.status ?? 200, '');
    case 'html':
      return textAnswer(effect.status ?? 200, HTML, { 'Content-Type': 'text/html' });
    default:
      return undefined;
  }
}

/** The answer after an effect on its content. */
export function altered(answer: Answer, { rule, seenNext }: Rule, request: RequestEntry): Answer {
  const { effect } = rule;
  if (!['rewrite', 'truncate', 'shape', 'nextPage'].includes(effect.kind)) return answer;
  const text = textOfAnswer(answer);
  if (effect.kind === 'rewrite') return { ...answer, content: { text: effect.change(text) } };
  if (effect.kind === 'truncate') return { ...answer, content: { text: text.slice(0, Math.floor(text.length / 2)) } };
  const body = parsed(text);
  if (body === undefined) return answer; // other trouble has spoilt it
  if (effect.kind === 'nextPage')
    return { ...answer, content: { json: withNext(body, effect.as, seenIn(seenNext, request), request) } };
  if (effect.kind !== 'shape') return answer;
  const changed = effect.change ? effect.change(body, request) : body;
  for (const [path, value] of Object.entries(effect.set ?? {})) write(changed, path, value);
  for (const path of effect.remove ?? []) write(changed, path, undefined);
  return { ...answer, content: { json: changed } };
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function rateLimited(effect: Extract<Effect, { kind: 'rateLimit' }>, requestId: string, now: number): Answer {
  const headers: Record<string, string | undefined> = { 'X-RateLimit-Remaining': '0' };
  if (effect.resetIn === null) headers['X-RateLimit-Reset'] = undefined;
  else if (effect.resetIn !== undefined) headers['X-RateLimit-Reset'] = String(now + effect.resetIn);
  if (effect.retryAfter !== undefined) headers['Retry-After'] = String(effect.retryAfter);
  return {
    ...jsonAnswer(429, errorBody(requestId, 'rate_limit_exceeded', 'Exceeded rate limit of 83 in 10_seconds')),
    headers,
  };
}

/** Where one search or list was said to go on: what belongs to another would lead past records, which Intercom's does not. */
function seenIn(seen: Map<string, string[]>, { path, query, body = null }: RequestEntry): string[] {
  const own = Object.entries(query).filter(([name]) => !PAGING.has(name));
  const key = JSON.stringify([path, own, at(body, 'query') ?? null, at(body, 'sort') ?? null]);
  const known = seen.get(key) ?? [];
  seen.set(key, known);
  return known;
}

/** `pages.next` is an object with a token, or a link. */
function withNext(
  body: Json,
  as: Extract<Effect, { kind: 'nextPage' }>['as'],
  seen: string[],
  { path }: RequestEntry,
): Json {
  const next = at(body, 'pages.next');
  if (as === 'null') write(body, 'pages.next', null);
  if (as === 'missing') write(body, 'pages.next', undefined);
  const place = isObject(next) ? 'pages.next.starting_after' : 'pages.next';
  const leads = at(body, place);
  if (typeof leads !== 'string') return body;
  if (as === 'url' && isObject(next))
    write(body, 'pages.next', `https://api.intercom.io${path}?starting_after=${encodeURIComponent(leads)}`);
  const page = isObject(next) ? null : new URL(leads).searchParams.get('page');
  if (as === 'object' && page !== null) write(body, 'pages.next', { page: Number(page) });
  const kept = as === 'repeat' ? 1 : 2;
  if (as === 'repeat' || as === 'alternate') {
    if (seen.length < kept) seen.push(leads);
    else {
      seen.push(seen.shift()!);
      write(body, place, seen[seen.length - 1]);
    }
  }
  return body;
}

function write(body: Json, path: string, value: Json | undefined): void {
  const steps = path.split('.');
  const last = steps.pop()!;
  const parent = steps.length === 0 ? body : at(body, steps.join('.'));
  if (!isObject(parent)) return;
  const target: JsonObject = parent;
  if (value === undefined) Reflect.deleteProperty(target, last);
  else target[last] = value;
}

function codeOf(status: number): string {
  return CODES[status] ?? 'server_error';
}

/** What differs from page to page. */
const PAGING = new Set(['before', 'page', 'per_page', 'starting_after']);
const CODES: Record<number, string> = {
  400: 'parameter_invalid',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  408: 'request_timeout',
  410: 'gone',
  429: 'rate_limit_exceeded',
  503: 'service_unavailable',
};
const HTML =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n';
