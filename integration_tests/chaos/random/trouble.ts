import type { Effect, TroubleRule } from '../../../simulator/index.ts';
import type { Chance } from '../../engine/support/chance.ts';

/** Up to four kinds of trouble, rare or frequent. @param isSkewed - Intercom's clock is wrong, too */
export function randomTrouble(chance: Chance, isSkewed: boolean): readonly TroubleRule[] {
  const rules = Array.from({ length: chance.below(5) }, () => randomRule(chance));
  return isSkewed ? [...rules, { effect: { kind: 'dateSkew', seconds: chance.pick([-3600, -45, 700, 3600]) } }] : rules;
}

function randomRule(chance: Chance): TroubleRule {
  const { effects, match = {}, isRare = false } = chance.pick(KINDS);
  const effect = chance.pick(effects);
  const seed = chance.below(2 ** 31);
  if (isRare || chance.next() < 0.3) {
    const nth = 1 + chance.below(chance.pick([3, 30, 200]));
    return { match: { ...match, nth, times: chance.pick([1, 1, 2, 5, 12]) }, effect };
  }
  return { match, effect, seed, probability: chance.pick([0.01, 0.05, 0.2, 0.5]) };
}

interface Kind {
  readonly effects: readonly Effect[];
  readonly match?: TroubleRule['match'];
  /** So lasting that nothing could be read if it came often. */
  readonly isRare?: boolean;
}

const SEARCHES = /^POST .*\/search$/;
/** Searches of records, which tell by numbers where they are. */
const RECORDS = /^POST \/(contacts|conversations|tickets)\/search$/;

const KINDS: readonly Kind[] = [
  { effects: [500, 502, 503, 504, 408, 520].map((status) => ({ kind: 'status', status })) },
  { effects: [{ kind: 'html', status: 502 }, { kind: 'html' }, { kind: 'empty' }, { kind: 'truncate' }] },
  { effects: [{ kind: 'refuse' }, { kind: 'reset' }, { kind: 'resetMidBody' }] },
  { effects: [{ kind: 'hang' }], isRare: true },
  {
    effects: [
      { kind: 'rateLimit' },
      { kind: 'rateLimit', resetIn: null },
      { kind: 'rateLimit', resetIn: 25 },
      { kind: 'rateLimit', resetIn: null, retryAfter: 40 },
      { kind: 'nothingRemaining' },
      { kind: 'noRateLimitHeaders' },
    ],
  },
  {
    effects: [
      { kind: 'delay', ms: 3000 },
      { kind: 'delay', ms: 40_000 },
      { kind: 'slow', perPageAbove: 20, msPerRow: 1000 },
    ],
  },
  { effects: [{ kind: 'nextPage', as: 'url' }] },
  {
    effects: (['null', 'missing', 'repeat', 'alternate'] as const).map((as) => ({ kind: 'nextPage', as })),
    match: { route: RECORDS },
  },
  {
    effects: (['restart', 'expire', 'repeat'] as const).map((how) => ({ kind: 'scroll', how })),
    match: { route: 'GET /companies/scroll' },
  },
  {
    effects: [{ kind: 'status', status: 400, code: 'client_error', message: 'Invalid starting_after param' }],
    match: { route: RECORDS, page: 'later' },
  },
  {
    effects: [
      { kind: 'status', status: 404 },
      { kind: 'shape', set: { data: {}, conversations: 7, tickets: 'none' } },
    ],
    match: { route: SEARCHES },
    isRare: true,
  },
  {
    effects: [
      { kind: 'status', status: 401, code: 'token_revoked' },
      { kind: 'status', status: 401, code: 'token_unauthorized' },
      { kind: 'status', status: 403, code: 'forbidden' },
      { kind: 'status', status: 422, code: 'parameter_invalid' },
    ],
    isRare: true,
  },
];
