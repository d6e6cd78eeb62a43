import { describe, expect, test } from '@jest/globals';
import type { Request } from '../intercom/api.ts';
import { list, type ListOptions } from './list.ts';
import { all, contextOf, NOW } from './testing/context.ts';

interface Row {
  id: string;
  updated_at: number;
}

function read(
  answer: (request: Request, index: number) => unknown,
  options: Partial<ListOptions<Row>> = {},
  since?: number,
) {
  const context = contextOf(answer, { wants: [{ since, filters: [] }] });
  const { walk } = list<Row>('/things', 'data', { purpose: 'Reading things', ...options });
  return { context, pages: all(walk.read(context)) };
}

const ids = async (pages: Promise<readonly { readonly records: readonly object[] }[]>) =>
  (await pages).flatMap(({ records }) => (records as readonly Row[]).map(({ id }) => id));

describe('the next page', () => {
  test.each<[string, object, object | undefined]>([
    ['by token', { pages: { next: { page: 2, starting_after: 'a=' } } }, { starting_after: 'a=' }],
    ['by token without numbers', { pages: { next: { starting_after: 'a' } } }, { starting_after: 'a' }],
    [
      'by a link that holds a place',
      { pages: { next: 'https://api.intercom.io/things?before=5&since=4&per_page=2' } },
      { before: '5', since: '4' },
    ],
    [
      'by the place in a link, wherever it points and whatever else it asks for',
      { pages: { next: 'http://elsewhere.example/admins?q=2&model=x&starting_after=x#y' } },
      { starting_after: 'x' },
    ],
    ['by the number in a link', { pages: { next: 'https://api.intercom.io/other?page=2' } }, { page: 2 }],
    ['by number and total', { pages: { page: 1, total_pages: 2 } }, { page: 2 }],
    ['by number and total as text', { pages: { page: '1', total_pages: '2' } }, { page: 2 }],
    ['by number and total outside', { page: 1, total_pages: 2 }, { page: 2 }],
    ['by number where next is null', { pages: { next: null, page: 1, total_pages: 2 } }, { page: 2 }],
    ['never: it is the last', { pages: { page: 2, total_pages: 2, next: null } }, undefined],
    ['never: null', { pages: { next: null } }, undefined],
    ['never: empty', { pages: { next: { starting_after: '' } } }, undefined],
    ['by long numbers never', { pages: { page: JSON.rawJSON('1234567890123456789'), total_pages: {} } }, undefined],
    ['never: a token of null', { pages: { next: { starting_after: null } } }, undefined],
    ['never: no pages', { pages: null }, undefined],
    ['never: nothing', {}, undefined],
  ])('is named %s', async (_, answer, next) => {
    const { context, pages } = read((__, index) => (index === 0 ? { data: [{ id: '1' }], ...answer } : { data: [] }), {
      query: { q: 1 },
    });
    await pages;
    expect(context.requests.map(({ path }) => path)).toEqual(next === undefined ? ['/things'] : ['/things', '/things']);
    expect(context.requests[1]?.query).toEqual(next && { q: 1, ...next });
  });

  test('is not asked for after an empty one', async () => {
    const { context, pages } = read(() => ({ data: [], pages: { next: { starting_after: 'a' } } }));
    await pages;
    expect(context.requests.length).toBe(1);
  });

  test('fails rather than lose rows where the pages go round', async () => {
    const { pages } = read((_, index) => ({
      data: [{ id: String(index) }],
      pages: { next: { starting_after: 'a' } },
    }));
    await expect(pages).rejects.toThrow('a page that was already read');
  });

  test('ends where the last page names itself, and all that Intercom counts has come', async () => {
    const { pages } = read((_, index) => ({
      data: [{ id: String(index) }],
      total_count: 2,
      pages: { next: { starting_after: 'a' } },
    }));
    expect(await ids(pages)).toEqual(['0', '1']);
  });
});

describe('a list newest first', () => {
  const pagesOf =
    (...pages: readonly (readonly number[])[]) =>
    (_: Request, index: number) => ({
      data: (pages[index] ?? []).map((value) => ({ id: String(value), updated_at: value })),
      pages: { page: index + 1, total_pages: pages.length },
    });

  test.each<[string, number | undefined, number[][], number]>([
    ['is read to the end without a date', undefined, [[9, 8], [7, 6], [5]], 3],
    ['stops behind what is wanted', 8, [[9, 8], [7, 6], [5]], 2],
    ['goes on at the very second that is wanted', 8, [[9, 8], [8, 8], [5, 4], [3]], 3],
    ['does not take a single old time at the end of a page for its end', 8, [[9, 9, 1], [8, 8], [7, 6], [5]], 3],
    ['is read to the end where its order does not hold', 8, [[7, 9], [6, 5], [8]], 3],
    ['is read to the end where a row has no date', 8, [[9, NaN], [7, 6], [5]], 3],
  ])('%s', async (_, since, pages, calls) => {
    const { context, pages: read_ } = read(pagesOf(...pages), { cursor: 'updated_at', newestFirst: true }, since);
    await read_;
    expect(context.requests.length).toBe(calls);
  });
});

describe('a list whose order is not settled', () => {
  /** Walks: for each, its pages. */
  const walksOf = (...walks: readonly (readonly (readonly string[])[])[]) => {
    const answers = walks.flatMap((pages) =>
      pages.map((data, index) => ({
        data: data.map((id) => ({ id, updated_at: NOW })),
        pages: { page: index + 1, total_pages: pages.length },
      })),
    );
    return (total: readonly number[]) => (_: Request, index: number) => ({
      ...answers[index],
      total_count: total[index] ?? total.at(-1),
    });
  };

  test.each<[string, (request: Request, index: number) => unknown, string[], number]>([
    ['is walked once where all came', walksOf([['a', 'b'], ['c']])([3]), ['a', 'b', 'c'], 2],
    [
      'is walked again where one is missing',
      walksOf([['a', 'b'], ['b']], [['a', 'b'], ['c']])([3]),
      ['a', 'b', 'c'],
      4,
    ],
    [
      'is walked again where a deletion hid one',
      walksOf([['a', 'b'], ['d']], [['b', 'c'], ['d']])([4, 3]),
      ['a', 'b', 'd', 'c'],
      4,
    ],
    [
      'is walked again as long as that brings something new',
      walksOf([['a'], ['a']], [['b'], ['b']], [['c'], ['c']], [['d'], ['d']])([4]),
      ['a', 'b', 'c', 'd'],
      8,
    ],
    [
      'is given up after two walks in vain',
      walksOf([['a'], ['b']], [['a'], ['b']], [['a'], ['b']], [['a'], ['b']])([3]),
      ['a', 'b'],
      6,
    ],
    ['is walked once where it has one page, of which nothing can move', walksOf([['a']])([2]), ['a'], 1],
  ])('%s', async (_, answer, expected, calls) => {
    const { context, pages } = read(answer, { isUnstable: true });
    expect(await ids(pages)).toEqual(expected);
    expect(context.requests.length).toBe(calls);
  });
});

describe('a list that changes while it is walked', () => {
  const rowOf = (id: string, updated: number, created = 1) => ({ id, updated_at: updated, created_at: created });
  const answers =
    (...pages: readonly { readonly data: readonly object[]; readonly page: number; readonly total: number }[]) =>
    (_: Request, index: number) => {
      const { data, page, total } = pages[index] ?? { data: [], page: 1, total: 0 };
      return { data, pages: { page, total_pages: 2 }, total_count: total };
    };
  const [a, b, c, d] = [rowOf('a', 1), rowOf('b', 2), rowOf('c', 3), rowOf('d', 4)];
  const made = rowOf('new', NOW, NOW);

  test('is walked again where something new has come in the place of what a deletion hid', async () => {
    // b was deleted, so that c has moved to the first page; the count is the same, and as many rows came.
    const { pages } = read(
      answers(
        { data: [a, b], page: 1, total: 4 },
        { data: [d, made], page: 2, total: 4 },
        { data: [a, c], page: 1, total: 4 },
        { data: [d, made], page: 2, total: 4 },
      ),
      { cursor: 'updated_at', isUnstable: true },
    );
    expect(await ids(pages)).toEqual(['a', 'b', 'd', 'new', 'c']);
  });

  const [e, e2, f] = [rowOf('e', 5), rowOf('e2', 5), rowOf('f', 6)];
  // A single one might be wrong.
  const [old, older] = [rowOf('old', 0), rowOf('older', 0)];

  test.each<[string, number, object[][]]>([
    // f was deleted, so that d has moved to the first page.
    [
      'a deletion has moved one up',
      5,
      [
        [f, e],
        [c, old, older],
        [e, d],
        [c, old, older],
      ],
    ],
    [
      'two of the same second have changed places',
      6,
      [
        [f, e],
        [e, old, older],
        [f, e2],
        [e, old, older],
      ],
    ],
  ])('is walked again before it stops at what is too old, where %s', async (_, total, data) => {
    const { context, pages } = read(
      (__, index) => ({
        data: data[index],
        pages: { page: 1 + (index % 2), total_pages: 3 },
        total_count: index === 0 ? 6 : total,
      }),
      { cursor: 'updated_at', newestFirst: true, isUnstable: true },
      1,
    );
    expect(new Set(await ids(pages))).toEqual(new Set(data.flat().map((row) => (row as Row).id)));
    expect(context.requests.length).toBe(4);
  });

  test('stops at what is too old where all keep their places', async () => {
    const { context, pages } = read(
      answers({ data: [d, c], page: 1, total: 9 }, { data: [b, old, older], page: 2, total: 10 }),
      { cursor: 'updated_at', newestFirst: true, isUnstable: true },
      1,
    );
    expect(await ids(pages)).toEqual(['d', 'c', 'b', 'old', 'older']);
    expect(context.requests.length).toBe(2);
  });
});

test.each<[string, string[][], number[], boolean]>([
  ['whose count is not reached promises nothing at its end', [['a'], ['b']], [3], true],
  ['of one page too few promises nothing at its end', [['a', 'b']], [3], true],
  ['that something has joined meanwhile promises as ever', [['a'], ['b']], [2, 3], false],
  ['that something has left meanwhile promises nothing if that hid another', [['a'], ['c']], [3, 2], true],
])('a list %s', async (_, data, totals, isPartial) => {
  const { pages } = read((__, index) => ({
    data: (data[index] ?? []).map((id) => ({ id, updated_at: NOW })),
    pages: { page: index + 1, total_pages: data.length },
    total_count: totals[index] ?? totals.at(-1),
  }));
  expect((await pages).some((page) => page.isPartial === true)).toBe(isPartial);
});

test('a list whose rows say when they changed is asked for when its pass begins, whoever asked for it before', async () => {
  const context = contextOf((_, index) => ({ data: [{ id: String(index) }] }));
  await context.once({ method: 'GET', path: '/things', query: {}, purpose: 'Looking up things' });
  const { walk } = list<Row>('/things', 'data', { purpose: 'Reading things', cursor: 'updated_at' });
  expect(await ids(all(walk.read(context)) as Promise<{ records: object[] }[]>)).toEqual(['1']);
});

test('rows that something new moves to the next page come once', async () => {
  const { pages } = read((_, index) => ({
    data: (index === 0 ? ['c', 'b'] : ['b', 'a']).map((id) => ({ id, updated_at: NOW })),
    pages: { page: index + 1, total_pages: 2 },
  }));
  expect(await ids(pages)).toEqual(['c', 'b', 'a']);
});

test('rows that have no id, or a long number for one, all come', async () => {
  const records = [{ name: 'a' }, { id: null }, { id: JSON.rawJSON('1234567890123456789') }];
  const answer = (_: Request, index: number) => ({
    data: [records[index]],
    pages: { page: index + 1, total_pages: 3 },
    total_count: 3,
  });
  const { context, pages } = read(answer, { isUnstable: true });
  expect((await pages).flatMap((page) => page.records)).toEqual(records);
  expect(context.requests.length).toBe(3);
});

test('rows are stamped, and stay as they are for others', async () => {
  const answer = { data: [{ id: '1' }] };
  const { pages } = read(() => answer, { stamp: { updated_at: 7 } });
  expect((await pages)[0]?.records).toEqual([{ id: '1', updated_at: 7 }]);
  expect(answer).toEqual({ data: [{ id: '1' }] });
});

test('an answer without records is a failure, not an empty list', async () => {
  await expect(read(() => ({ things: [] })).pages).rejects.toThrow('no list of records at "data"');
});
