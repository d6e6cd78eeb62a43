import { at, numberOf, type JsonObject } from '../core/json.ts';
import { timeOf } from '../core/time.ts';
import { ApiError, type Request } from '../intercom/api.ts';
import { exact } from './figure.ts';
import { Order } from './order.ts';
import { isPast } from './past.ts';
import type { Glance, Source, WalkContext } from './reader.ts';
import { recordsAt } from './records.ts';
import { Roll } from './roll.ts';
import { Seen } from './seen.ts';
import { source } from './source.ts';

type Query = Readonly<Record<string, string | number | boolean>>;

export interface ListOptions<T> {
  /** What is being done, for messages: `Reading tags`. */
  readonly purpose: string;
  readonly query?: Query;
  /** Rows to ask for at once. Absent: the endpoint takes no such wish. */
  readonly pageSize?: number;
  /** Fields to put on every record, such as the id of the parent it was listed under. */
  readonly stamp?: Partial<NoInfer<T>>;
  /** Unix-seconds field that says when a record changed. */
  readonly cursor?: string;
  /** The list comes newest first by its cursor, so that reading may stop at what is too old. */
  readonly newestFirst?: boolean;
  /**
   * Rows may come twice, or not at all, on a walk through numbered pages: their order is not settled, or they leave the list, which
   * moves those behind them to a page that was read.
   */
  readonly isUnstable?: boolean;
}

/**
 * Reads a list, page by page, whether Intercom names the next page by number, token, URL or not at all.
 *
 * @example list('/tags', 'data', { purpose: 'Reading tags' })
 */
export function list<T extends object>(path: string, records: string, options: ListOptions<T>): Source<T> {
  const { cursor, stamp } = options;
  return source<T>({
    endpoint: `GET ${path}`,
    ...(cursor === undefined ? {} : { cursor }),
    ascending: false,
    async *read(context) {
      let isSorted = options.newestFirst === true;
      const seen = new Seen();
      const rolls: Roll[] = [];
      // What was asked for in an earlier pass does not show what changed before this one began, which is what its end promises.
      const isFirst = (walk: number): boolean => walk === 1 && cursor === undefined;
      let inVain = 0;
      let first = 0;
      for (let walks = 1; ; walks++) {
        const before = seen.size;
        const order = new Order();
        let begun = context.api.now();
        for await (const answer of answers(path, records, options, isFirst(walks) ? context : again(context))) {
          const rows = recordsAt(answer, records, options.purpose);
          // What is new at the top of a list moves rows that have come to the next page.
          const fresh = seen.fresh(rows);
          const total = typeof answer['total_count'] === 'number' ? answer['total_count'] : undefined;
          if (order.pages === 0) {
            first = total ?? 0;
            // The first answer of all tells how far our clock is ahead.
            begun = Math.min(begun, context.api.now());
            rolls.push(new Roll(first, begun));
          }
          order.take(rows, total);
          for (const roll of rolls) roll.take(rows);
          const page = { records: stamp === undefined ? fresh : fresh.map((row) => ({ ...row, ...stamp })) };
          yield total === undefined ? page : { ...page, total };
          isSorted &&= isNewestFirst(rows, cursor);
          if (!isSorted || !isOver(rows, options, context)) continue;
          if (order.isKept || options.isUnstable !== true) return;
          break;
        }
        if (rolls.some((roll) => roll.isComplete)) return;
        if (seen.size === before) inVain++;
        if (options.isUnstable !== true || order.pages === 1 || inVain === MOST_IN_VAIN || walks === MOST_WALKS) break;
      }
      // What has come to the list meanwhile is new, and the next read's.
      if (seen.size < first) yield { records: [], isPartial: true };
    },
    glance: (context) => glanceAt(path, records, options, context),
  });
}

/** The first page tells how many there are, and whether what is too old begins on it. */
async function glanceAt<T>(path: string, key: string, options: ListOptions<T>, context: WalkContext): Promise<Glance> {
  const answer = await context.once(firstRequest(path, options, context));
  const rows = recordsAt(answer, key, options.purpose);
  const stamp: JsonObject = { ...options.stamp };
  const records = rows.map((row) => ({ ...row, ...stamp }));
  const isSorted = options.newestFirst === true && isNewestFirst(rows, options.cursor);
  if (nextPage(answer, rows.length) === undefined || (isSorted && isOver(rows, options, context)))
    return { records, isWhole: true, total: exact(rows.length), calls: exact(0) };
  const total = numberOf(answer['total_count']);
  const all = Number.isNaN(total) ? numberOf(at(answer, 'pages.total_pages')) * rows.length : total;
  if (Number.isNaN(all)) return { records, isWhole: false, calls: { value: 1, is: 'least' } };
  const wanted = isSorted ? Math.min(all, steadily(rows, options, context)) : all;
  const is = wanted === total ? 'exact' : 'about';
  const calls = Math.max(1, Math.ceil(wanted / rows.length) - 1);
  return { records, isWhole: false, total: { value: Math.round(wanted), is }, calls: { value: calls, is } };
}

/** How many rows of a list are wanted that comes newest first, if it grew as steadily as its first page says. */
function steadily<T>(rows: readonly JsonObject[], { cursor = '' }: ListOptions<T>, context: WalkContext): number {
  const since = Math.min(...context.wants.map((want) => want.since ?? -Infinity));
  const now = context.api.now();
  return (rows.length * (now - since)) / Math.max(1, now - (timeOf(rows.at(-1)?.[cursor]) ?? now));
}

async function* answers<T>(
  path: string,
  records: string,
  options: ListOptions<T>,
  context: WalkContext,
): AsyncGenerator<JsonObject> {
  // Always the same size: with page numbers, another size would be other rows.
  const { purpose } = options;
  const first = firstRequest(path, options, context);
  const seen = new Set<string>();
  let count = 0;
  let answer = await context.once(first);
  for (;;) {
    yield answer;
    const { length } = recordsAt(answer, records, purpose);
    const next = nextPage(answer, length);
    if (next === undefined) return;
    const key = JSON.stringify(next);
    count += length;
    if (seen.has(key)) {
      if (numberOf(answer['total_count']) <= count) return;
      throw goesRound(purpose, key);
    }
    seen.add(key);
    answer = await context.api.send({ ...first, query: { ...first.query, ...next } }, context.signal);
  }
}

/** Ending here would lose what lies behind. */
function goesRound(purpose: string, page: string): ApiError {
  const what = `Intercom names a page that was already read (${page}), which would never end`;
  return new ApiError('unexpected', 'transient', `${purpose}: ${what}. Nothing was skipped; run the sync again.`);
}

function firstRequest<T>(path: string, { purpose, query, pageSize }: ListOptions<T>, context: WalkContext): Request {
  const size = pageSize === undefined ? {} : { per_page: pageSize };
  return { method: 'GET', path, query: { ...query, ...context.query, ...size }, purpose };
}

/** What to ask for besides. Of a link only the place counts that it names: whose list it is, and how long, we have said ourselves. */
function nextPage(answer: JsonObject, count: number): Query | undefined {
  if (count === 0) return undefined;
  const next = at(answer, 'pages.next');
  const token = at(next, 'starting_after');
  if (typeof token === 'string' && token !== '') return { starting_after: token };
  const place = typeof next === 'string' ? placeIn(next) : {};
  if (Object.keys(place).length > 0) return place;
  const number = typeof next === 'string' ? /[?&]page=(\d+)/.exec(next)?.[1] : undefined;
  if (number !== undefined) return { page: Number(number) };
  const page = numberOf(at(answer, 'pages.page') ?? answer['page']);
  const last = numberOf(at(answer, 'pages.total_pages') ?? answer['total_pages']);
  return page < last ? { page: page + 1 } : undefined;
}

function placeIn(link: string): Query {
  const query = [...(URL.parse(link, 'https://intercom.invalid/')?.searchParams ?? [])];
  return Object.fromEntries(query.filter(([name]) => PLACES.has(name)));
}

/** The same, without what was remembered. */
function again(context: WalkContext): WalkContext {
  return { ...context, once: (request) => context.api.send(request, context.signal) };
}

/** Whether the promised order holds; where it does not, everything is read. */
function isNewestFirst(rows: readonly JsonObject[], cursor: string | undefined): boolean {
  const values = rows.map((row) => timeOf(row[cursor ?? '']) ?? Infinity);
  return values.every((value, index) => index === 0 || value <= (values[index - 1] ?? Infinity));
}

/** Whether everything after this page is older than anyone wants. */
function isOver<T>(rows: readonly JsonObject[], { cursor }: ListOptions<T>, context: WalkContext): boolean {
  return (
    cursor !== undefined && isPast(rows, cursor, Math.min(...context.wants.map(({ since }) => since ?? -Infinity)))
  );
}

/** What tells where a page begins. */
const PLACES = new Set(['before', 'since', 'starting_after']);
/** How often a list is walked through, as long as fewer rows have come than Intercom counts, */
const MOST_WALKS = 10;
/** and how often without anything new. */
const MOST_IN_VAIN = 2;
