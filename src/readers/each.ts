import type { JsonObject } from '../core/json.ts';
import type { Config } from '../generated/config.ts';
import type { RowContext, Source } from './reader.ts';
import { matches } from './search-query.ts';
import { filtersOf } from './source.ts';

export interface EachOptions<P, T> {
  /** Whose children an incremental read asks for: those of parents that changed, or of all. @default 'changed' */
  readonly parents?: 'changed' | 'all';
  /** By what a child is due: its parent's cursor, or its own. @default 'walked' */
  readonly dueBy?: 'walked' | 'row';
  /** Parents that cannot have children, so that they cost no call. */
  readonly when?: (parent: P) => boolean;
  /** `map` makes one row of every parent. */
  readonly isOneRow?: boolean;
  /** Makes the rows of one parent from what was read for it. */
  readonly map?: (records: readonly JsonObject[], parent: P, config: Config) => readonly T[];
  /** Says what Intercom keeps back of a parent's children; counted and named in the closing summary. */
  readonly missing?: (records: readonly JsonObject[]) => { readonly what: string; readonly of: string } | undefined;
  /** Parents gone since they were listed (404, 410) are always skipped; true skips any that still fail after all retries. */
  readonly skipFailed?: (config: Config) => boolean;
}

/**
 * Reads something for each record of another source, several at once, results in the parents' order.
 *
 * @example each(conversations, ({ id }) => get(path`/conversations/${id}`, { purpose: 'Reading conversation details' }))
 */
export function each<P extends object, T extends object>(
  base: Source<P>,
  child: (parent: P, config: Config) => Source<object>,
  options: EachOptions<P, T> = {},
): Source<T> {
  const { parents = 'changed', dueBy = 'walked', when = () => true, map, isOneRow = false, skipFailed } = options;
  const { walk, childCalls = 'each' } = child(PLACEHOLDER as P, {} as Config);
  return {
    ...base,
    parents,
    dueBy,
    isOneRow,
    childEndpoint: walk.endpoint,
    childCalls: options.when === undefined ? childCalls : 'some',
    ...(skipFailed === undefined ? {} : { skipFailed }),
    rows: async (parent: P, context) => {
      if (!when(parent)) return [];
      const records = await gather(child(parent, context.config), context);
      const missing = options.missing?.(records);
      if (missing !== undefined) context.skip(missing.what, missing.of);
      return map === undefined ? (records as readonly T[]) : map(records, parent, context.config);
    },
  };
}

/**
 * Rows made from a record without asking Intercom for anything.
 *
 * @example rows(conversations, (conversation) => conversation.tags.tags.map(({ id }) => ({ conversation_id: conversation.id, tag_id: id })))
 */
export function rows<P extends object, T extends object>(
  base: Source<P>,
  make: (record: P, config: Config) => readonly T[],
  { isOneRow = false }: { readonly isOneRow?: boolean } = {},
): Source<T> {
  return { ...base, isOneRow, rows: (record: P, { config }: RowContext) => make(record, config) };
}

/** All records of a source, for one parent. */
export async function gather(source: Source<object>, context: RowContext): Promise<readonly JsonObject[]> {
  const conditions = await filtersOf(source, context);
  const records: JsonObject[] = [];
  for await (const page of source.walk.read({
    ...context,
    wants: [{ since: context.since, filters: conditions }],
    query: {},
  }))
    for (const record of page.records) if (matches(record, conditions)) records.push(record);
  return records;
}

/** Answers `{id}` for `.id`, so that a child can tell its endpoint before there is a parent. */
export const PLACEHOLDER: unknown = new Proxy({}, { get: (_, key) => `{${String(key)}}` });
