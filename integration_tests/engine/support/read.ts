import type { Simulator } from '../../../simulator/index.ts';
import {
  createApi,
  parseConfig,
  streams,
  sync,
  systemClock,
  type Clock,
  type Config,
  type Failure,
  type SyncEvent,
} from '../../../src/index.ts';
import type { Transport } from '../../../src/intercom/transport.ts';

export type Row = Readonly<Record<string, unknown>>;
export type States = Readonly<Record<string, Row>>;

export interface Reading {
  /** Rows by stream, in the order in which they came. */
  readonly rows: Readonly<Record<string, readonly Row[]>>;
  /** The last state of each stream. */
  readonly states: States;
  readonly events: readonly SyncEvent[];
  readonly failures: readonly Failure[];
  /** Why streams ended before they had everything. */
  readonly incomplete: Readonly<Record<string, Failure>>;
  readonly warnings: readonly string[];
  /** Requests that this reading made. */
  readonly calls: number;
}

export interface ReadOptions {
  readonly config?: Row;
  readonly states?: States;
  readonly isIncremental?: boolean;
  /** Called with each event before the next is asked for; false stops the reading there, as a kill would. */
  readonly onEvent?: (event: SyncEvent, index: number) => boolean | undefined;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Default: HTTP to where the simulator listens. */
  readonly transport?: Transport;
}

/** Reads streams of a simulated workspace within this process. */
export async function readStreams(
  simulator: Simulator,
  names: readonly string[],
  { config: raw = {}, states = {}, isIncremental = true, onEvent, clock = systemClock, transport }: ReadOptions = {},
): Promise<Reading> {
  const config = parsed({ access_token: simulator.token, ...raw });
  const stop = new AbortController();
  const log = (): void => undefined;
  const api = createApi(
    {
      token: simulator.token,
      baseUrl: new URL(simulator.url || 'http://127.0.0.1'),
      concurrency: config.concurrency,
      clock,
      log,
    },
    transport,
  );
  const selected = names.map((name) => {
    const stream = streams.find((each) => each.name === name);
    if (stream === undefined) throw new Error(`There is no stream ${name}`);
    return { stream, isIncremental, state: states[name] ?? {} };
  });
  const before = simulator.requests.length;
  const events: SyncEvent[] = [];
  const warnings: string[] = [];
  const read = sync({
    selected,
    config,
    api,
    clock,
    signal: stop.signal,
    usage: () => ({ calls: 0, waited: 0 }),
    log: (level, message) => level === 'warn' && warnings.push(message),
  });
  for await (const event of read) {
    if (event.type === 'records') events.push({ ...event, records: structuredClone(event.records) });
    else events.push(event);
    if (event.type === 'log' && event.level === 'warn') warnings.push(event.message);
    if (onEvent?.(event, events.length - 1) === false) break;
  }
  stop.abort();
  return { ...gather(events, states), events, warnings, calls: simulator.requests.length - before };
}

/** Making sense of a configuration takes longer than many a read here. */
function parsed(raw: Row): Config {
  const key = JSON.stringify(raw);
  const known = configs.get(key) ?? parseConfig(raw);
  configs.set(key, known);
  return known;
}

const configs = new Map<string, Config>();

function gather(
  events: readonly SyncEvent[],
  stored: States,
): Pick<Reading, 'failures' | 'incomplete' | 'rows' | 'states'> {
  const rows: Record<string, Row[]> = {};
  const states: Record<string, Row> = { ...stored };
  const failures: Failure[] = [];
  const incomplete: Record<string, Failure> = {};
  for (const event of events) {
    if (event.type === 'records') (rows[event.stream] ??= []).push(...(event.records as readonly Row[]));
    if (event.type === 'stream_started' && !(event.stream in rows)) rows[event.stream] = [];
    if (event.type === 'checkpoint') states[event.stream] = structuredClone(event.state);
    if (event.type === 'stream_ended' || event.type === 'failed')
      failures.push(...(event.failure === undefined ? [] : [event.failure]));
    if (event.type === 'stream_ended' && event.failure !== undefined) incomplete[event.stream] = event.failure;
  }
  return { rows, states, failures, incomplete };
}

/** Rows as a destination holds them that replaces rows of equal key. */
export class Destination {
  readonly #tables = new Map<string, Map<string, Row>>();

  merge(rows: Reading['rows']): void {
    for (const [stream, list] of Object.entries(rows)) {
      const { primaryKey } = streams.find(({ name }) => name === stream) ?? { primaryKey: ['id'] };
      const table = this.#tables.get(stream) ?? new Map<string, Row>();
      for (const row of list) table.set(primaryKey.map((field) => String(row[field])).join('/'), row);
      this.#tables.set(stream, table);
    }
  }

  table(stream: string): ReadonlyMap<string, Row> {
    return this.#tables.get(stream) ?? new Map();
  }
}
