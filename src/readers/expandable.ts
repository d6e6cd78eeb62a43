import type { JsonObject } from '../core/json.ts';
import type { Config } from '../generated/config.ts';
import { gather, PLACEHOLDER } from './each.ts';
import type { RowContext, Source } from './reader.ts';

/** A list inside a record of which Intercom shows a part, or references only. */
export interface Expansion<T> {
  readonly read: (record: T) => Source<object>;
  /** Whether there is anything to read. @default true */
  readonly when?: (record: T) => boolean;
}

/**
 * Rows whose lists come whole, with full objects, in Intercom's own wrapper, where the option `expand` names them.
 *
 * @param schema - Whose columns describe the lists as they are then: `shared/contact_expanded`
 * @param expansions - By column
 */
export function expandable<T extends object>(
  base: Source<T>,
  schema: string,
  expansions: Readonly<Record<string, Expansion<T>>>,
): (config: Config) => Source<T> {
  return ({ expand }) => {
    const chosen = Object.entries(expansions).filter(([column]) => (expand as readonly string[]).includes(column));
    const [first] = chosen;
    if (first === undefined) return base;
    const make = base.rows as
      ((record: object, context: RowContext) => Promise<readonly T[]> | readonly T[]) | undefined;
    return {
      ...base,
      childEndpoint:
        base.childEndpoint ?? chosen.map(([, { read }]) => read(PLACEHOLDER as T).walk.endpoint).join(', '),
      isOneRow: base.rows === undefined || base.isOneRow === true,
      expanded: { schema, columns: chosen.map(([column]) => column) },
      rows: async (record: T, context: RowContext) => {
        const rows = make === undefined ? [record] : await make(record, context);
        return Promise.all(rows.map((row) => expandRow(row, chosen, context)));
      },
    };
  };
}

async function expandRow<T extends object>(
  row: T,
  chosen: readonly (readonly [string, Expansion<T>])[],
  context: RowContext,
): Promise<T> {
  const lists = await Promise.all(
    chosen.map(async ([column, { read, when = () => true }]) => {
      const data = when(row) ? await gather(read(row), { ...context, since: undefined }) : [];
      return [
        column,
        {
          ...((row as JsonObject)[column] as object | undefined),
          type: 'list',
          data,
          total_count: data.length,
          has_more: false,
        },
      ] as const;
    }),
  );
  return { ...row, ...Object.fromEntries(lists) };
}
