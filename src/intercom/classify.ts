import type { ErrorKind } from '../core/errors.ts';
import type { BodyKind, Seen } from './answer.ts';
import { ApiError, pathOf, type ApiFailure, type Request } from './api.ts';
import { permissionFor } from './permissions.ts';

/** What an answer means. `again`: the same request may succeed later. */
export interface Verdict {
  readonly failure: ApiFailure;
  readonly kind: ErrorKind;
  readonly again: boolean;
  readonly advice: (seen: Seen, request: Request) => string;
}

/** What an answer means; undefined: it is what was asked for. */
export function classify(seen: Seen): Verdict | undefined {
  return RULES.find(({ when }) => when(seen))?.verdict;
}

/** The error in three parts: what was being done, what came back, what to do. */
export function answerError(verdict: Verdict, seen: Seen, request: Request, attempts: number): ApiError {
  const { status, code, message, requestId, body } = seen;
  const words = [
    `${request.purpose}: Intercom answered ${status}`,
    code === undefined ? '' : ` ${code}`,
    message === undefined ? '' : `, "${message}"`,
    message === undefined && code === undefined && body !== 'object' ? `, ${BODIES[body]}` : '',
    requestId === undefined ? '' : ` (request id ${requestId})`,
    attempts > 1 ? `, after ${attempts} attempts` : '',
    `. ${verdict.advice(seen, request)}`,
  ].join('');
  return new ApiError(verdict.failure, verdict.kind, words, { status, code });
}

interface Rule {
  readonly when: (seen: Seen) => boolean;
  readonly verdict: Verdict;
}

const BAD_TOKEN = new Set([
  'unauthorized',
  'token_not_found',
  'token_revoked',
  'token_expired',
  'token_blocked',
  'missing_authorization',
]);

const BODIES: Readonly<Record<Exclude<BodyKind, 'object'>, string>> = {
  other_json: 'with JSON that is not an object',
  empty: 'with an empty body',
  html: 'with a web page instead of JSON',
  broken: 'with a body that is not JSON, or was cut off',
};

const wait = (): string =>
  'This passes by itself; run the sync again later. If it stays, see https://www.intercomstatus.com.';

const report = (): string => 'This is a fault of the connector or a change of the API; please report it.';

const checkToken = ({ code }: Seen): string => {
  const where = 'from the Developer Hub (your app, Configure, Authentication)';
  const region = ' If the token is right, the region may be wrong: set `region` to the one of the workspace.';
  return `Set \`access_token\` to a valid token ${where}.${code === 'unauthorized' ? region : ''}`;
};

const grant = ({ code, message, body }: Seen, { path }: Request): string => {
  if (code === 'token_suspended')
    return 'The app that the token belongs to is suspended; ask Intercom, or use another token.';
  const scope = /required scopes? \(([\w, ]+)\)/.exec(message ?? '')?.[1];
  const name = permissionFor(pathOf(path) ?? path);
  const permission = [name === undefined ? '' : ` "${name}"`, scope === undefined ? '' : ` (scope ${scope})`].join('');
  const firewall =
    body === 'object' ? '' : ' An answer that is no JSON may also come from a proxy or firewall on the way.';
  return (
    `Give the access token the permission${permission === '' ? ' for it' : permission} in the Developer Hub ` +
    `(your app, Configure, Authentication), or leave this stream out.${firewall}`
  );
};

const status = (...statuses: readonly number[]): ((seen: Seen) => boolean) => {
  return (seen) => statuses.includes(seen.status);
};

/** The first that matches counts; none matches a JSON object with a status of success. */
const RULES: readonly Rule[] = [
  {
    when: (seen) => seen.status === 401 && BAD_TOKEN.has(seen.code ?? ''),
    verdict: { failure: 'bad_token', kind: 'config', again: false, advice: checkToken },
  },
  {
    when: (seen) => seen.status === 402 || (seen.status === 403 && seen.code === 'api_plan_restricted'),
    verdict: {
      failure: 'unavailable',
      kind: 'config',
      again: false,
      advice: () => "The workspace's plan does not include this product; leave this stream out, or ask Intercom.",
    },
  },
  { when: status(401, 403), verdict: { failure: 'no_permission', kind: 'config', again: false, advice: grant } },
  {
    when: status(404, 410),
    verdict: {
      failure: 'gone',
      kind: 'system',
      again: false,
      advice: () => 'It was deleted or merged, or the workspace does not have it.',
    },
  },
  {
    when: (seen) =>
      seen.status < 500 && (seen.code === 'scroll_exists' || /scroll already exists/i.test(seen.message ?? '')),
    verdict: {
      failure: 'scroll_busy',
      kind: 'transient',
      again: false,
      advice: () =>
        'Only one scroll over companies can be open in a workspace, and something else holds it. It ends a minute after its last use.',
    },
  },
  {
    // Repeating the request would not help: the scroll is lost, and its reader has to begin a new one.
    when: (seen) => seen.status >= 500 && /restart the scroll/i.test(seen.message ?? ''),
    verdict: { failure: 'transient', kind: 'transient', again: false, advice: wait },
  },
  {
    when: status(407),
    verdict: {
      failure: 'refused',
      kind: 'config',
      again: false,
      advice: () => 'The proxy on the way wants a name and password: put them into HTTPS_PROXY.',
    },
  },
  {
    when: status(429),
    verdict: {
      failure: 'transient',
      kind: 'transient',
      again: true,
      advice: () =>
        'The rate limit of the workspace is used up, perhaps by other apps. Run again later, or lower `rate_limit_share`.',
    },
  },
  {
    when: (seen) => seen.status === 408 || seen.status >= 500,
    verdict: { failure: 'transient', kind: 'transient', again: true, advice: wait },
  },
  {
    when: (seen) => seen.code === 'intercom_version_invalid',
    verdict: {
      failure: 'refused',
      kind: 'system',
      again: false,
      advice: () => 'Intercom no longer offers this in the API version that the connector uses; update the connector.',
    },
  },
  {
    when: (seen) => seen.status >= 400,
    verdict: { failure: 'refused', kind: 'system', again: false, advice: report },
  },
  {
    when: (seen) => seen.status >= 300 || seen.status < 200,
    verdict: {
      failure: 'unexpected',
      kind: 'system',
      again: false,
      advice: () =>
        'The connector does not follow Intercom to another host, since the token would go there. Check `region`.',
    },
  },
  {
    when: (seen) => ['empty', 'html'].includes(seen.body),
    verdict: { failure: 'transient', kind: 'transient', again: true, advice: wait },
  },
  {
    when: ({ body, json }) => body !== 'object' || json?.['type'] === 'error.list',
    verdict: { failure: 'unexpected', kind: 'system', again: true, advice: report },
  },
];
