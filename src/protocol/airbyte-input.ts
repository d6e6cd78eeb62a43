import { ConnectorError } from '../core/errors.ts';
import { isObject, type JsonObject } from '../core/json.ts';
import type { Stream } from '../readers/stream.ts';

/** What a configured catalog asks for. */
export interface Selection {
  readonly streams: readonly { readonly stream: Stream; readonly isIncremental: boolean }[];
  /** Names that this connector does not know. */
  readonly unknown: readonly string[];
}

/** Reads a configured catalog. @throws ConnectorError that says what is wrong with it */
export function parseCatalog(catalog: unknown, known: readonly Stream[]): Selection {
  const entries = isObject(catalog) ? catalog['streams'] : undefined;
  if (!Array.isArray(entries))
    throw refuse(
      'the catalog has no list "streams". It should look like {"streams": [{"stream": {"name": "contacts"}, "sync_mode": "full_refresh", ...}]}',
    );
  const streams = new Map<Stream, { stream: Stream; isIncremental: boolean }>();
  const unknown: string[] = [];
  for (const entry of entries) {
    const name = nameOf(entry);
    const mode = (entry as JsonObject)['sync_mode'];
    if (mode !== 'full_refresh' && mode !== 'incremental')
      throw refuse(`the sync_mode of stream "${name}" must be full_refresh or incremental`);
    const stream = known.find((each) => each.name === name);
    if (stream === undefined) unknown.push(name);
    else if (!streams.has(stream)) streams.set(stream, { stream, isIncremental: mode === 'incremental' });
  }
  if (streams.size === 0 && unknown.length > 0)
    throw refuse(
      `there is no stream ${unknown.map((name) => `"${name}"`).join(', ')}. Run discover to see the streams that there are`,
    );
  return { streams: [...streams.values()], unknown };
}

function nameOf(entry: unknown): string {
  const name = isObject(entry) && isObject(entry['stream']) ? entry['stream']['name'] : undefined;
  if (typeof name === 'string') return name;
  if (isObject(entry) && ('tap_stream_id' in entry || 'metadata' in entry))
    throw refuse('this is a Singer catalog. Call tap-intercom with it, or give a configured Airbyte catalog');
  if (isObject(entry) && 'json_schema' in entry) {
    throw refuse(
      'this is the catalog that discover prints. Each stream has to be wrapped to say how it is to be read: {"stream": {...}, "sync_mode": "incremental", "destination_sync_mode": "append_dedup"}',
    );
  }
  throw refuse('an entry of "streams" has no stream with a name');
}

/** Stored states by stream, however the platform wraps them. Nothing, `[]`, `{}` and `null` mean none. @throws ConnectorError */
export function parseState(state: unknown): ReadonlyMap<string, JsonObject> {
  const states = new Map<string, JsonObject>();
  if (state === undefined || state === null || state === '') return states;
  if (isSinger(state))
    throw refuse(
      'this is the state of a Singer tap. Call tap-intercom with it, or give the state that this command printed',
    );
  if (!Array.isArray(state) && !isObject(state)) throw refuse('the state must be a list of state messages');
  for (const entry of Array.isArray(state) ? (state as unknown[]) : entriesOf(state)) collect(entry, states);
  return states;
}

/** A single message, or one object with the states of all streams, as old platforms stored it. */
function entriesOf(state: JsonObject): readonly unknown[] {
  if (Object.keys(state).length === 0) return [];
  const isMessage =
    ['type', 'data', 'global', 'stream_descriptor'].some((key) => key in state) ||
    isObject((state['stream'] as JsonObject | undefined)?.['stream_descriptor']);
  return isMessage ? [state] : [{ data: state }];
}

function collect(entry: unknown, states: Map<string, JsonObject>): void {
  if (!isObject(entry)) throw refuse('an entry of the state is not an object');
  const { stream, global, data, state } = entry;
  if (isObject(state) && entry['type'] === 'STATE') {
    collect(state, states);
  } else if (isObject(stream)) {
    add(stream, states);
  } else if (isObject(global)) {
    const list: unknown = global['stream_states'];
    for (const each of Array.isArray(list) ? (list as unknown[]) : []) add(each, states);
  } else if (isObject(data) || (data === null && stream === undefined)) {
    for (const [name, each] of Object.entries(data ?? {})) set(name, each, states);
  } else {
    throw refuse('an entry of the state has none of "stream", "global" and "data"');
  }
}

function add(stream: unknown, states: Map<string, JsonObject>): void {
  const name =
    isObject(stream) && isObject(stream['stream_descriptor']) ? stream['stream_descriptor']['name'] : undefined;
  if (typeof name !== 'string') throw refuse('an entry of the state does not say of which stream it is');
  set(name, (stream as JsonObject)['stream_state'], states);
}

/** Null means to begin anew. */
function set(name: string, state: unknown, states: Map<string, JsonObject>): void {
  if (isObject(state)) states.set(name, state);
  else if (state === null || state === undefined) states.delete(name);
  else throw refuse(`the state of stream "${name}" is not an object`);
}

function isSinger(state: unknown): boolean {
  return isObject(state) && ('bookmarks' in state || (isObject(state['value']) && 'bookmarks' in state['value']));
}

function refuse(what: string): ConnectorError {
  return new ConnectorError('config', `Reading the input: ${what}.`);
}
