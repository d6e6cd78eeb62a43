import { ApiError, badRequest } from '../http/errors.ts';
import type { ApiRequest, Route, Services } from '../http/router.ts';
import { isObject, type JsonObject } from '../json.ts';
import { numberedPage } from '../paging.ts';
import type { Links } from '../world/links.ts';
import { GONE } from '../world/table.ts';
import { answerPage, askedAnywhere, list, pageAsked, type PageLimits } from './lists.ts';

export const COMPANY_ROUTES: readonly Route[] = [
  { method: 'POST', path: '/companies/list', scope: 'read_users_companies', handle: listCompanies },
  { method: 'GET', path: '/companies/scroll', scope: 'read_users_companies', handle: scrollCompanies },
  { method: 'GET', path: '/companies', scope: 'read_users_companies', handle: findCompanies },
  {
    method: 'GET',
    path: '/companies/{id}',
    scope: ['read_users_companies', 'read_one_user'],
    handle: (request, services) => services.world.companies.row(companySlot(request, services)),
  },
  { method: 'GET', path: '/companies/{id}/contacts', scope: 'read_users_companies', handle: companyContacts },
  {
    method: 'GET',
    path: '/companies/{id}/segments',
    scope: 'read_users_companies',
    handle: (request, services) =>
      list(
        services.world.memberships.companySegments
          .of(companySlot(request, services))
          .flatMap((index) => services.world.segments.at(index) ?? []),
      ),
  },
  {
    method: 'GET',
    path: '/companies/{id}/notes',
    scope: 'read_users_companies',
    since: 15,
    handle: (request, services) =>
      answerPage(request, services.world.notes.ofCompany(companySlot(request, services)), { perPage: 50, most: 150 }),
  },
];

function listCompanies(request: ApiRequest, { world }: Services): JsonObject {
  const body = isObject(request.body) ? request.body : {};
  const order = body['order'] ?? request.url.searchParams.get('order') ?? 'desc';
  if (order !== 'asc' && order !== 'desc') throw badRequest('parameter_invalid', 'Order must be asc or desc');
  const slots = byLastRequest(
    world.companies.listedSlots(),
    (slot) => world.companies.peek(slot, 'last_request_at') as number | undefined,
  );
  if (order === 'asc') slots.reverse();
  return companyPage(request, slots, { world });
}

function scrollCompanies({ url }: ApiRequest, { world, scroll, quirks }: Services): JsonObject {
  const asked = url.searchParams.get('scroll_param');
  const { slots, param } =
    asked === null || asked === ''
      ? scroll.start(world.companies.listedSlots())
      : scroll.next(asked, quirks.newScrollParam);
  const data = slots.filter((slot) => !world.companies.has(slot, GONE)).map((slot) => world.companies.row(slot));
  return { type: 'list', data, pages: null, total_count: null, scroll_param: param };
}

function findCompanies(request: ApiRequest, services: Services): JsonObject {
  const { companies, memberships, tags, segments } = services.world;
  const { searchParams } = request.url;
  const wanted = ['name', 'company_id', 'tag_id', 'segment_id'].find((name) => searchParams.has(name));
  if (wanted === undefined)
    throw badRequest('parameter_not_found', 'name, company_id, tag_id or segment_id is required');
  const value = searchParams.get(wanted)!;
  if (wanted === 'tag_id')
    return companyPage(request, members(services, memberships.companyTags, tags.indexOf(value)), services);
  if (wanted === 'segment_id')
    return companyPage(request, members(services, memberships.companySegments, segments.indexOf(value)), services);
  for (let slot = 0; slot < companies.slotCount; slot++) {
    if (companies.has(slot, GONE)) continue;
    const row = wanted === 'company_id' && companies.peek(slot, wanted) !== value ? undefined : companies.row(slot);
    if (row?.[wanted] === value) return row;
  }
  throw new ApiError(404, 'company_not_found', 'Company Not Found');
}

function members({ world }: Services, links: Links, index: number | undefined): number[] {
  const listed = new Set(world.companies.listedSlots());
  return index === undefined ? [] : [...links.members(index)].filter((slot) => listed.has(slot));
}

function companyPage(request: ApiRequest, slots: readonly number[], { world }: Pick<Services, 'world'>): JsonObject {
  const { page, perPage } = pageAsked(askedAnywhere(request), LIMITS);
  if (page * perPage > MOST_LISTED) throw badRequest('bad_request', 'page limit reached, please use scroll API');
  const nextUrl = new URL(`/companies${request.url.search}`, request.url);
  const shown = numberedPage(slots, page, perPage, nextUrl);
  return {
    type: 'list',
    data: shown.rows.map((slot) => world.companies.row(slot)),
    pages: shown.pages,
    total_count: shown.total,
  };
}

function companyContacts(request: ApiRequest, services: Services): JsonObject {
  const { companies, contacts } = services.world;
  const { page, perPage } = pageAsked(askedAnywhere(request), { perPage: 50, most: 150 });
  const shown = numberedPage(companies.contactSlots(companySlot(request, services)), page, perPage, request.url);
  return {
    type: 'list',
    data: shown.rows.map((slot) => contacts.row(slot)),
    pages: shown.pages,
    total_count: shown.total,
  };
}

function companySlot({ params }: ApiRequest, { world }: Services): number {
  const slot = world.companies.slotOf(params['id']!);
  if (slot === undefined || world.companies.has(slot, GONE))
    throw new ApiError(404, 'company_not_found', 'Company Not Found');
  return slot;
}

/** Latest request first; companies without one come last. */
function byLastRequest(slots: readonly number[], timeOf: (slot: number) => number | undefined): number[] {
  return slots
    .map((slot) => ({ slot, time: timeOf(slot) ?? 0 }))
    .sort((a, b) => b.time - a.time || a.slot - b.slot)
    .map(({ slot }) => slot);
}

const LIMITS: PageLimits = { perPage: 15, most: 60 };
const MOST_LISTED = 10_000;
