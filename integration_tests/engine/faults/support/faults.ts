import type { Effect, Json } from '../../../../simulator/index.ts';

/** Something that goes wrong with a request. */
export interface Fault {
  readonly name: string;
  /** All of them at once. */
  readonly effects: readonly Effect[];
  /** What a stream says of it that ends incomplete. */
  readonly says: RegExp;
  /** Kinds of requests (see `kindOf`) that it can befall. Default: all. */
  readonly where?: RegExp;
  /** A stream may end incomplete although it happens only once. */
  readonly breaks?: true;
  /** That it happens once is enough: nobody asks again. */
  readonly isFinal?: true;
  /** The warning with which a stream may be complete without all of its rows. Default: none may. */
  readonly leavesOut?: RegExp;
}

/** No list where one is promised, or no id. */
const UNSHAPED = /no list of records at|is no record, since it has no id/;
const GONE = /does not have it|deleted since it was listed|there is no company/;
/** What is no id of Intercom's is refused as one, so that a name may stand there. */
const UNKNOWN = /there is no company/;
const COLUMNS = /cannot become columns/;
const LATER = /, later page$/;
/** Lists of which Intercom says neither how many rows there are nor how many pages: their end is where no next page is named. */
const COUNTED = /^(?!GET \/(?:events|macros)\b)/;

const network: readonly Fault[] = [
  fault('connection refused', /ECONNREFUSED.*Check the network/, { kind: 'refuse' }),
  fault('reset before the body', /ECONNRESET.*Check the network/, { kind: 'reset' }),
  fault('reset in the body', /Content-Length mismatch.*Check the network/, { kind: 'resetMidBody' }),
  fault('no answer in time', /Timeout.*request_timeout/, { kind: 'hang' }),
  fault('too slow for two rows at once', /Timeout.*request_timeout/, {
    kind: 'slow',
    perPageAbove: 1,
    msPerRow: 400_000,
  }),
];

const limits: readonly Fault[] = [
  limit('429 with Reset', { kind: 'rateLimit', resetIn: 7 }),
  limit('429 with Retry-After', { kind: 'rateLimit', resetIn: null, retryAfter: 7 }),
  limit('429 with a Reset that is past', { kind: 'rateLimit', resetIn: -30 }),
  limit('429 with neither', status(429, 'rate_limit_exceeded'), { kind: 'noRateLimitHeaders' }),
  limit('nothing remaining', { kind: 'nothingRemaining' }),
  limit('no headers of the rate limit', { kind: 'noRateLimitHeaders' }),
  limit('Date an hour ahead', { kind: 'dateSkew', seconds: 3600 }),
  limit('Date an hour behind', { kind: 'dateSkew', seconds: -3600 }),
];

const server: readonly Fault[] = [
  fault('408', /answered 408/, status(408)),
  fault('500', /answered 500/, status(500)),
  fault('502 with a web page', /answered 502, with a web page/, { kind: 'html', status: 502 }),
  fault('503', /answered 503/, status(503)),
  fault('504 without a body', /answered 504, with an empty body/, { kind: 'empty', status: 504 }),
];

const bodies: readonly Fault[] = [
  fault('200 without a body', /200, with an empty body/, { kind: 'empty' }),
  fault('200 with a web page', /200, with a web page/, { kind: 'html' }),
  fault('truncated JSON', /cut off/, { kind: 'truncate' }),
  fault('JSON that is a list', /200, with JSON that is not an object/, body([])),
  fault('JSON that is null', /200, with JSON that is not an object/, body(null)),
  fault('an error with status 200', /200 server_error, "Sorry"/, body(error('server_error', 'Sorry'))),
  misshapen('an empty object', body({})),
  misshapen(
    'records under another name',
    lists((list) => ({ records: list })),
  ),
  misshapen(
    'null for records',
    lists(() => null),
  ),
  misshapen(
    'a number among records',
    lists((list) => [...list, 7]),
  ),
];

const pages: readonly Fault[] = [
  fault('pages.next as object', /page/, { kind: 'nextPage', as: 'object' }),
  fault('pages.next as URL', /page/, { kind: 'nextPage', as: 'url' }),
  { ...fault('pages.next null', /pages/, { kind: 'nextPage', as: 'null' }), where: COUNTED },
  { ...fault('pages.next missing', /pages/, { kind: 'nextPage', as: 'missing' }), where: COUNTED },
  { ...fault('pages.next that repeats', /page/, { kind: 'nextPage', as: 'repeat' }), breaks: true },
  { ...fault('pages.next A-B-A-B', /page/, { kind: 'nextPage', as: 'alternate' }), breaks: true },
  {
    ...fault(
      'page token refused',
      /Invalid starting_after/,
      status(400, 'client_error', 'Invalid starting_after param.'),
    ),
    where: LATER,
    breaks: true,
  },
];

const rights: readonly Fault[] = [
  ...[
    'unauthorized',
    'token_not_found',
    'token_revoked',
    'token_expired',
    'token_blocked',
    'missing_authorization',
  ].map((code) => final(`401 ${code}`, new RegExp(`401 ${code}.*access_token`), status(401, code))),
  ...['token_unauthorized', 'token_suspended'].map((code) => forbidden(401, code)),
  ...['forbidden', 'action_forbidden', 'token_suspended'].map((code) => forbidden(403, code)),
  { ...final('403 with a web page', /403.*firewall/, { kind: 'html', status: 403 }), leavesOut: COLUMNS },
];

const refusals: readonly Fault[] = [
  { ...final('400', /400 parameter_invalid/, status(400, 'parameter_invalid')), leavesOut: UNKNOWN },
  { ...final('422', /422 data_invalid/, status(422, 'data_invalid')), leavesOut: UNKNOWN },
  final('sent to another host', /another host/, {
    kind: 'status',
    status: 302,
    headers: { Location: 'https://elsewhere.example/' },
  }),
];

const absences: readonly Fault[] = [
  absent('402', /402/, status(402, 'api_plan_restricted')),
  absent('403 api_plan_restricted', /403 api_plan_restricted/, status(403, 'api_plan_restricted')),
  absent('404', /404 not_found/, status(404, 'not_found')),
  absent('404 with a web page', /404/, { kind: 'html', status: 404 }),
  absent('410', /410/, status(410, 'contact_merged')),
];

const scrolls: readonly Fault[] = [
  {
    ...fault('scroll that exists', /only scroll/, status(400, 'scroll_exists', 'scroll already exists')),
    where: /\/scroll$/,
  },
  { ...fault('scroll that expires', /scroll/, { kind: 'scroll', how: 'expire' }), where: /\/scroll, / },
  { ...fault('scroll to restart', /scroll/, { kind: 'scroll', how: 'restart' }), where: /\/scroll/ },
  { ...fault('scroll that repeats a page', /scroll/, { kind: 'scroll', how: 'repeat' }), where: /\/scroll, / },
];

/** Everything that is tried with every kind of request. */
export const FAULTS: readonly Fault[] = [
  ...[...network, ...limits, ...server, ...bodies, ...pages],
  ...[...rights, ...refusals, ...absences, ...scrolls],
];

function fault(name: string, says: RegExp, ...effects: readonly Effect[]): Fault {
  return { name, says, effects };
}

function limit(name: string, ...effects: readonly Effect[]): Fault {
  return fault(name, /429.*rate limit/, ...effects);
}

function misshapen(name: string, effect: Effect): Fault {
  return { ...fault(name, UNSHAPED, effect), breaks: true };
}

function final(name: string, says: RegExp, effect: Effect): Fault {
  return { ...fault(name, says, effect), breaks: true, isFinal: true };
}

function forbidden(number: number, code: string): Fault {
  const says = new RegExp(`${number} ${code}.*(permission|suspended)`);
  return { ...final(`${number} ${code}`, says, status(number, code)), leavesOut: COLUMNS };
}

function absent(name: string, says: RegExp, effect: Effect): Fault {
  return { ...fault(name, says, effect), breaks: true, leavesOut: new RegExp(`${GONE.source}|${COLUMNS.source}`) };
}

function status(number: number, code?: string, message?: string): Effect {
  const words = { ...(code === undefined ? {} : { code }), ...(message === undefined ? {} : { message }) };
  return { kind: 'status', status: number, ...words };
}

function body(json: Json): Effect {
  return { kind: 'status', status: 200, body: json };
}

function error(code: string, message: string): Json {
  return { type: 'error.list', errors: [{ code, message }] };
}

/** Changes the lists of an answer, and takes the id of an answer that is a record itself. */
function lists(change: (list: Json[]) => Json): Effect {
  return {
    kind: 'shape',
    change: (answer) => {
      if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return answer;
      const kept = Object.entries(answer).filter(([key]) => key !== 'id');
      return Object.fromEntries(kept.map(([key, value]) => [key, Array.isArray(value) ? change(value) : value]));
    },
  };
}
