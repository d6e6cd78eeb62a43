import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { numberOf, type JsonObject } from '../core/json.ts';
import { ApiError, type Request } from '../intercom/api.ts';
import { list } from './list.ts';
import { scroll } from './scroll.ts';
import { search } from './search.ts';
import { all, contextOf, NOW, type Answering } from './testing/context.ts';
import { FakeSearch, type Row } from './testing/fake-search.ts';

const RUNS = { numRuns: Number(process.env['RUNS'] ?? 100) };
const DAY = 86_400;

const idsOf = (rows: readonly JsonObject[]): readonly unknown[] => rows.map(({ id }) => id);
const numbered = (count: number): readonly { readonly id: string }[] =>
  Array.from({ length: count }, (_, id) => ({ id: String(id) }));

/** The ways in which Intercom names the page after this one. */
const NEXT: Readonly<Record<string, (page: number, pages: number) => JsonObject>> = {
  'by number': (page, pages) => ({ pages: { page, total_pages: pages } }),
  'by number, beside the rows': (page, pages) => ({ page, total_pages: pages }),
  'by token': (page, pages) => ({ pages: { next: page < pages ? { starting_after: String(page + 1) } : null } }),
  'by a link': (page, pages) => (page < pages ? { pages: { next: `https://a.example/b?page=${page + 1}` } } : {}),
  'by a link with a token': (page, pages) => ({
    pages: { next: page < pages ? `https://a.example/b?starting_after=${page + 1}` : null },
  }),
  'by a link to a place': (page, pages) => ({
    pages: page < pages ? { next: `https://a.example/b?before=${page + 1}` } : {},
  }),
};

test('a list comes whole, each row once, however its pages are named', async () => {
  const worlds = fc.record({
    rows: fc.nat({ max: 40 }),
    size: fc.integer({ min: 1, max: 9 }),
    way: fc.constantFrom(...Object.keys(NEXT)),
  });
  await fc.assert(
    fc.asyncProperty(worlds, async ({ rows, size, way }) => {
      const things = numbered(rows);
      const pages = Math.max(1, Math.ceil(rows / size));
      const context = contextOf(({ query = {} }) => {
        const page = numberOf(query['page'] ?? query['starting_after'] ?? query['before'] ?? 1);
        return { data: things.slice((page - 1) * size, page * size), ...NEXT[way]?.(page, pages) };
      });
      const read = await all(list('/things', 'data', { purpose: 'Reading things' }).walk.read(context));
      expect(idsOf(read.flatMap(({ records }) => records))).toEqual(idsOf(things));
      expect(context.requests.length).toBe(pages);
    }),
    RUNS,
  );
});

/** What may befall the answer to a request for a page. */
const MISHAPS = ['refused', 'cut', 'repeated'] as const;

test('a search comes whole, in order, each row once, whatever befalls its tokens; no promise runs ahead of its rows', async () => {
  const worlds = fc.record({
    // Seldom more at one second than a page holds, and some of it within the margin.
    times: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 10, maxLength: 60, size: 'max' }),
    step: fc.constantFrom(1, 60, 20_000),
    size: fc.integer({ min: 2, max: 7 }),
    day: fc.constantFrom(undefined, DAY),
    since: fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined }),
    mishaps: fc.array(fc.tuple(fc.nat({ max: 12 }), fc.constantFrom(...MISHAPS)), { minLength: 1, maxLength: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(worlds, async ({ times, step, size, day, since, mishaps }) => {
      const begin = NOW - 60 * step;
      const rows = times.map((time, index) => ({ id: `r${String(index)}`, updated_at: begin + time * step }));
      const from = since === undefined ? undefined : begin + since * step;
      const fake = new FakeSearch(rows, { pageSize: size, ...(day === undefined ? {} : { day }) });
      const context = contextOf(unlucky(fake, new Map(mishaps)), { wants: [{ since: from, filters: [] }] });
      const { walk } = search<Row>('/things/search', 'data', {
        purpose: 'Reading things',
        pageSize: size,
        dates: day === undefined ? 'second' : 'day',
      });
      const seen = new Set<unknown>();
      let previous = -Infinity;
      try {
        for await (const { records, through = -Infinity } of walk.read(context)) {
          for (const { id, updated_at: at } of records as readonly Row[]) {
            expect(seen.has(id)).toBe(false);
            expect(at).toBeGreaterThanOrEqual(previous);
            seen.add(id);
            previous = at;
          }
          const late = rows.filter(({ id, updated_at: at }) => at < through && at >= (from ?? 0) && !seen.has(id));
          expect(late).toEqual([]);
        }
      } catch (error) {
        // More rows of one second than a page has room for, behind a token that is no use.
        if (!(error instanceof ApiError)) throw error;
        return;
      }
      expect(rows.filter(({ id, updated_at: at }) => at >= (from ?? 0) && !seen.has(id))).toEqual([]);
    }),
    RUNS,
  );
});

/** A search some of whose requests, by their numbers, come to grief. */
function unlucky(fake: FakeSearch, mishaps: ReadonlyMap<number, (typeof MISHAPS)[number]>): Answering {
  return (request: Request, index) => {
    const { pagination } = request.body as { readonly pagination?: JsonObject };
    const token = pagination?.['starting_after'];
    const mishap = mishaps.get(index);
    const answer = fake.answer(request);
    if (mishap === 'refused' && token !== undefined)
      throw new ApiError('refused', 'system', 'Invalid starting_after param', { status: 400, code: 'client_error' });
    const isLast = (answer['pages'] as JsonObject)['next'] === null;
    if (mishap === 'cut' && !isLast) return { ...answer, pages: { next: null, page: 1, total_pages: 2 } };
    if (mishap === 'repeated' && !isLast && token !== undefined)
      return { ...answer, pages: { next: { starting_after: token } } };
    return answer;
  };
}

test('a scroll comes whole, each row once, wherever it breaks; if it breaks too often it fails', async () => {
  const worlds = fc.record({
    rows: fc.nat({ max: 30 }),
    size: fc.integer({ min: 1, max: 7 }),
    breaks: fc.array(fc.nat({ max: 25 }), { maxLength: 8 }),
    failure: fc.constantFrom('gone' as const, 'transient' as const),
  });
  await fc.assert(
    fc.asyncProperty(worlds, async ({ rows, size, breaks, failure }) => {
      const things = numbered(rows);
      let position = 0;
      const context = contextOf(({ query }, index) => {
        if (query?.['scroll_param'] === undefined) position = 0;
        else if (breaks.includes(index)) throw new ApiError(failure, 'transient', 'broken', { status: 500 });
        position += size;
        return { data: things.slice(position - size, position), scroll_param: 'token' };
      });
      const { walk } = scroll('/things/scroll', 'data', { purpose: 'Reading things', cursor: '', listedAt: '' });
      const seen: unknown[] = [];
      const read = async (): Promise<void> => {
        for await (const { records } of walk.read(context)) seen.push(...idsOf(records));
      };
      const error = await read().catch((error: unknown) => error);
      expect(seen).toEqual(idsOf(things).slice(0, seen.length));
      if (error === undefined) expect(seen.length).toBe(rows);
      else expect(breaks.length).toBeGreaterThanOrEqual(5);
    }),
    RUNS,
  );
});
