import type { JsonObject } from '../core/json.ts';
import { timeOf } from '../core/time.ts';
import { callsOfCatchUp } from './catch-up.ts';
import { callsOfChains } from './chains.ts';
import { exact } from './figure.ts';
import { isPast } from './past.ts';
import type { Glance, WalkContext } from './reader.ts';
import { ask, type Found, type Search } from './search-page.ts';
import type { Range } from './search-query.ts';
import { sample } from './search-sample.ts';

/** Tells what reading a search would come to. */
export async function glanceAtSearch(
  what: Search,
  context: WalkContext,
  ranges: readonly Range[],
  dates: 'day' | 'second',
): Promise<Glance> {
  const [first, second] = ranges;
  if (first === undefined) return { records: [], isWhole: true, total: exact(0), calls: exact(0) };
  if (second !== undefined) return glanceAtTwo(what, context, first, second);
  if (dates === 'day' && first.from !== undefined) return glanceAtDays(what, context, { ...first, from: first.from });
  const oldest = await ask(what, context, { range: first });
  if (oldest.token === undefined) return whole(oldest.records);
  const newest = await ask(what, context, { range: first, order: 'descending' });
  return part(oldest, what, await sample(what, context, { range: first, oldest, newest }));
}

/** Where whole days are compared, the newest rows tell whether little has changed; else the oldest tell how much is too much. */
async function glanceAtDays(
  what: Search,
  context: WalkContext,
  range: Range & { readonly from: number },
): Promise<Glance> {
  const newest = await ask(what, context, { range, order: 'descending' });
  const due = newest.records.filter((record) => (timeOf(record[range.field]) ?? Infinity) >= range.from);
  if (newest.token === undefined || isPast(newest.records, range.field, range.from)) return whole(due);
  const oldest = await ask(what, context, { range });
  const total = Math.max(0, (oldest.total ?? 0) - tooOld(oldest, range.from));
  return {
    records: due,
    isWhole: false,
    total: { value: total, is: 'about' },
    calls: { value: callsOfCatchUp(total, oldest.total ?? 0, what.pageSize.max), is: 'about' },
  };
}

/** How many rows of an ascending answer's search lie before a second, as far as its first page tells. */
function tooOld({ records, first, last, token }: Found, second: number): number {
  if (first === undefined || last === undefined || first >= second) return 0;
  if (last >= second || token === undefined) return records.filter((record) => isBefore(record, second)).length;
  return Math.round((records.length * (second - first)) / Math.max(1, last - first));
}

function isBefore(record: JsonObject, second: number): boolean {
  return (timeOf(record['updated_at']) ?? Infinity) < second;
}

/** The first range ends where the second begins. */
async function glanceAtTwo(what: Search, context: WalkContext, first: Range, second: Range): Promise<Glance> {
  const [older, overlap, newer] = await Promise.all([
    ask(what, context, { range: first }),
    ask(what, context, { range: { ...first, from: second.from } }),
    ask(what, context, { range: second }),
  ]);
  const before = Math.max(0, (older.total ?? 0) - (overlap.total ?? 0));
  const after = newer.total ?? 0;
  const { max } = what.pageSize;
  return {
    records: older.records,
    isWhole: false,
    total: { value: before + after, is: 'about' },
    calls: { value: callsOfChains(before, max) + callsOfChains(after, max), is: 'about' },
  };
}

function whole(records: readonly JsonObject[]): Glance {
  return { records, isWhole: true, total: exact(records.length), calls: exact(1) };
}

function part({ total }: Found, { pageSize }: Search, records: readonly JsonObject[]): Glance {
  if (total === undefined) return { records, isWhole: false, calls: { value: 2, is: 'least' } };
  return {
    records,
    isWhole: false,
    total: exact(total),
    calls: { value: callsOfChains(total, pageSize.max), is: 'about' },
  };
}
