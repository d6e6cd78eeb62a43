import { describe, expect, test } from '@jest/globals';
import { ApiError, type Request } from '../intercom/api.ts';
import { each } from './each.ts';
import { fewerCalls } from './fewer-calls.ts';
import { list } from './list.ts';
import { countChanged, search } from './search.ts';
import { all, contextOf, NOW } from './testing/context.ts';
import { FakeSearch } from './testing/fake-search.ts';

const DAY = 86_400;

interface Link {
  contact_id: string;
  contact_updated_at: number;
}

const contacts = search<{ id: string; updated_at: number }>('/contacts/search', 'data', {
  purpose: 'Reading',
  dates: 'day',
});
const byContact = each<{ id: string; updated_at: number }, Link>(
  contacts,
  ({ id }) => list(`/contacts/${id}/segments`, 'data', { purpose: 'Reading segments' }),
  { map: (_, { id, updated_at }) => [{ contact_id: id, contact_updated_at: updated_at }] },
);
const bySegment = list<Link>('/links', 'data', { purpose: 'Reading links' });

const links = (segments: number) =>
  fewerCalls<Link>(
    { source: byContact, calls: (since, context) => countChanged(contacts, 'data', since, context) },
    { source: bySegment, calls: () => Promise.resolve(segments) },
    'contact_updated_at',
  );

/** A hundred contacts, one for each minute before now. */
const workspace = new FakeSearch(
  Array.from({ length: 100 }, (_, index) => ({
    id: `c${String(index).padStart(2, '0')}`,
    updated_at: NOW - 60 * (index + 1),
  })),
  { day: DAY },
);

function answer(request: Request): unknown {
  if (request.method === 'POST') return workspace.answer(request);
  return request.path === '/links' ? { data: [{ contact_id: 'x', contact_updated_at: NOW }] } : { data: [] };
}

async function read(segments: number, since: number | undefined, answering = answer) {
  const context = contextOf(answering, { wants: [{ since, filters: [] }] });
  const pages = await all(links(segments).walk.read(context));
  return { context, pages, calls: context.requests.length, rows: pages.flatMap(({ records }) => records) };
}

describe('of two ways', () => {
  test.each<[string, number, number | undefined, number, number]>([
    ['the one by contact is taken where little changed', 5, NOW - 180, 3, 2 + 3],
    ['the one by contact is taken where nothing changed', 5, NOW, 0, 2],
    ['the other is taken where much changed', 5, NOW - 3600, 1, 2],
    ['the other is taken for everything', 99, undefined, 1, 2],
    ['the one by contact is taken for everything where it is shorter', 100, undefined, 100, 2 + 100],
  ])('%s', async (_, segments, since, count, most) => {
    const { rows, calls } = await read(segments, since);
    expect(rows.length).toBe(count);
    expect(calls).toBeLessThanOrEqual(most);
  });

  test('the one by contact promises as its contacts do', async () => {
    expect((await read(100, undefined)).pages.at(-1)?.through).toBe(NOW - 600);
  });

  test('a missing permission costs one call', async () => {
    const context = contextOf(
      (request) => {
        if (request.method === 'GET') throw new ApiError('no_permission', 'config', 'No permission', { status: 403 });
        return answer(request);
      },
      { wants: [{ since: undefined, filters: [] }] },
    );
    await expect(all(links(1000).walk.read(context))).rejects.toThrow('No permission');
    expect(context.requests.filter(({ method }) => method === 'GET').length).toBe(1);
  });

  test('a contact that has gone is left out and named', async () => {
    const { rows, context } = await read(100, NOW - 120, (request) => {
      if (request.path === '/contacts/c00/segments') throw new ApiError('gone', 'system', 'Gone', { status: 404 });
      return answer(request);
    });
    expect(rows.map((row) => row['contact_id'])).toEqual(['c01']);
    expect(context.skipped).toEqual(['deleted since it was listed: c00']);
  });
});
