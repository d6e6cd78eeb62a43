import { at, numberOf, type JsonObject } from '../core/json.ts';
import { timeOf } from '../core/time.ts';
import { ApiError, type PageSize } from '../intercom/api.ts';
import type { WalkContext } from './reader.ts';
import { recordsAt } from './records.ts';
import { searchQuery, type Range } from './search-query.ts';

/** One answer of a search. */
export interface Found {
  readonly records: readonly JsonObject[];
  /** Unix seconds at which it was asked for. */
  readonly askedAt: number;
  /** How to ask for the next page. Absent: this was the last. */
  readonly token: string | undefined;
  /** Whether there is no token although Intercom numbers this page before the last. */
  readonly isCut: boolean;
  readonly total: number | undefined;
  /** Walked values of the first and the last record that has one. A time that is yet to come is none. */
  readonly first: number | undefined;
  readonly last: number | undefined;
  /** Whether the values ascend (or, where that was asked for, descend) from the first record to the last. */
  readonly sorted: boolean;
}

export interface Search {
  readonly path: string;
  /** Where the records are in an answer. */
  readonly records: string;
  readonly pageSize: PageSize;
  readonly purpose: string;
}

export type Order = 'ascending' | 'descending';

/** Asks for one page of what lies in `range`. @throws ApiError */
export async function ask(
  { path, records: key, pageSize, purpose }: Search,
  context: WalkContext,
  { range, order = 'ascending', token }: { range: Range; order?: Order; token?: string | undefined },
): Promise<Found> {
  const askedAt = context.api.now();
  const answer = await context.api.send(
    {
      method: 'POST',
      path,
      purpose,
      pageSize,
      query: context.query,
      body: {
        query: searchQuery(range),
        sort: { field: range.field, order },
        ...(token === undefined ? {} : { pagination: { starting_after: token } }),
      },
    },
    context.signal,
  );
  const records = recordsAt(answer, key, purpose);
  const values = records
    .map((record) => timeOf(record[range.field]))
    .filter((value) => value !== undefined && value <= askedAt + DAY) as readonly number[];
  const total = answer['total_count'];
  const next = nextToken(answer);
  return {
    records,
    askedAt,
    token: next,
    isCut: next === undefined && numberOf(at(answer, 'pages.page')) < numberOf(at(answer, 'pages.total_pages')),
    total: typeof total === 'number' ? total : undefined,
    first: values[0],
    last: values.at(-1),
    sorted: values.every((value, index) => index === 0 || rises(values[index - 1] ?? value, value, order)),
  };
}

function rises(before: number, after: number, order: Order): boolean {
  return order === 'ascending' ? before <= after : before >= after;
}

/** The token of the next page, whether `pages.next` is an object, a URL, null or missing. */
function nextToken(answer: JsonObject): string | undefined {
  const next = at(answer, 'pages.next');
  const token =
    typeof next === 'string'
      ? URL.parse(next, 'http://any')?.searchParams.get('starting_after')
      : at(next, 'starting_after');
  return typeof token === 'string' && token !== '' ? token : undefined;
}

/** Whether Intercom refused a page token (400 `client_error`): the read goes on from the last second instead. */
export function isTokenRefused(error: unknown): error is ApiError {
  return (
    error instanceof ApiError &&
    error.status === 400 &&
    (error.code === 'client_error' || error.message.includes('starting_after'))
  );
}

const DAY = 86_400;
