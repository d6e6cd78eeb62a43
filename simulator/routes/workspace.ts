import { ApiError, badRequest, notFound } from '../http/errors.ts';
import type { ApiRequest, Route, Services } from '../http/router.ts';
import { isObject, type Json, type JsonObject, without } from '../json.ts';
import { shownAttribute } from '../world/labels.ts';
import { answerPage, askedAnywhere, flag, list, type PageLimits } from './lists.ts';

export const WORKSPACE_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/me', handle: (_request, { world, quirks }) => (quirks.nullMe ? null : world.me()) },
  {
    method: 'GET',
    path: '/admins',
    scope: 'read_admins',
    handle: (request, { world }) => ({
      type: 'admin.list',
      admins: [...world.admins.all()].map((row) => withAvatar(request, row)),
    }),
  },
  { method: 'GET', path: '/admins/activity_logs', scope: 'read_admin_activity_logs', handle: activityLogs },
  {
    method: 'POST',
    path: '/admins/activity_logs/search',
    scope: 'read_admins',
    modern: true,
    since: 16,
    handle: searchActivityLogs,
  },
  { method: 'GET', path: '/admins/{id}', scope: ['read_admins', 'read_one_admin'], handle: getAdmin },
  {
    method: 'GET',
    path: '/away_status_reasons',
    scope: 'read_admins',
    since: 14,
    handle: (_request, { world }) => list(world.awayStatusReasons.all()),
  },
  {
    method: 'GET',
    path: '/teams',
    scope: 'read_admins',
    handle: (_request, { world }) => ({ type: 'team.list', teams: [...world.teams.all()] }),
  },
  { method: 'GET', path: '/teams/{id}', scope: 'read_admins', handle: getTeam },
  { method: 'GET', path: '/tags', scope: 'read_tags', handle: (_request, { world }) => list(world.tags.all()) },
  {
    method: 'GET',
    path: '/tags/{id}',
    scope: 'read_tags',
    handle: ({ params }, { world }) => world.tags.get(params['id']!) ?? missing(),
  },
  { method: 'GET', path: '/segments', scope: 'read_users_companies', handle: segments },
  {
    method: 'GET',
    path: '/segments/{id}',
    scope: 'read_users_companies',
    handle: ({ params }, { world }) => world.segments.get(params['id']!) ?? missing(),
  },
  {
    method: 'GET',
    path: '/notes/{id}',
    scope: 'read_users_companies',
    handle: ({ params }, { world }) => world.notes.get(params['id']!) ?? missing(),
  },
  { method: 'GET', path: '/data_attributes', scope: 'read_users_companies', handle: dataAttributes },
  {
    method: 'GET',
    path: '/subscription_types',
    scope: 'read_users_companies',
    handle: (_request, { world }) => list(world.subscriptionTypes.all()),
  },
  { method: 'GET', path: '/brands', since: 15, handle: (_request, { world }) => list(world.brands.all()) },
];

function withAvatar(request: ApiRequest, row: JsonObject): JsonObject {
  if (flag(request, 'display_avatar')) return row;
  return without(row, 'avatar');
}

function getAdmin(request: ApiRequest, { world }: Services): JsonObject {
  const row = world.admins.get(request.params['id']!);
  if (!row) throw new ApiError(404, 'admin_not_found', 'Admin not found');
  return withAvatar(request, row);
}

function getTeam({ params }: ApiRequest, { world }: Services): JsonObject {
  const row = world.teams.get(params['id']!);
  if (!row) throw new ApiError(404, 'team_not_found', 'Team not found');
  return row;
}

function activityLogs(request: ApiRequest, services: Services): JsonObject {
  const query = request.url.searchParams;
  const rows = logsBetween(
    services,
    query.get('created_at_after') ?? undefined,
    query.get('created_at_before') ?? undefined,
  );
  return answerPage(request, rows, LOG_PAGES);
}

function searchActivityLogs(request: ApiRequest, services: Services): JsonObject {
  const body = isObject(request.body) ? request.body : {};
  const types = body['event_types'];
  const rows = logsBetween(services, body['created_at_after'], body['created_at_before']);
  const wanted =
    Array.isArray(types) && types.length > 0 ? rows.filter((row) => types.includes(row['activity_type']!)) : rows;
  return answerPage(request, wanted, LOG_PAGES, askedAnywhere(request));
}

/** Both bounds belong to the span. */
function logsBetween({ world }: Services, after: Json | undefined, before: Json | undefined): JsonObject[] {
  if (after === undefined || after === null)
    throw badRequest('parameter_not_found', 'created_at_after is required', 'created_at_after');
  const [from, to] = [Number(after), before === undefined || before === null ? Infinity : Number(before)];
  if (Number.isNaN(from) || Number.isNaN(to))
    throw badRequest('parameter_invalid', 'created_at_after and created_at_before must be unix seconds');
  return [...world.activityLogs.all()]
    .filter((row) => Number(row['created_at']) >= from && Number(row['created_at']) <= to)
    .sort((a, b) => Number(b['created_at']) - Number(a['created_at']));
}

function segments(request: ApiRequest, { world }: Services): JsonObject {
  const rows = [...world.segments.all()].map((row) => {
    if (!flag(request, 'include_count')) return row;
    const members = world.memberships.contactSegments.members(world.segments.indexOf(row.id)!);
    return { ...row, count: members.filter((slot) => !world.contacts.isHidden(slot)).length };
  });
  return { type: 'segment.list', segments: rows };
}

function dataAttributes(request: ApiRequest, { world }: Services): JsonObject {
  const model = request.url.searchParams.get('model');
  if (model === 'conversation')
    throw new ApiError(
      422,
      'parameter_invalid',
      'model=conversation is no longer supported. Use GET /conversations/attributes instead',
    );
  if (model !== null && model !== 'contact' && model !== 'company')
    throw badRequest('parameter_invalid', `Unknown model ${model}`, 'model');
  const rows = [...world.dataAttributes.all()].filter(
    (row) =>
      (model === null || row['model'] === model) && (flag(request, 'include_archived') || row['archived'] !== true),
  );
  return list(rows.map(shownAttribute));
}

function missing(): never {
  throw notFound('Resource');
}

const LOG_PAGES: PageLimits = {
  perPage: 20,
  most: 250,
  type: 'activity_log.list',
  key: 'activity_logs',
  uncounted: true,
};
