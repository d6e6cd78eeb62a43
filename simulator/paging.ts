import { badRequest } from './http/errors.ts';
import type { Json, JsonObject } from './json.ts';
import type { Quirks } from './options.ts';
import { compareValues, type Found } from './search/engine.ts';

/** What a cursor remembers: the last record's sort value and id, and the number of the page to come. */
export interface Cursor {
  readonly value: Json;
  readonly id: string;
  readonly page: number;
}

/** A stateless keyset cursor: base64 of `[sort value in ms, id, page]`; numeric ids are bare numbers. */
export function encodeCursor({ value, id, page }: Cursor, isTime: boolean): string {
  const shown = isTime && typeof value === 'number' ? value * 1000 : value;
  return Buffer.from(JSON.stringify([shown, /^\d+$/.test(id) ? Number(id) : id, page])).toString('base64');
}

/** Reads a cursor, or throws the error that Intercom answers. */
export function decodeCursor(text: string, isTime: boolean): Cursor {
  const parts = parsed(text);
  if (!Array.isArray(parts) || parts.length !== 3) throw invalidCursor();
  const [value, id, page] = parts;
  if ((typeof id !== 'string' && typeof id !== 'number') || typeof page !== 'number') throw invalidCursor();
  return { value: isTime && typeof value === 'number' ? value / 1000 : value!, id: String(id), page };
}

export function invalidCursor(): Error {
  return badRequest(
    'client_error',
    'Invalid starting_after param. Please try again using a starting_after value from a paginated response',
  );
}

/** Positions in `found` of the records after a place, in the asked order, at most so many. */
export function positionsAfter(
  found: Found,
  ascending: boolean,
  limit: number,
  after: { value: Json; slot: number } | undefined,
): number[] {
  const total = found.slots.length;
  const edge = after === undefined ? (ascending ? 0 : total) : edgeOf(found, after, ascending);
  const count = Math.min(limit, ascending ? total - edge : edge);
  return Array.from({ length: count }, (_, step) => (ascending ? edge + step : edge - 1 - step));
}

/** The `pages` of a cursor list. */
export function cursorPages(
  quirks: Quirks,
  page: number,
  perPage: number | string,
  total: number,
  next: string | undefined,
): JsonObject {
  const pages: JsonObject = { type: 'pages', page, per_page: perPage, total_pages: Math.ceil(total / Number(perPage)) };
  if (next !== undefined) pages['next'] = { page: page + 1, starting_after: next };
  else if (quirks.lastPage === 'null') pages['next'] = null;
  return pages;
}

interface Sliceable<T> {
  readonly length: number;
  slice(start: number, end: number): ArrayLike<T>;
}

/** One page of a list that is cut by page number, with its `pages`; `next` is the URL of the next page. */
export function numberedPage<T>(
  rows: Sliceable<T>,
  page: number,
  perPage: number,
  url: URL,
): { rows: T[]; pages: JsonObject; total: number } {
  const totalPages = Math.ceil(rows.length / perPage);
  const next = new URL(url.pathname + url.search, 'https://api.intercom.io');
  next.searchParams.set('page', String(page + 1));
  next.searchParams.set('per_page', String(perPage));
  return {
    rows: Array.from(rows.slice((page - 1) * perPage, page * perPage)),
    pages: {
      type: 'pages',
      next: page < totalPages ? next.href : null,
      page,
      per_page: perPage,
      total_pages: totalPages,
    },
    total: rows.length,
  };
}

/** The position that separates what was seen from what comes. */
function edgeOf(found: Found, after: { value: Json; slot: number }, ascending: boolean): number {
  let low = 0;
  let high = found.slots.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compareValues(found.valueAt(middle), after.value) || found.slots[middle]! - after.slot;
    if (order < 0 || (ascending && order === 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(Buffer.from(text, 'base64').toString()) as Json;
  } catch {
    return undefined;
  }
}
