import type { JsonObject } from '../core/json.ts';
import { timeOf } from '../core/time.ts';
import { callsOfChains } from './chains.ts';
import { isPast } from './past.ts';
import { MARGIN } from './promise.ts';
import { idOf } from './records.ts';
import { isTokenRefused, type Found } from './search-page.ts';
import type { Range } from './search-query.ts';

export type AskNewest = (range: Range, token?: string) => Promise<Found>;

/** What changed since a moment, oldest first, as it was when the reading began. */
export interface CaughtUp {
  readonly records: readonly JsonObject[];
  /** Unix seconds at which the first page was asked for. Later changes lie in front of it, and are left to the next read. */
  readonly askedAt: number;
}

/**
 * Reads a search that compares whole days from its newest row backwards, until it meets `range.from`.
 *
 * Asked the other way round, such a search begins with everything that changed since midnight, which every read of the day would
 * pay for again. Backwards, only what is due is read; it must fit into memory, since promises need it the right way round.
 *
 * @param margin - Seconds before the first request into which rows may yet move, because search shows changes late
 * @param turns - How often it may begin anew, because rows may have moved while it read
 * @returns undefined where reading forwards costs less: much has changed, or the order of the answers cannot be relied on
 */
export async function catchUp(
  range: Range & { readonly from: number },
  ask: AskNewest,
  pageSize: number,
  margin = MARGIN,
  turns = MOST_TURNS,
): Promise<CaughtUp | undefined> {
  const pages: (readonly JsonObject[])[] = [];
  let askedAt: number | undefined;
  let token: string | undefined;
  let previous = Infinity;
  const tokens = new Set<string>();
  do {
    const found = await askAgain(ask, range, token);
    if (found === undefined) return undefined;
    askedAt ??= found.askedAt;
    if (!found.sorted || (found.first ?? -Infinity) > previous || (token !== undefined && tokens.has(token)))
      return undefined;
    if (token !== undefined) tokens.add(token);
    pages.push(found.records);
    previous = found.last ?? previous;
    token = found.token;
    if (isPast(pages.flat(), range.field, range.from)) token = undefined;
    else if (found.isCut && pages.flat().length < (found.total ?? Infinity)) return undefined;
    if (token !== undefined && !isWorthIt(pages, range, found.total ?? Infinity, pageSize, askedAt)) return undefined;
  } while (token !== undefined);
  if (pages.length === 1) return { records: pages.flat().reverse(), askedAt };
  if (turns === 1) return undefined;
  // Nothing moves again that far while this is read, so that the next turn or the one after it has room on one page.
  const since = Math.max(range.from, askedAt - margin);
  const moved = await catchUp({ ...range, from: since }, ask, pageSize, 0, turns - 1);
  return moved && { records: together(pages.flat(), moved.records, range), askedAt };
}

/**
 * About how many requests reading `rows` that are due takes, of the `total` that the search has from the start of the day: backwards, or
 * forwards where that costs less.
 */
export function callsOfCatchUp(rows: number, total: number, pageSize: number): number {
  const pages = Math.max(1, Math.ceil(rows / pageSize));
  const forwards = total / pageSize;
  if (pages <= TRIAL_PAGES || (pages <= MAX_PAGES && pages < forwards / 2)) return pages + (pages > 1 ? 1 : 0);
  return TRIAL_PAGES + callsOfChains(total, pageSize);
}

/** The page that a token names; undefined if Intercom refuses the token. */
async function askAgain(ask: AskNewest, range: Range, token: string | undefined): Promise<Found | undefined> {
  try {
    return await ask(range, token);
  } catch (error) {
    if (token === undefined || !isTokenRefused(error)) throw error;
    return undefined;
  }
}

/** A row that moved while several pages were read has come to the front, perhaps before its place was reached. */
function together(
  records: readonly JsonObject[],
  moved: readonly JsonObject[],
  { field }: Range,
): readonly JsonObject[] {
  const ids = new Set(moved.map(idOf));
  const valueOf = (record: JsonObject): number => timeOf(record[field]) ?? -Infinity;
  // In order again: where a row has gone meanwhile, older ones have come in from behind its page.
  const both = [
    ...records.filter((record) => idOf(record) === undefined || !ids.has(idOf(record))).reverse(),
    ...moved,
  ];
  return both.sort((a, b) => valueOf(a) - valueOf(b));
}

/** Guesses from the rows so far how many pages are left, and compares with reading everything forwards. */
function isWorthIt(
  pages: readonly (readonly JsonObject[])[],
  range: Range & { readonly from: number },
  total: number,
  pageSize: number,
  askedAt: number,
): boolean {
  if (pages.length < TRIAL_PAGES) return true;
  if (pages.length >= MAX_PAGES) return false;
  if (pages.length > WORTH_LOSING && total / pageSize <= MAX_PAGES) return true;
  const reached = timeOf(pages.at(-1)?.at(-1)?.[range.field]) ?? askedAt;
  const share = (askedAt - reached) / Math.max(1, askedAt - range.from);
  const expected = pages.length / Math.max(share, 0.001);
  return expected <= MAX_PAGES && expected < total / pageSize / 2;
}

const MOST_TURNS = 4;
const TRIAL_PAGES = 2;
/** Pages that may have been read in vain. Beyond, and where all that there can be has room, going on costs less than turning round. */
const WORTH_LOSING = 4;
/** What may be held in memory at once. */
const MAX_PAGES = 64;
