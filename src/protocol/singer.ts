import type { JsonObject } from '../core/json.ts';
import type { JsonSchema } from '../core/schema.ts';
import type { SyncEvent } from '../sync/events.ts';
import { fit } from './fit.ts';
import { toJson } from './json-line.ts';
import { singerSchema } from './singer-catalog.ts';
import { rowsFor, type ToRow } from './singer-row.ts';
import type { Choice } from './singer-selection.ts';
import type { Bookmarks } from './singer-state.ts';

/** Turns what happens into lines of a Singer tap, each ended by a newline. */
export interface SingerEncoder {
  readonly event: (event: SyncEvent) => string | readonly string[];
  /** The whole state, as it is now. */
  readonly state: () => string;
  /** What was too long for a line, and was cut or left out: how often, by `stream: column`. */
  readonly truncated: ReadonlyMap<string, number>;
  readonly leftOut: ReadonlyMap<string, number>;
  /** Values that do not fit the type that the catalog gives them, and were sent as null. */
  readonly nulled: ReadonlyMap<string, number>;
}

/**
 * @param bookmarks - As stored; kept up to date
 * @param now - Unix milliseconds
 */
export function singerEncoder(choices: readonly Choice[], bookmarks: Bookmarks, now: () => number): SingerEncoder {
  const byName = new Map<string, Choice>(choices.map((choice) => [choice.stream.name, choice]));
  const rows = new Map<string, ToRow>();
  const open = new Set<string>();
  const truncated = new Map<string, number>();
  const leftOut = new Map<string, number>();
  const nulled = new Map<string, number>();
  if (!byName.has(bookmarks.currentlySyncing ?? '')) bookmarks.currentlySyncing = undefined;
  const state = (): string => `${toJson({ type: 'STATE', value: bookmarks.value() })}\n`;

  const start = (name: string, ours: JsonSchema): string => {
    const choice = byName.get(name);
    if (choice === undefined) return '';
    const schema = choice.schemaOf(ours);
    const lose = (column: string): void => {
      count(nulled, `${name}: ${column}`);
    };
    rows.set(name, rowsFor(schema, singerSchema(ours, choice.stream), lose));
    open.add(name);
    bookmarks.currentlySyncing = [...open][0];
    return `${toJson(schemaMessage(choice, schema))}\n`;
  };

  const records = ({ stream, records }: Extract<SyncEvent, { type: 'records' }>): readonly string[] => {
    const toRow = rows.get(stream);
    if (toRow === undefined) return [];
    const head = `{"type":"RECORD","stream":${toJson(stream)},"record":`;
    const tail = `,"time_extracted":"${new Date(now()).toISOString()}"}\n`;
    return records.map((record) => {
      const json = toJson(toRow(record));
      if (json.length <= LIMIT / 4 || Buffer.byteLength(json) <= LIMIT) return head + json + tail;
      const fitted = fit(json, LIMIT);
      for (const column of fitted.truncated) count(truncated, `${stream}: ${column}`);
      for (const column of fitted.nulled) count(leftOut, `${stream}: ${column}`);
      return head + toJson(fitted.record) + tail;
    });
  };

  return {
    state,
    truncated,
    leftOut,
    nulled,
    event: (event) => {
      switch (event.type) {
        case 'stream_started':
          return start(event.stream, event.schema);
        case 'records':
          return records(event);
        case 'checkpoint': {
          const choice = byName.get(event.stream);
          if (choice === undefined) return '';
          bookmarks.set(choice.stream, event.state);
          return state();
        }
        case 'stream_ended':
          // A read that broke off as a whole goes on where it was.
          if (event.failure?.isShared !== true && open.delete(event.stream)) bookmarks.currentlySyncing = [...open][0];
          return '';
        case 'stream_running':
        case 'estimate':
        case 'failed':
        case 'log':
          return '';
      }
    },
  };
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

/** @param schema - What is selected of it */
export function schemaMessage({ stream, isIncremental, keyProperties }: Choice, schema: JsonSchema): JsonObject {
  return {
    type: 'SCHEMA',
    stream: stream.name,
    schema,
    key_properties: keyProperties,
    ...(isIncremental && stream.cursor !== undefined ? { bookmark_properties: [stream.cursor] } : {}),
  };
}

/** Bytes that a row may have: what Meltano takes, with room for old settings of it. */
const LIMIT = 15 * 1024 * 1024;
