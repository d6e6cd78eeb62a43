import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AirbyteStream } from '../../../src/generated/airbyte.ts';
import { keyOf } from '../../support/catalogs.ts';
import type { Row } from '../support/connector.ts';
import type { Postgres } from '../support/postgres.ts';
import { run } from '../support/process.ts';
import { tablesOf, type Tables } from '../support/tables.ts';

/** A loader of `meltano.yml`, and how to see what it has loaded. */
export interface Loader {
  readonly name: string;
  /** Variables that say what `meltano.yml` leaves open. */
  readonly settings?: Readonly<Record<string, string>>;
  /** What its files or tables hold. */
  readonly tables: (folder: string, streams: readonly AirbyteStream[]) => Promise<Tables>;
  /** A value as it is kept there. Default: as it is. */
  readonly asStored?: (value: unknown) => unknown;
}

/** Files of lines; each run writes files of its own, and what it brings takes the place of what is in older ones. */
export const jsonLines: Loader = {
  name: 'target-jsonl',
  tables: (folder, streams) => {
    const output = join(folder, 'output');
    const files = readdirSync(output).sort(); // by stream, then by time
    const tables = streams.map((stream) => {
      const runs = files
        .filter((file) => file.startsWith(`${stream.name}-`))
        .map((file) => linesOf(join(output, file)));
      return [stream.name, runs.reduce((old, rows) => replaced(old, rows, stream), [])] as const;
    });
    return Promise.resolve(new Map(tables));
  },
};

/** A DuckDB file. */
export const duckdb: Loader = {
  name: 'target-duckdb',
  tables: async (folder) => {
    const python = join(folder, '.meltano/loaders/target-duckdb/venv/bin/python');
    const { stdout } = await run({ words: [python, ROWS, 'intercom.duckdb', 'main'], cwd: folder, env: process.env });
    return tablesOf(stdout);
  },
  asStored: (value) => (value === '' ? null : value), // it takes empty text for none
};

/** A schema of a PostgreSQL server. */
export const postgres = ({ port, password, psql }: Postgres): Loader => ({
  name: 'target-postgres',
  settings: { TARGET_POSTGRES_PORT: String(port), TARGET_POSTGRES_PASSWORD: password },
  tables: async () => tablesOf(await psql(EVERY_ROW)),
});

/** The user, database and schema that `meltano.yml` names for PostgreSQL. */
export const POSTGRES_USER = 'intercom';
export const POSTGRES_DATABASE = 'warehouse';
const POSTGRES_SCHEMA = 'intercom';

/** Makes a query for each table, and runs them. */
const EVERY_ROW = `
  SELECT format('SELECT json_build_object(''table'', %L, ''row'', t) FROM %I.%I t', table_name, table_schema, table_name)
  FROM information_schema.tables WHERE table_schema = '${POSTGRES_SCHEMA}' \\gexec
`;

function linesOf(file: string): readonly Row[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Row);
}

/** Rows that a run has brought, after those older ones that it has not brought anew. */
function replaced(old: readonly Row[], rows: readonly Row[], stream: AirbyteStream): readonly Row[] {
  const brought = new Set(rows.map((row) => keyOf(row, stream)));
  return [...old.filter((row) => !brought.has(keyOf(row, stream))), ...rows];
}

const ROWS = fileURLToPath(new URL('../python/rows.py', import.meta.url));
