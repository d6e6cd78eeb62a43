import { textOf, type JsonObject } from '../core/json.ts';
import { orderedMap } from '../core/ordered-map.ts';
import { timeOf } from '../core/time.ts';
import { exact, sum } from './figure.ts';
import type { Glance, Page, ReadContext, Source, WalkContext } from './reader.ts';
import { matches } from './search-query.ts';
import { skipGone } from './skip.ts';
import { filtersOf, source } from './source.ts';

/** One way to the rows, and about how many calls it takes for what changed since (unix seconds). */
export interface Way<T extends object> {
  readonly source: Source<T>;
  readonly calls: (since: number | undefined, context: ReadContext) => Promise<number>;
}

/**
 * Reads the same rows in whichever way costs fewer calls.
 *
 * @param cursor - The rows' own
 */
export function fewerCalls<T extends object>(first: Way<T>, second: Way<T>, cursor: keyof T & string): Source<T> {
  return {
    ...source<T>({
      endpoint: [first, second].map((way) => way.source.childEndpoint ?? way.source.walk.endpoint).join(' or '),
      cursor,
      ascending: false,
      async *read(context) {
        const { way, since } = await choose(first, second, context);
        yield* pagesOf(way.source, since, context);
      },
      glance: async (context) => {
        const { way, calls, since } = await choose(first, second, context);
        const { source } = way;
        const wants = [{ since, filters: await filtersOf(source, context) }];
        const glance = (await source.walk.glance?.({ ...context, wants, query: source.query })) ?? UNKNOWN;
        // Choosing costs a call, and where each record is asked for something, as many as there are.
        if (source.childEndpoint !== undefined)
          return { ...UNKNOWN, calls: sum([glance.calls, { value: calls + 1, is: 'about' }]) };
        return { ...glance, calls: sum([glance.calls, exact(1)]) };
      },
    }),
    childCalls: 'some',
  };
}

async function choose<T extends object>(first: Way<T>, second: Way<T>, context: WalkContext) {
  const oldest = Math.min(...context.wants.map(({ since }) => since ?? -Infinity));
  const since = oldest === -Infinity ? undefined : oldest;
  const [a, b] = await Promise.all([first.calls(since, context), second.calls(since, context)]);
  return a <= b ? { way: first, calls: a, since } : { way: second, calls: b, since };
}

/** Rows of a source by way of its own walk. */
async function* pagesOf(
  from: Source<object>,
  since: number | undefined,
  context: WalkContext,
): AsyncGenerator<Page<JsonObject>> {
  const filters = await filtersOf(from, context);
  const pages = from.walk.read({ ...context, wants: [{ since, filters }], query: from.query });
  let isTried = false;
  yield* orderedMap(pages, PAGES_AHEAD, async ({ records, through }) => {
    const [first, ...others] = records.filter((record) => matches(record, filters) && isRecent(record, from, since));
    // The first is tried alone: a missing permission costs one call.
    const tried = first === undefined ? undefined : rowsOf(from, first, context);
    if (!isTried) await tried;
    isTried ||= first !== undefined;
    const rows = await Promise.all([tried ?? [], ...others.map((record) => rowsOf(from, record, context))]);
    const made = rows.flat() as readonly JsonObject[];
    return through === undefined ? { records: made } : { records: made, through };
  });
}

/** What a search gives too much, such as the rest of a day, must not cost a call. */
function isRecent(record: JsonObject, { walk }: Source<object>, since: number | undefined): boolean {
  return (timeOf(record[walk.cursor ?? '']) ?? Infinity) >= (since ?? -Infinity);
}

async function rowsOf({ rows }: Source<object>, record: JsonObject, context: WalkContext): Promise<readonly object[]> {
  if (rows === undefined) return [record];
  try {
    return await rows(record as never, {
      ...context,
      once: (request) => context.api.send(request, context.signal),
      since: undefined,
    });
  } catch (error) {
    skipGone(error, context, textOf(record['id']));
    return [];
  }
}

const PAGES_AHEAD = 1;
const UNKNOWN: Glance = { records: [], isWhole: false, calls: { value: 1, is: 'least' } };
