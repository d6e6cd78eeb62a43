import { isDeepStrictEqual } from 'node:util';
import type { World } from '../../../simulator/index.ts';
import type { AirbyteStream } from '../../../src/generated/airbyte.ts';
import { keysIn } from '../../support/truth.ts';
import type { Row } from './connector.ts';

/** Rows by table. */
export type Tables = ReadonlyMap<string, readonly Row[]>;

/** Tables from lines of JSON: `{"table": ..., "row": {...}}`. */
export function tablesOf(lines: string): Tables {
  const tables = new Map<string, Row[]>();
  for (const line of lines.split('\n').filter(Boolean)) {
    const { table, row } = JSON.parse(line) as { readonly table: string; readonly row: Row };
    const rows = tables.get(table) ?? [];
    rows.push(row);
    tables.set(table, rows);
  }
  return tables;
}

/** What a client's tables have to hold: the rows of a read that the connector did without the client. */
export class Expected {
  readonly #streams: readonly AirbyteStream[];
  readonly #rows = new Map<string, Map<string, Row>>();

  constructor(streams: readonly AirbyteStream[]) {
    this.#streams = streams;
  }

  /**
   * Adds the rows of a full refresh as incremental reads bring them: rows of equal key take the place of those that are
   * there, if their cursor moved.
   *
   * @returns how many rows an incremental read has to bring: no fewer, and no more
   * @throws Error if the rows are not those that the workspace holds
   */
  add(rows: Tables, world: World): number {
    const truth = keysIn(world);
    const moved = this.#streams.map((stream) => {
      const read = byKey(rows.get(stream.name) ?? [], stream);
      const keys = truth.get(stream.name);
      if (keys !== undefined && !isDeepStrictEqual([...read.keys()].sort(), keys))
        throw new Error(`${stream.name}: ${read.size} rows were read, the workspace has ${keys.length}, or others`);
      return [...read].filter(([key, row]) => this.#hasMoved(stream, key, row, rows));
    });
    for (const [index, { name }] of this.#streams.entries())
      this.#rows.set(name, new Map([...(this.#rows.get(name) ?? []), ...(moved[index] ?? [])]));
    return moved.reduce((sum, { length }) => sum + length, 0);
  }

  #hasMoved(
    { name, default_cursor_field: [cursor] = [] }: AirbyteStream,
    key: string,
    row: Row,
    rows: Tables,
  ): boolean {
    const old = this.#rows.get(name)?.get(key);
    if (cursor === undefined || old === undefined) return true;
    // Parts come again when their conversation or ticket changes.
    if ([cursor, 'conversation_updated_at'].some((column) => old[column] !== row[column])) return true;
    const ticket = rows.get('tickets')?.find(({ id }) => id === row['ticket_id']);
    return (
      ticket !== undefined &&
      ticket['updated_at'] !== this.#rows.get('tickets')?.get(String(ticket['id']))?.['updated_at']
    );
  }

  /**
   * Compares each column that discover announces, of every row of every table; there may be no other, save those that clients add.
   *
   * @param asStored - a value as the destination keeps it
   * @throws Error that names the tables that differ, and how
   * @returns what was compared, in words
   */
  compare(tables: Tables, asStored: (value: unknown) => unknown = (value) => value): string {
    const faults = this.#streams.flatMap((stream) => this.#faults(stream, tables.get(stream.name), asStored));
    if (faults.length > 0) throw new Error(`${faults.length} tables differ:\n${faults.join('\n')}`);
    const sizes = [...this.#rows.values()].map(({ size }) => size);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const empty = sizes.filter((size) => size === 0).length;
    return `${sizes.length} tables (${empty} of them empty) with ${total} rows: every key once, every column of every row as read without it`;
  }

  #faults(stream: AirbyteStream, table: readonly Row[] | undefined, asStored: (value: unknown) => unknown): string[] {
    const { name } = stream;
    const expected = this.#rows.get(name) ?? new Map<string, Row>();
    if (table === undefined)
      return expected.size === 0 ? [] : [`${name}: there is no table, and there are ${expected.size} rows`];
    const loaded = byKey(table, stream);
    const columns = Object.keys((stream.json_schema as { properties: Row }).properties);
    const missing = [...expected.keys()].filter((key) => !loaded.has(key));
    const surplus = [...loaded.keys()].filter((key) => !expected.has(key));
    const others = Object.keys(table[0] ?? {}).filter((column) => !columns.includes(column) && !ADDED.test(column));
    const different = [...expected].flatMap(([key, row]) => {
      const other = loaded.get(key);
      return other === undefined ? [] : [...differences(key, columns, row, other, asStored)];
    });
    const faults = [
      table.length === loaded.size ? '' : `${table.length - loaded.size} rows come twice`,
      missing.length === 0 ? '' : `${missing.length} are missing: ${missing.slice(0, 3).join(', ')}`,
      surplus.length === 0 ? '' : `${surplus.length} are too many: ${surplus.slice(0, 3).join(', ')}`,
      others.length === 0 ? '' : `${others.join(', ')} should not be there`,
      different.length === 0 ? '' : `${different.length} values differ: ${different.slice(0, 3).join('; ')}`,
    ].filter(Boolean);
    return faults.length === 0 ? [] : [`${name}: ${faults.join('; ')}`];
  }
}

function* differences(
  key: string,
  columns: readonly string[],
  row: Row,
  loaded: Row,
  asStored: (value: unknown) => unknown,
): Generator<string> {
  for (const column of columns) {
    const wanted = unsigned(asStored(row[column] ?? null));
    const found = unsigned(loaded[column] ?? null);
    if (!isDeepStrictEqual(found, wanted))
      yield `${column} of ${key} is ${JSON.stringify(found)} and not ${JSON.stringify(wanted)}`.slice(0, 600);
  }
}

/** A value without the signatures of links: Intercom signs links to files anew whenever they are read. */
function unsigned(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll(/\?expires=\d+&signature=\w+/g, ''));
}

function byKey(rows: readonly Row[], { source_defined_primary_key: keys = [] }: AirbyteStream): Map<string, Row> {
  return new Map(rows.map((row) => [keys.map(([field = '']) => String(row[field])).join('/'), row]));
}

/** Columns that clients add of their own. */
const ADDED = /^_(airbyte|sdc)_/;
