import type { JsonObject } from '../core/json.ts';
import { timeOf } from '../core/time.ts';
import type { WalkContext } from './reader.ts';
import { idOf } from './records.ts';
import { ask, type Found, type Search } from './search-page.ts';
import type { Range } from './search-query.ts';

/** What is known of a search: its oldest and its newest page. */
export interface Ends {
  readonly range: Range;
  readonly oldest: Found;
  readonly newest: Found;
}

/** A part of a search, by time, and some of its records. */
interface Stratum {
  /** Unix seconds; the second does not belong to it, except the last one's. */
  readonly from: number;
  readonly to: number;
  /** How many of the search come at or after its beginning, and at or after its end. */
  readonly counts: readonly [from: number, to: number];
  readonly records: readonly JsonObject[];
}

/**
 * Records that stand for all of a search: its ends, and pages from between, as many as the context allows. Each time, the part with most
 * records is halved; of each part come as many as it has a share in all.
 */
export async function sample(
  what: Search,
  context: WalkContext,
  { range, oldest, newest }: Ends,
): Promise<readonly JsonObject[]> {
  const ends = distinct([...oldest.records, ...newest.records]);
  const { first: from, total } = oldest;
  const { first: to } = newest;
  if (from === undefined || to === undefined || total === undefined || (context.looks ?? 0) <= ENDS) return ends;
  const strata: Stratum[] = [{ from, to, counts: [total, 0], records: ends }];
  for (let looks = ENDS; looks < (context.looks ?? 0); looks++) {
    const largest = strata.reduce((most, each) => (sizeOf(each) > sizeOf(most) ? each : most));
    if (sizeOf(largest) <= largest.records.length || largest.to - largest.from < 2) break;
    const middle = Math.floor((largest.from + largest.to) / 2);
    const page = await ask(what, context, { range: { ...range, from: middle } });
    strata.splice(strata.indexOf(largest), 1, ...halves(largest, middle, page, range.field));
  }
  return proportional(strata);
}

function halves(
  { from, to, counts, records }: Stratum,
  middle: number,
  page: Found,
  field: string,
): readonly Stratum[] {
  const [before, after] = counts;
  const total = Math.min(before, Math.max(after, page.total ?? after));
  const isLate = (record: JsonObject): boolean => (timeOf(record[field]) ?? -Infinity) >= middle;
  const inside = page.records.filter((record) => (timeOf(record[field]) ?? -Infinity) <= to);
  const late = distinct([...inside, ...records.filter(isLate)]);
  return [
    { from, to: middle, counts: [before, total], records: records.filter((record) => !isLate(record)) },
    { from: middle, to, counts: [total, after], records: late },
  ];
}

/** Of each part so many that all are represented alike. */
function proportional(strata: readonly Stratum[]): readonly JsonObject[] {
  const seen = strata.filter(({ records }) => records.length > 0);
  const scale = Math.max(1, ...seen.map((stratum) => sizeOf(stratum) / stratum.records.length));
  return seen.flatMap((stratum) => {
    const { records } = stratum;
    const share = Math.min(records.length, Math.round(sizeOf(stratum) / scale));
    return Array.from({ length: share }, (_, index) => records[Math.floor((index * records.length) / share)] ?? {});
  });
}

function sizeOf({ counts: [from, to] }: Stratum): number {
  return from - to;
}

function distinct(records: readonly JsonObject[]): readonly JsonObject[] {
  return [...new Map(records.map((record) => [idOf(record), record])).values()];
}

/** Requests for the ends. */
const ENDS = 2;
