import { at, type JsonObject } from '../core/json.ts';
import { timeOf } from '../core/time.ts';
import { pathOf, type PageSize, type Request } from '../intercom/api.ts';
import type { Source, WalkContext } from './reader.ts';
import { recordsAt } from './records.ts';
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
      for await (const answer of answers(path, records, options, context)) {
        const rows = recordsAt(answer, records, options.purpose);
        const total = answer['total_count'];
        const page = { records: stamp === undefined ? rows : rows.map((row) => ({ ...row, ...stamp })) };
        yield typeof total === 'number' ? { ...page, total } : page;
        if (isPast(rows, options, context)) return;
      }
    },
  });
}

async function* answers<T>(
  path: string,
  records: string,
  options: ListOptions<T>,
  context: WalkContext,
): AsyncGenerator<JsonObject> {
  const { purpose, query = {}, pageSize } = options;
  const size: PageSize | undefined = pageSize === undefined ? undefined : { current: pageSize, max: pageSize };
  const request = (path: string, query: Query): Request => ({
    method: 'GET',
    path,
    query,
    purpose,
    ...(size === undefined ? {} : { pageSize: size }),
  });
  const seen = new Set<string>();
  let answer = await context.once(request(path, { ...query, ...context.query }));
  for (;;) {
    yield answer;
    const next = nextPage(answer, recordsAt(answer, records, purpose).length);
    if (next === undefined) return;
    const key = JSON.stringify(next);
    if (seen.has(key)) {
      context.log('warn', `${purpose}: Intercom names a page that was already read (${key}); the list ends there.`);
      return;
    }
    seen.add(key);
    answer = await context.api.send(
      next.path === undefined ? request(path, { ...query, ...context.query, ...next.query }) : request(next.path, {}),
      context.signal,
    );
  }
}

interface NextPage {
  /** Path and query of a link, where the link carries more than a place. */
  readonly path?: string;
  readonly query?: Query;
}

function nextPage(answer: JsonObject, count: number): NextPage | undefined {
  if (count === 0) return undefined;
  const next = at(answer, 'pages.next');
  const token = at(next, 'starting_after');
  if (typeof token === 'string' && token !== '') return { query: { starting_after: token } };
  if (typeof next === 'string' && /[?&](before|since|starting_after)=/.test(next)) return { path: pathOf(next) ?? '' };
  const page = Number(at(answer, 'pages.page') ?? answer['page']);
  const last = Number(at(answer, 'pages.total_pages') ?? answer['total_pages']);
  return page < last ? { query: { page: page + 1 } } : undefined;
}

/** Whether everything after this page is older than anyone wants. */
function isPast<T>(
  rows: readonly JsonObject[],
  { newestFirst, cursor }: ListOptions<T>,
  context: WalkContext,
): boolean {
  if (newestFirst !== true || cursor === undefined) return false;
  const oldestWanted = Math.min(...context.wants.map(({ since }) => since ?? -Infinity));
  return (timeOf(rows.at(-1)?.[cursor]) ?? Infinity) < oldestWanted;
}
