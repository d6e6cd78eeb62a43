import { at, isObject, type JsonObject } from '../../../../core/json.ts';
import { parseJson } from '../../../../core/parse-json.ts';
import { airbyteCatalog } from '../../../../protocol/airbyte-catalog.ts';
import { parseCatalog } from '../../../../protocol/airbyte-input.ts';
import { streams } from '../../../../streams/index.ts';
import type { SyncMode } from '../given.ts';
import { shellWords } from '../words.ts';
import { entriesIn, inOrder } from './entries.ts';
import type { Platform } from './platform.ts';

/** A configured catalog, for `read`. What an entry says besides is kept, and so are entries of streams that are not ours. */
export const airbyte: Platform = {
  file: 'catalog.json',
  what: 'catalog',
  selectionIn: (text) => {
    const { streams: selected } = parseCatalog(parseJson(text), streams);
    return new Map(
      selected.map(({ stream, isIncremental }) => [stream, isIncremental ? 'incremental' : 'full_refresh']),
    );
  },
  write: (text, { selection, offers }) => {
    const before = text === undefined ? {} : (parseJson(text) as JsonObject);
    const described = new Map(airbyteCatalog(offers).streams.map((stream) => [stream.name, stream]));
    const entries = inOrder(entriesIn(before, nameIn), [...selection.keys()]).map(({ stream, entry }) => {
      if (stream === undefined) return entry;
      const { name, primaryKey, cursor } = stream;
      const mode = selection.get(stream) ?? 'full_refresh';
      const isSame = entry['sync_mode'] === mode;
      return {
        ...entry,
        stream: { ...(isObject(entry['stream']) ? entry['stream'] : {}), ...described.get(name) },
        sync_mode: mode,
        destination_sync_mode: isSame ? (entry['destination_sync_mode'] ?? DESTINATION[mode]) : DESTINATION[mode],
        ...(cursor === undefined ? {} : { cursor_field: [cursor] }),
        primary_key: primaryKey.map((field) => [field]),
      };
    });
    return `${JSON.stringify({ ...before, streams: entries }, undefined, 2)}\n`;
  },
  next: ({ config, catalog }) =>
    `${shellWords(['source-intercom', 'read', '--config', config, '--catalog', catalog])} > rows.jsonl`,
};

function nameIn(entry: JsonObject): unknown {
  return at(entry, 'stream.name');
}

const DESTINATION: Readonly<Record<SyncMode, string>> = { incremental: 'append_dedup', full_refresh: 'overwrite' };
