import type { JsonObject } from '../core/json.ts';
import type { Filter, FilterSource, Glance, Page, ReadContext, Source, Walk, WalkContext } from './reader.ts';

/** A source whose rows are the records of a walk of its own. */
export function source<T extends object>(walk: {
  readonly endpoint: string;
  readonly cursor?: string;
  readonly ascending: boolean;
  readonly read: (context: WalkContext) => AsyncIterable<Page<JsonObject>>;
  readonly glance?: (context: WalkContext) => Promise<Glance>;
}): Source<T> {
  const own: Walk<JsonObject> = walk;
  return { walk: own, filters: [], query: {}, dueBy: 'walked', parents: 'changed' };
}

/** The records of `source` that meet `filters` as well. Streams that differ in this only still share one pass. */
export function where<T extends object>(base: Source<T>, filters: FilterSource): Source<T> {
  return { ...base, filters: [...base.filters, filters] };
}

/** The same records, asked for with query parameters that add to them. */
export function having<T extends object>(base: Source<T>, query: Source<T>['query']): Source<T> {
  return { ...base, query: { ...base.query, ...query } };
}

/** The conditions of a source, once configured names have become ids. */
export async function filtersOf(
  { filters }: Source<object>,
  context: Pick<ReadContext, 'config' | 'directory'>,
): Promise<readonly Filter[]> {
  const lists = await Promise.all(filters.map(async (filter) => filter(context)));
  return lists.flat();
}
