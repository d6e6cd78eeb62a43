import { describe, expect, test } from '@jest/globals';
import { omit } from '../core/json.ts';
import { ApiError, type ApiFailure } from '../intercom/api.ts';
import { contextOf, NOW } from '../readers/testing/context.ts';
import { denials, isEverything, unreadable, type Denials, type Needs } from './probes.ts';

/** What each family of permissions is tried with. */
const FAMILIES: readonly (readonly [string, string, string])[] = [
  ['Read and list users and companies', 'POST', '/contacts/search'],
  ['Read conversations', 'POST', '/conversations/search'],
  ['Read tickets', 'POST', '/tickets/search'],
  ['Read events', 'GET', '/events'],
  ['Read tags', 'GET', '/tags'],
  ['Read admins', 'GET', '/admins'],
  ['Read admin activity logs', 'GET', '/admins/activity_logs'],
  ['Read and list articles', 'GET', '/articles'],
  ['Read and list news items and newsfeeds', 'GET', '/news/newsfeeds'],
];

/** Denials of a token that gets `failures`, by path, instead of answers. */
async function denied(failures: Readonly<Record<string, ApiFailure>>): Promise<Denials> {
  const { once } = contextOf(({ path }) => {
    const failure = failures[path];
    if (failure !== undefined) throw new ApiError(failure, 'config', 'Refused');
    return {};
  });
  return denials(once, NOW);
}

function everywhere(failure: ApiFailure): Record<string, ApiFailure> {
  return Object.fromEntries(FAMILIES.map(([, , path]) => [path, failure]));
}

describe('what a token is denied', () => {
  test('is nothing where everything is answered', async () => {
    expect([...(await denied({}))]).toEqual([]);
  });

  test.each(FAMILIES)('is "%s" alone where %s %s is refused', async (permission, _, path) => {
    expect([...(await denied({ [path]: 'no_permission' }))]).toEqual([[permission, 'no_permission']]);
    expect([...(await denied({ [path]: 'unavailable' }))]).toEqual([[permission, 'unavailable']]);
  });

  test.each<ApiFailure>(['gone', 'transient', 'refused', 'unexpected', 'bad_token'])(
    'does not show in an answer that is %s',
    async (failure) => {
      expect([...(await denied(everywhere(failure)))]).toEqual([]);
    },
  );

  test('does not show where nothing could be asked', async () => {
    expect([...(await denials(() => Promise.reject(new Error('Out of budget')), NOW))]).toEqual([]);
  });

  test('is found out with one attempt for each family, all side by side', async () => {
    const { promise, resolve } = Promise.withResolvers<object>();
    const { once, requests } = contextOf(() => promise);
    const found = denials(once, NOW);
    expect(requests.map(({ method, path, attempts }) => [method, path, attempts])).toEqual(
      FAMILIES.map(([, method, path]) => [method, path, 1]),
    );
    resolve({});
    await found;
  });

  test('is found out with requests for one record at most, where one can ask for so little', async () => {
    const { once, requests } = contextOf(() => ({}));
    await denials(once, NOW);
    const asked = new Map(requests.map(({ path, query, body }) => [path, body ?? query]));
    const any = { query: { field: 'updated_at', operator: '>', value: 0 }, pagination: { per_page: 1 } };
    for (const path of ['/contacts/search', '/conversations/search', '/tickets/search'])
      expect([path, asked.get(path)]).toEqual([path, any]);
    for (const path of ['/articles', '/news/newsfeeds'])
      expect([path, asked.get(path)]).toEqual([path, { per_page: 1 }]);
    expect(asked.get('/admins/activity_logs')).toEqual({ created_at_after: NOW });
    expect(asked.get('/events')).toMatchObject({ type: 'user', intercom_user_id: expect.stringMatching(/^0+$/) });
  });
});

test('everything is denied only to a token that lacks every permission', async () => {
  const [, , path] = FAMILIES[0]!;
  const others = omit(everywhere('no_permission'), path);
  expect(isEverything(await denied(everywhere('no_permission')))).toBe(true);
  expect(isEverything(await denied(others))).toBe(false);
  expect(isEverything(await denied({ ...others, [path]: 'unavailable' }))).toBe(false);
  expect(isEverything(await denied({}))).toBe(false);
});

describe('what is said of a token that lacks something', () => {
  const READ_TAGS = 'Read tags';
  const needs: readonly Needs[] = [
    { name: 'tags', permission: READ_TAGS, always: [READ_TAGS], sometimes: [] },
    { name: 'contact_tags', permission: 'Read users', always: ['Read users', READ_TAGS], sometimes: [] },
    { name: 'contacts', permission: 'Read users', always: ['Read users'], sometimes: [READ_TAGS] },
    { name: 'tickets', permission: 'Read tickets', always: ['Read tickets'], sometimes: [] },
  ];

  test('is nothing if it lacks nothing', () => {
    expect(unreadable(needs, new Map())).toEqual([]);
  });

  test('names the streams that need it, and those that need it for some records', () => {
    expect(unreadable(needs, new Map([[READ_TAGS, 'no_permission']]))).toEqual([
      'Without the permission "Read tags" the token cannot read: tags, contact_tags.' +
        ' At the first record that needs it these fail: contacts.',
    ]);
  });

  test('does not mention some records where no stream needs it for some', () => {
    expect(unreadable(needs, new Map([['Read tickets', 'no_permission']]))).toEqual([
      'Without the permission "Read tickets" the token cannot read: tickets.',
    ]);
  });

  test('names the streams of a product that the workspace lacks as empty, and no others', () => {
    expect(unreadable(needs, new Map([['Read users', 'unavailable']]))).toEqual([
      "The workspace's plan does not include, so that they stay empty: contact_tags, contacts.",
    ]);
  });

  test('is a line for each', () => {
    const denied: Denials = new Map([
      ['Read tickets', 'unavailable'],
      [READ_TAGS, 'no_permission'],
    ]);
    expect(unreadable(needs, denied)).toHaveLength(2);
  });
});
