import { ApiError, notFound } from '../http/errors.ts';
import type { ApiRequest, Route, Services } from '../http/router.ts';
import type { JsonObject } from '../json.ts';
import { cursorPages, decodeCursor, encodeCursor, invalidCursor } from '../paging.ts';
import { contactDialect } from '../search/dialects.ts';
import type { Searched } from '../search/engine.ts';
import { perPageOf } from '../search/query.ts';
import type { Contact } from '../world/contacts.ts';
import { GONE, MERGED } from '../world/table.ts';
import type { World } from '../world/world.ts';
import { answerPage, answerSearch, flag, list, perPageInQuery } from './lists.ts';

export const CONTACT_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/contacts', scope: 'read_users_companies', handle: listContacts },
  { method: 'POST', path: '/contacts/search', scope: 'read_users_companies', handle: searchContacts },
  {
    method: 'GET',
    path: '/contacts/find_by_external_id/{id}',
    scope: ['read_users_companies', 'read_one_user'],
    since: 13,
    handle: findByExternalId,
  },
  { method: 'GET', path: '/contacts/{id}', scope: ['read_users_companies', 'read_one_user'], handle: getContact },
  { method: 'GET', path: '/contacts/{id}/companies', scope: 'read_users_companies', handle: contactCompanies },
  {
    method: 'GET',
    path: '/contacts/{id}/notes',
    scope: 'read_users_companies',
    handle: (request, services) =>
      answerPage(request, services.world.notes.ofContact(contactSlot(request, services)), { perPage: 50, most: 150 }),
  },
  {
    method: 'GET',
    path: '/contacts/{id}/segments',
    scope: 'read_users_companies',
    handle: (request, { world, ...services }) =>
      list(
        world.memberships.contactSegments
          .of(contactSlot(request, { world, ...services }))
          .flatMap((index) => world.segments.at(index) ?? []),
      ),
  },
  {
    method: 'GET',
    path: '/contacts/{id}/tags',
    scope: 'read_tags',
    handle: (request, services) => list(services.world.contactTags(contactSlot(request, services))),
  },
  { method: 'GET', path: '/contacts/{id}/subscriptions', scope: 'read_users_companies', handle: contactSubscriptions },
  {
    method: 'GET',
    path: '/contacts/{id}/merge_history',
    scope: 'read_users_companies',
    since: 16,
    handle: mergeHistory,
  },
];

/** What contact search goes through. */
export function searchedContacts({ world, calendar }: Services): Searched<Contact> {
  return {
    table: world.contacts,
    calendar,
    variant: 'contacts',
    memberships: {
      tag_id: { links: world.memberships.contactTags, indexOf: (id) => world.tags.indexOf(id) },
      segment_id: { links: world.memberships.contactSegments, indexOf: (id) => world.segments.indexOf(id) },
    },
  };
}

/** Adds the merge history of users, where it is asked for. */
export function withHistory(world: World, request: ApiRequest, contact: Contact): JsonObject {
  return flag(request, 'include_merge_history') && contact.role === 'user'
    ? { ...contact, merge_history: historyOf(contact, world) }
    : contact;
}

/** As search knows the contact, it may not know of the last merges. */
function historyOf({ id, updated_at: updated }: Contact, { contacts }: World): JsonObject[] {
  return contacts.mergeHistory(id).filter(({ merged_at: at }) => typeof at !== 'number' || at <= updated);
}

function listContacts(request: ApiRequest, services: Services): JsonObject {
  const { contacts } = services.world;
  const { perPage, shown } = perPageInQuery(request, services, 50, 150);
  const after = request.url.searchParams.get('starting_after');
  const cursor = after === null || after === '' ? undefined : decodeCursor(after, false);
  const from = cursor && contacts.slotOf(cursor.id);
  if (cursor && from === undefined) throw invalidCursor();
  const data: JsonObject[] = [];
  let last = -1;
  let next: string | undefined;
  for (let slot = (from ?? -1) + 1; slot < contacts.slotCount; slot++) {
    if (contacts.isHidden(slot)) continue;
    if (data.length === perPage) {
      next = encodeCursor({ value: -1, id: contacts.idOf(last), page: (cursor?.page ?? 1) + 1 }, false);
      break;
    }
    data.push(withHistory(services.world, request, contacts.row(slot)));
    last = slot;
  }
  return {
    type: 'list',
    data,
    total_count: contacts.size,
    pages: cursorPages(services.quirks, cursor?.page ?? 1, shown, contacts.size, next),
  };
}

function searchContacts(request: ApiRequest, services: Services): JsonObject {
  return answerSearch(request, services, {
    searched: searchedContacts(services),
    dialect: contactDialect(services.world),
    type: 'list',
    key: 'data',
    show: (contact) => withHistory(services.world, request, contact),
  });
}

function getContact(request: ApiRequest, services: Services): JsonObject {
  const { contacts } = services.world;
  return withHistory(services.world, request, contacts.row(contactSlot(request, services)));
}

function findByExternalId(request: ApiRequest, { world }: Services): JsonObject {
  const slot = world.contacts.byExternalId(request.params['id']!);
  if (slot === undefined || world.contacts.isHidden(slot) || world.contacts.isLead(slot)) throw notFound('User');
  return withHistory(world, request, world.contacts.row(slot));
}

function contactCompanies(request: ApiRequest, services: Services): JsonObject {
  const { world } = services;
  const slots = world.memberships.contactCompanies.of(contactSlot(request, services));
  const rows = slots.filter((slot) => !world.companies.has(slot, GONE)).map((slot) => world.companies.row(slot));
  return answerPage(request, rows, { perPage: 50, most: 60 });
}

function contactSubscriptions(request: ApiRequest, services: Services): JsonObject {
  const { memberships, subscriptionTypes } = services.world;
  const slot = contactSlot(request, services);
  const chosen = [...memberships.optedIn.of(slot), ...memberships.optedOut.of(slot)];
  return list([...new Set(chosen)].flatMap((index) => subscriptionTypes.at(index) ?? []));
}

function mergeHistory(request: ApiRequest, services: Services): JsonObject {
  const { contacts } = services.world;
  const slot = contacts.slotOf(request.params['id']!);
  if (slot === undefined || contacts.has(slot, GONE | MERGED) || contacts.isLead(slot))
    throw new ApiError(404, 'not_found', 'Contact not found');
  const { searchParams } = request.url;
  const items = [...contacts.mergeHistory(request.params['id']!)];
  if (searchParams.get('order') === 'asc') items.reverse();
  const perPage = perPageOf(searchParams.get('per_page') ?? undefined, 50, 150);
  const from = cursorPosition(searchParams.get('cursor'));
  const hasMore = from + perPage < items.length;
  const answer: JsonObject = { type: 'list', data: items.slice(from, from + perPage), has_more: hasMore };
  if (hasMore) answer['next_cursor'] = Buffer.from(String(from + perPage)).toString('base64');
  return answer;
}

function cursorPosition(cursor: string | null): number {
  if (cursor === null || cursor === '') return 0;
  const position = Number(Buffer.from(cursor, 'base64').toString());
  if (!Number.isInteger(position)) throw invalidCursor();
  return position;
}

/** The slot of the contact in the path, or the error for one that is gone. */
function contactSlot(request: ApiRequest, { world }: Services): number {
  const id = request.params['id']!;
  const slot = world.contacts.slotOf(id);
  if (slot === undefined || world.contacts.has(slot, GONE)) throw notFound('User');
  if (world.contacts.has(slot, MERGED)) {
    throw new ApiError(
      410,
      'contact_merged',
      "This contact has been merged. See the 'Link' header for the canonical contact.",
      {
        headers: { Link: `</contacts/${world.contacts.canonicalId(id) ?? id}>; rel="canonical"` },
      },
    );
  }
  return slot;
}
