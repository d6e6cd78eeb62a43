import { ConnectorError } from '../core/errors.ts';
import { at, isObject, omit, textOf, type JsonObject } from '../core/json.ts';
import { timeOf } from '../core/time.ts';
import type { Stream } from '../readers/stream.ts';

/** The state of a Singer tap: one object with a bookmark for every stream, ours and those that others put there. */
export class Bookmarks {
  readonly #bookmarks: Map<string, unknown>;
  readonly #rest: JsonObject;
  /** The stream that an interrupted read was at. */
  currentlySyncing: string | undefined;

  /** @param state - As stored: nothing, `{}`, a value, a whole STATE message, or a list of these, of which the last counts. @throws ConnectorError */
  constructor(state: unknown) {
    const value = valueOf(state);
    const { bookmarks, currently_syncing: current, ...rest } = value;
    if (bookmarks !== undefined && bookmarks !== null && !isObject(bookmarks))
      throw refuse('the "bookmarks" of the state must be an object. Give what tap-intercom printed');
    this.#bookmarks = new Map(isObject(bookmarks) ? Object.entries(bookmarks) : []);
    this.#rest = rest;
    this.currentlySyncing = textOf(current) || undefined;
  }

  /** A stream's state in the form that both dialects share, whoever wrote it. */
  stateOf({ name, cursor }: Stream): JsonObject {
    const bookmark = this.#bookmarks.get(name);
    if (cursor === undefined || bookmark === null || bookmark === undefined) return {};
    if (!isObject(bookmark)) return { [cursor]: bookmark };
    const { replication_key_value: value, partitions, ...rest } = bookmark;
    const state = Object.fromEntries(Object.entries(rest).filter(([key]) => !SDK_ONLY.has(key)));
    if (cursor in state) return state;
    const found = value ?? earliestOf(partitions);
    return found === undefined ? state : { ...state, [cursor]: found };
  }

  set({ name, cursor }: Stream, state: JsonObject): void {
    const value = cursor === undefined ? undefined : state[cursor];
    const saved = omit(state, 'rows');
    this.#bookmarks.set(
      name,
      value === undefined ? saved : { ...saved, replication_key: cursor, replication_key_value: value },
    );
  }

  /** The whole state, as it goes out. */
  value(): JsonObject {
    return {
      ...this.#rest,
      bookmarks: Object.fromEntries(this.#bookmarks),
      ...(this.currentlySyncing === undefined ? {} : { currently_syncing: this.currentlySyncing }),
    };
  }
}

function valueOf(state: unknown): JsonObject {
  if (state === undefined || state === null || state === '') return {};
  if (Array.isArray(state) && state.length > 0 && state.every(isOurs)) return valueOf(state.at(-1));
  if (isObject(state) && state['type'] === 'STATE' && isObject(state['value'])) return valueOf(state['value']);
  const isAirbyte =
    Array.isArray(state) ||
    (isObject(state) && (isObject(state['stream']) || state['type'] === 'STATE' || 'stream_descriptor' in state));
  if (isAirbyte)
    throw refuse(
      'this is the state of the Airbyte protocol. Call source-intercom read with it, or give what tap-intercom printed',
    );
  if (!isObject(state)) throw refuse('the state must be a JSON object with "bookmarks"');
  if (!('bookmarks' in state) && Object.keys(state).some((key) => key !== 'currently_syncing'))
    throw refuse(
      'the state has no "bookmarks". Give what tap-intercom printed; a state of the Airbyte protocol belongs to source-intercom read',
    );
  return state;
}

function isOurs(state: unknown): boolean {
  return isObject(state) && ('bookmarks' in state || isObject(state['value']));
}

/** For taps that keep a bookmark for each parent: no row is lost if all begin at the earliest. */
function earliestOf(partitions: unknown): number | undefined {
  const times = (Array.isArray(partitions) ? (partitions as unknown[]) : [])
    .map((each) => timeOf(at(each, 'replication_key_value')))
    .filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** What the Meltano SDK keeps in a bookmark besides. */
const SDK_ONLY = new Set([
  'replication_key',
  'starting_replication_value',
  'progress_markers',
  'replication_key_signpost',
]);

function refuse(what: string): ConnectorError {
  return new ConnectorError('config', `Reading the input: ${what}.`);
}
