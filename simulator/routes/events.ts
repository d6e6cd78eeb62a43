import { badRequest, notFound } from '../http/errors.ts';
import type { ApiRequest, Route, Services } from '../http/router.ts';
import type { JsonObject } from '../json.ts';
import { perPageOf } from '../search/query.ts';
import { flag } from './lists.ts';

export const EVENT_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/events', scope: 'read_events', handle: events },
];

function events(request: ApiRequest, services: Services): JsonObject {
  const { world } = services;
  const query = request.url.searchParams;
  if (query.get('type') !== 'user') throw badRequest('parameter_invalid', 'type must be user', 'type');
  const slot = contactAsked(query, services);
  return flag(request, 'summary')
    ? summary(slot, services)
    : page(query, world.events.recent(slot), world.contacts.idOf(slot));
}

function summary(slot: number, { world }: Services): JsonObject {
  const { contacts, events: log } = world;
  return {
    type: 'event.summary',
    email: contacts.peek(slot, 'email') ?? null,
    intercom_user_id: contacts.idOf(slot),
    user_id: contacts.peek(slot, 'external_id') ?? null,
    events: log.summary(slot),
  };
}

/** A page, newest first; its URLs hold the exact times at which it was cut. */
function page(query: URLSearchParams, all: ReturnType<Services['world']['events']['recent']>, id: string): JsonObject {
  const perPage = Math.min(perPageOf(query.get('per_page') ?? undefined, 50, Infinity), 150);
  const before = Number(query.get('before') ?? Infinity);
  const since = Number(query.get('since') ?? -Infinity);
  if (Number.isNaN(before) || Number.isNaN(since))
    throw badRequest('parameter_invalid', 'before and since must be milliseconds');
  const wanted = all.filter(({ milliseconds }) => milliseconds <= before && milliseconds >= since);
  const rows = wanted.slice(0, perPage);
  const pages: JsonObject = {};
  if (wanted.length > perPage) {
    const next = query.has('since') ? `&since=${since}` : '';
    pages['next'] =
      `${EVENTS_URL}?per_page=${perPage}&before=${rows.at(-1)!.milliseconds - 1}&intercom_user_id=${id}&type=user${next}`;
  }
  const newest = all[0]?.milliseconds;
  if (newest !== undefined) pages['since'] = `${EVENTS_URL}?intercom_user_id=${id}&type=user&since=${newest + 1}`;
  return { type: 'event.list', events: rows.map(({ row }) => row), pages };
}

function contactAsked(query: URLSearchParams, { world }: Services): number {
  const named = ['intercom_user_id', 'user_id', 'email'].filter((name) => query.has(name));
  if (named.length !== 1)
    throw badRequest('parameter_not_found', 'Exactly one of user_id, intercom_user_id and email is required');
  const value = query.get(named[0]!)!;
  const { contacts } = world;
  const slot =
    named[0] === 'intercom_user_id'
      ? contacts.slotOf(value)
      : named[0] === 'user_id'
        ? contacts.byExternalId(value)
        : contacts.byEmail(value);
  if (slot === undefined || contacts.isHidden(slot)) throw notFound('User');
  return slot;
}

const EVENTS_URL = 'https://api.intercom.io/events';
