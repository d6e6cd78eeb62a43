import type { JsonObject } from '../core/json.ts';
import { timeOf } from '../core/time.ts';
import { catchUp, type CaughtUp } from './catch-up.ts';
import { readChains } from './chains.ts';
import { Promises } from './promise.ts';
import type { Page, ReadContext, Source, WalkContext } from './reader.ts';
import { recordsAt } from './records.ts';
import { glanceAtSearch } from './search-glance.ts';
import { ask, type Search } from './search-page.ts';
import { searchQuery, type Range } from './search-query.ts';
import { source } from './source.ts';
import { stretches } from './stretches.ts';

export interface SearchOptions {
  /** What is being done, for messages: `Reading contacts`. */
  readonly purpose: string;
  /** How Intercom compares dates here. Contact search knows whole days of the workspace's zone only. @default 'second' */
  readonly dates?: 'second' | 'day';
  readonly pageSize?: number;
}

/**
 * Reads a search endpoint, oldest change first, side by side where there is much to read.
 *
 * It reads at least what its members want; the engine drops the rest.
 * @see https://developers.intercom.com/docs/references/rest-api/api.intercom.io/contacts/searchcontacts
 * @example search('/contacts/search', 'data', { purpose: 'Reading contacts', dates: 'day' })
 */
export function search<T extends object>(path: string, records: string, options: SearchOptions): Source<T> {
  const pageSize = options.pageSize ?? 150;
  const dates = options.dates ?? 'second';
  const what = () => ({ path, records, pageSize: { current: pageSize, max: pageSize }, purpose: options.purpose });
  return source<T>({
    endpoint: `POST ${path}`,
    cursor: 'updated_at',
    ascending: true,
    async *read(context) {
      const left = new AbortController();
      const own = { ...context, signal: AbortSignal.any([context.signal, left.signal]) };
      try {
        if (context.orderBy === undefined) yield* readByChange(what(), own, dates);
        else yield* readInOrder(what(), own, context.orderBy);
      } finally {
        left.abort(new Error('The reader has left.'));
      }
    },
    glance: (context) => {
      const { orderBy } = context;
      const ranges = orderBy === undefined ? stretches(context.wants, 'updated_at') : [inOrder(context, orderBy)];
      return glanceAtSearch(what(), context, ranges, dates);
    },
  });
}

/**
 * About how many records of a search changed since (unix seconds): one call. Where dates are compared by days, Intercom counts from
 * the start of the day, and only the newest records tell that little has changed since.
 */
export async function countChanged(
  { walk }: Source<object>,
  records: string,
  since: number | undefined,
  { api, signal }: ReadContext,
): Promise<number> {
  const purpose = 'Counting what changed';
  const body = {
    query: searchQuery({ field: 'updated_at', from: since, alternatives: [[]] }),
    sort: { field: 'updated_at', order: 'descending' },
    pagination: { per_page: since === undefined ? 1 : 150 },
  };
  const path = walk.endpoint.replace('POST ', '');
  const answer = await api.send({ method: 'POST', path, body, purpose }, signal);
  const changed = recordsAt(answer, records, purpose).map((record) => timeOf(record['updated_at']) ?? Infinity);
  const count = changed.findIndex((value) => value < (since ?? -Infinity));
  const total = answer['total_count'];
  return count >= 0 ? count : typeof total === 'number' ? total : Infinity;
}

async function* readByChange(
  what: Search,
  context: WalkContext,
  dates: 'second' | 'day',
): AsyncGenerator<Page<JsonObject>> {
  const ranges = stretches(context.wants, 'updated_at');
  const [first] = ranges;
  if (dates === 'day' && ranges.length === 1 && first?.from !== undefined) {
    const descending = (range: Range, token?: string) => ask(what, context, { range, order: 'descending', token });
    const caughtUp = await catchUp({ ...first, from: first.from }, descending, what.pageSize.max);
    if (caughtUp !== undefined) {
      yield* promised(caughtUp, what.pageSize.max);
      return;
    }
  }
  yield* readForwards(what, context, ranges);
}

async function* readForwards(
  what: Search,
  context: WalkContext,
  ranges: readonly Range[],
): AsyncGenerator<Page<JsonObject>> {
  const promises = new Promises();
  let askedAt = context.startedAt;
  let trusted = true;
  for await (const page of chains(what, context, ranges)) {
    askedAt = page.askedAt;
    trusted &&= page.trusted;
    const through = page.last === undefined ? undefined : promises.after(page.last, page.askedAt);
    const out = ranges.length === 1 ? counted(page) : { records: page.records }; // several searches have no total in common
    yield trusted && through !== undefined ? { ...out, through } : out;
  }
  yield { records: [], through: trusted ? promises.atEnd(askedAt) : promises.atEnd(context.startedAt) };
}

/** By creation, which says nothing about changes: no promise before the end. */
async function* readInOrder(what: Search, context: WalkContext, field: string): AsyncGenerator<Page<JsonObject>> {
  for await (const page of chains(what, context, [inOrder(context, field)])) yield counted(page);
}

function inOrder(context: WalkContext, field: string): Range {
  const sinces = context.wants.map(({ since }) => since ?? -Infinity);
  const oldest = Math.min(...sinces);
  const changed = { field: 'updated_at', operator: '>', value: oldest - TWO_DAYS } as const;
  const alternatives = context.wants.map(({ filters }) => (oldest === -Infinity ? filters : [...filters, changed]));
  return { field, from: undefined, alternatives };
}

function chains(what: Search, context: WalkContext, ranges: readonly Range[]): ReturnType<typeof readChains> {
  return readChains({
    ask: (range, token) => ask(what, context, { range, token }),
    purpose: what.purpose,
    ranges,
    pageSize: what.pageSize.max,
    startedAt: context.startedAt,
  });
}

function counted({
  records,
  total,
}: {
  readonly records: readonly JsonObject[];
  readonly total: number | undefined;
}): Page<JsonObject> {
  return total === undefined ? { records } : { records, total };
}

function* promised({ records, askedAt }: CaughtUp, size: number): Generator<Page<JsonObject>> {
  const promises = new Promises();
  for (let start = 0; start < records.length; start += size) {
    const slice = records.slice(start, start + size);
    const last = slice.map((record) => timeOf(record['updated_at'])).findLast((value) => value !== undefined);
    yield last === undefined ? { records: slice } : { records: slice, through: promises.after(last, askedAt) };
  }
  yield { records: [], through: promises.atEnd(askedAt) };
}

/** Seconds that cover any day border of any time zone. */
const TWO_DAYS = 2 * 86_400;
