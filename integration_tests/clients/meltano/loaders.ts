import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AirbyteStream } from '../../../src/generated/airbyte.ts';
import { keyOf } from '../../support/catalogs.ts';
import type { Row } from '../support/connector.ts';
import { run } from '../support/process.ts';
import { tablesOf, type Tables } from '../support/tables.ts';

/** A loader of `meltano.yml`, and how to see what it has loaded. */
export interface Loader {
  readonly name: string;
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
