import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Connector, Message, OfferedStream } from './demo-connector.ts';
import { Table, wrap } from './demo-table.ts';

export type Row = Readonly<Record<string, unknown>>;

/** What a read brought. */
export interface Read {
  /** Rows by stream. */
  readonly rows: ReadonlyMap<string, readonly Row[]>;
  /** Messages for people, of level WARN and above. */
  readonly warnings: readonly string[];
  readonly errors: readonly string[];
  /** The last state of each stream, as it is handed to the next read. */
  readonly states: readonly unknown[];
  readonly exitCode: number;
}

export interface ReadOptions {
  readonly words: readonly string[];
  readonly output: string;
  /** Streams without rows are not worth a line. */
  readonly isBrief?: boolean;
}

/** Reads all streams of the catalog, and prints what each took as soon as the connector tells. */
export async function readAll(
  connector: Connector,
  streams: readonly OfferedStream[],
  { words, output, isBrief = false }: ReadOptions,
): Promise<Read> {
  const rows = new Map<string, Row[]>(streams.map(({ name }) => [name, []]));
  const states = new Map<string, unknown>();
  const warnings: string[] = [];
  const errors: string[] = [];
  const report = new Report(isBrief);
  const exitCode = await connector.run(words, output, (message: Message) => {
    const { record, state, log, trace } = message;
    if (record !== undefined) rows.get(record.stream)?.push(record.data);
    if (state !== undefined) states.set(state.stream.stream_descriptor.name, state);
    if (trace?.error !== undefined) errors.push(trace.error.message);
    if (trace?.stream_status?.status === 'STARTED') report.passBegins();
    if (log !== undefined && !report.take(log.message) && log.level !== 'INFO') warnings.push(log.message);
  });
  report.end(rows);
  return { rows, warnings, errors, states: [...states.values()], exitCode };
}

/** What the connector says of each stream when it is done: `contacts: 200 rows; 3 calls in 0.1 s`, and more. */
const SUMMARY = /^(\w+): ([\d,]+) rows?\W+([\d,]+) calls?\W+(?:in )?([\d.]+) s\b/;

/** The table of streams. Those that are read in one pass share its calls and seconds, and the first says them. */
class Report {
  readonly #table = new Table([{ width: 30 }, { width: 9, numeric: true }, { width: 11, numeric: true }, { width: 9 }]);
  readonly #told = new Set<string>();
  readonly #isBrief: boolean;
  #isPassTold = false;

  constructor(isBrief: boolean) {
    this.#isBrief = isBrief;
  }

  passBegins(): void {
    this.#isPassTold = false;
  }

  /** @returns whether the message was for the table */
  take(message: string): boolean {
    const [, stream, rows = '', calls = '', seconds] = SUMMARY.exec(message) ?? [];
    if (stream === undefined || seconds === undefined) return false;
    if (this.#told.size === 0) console.log(this.#table.head('stream', 'rows', 'API calls', 'seconds'));
    this.#told.add(stream);
    const count = Number(rows.replaceAll(',', ''));
    if (this.#isBrief && count === 0) return true;
    console.log(this.#table.row(stream, count, ...(this.#isPassTold ? ['same', 'pass'] : [calls, seconds])));
    this.#isPassTold = true;
    return true;
  }

  /** Streams that failed have no summary. */
  end(rows: ReadonlyMap<string, readonly Row[]>): void {
    for (const [stream, { length }] of rows)
      if (!this.#told.has(stream) && (length > 0 || !this.#isBrief))
        console.log(this.#table.row(stream, length, '?', '?'));
  }
}

export function printMessages({ warnings, errors }: Read, output: string): void {
  const shown = warnings.slice(0, MOST_WARNINGS);
  if (shown.length + errors.length > 0) console.log('');
  for (const message of shown) console.log(wrap(`The connector warns: ${message}`, WIDTH, '  '));
  if (shown.length < warnings.length)
    console.log(`  (${warnings.length - shown.length} more warnings are in ${output})`);
  for (const message of errors) console.log(wrap(`Error: ${message}`, WIDTH, '  '));
}

/** Keeps something as a file that the next command is given. */
export function save(folder: string, name: string, value: unknown): void {
  writeFileSync(join(folder, name), `${JSON.stringify(value, undefined, 2)}\n`);
}

export const WIDTH = 80;
const MOST_WARNINGS = 4;
