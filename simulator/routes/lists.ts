import { badRequest } from '../http/errors.ts';
import type { ApiRequest, Services } from '../http/router.ts';
import { isObject, type Json, type JsonObject, type TimedRow } from '../json.ts';
import { cursorPages, decodeCursor, encodeCursor, invalidCursor, numberedPage, positionsAfter } from '../paging.ts';
import type { Searched } from '../search/engine.ts';
import { parseSearch, perPageOf, type Dialect, type Search } from '../search/query.ts';

/** What a search endpoint's answer is made of. */
export interface SearchShape<R extends TimedRow> {
  readonly searched: Searched<R>;
  readonly dialect: Dialect;
  /** The `type` of the answer and the key of its rows. */
  readonly type: string;
  readonly key: string;
  /** What becomes of a row before it is shown. */
  readonly show?: (row: R, slot: number) => JsonObject;
}

/** Answers a `POST .../search`. */
export function answerSearch<R extends TimedRow>(
  request: ApiRequest,
  services: Services,
  shape: SearchShape<R>,
): JsonObject {
  return answerFound(parseSearch(request.body, shape.dialect), services, shape);
}

/** Answers a search that is understood already. */
export function answerFound<R extends TimedRow>(
  search: Search,
  services: Services,
  shape: SearchShape<R>,
  shownPerPage: number | string = search.perPage,
): JsonObject {
  const { sort, perPage, startingAfter } = search;
  const { table } = shape.searched;
  const found = services.engine.find(shape.searched, search);
  const isTime = sort.field.type === 'date';
  const cursor = startingAfter === undefined ? undefined : decodeCursor(startingAfter, isTime);
  const slot = cursor && table.slotOf(cursor.id);
  if (cursor && slot === undefined) throw invalidCursor();
  const positions = positionsAfter(found, sort.ascending, perPage, cursor && { value: cursor.value, slot: slot! });
  const rows = positions.map((position) => {
    const row = table.searchRow(found.slots[position]!);
    return shape.show ? shape.show(row, found.slots[position]!) : row;
  });
  const last = positions.at(-1);
  const isEnd = last === undefined || last === (sort.ascending ? found.slots.length - 1 : 0);
  const page = cursor?.page ?? 1;
  const next = isEnd
    ? undefined
    : encodeCursor({ value: found.valueAt(last), id: table.idOf(found.slots[last]!), page: page + 1 }, isTime);
  return {
    type: shape.type,
    [shape.key]: rows,
    total_count: found.slots.length,
    pages: cursorPages(services.quirks, page, shownPerPage, found.slots.length, next),
  };
}

/** A page of rows by page number; `page` and `per_page` come from the query unless given. */
export function answerPage(
  request: ApiRequest,
  rows: readonly JsonObject[],
  limits: PageLimits,
  asked: Asked = askedInQuery(request),
): JsonObject {
  const { page, perPage } = pageAsked(asked, limits);
  const shown = numberedPage(rows, page, perPage, request.url);
  const answer: JsonObject = { type: limits.type ?? 'list', [limits.key ?? 'data']: shown.rows, pages: shown.pages };
  if (limits.uncounted !== true) answer['total_count'] = shown.total;
  return answer;
}

export interface PageLimits {
  readonly perPage: number;
  readonly most?: number;
  readonly type?: string;
  readonly key?: string;
  /** The answer has no `total_count`. */
  readonly uncounted?: true;
}

export interface Asked {
  readonly page: Json | undefined;
  readonly perPage: Json | undefined;
}

export function askedInQuery({ url }: ApiRequest): Asked {
  return { page: url.searchParams.get('page') ?? undefined, perPage: url.searchParams.get('per_page') ?? undefined };
}

/** Page and page size from the body, else from the query. */
export function askedAnywhere(request: ApiRequest): Asked {
  const body = isObject(request.body) ? request.body : {};
  const query = askedInQuery(request);
  return { page: body['page'] ?? query.page, perPage: body['per_page'] ?? query.perPage };
}

export function pageAsked(
  { page = 1, perPage }: { page?: Json | undefined; perPage: Json | undefined },
  limits: PageLimits,
): { page: number; perPage: number } {
  const number = Number(page);
  if (!Number.isInteger(number) || number < 1) throw badRequest('parameter_invalid', 'Page is invalid');
  return { page: number, perPage: perPageOf(perPage, limits.perPage, limits.most ?? 250) };
}

/** The page size of a GET list, as a number and the way it is echoed. */
export function perPageInQuery(
  { url }: ApiRequest,
  { quirks }: Services,
  byDefault: number,
  most: number,
): { perPage: number; shown: number | string } {
  const text = url.searchParams.get('per_page');
  const perPage = perPageOf(text ?? undefined, byDefault, most);
  return { perPage, shown: quirks.perPageAsText && text !== null ? text : perPage };
}

export function list(data: Iterable<JsonObject>): JsonObject {
  return { type: 'list', data: [...data] };
}

export function flag({ url }: ApiRequest, name: string): boolean {
  return url.searchParams.get(name) === 'true';
}
