import type { JsonObject } from '../../simulator/index.ts';
import { isObject, textOf } from '../../simulator/json.ts';
import type { Dialect, SyncMode } from './random/plan.ts';

export type States = Readonly<Record<string, JsonObject>>;

/** What one line says, as far as it matters to whoever keeps rows and states. */
export type Item =
  | { readonly what: 'row'; readonly stream: string; readonly row: JsonObject }
  /** States by stream: of one, or of all that there are. */
  | { readonly what: 'state'; readonly states: States; readonly whole?: JsonObject }
  | { readonly what: 'ended'; readonly stream: string; readonly isWhole: boolean }
  | { readonly what: 'schema'; readonly stream: string; readonly schema: JsonObject }
  | { readonly what: 'other' };

/** @throws SyntaxError where the line is not JSON */
export function itemOf(line: string, dialect: Dialect): Item {
  const message = JSON.parse(line) as JsonObject;
  return dialect === 'airbyte' ? airbyteItem(message) : singerItem(message);
}

function airbyteItem(message: JsonObject): Item {
  if (message['type'] === 'RECORD') {
    const { stream, data } = message['record'] as { stream: string; data: JsonObject };
    return { what: 'row', stream, row: data };
  }
  if (message['type'] === 'STATE') {
    const { stream } = message['state'] as unknown as AirbyteState;
    return { what: 'state', states: { [stream.stream_descriptor.name]: stream.stream_state } };
  }
  const trace = message['trace'];
  const status = isObject(trace) ? trace['stream_status'] : undefined;
  if (!isObject(status) || (status['status'] !== 'COMPLETE' && status['status'] !== 'INCOMPLETE'))
    return { what: 'other' };
  const { name } = status['stream_descriptor'] as { name: string };
  return { what: 'ended', stream: name, isWhole: status['status'] === 'COMPLETE' };
}

interface AirbyteState {
  readonly stream: { readonly stream_descriptor: { readonly name: string }; readonly stream_state: JsonObject };
}

function singerItem(message: JsonObject): Item {
  const stream = textOf(message['stream']);
  if (message['type'] === 'RECORD') return { what: 'row', stream, row: message['record'] as JsonObject };
  if (message['type'] === 'SCHEMA') return { what: 'schema', stream, schema: message['schema'] as JsonObject };
  if (message['type'] !== 'STATE') return { what: 'other' };
  const whole = message['value'] as JsonObject;
  return { what: 'state', states: whole['bookmarks'] as States, whole };
}

/** Streams as a catalog selects them. */
export function catalogOf(dialect: Dialect, streams: readonly (readonly [name: string, mode: SyncMode])[]): unknown {
  if (dialect === 'airbyte')
    return {
      streams: streams.map(([name, mode]) => ({
        stream: { name },
        sync_mode: mode,
        destination_sync_mode: mode === 'incremental' ? 'append_dedup' : 'overwrite',
      })),
    };
  return {
    streams: streams.map(([name, mode]) => ({
      tap_stream_id: name,
      stream: name,
      metadata: [
        {
          breadcrumb: [],
          metadata: { selected: true, 'replication-method': mode === 'incremental' ? 'INCREMENTAL' : 'FULL_TABLE' },
        },
      ],
    })),
  };
}

/** What a platform keeps of the states that it was given, and gives to the next run. */
export class Saved {
  /** The last states of the streams, each as it came. */
  #states: States = {};
  /** Of a Singer tap: all of them in one, with what it says besides. */
  #whole: JsonObject | undefined;

  take({ states, whole }: { readonly states: States; readonly whole?: JsonObject }): void {
    this.#states = whole === undefined ? { ...this.#states, ...states } : states;
    this.#whole = whole;
  }

  of(stream: string): JsonObject | undefined {
    return this.#states[stream];
  }

  /** The contents of a state file; undefined where nothing was saved. */
  file(): unknown {
    const entries = Object.entries(this.#states);
    if (this.#whole !== undefined || entries.length === 0) return this.#whole;
    return entries.map(([name, state]) => ({
      type: 'STREAM',
      stream: { stream_descriptor: { name }, stream_state: state },
    }));
  }
}
