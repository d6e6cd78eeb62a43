import { textOf, type Json } from '../json.ts';
import type { World } from '../world/world.ts';

/** A request whose answer is judged. */
export interface Probe {
  readonly route: string;
  readonly url: string;
  readonly body?: Json;
  /** The component that describes the answer, where the description of the route is silent about it. */
  readonly schema?: string;
  /** Default 200. */
  readonly status?: number;
}

/** Requests to every route, with several ids and the ways in which it may be asked. */
export function probes(world: World): Probe[] {
  return [...lists(), ...contacts(world), ...companies(world), ...conversations(world), ...rest(world)];
}

function lists(): Probe[] {
  const everything = { query: { field: 'created_at', operator: '>', value: 0 }, pagination: { per_page: 150 } };
  return [
    get('/me'),
    get('/admins'),
    get('/admins', '?display_avatar=true'),
    get('/admins/activity_logs', '?created_at_after=1'),
    post('/admins/activity_logs/search', { created_at_after: 1, per_page: 250 }),
    get('/teams'),
    get('/contacts', '?per_page=150&include_merge_history=true'),
    post('/contacts/search', everything),
    post('/contacts/search', {}, 400),
    post('/companies/list', { per_page: 60 }),
    get('/companies/scroll'),
    get('/companies/scroll', '', 400),
    get('/conversations', '?per_page=150'),
    post('/conversations/search', everything),
    post('/conversations/search', everything, 200, '?include_monitors=true&include_scorecards=true'),
    get('/conversations/deleted'),
    get('/conversations/attributes', '?include_archived=true'),
    post('/tickets/search', everything),
    get('/ticket_types'),
    get('/ticket_states'),
    get('/tags'),
    get('/segments', '?include_count=true'),
    get('/data_attributes', '?include_archived=true'),
    get('/data_attributes', '?model=conversation', 422),
    get('/subscription_types'),
    get('/away_status_reasons'),
    get('/brands'),
    get('/help_center/help_centers'),
    get('/help_center/collections', '?per_page=250'),
    get('/articles', '?per_page=250'),
    get('/internal_articles'),
    get('/news/news_items', '?per_page=50'),
    get('/news/newsfeeds'),
    get('/macros'),
    get('/macros', '?per_page=5'),
    get('/macros', '?updated_since=yesterday', 400),
    get('/calls'),
  ];
}

function contacts(world: World): Probe[] {
  const children = ['companies', 'notes', 'segments', 'tags', 'subscriptions'];
  const ids = [...world.contacts.all()].slice(0, 60).map(({ id }) => id);
  const users = [...world.contacts.all()].filter(({ role }) => role === 'user');
  const known = users.find((user) => typeof user['external_id'] === 'string')!;
  return [
    ...ids.flatMap((id) => [
      get('/contacts/{id}', '', 200, id),
      ...children.map((child) => get(`/contacts/{id}/${child}`, '', 200, id)),
      { ...get('/events', `?type=user&intercom_user_id=${id}&per_page=3`), schema: 'data_event_list' },
      get('/events', `?type=user&intercom_user_id=${id}&summary=true`),
    ]),
    ...users.slice(0, 10).map(({ id }) => get('/contacts/{id}/merge_history', '?per_page=1', 200, id)),
    get('/contacts/{id}', '', 404, 'nobody'),
    get('/contacts/{id}', '', 410, world.contacts.idOf(300)),
    get('/contacts/find_by_external_id/{id}', '', 200, textOf(known['external_id'])),
    get('/contacts/find_by_external_id/{id}', '', 404, 'nobody'),
  ];
}

function companies(world: World): Probe[] {
  const rows = [...world.companies.all()].slice(0, 40);
  return [
    ...rows.flatMap(({ id }) =>
      ['', '/contacts', '/segments', '/notes'].map((child) => get(`/companies/{id}${child}`, '', 200, id)),
    ),
    get('/companies/{id}', '', 404, 'nothing'),
    get('/companies', `?tag_id=${[...world.tags.all()][0]!.id}`),
    get('/companies', `?segment_id=${[...world.segments.all()][0]!.id}`),
    { ...get('/companies', `?company_id=${rows[0]!.company_id}`), schema: 'company' },
    { ...get('/companies', `?name=${encodeURIComponent(textOf(rows[0]!['name']))}`), schema: 'company' },
    get('/companies', '?company_id=nothing', 404),
  ];
}

function conversations(world: World): Probe[] {
  const ids = [...world.conversations.all()].slice(0, 80).map(({ id }) => id);
  const tickets = [...world.tickets.all()].map(({ id }) => id);
  return [
    ...[...ids, ...tickets].map((id) => get('/conversations/{id}', '', 200, id)),
    ...ids.slice(0, 5).map((id) => get('/conversations/{id}', '?display_as=plaintext', 200, id)),
    ...ids.map((id) => get('/conversations/{id}/handling_events', '', 200, id)),
    ...tickets.map((id) => get('/tickets/{id}', '', 200, id)),
    get('/conversations/{id}', '', 404, '1'),
  ];
}

function rest(world: World): Probe[] {
  const first = (rows: Iterable<{ id: string }>): string => [...rows][0]!.id;
  const notes = [...world.notes.all()].map(({ id }) => id);
  return [
    get('/admins/{id}', '', 200, first(world.admins.all())),
    get('/admins/{id}', '', 404, '1'),
    get('/teams/{id}', '', 200, first(world.teams.all())),
    get('/teams/{id}', '', 404, '1'),
    get('/tags/{id}', '', 200, first(world.tags.all())),
    get('/tags/{id}', '', 404, '1'),
    get('/segments/{id}', '', 200, first(world.segments.all())),
    get('/segments/{id}', '', 404, '1'),
    ...notes.map((id) => get('/notes/{id}', '', 200, id)),
    get('/notes/{id}', '', 404, '1'),
    ...[...world.articles.all()].map(({ id }) => get('/articles/{id}', '', 200, id)),
    get('/articles/{id}', '', 404, '1'),
  ];
}

function get(path: string, query = '', status = 200, id = ''): Probe {
  return { route: `GET ${path}`, url: path.replace('{id}', id) + query, status };
}

function post(path: string, body: Json, status = 200, query = ''): Probe {
  return { route: `POST ${path}`, url: path + query, body, status };
}
