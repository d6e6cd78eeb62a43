import { isObject, type JsonObject } from '../../../../core/json.ts';
import { parseJson } from '../../../../core/parse-json.ts';
import { singerCatalog, type Metadata, type SingerEntry } from '../../../../protocol/singer-catalog.ts';
import { parseSingerCatalog } from '../../../../protocol/singer-selection.ts';
import { streams, suggested } from '../../../../streams/index.ts';
import type { SyncMode } from '../given.ts';
import { shellWords } from '../words.ts';
import { entriesIn, inOrder } from './entries.ts';
import type { Platform } from './platform.ts';

/** A Singer catalog with all streams, of which some are selected. Which fields are selected is kept; types are the present ones. */
export const singer: Platform = {
  file: 'tap-catalog.json',
  what: 'catalog',
  selectionIn: (text) => {
    const { streams: selected } = parseSingerCatalog(parseJson(text), streams);
    return new Map(
      selected.map(({ stream, isIncremental }) => [stream, isIncremental ? 'incremental' : 'full_refresh']),
    );
  },
  write: (text, { selection, offers }) => {
    const before = text === undefined ? {} : (parseJson(text) as JsonObject);
    const fresh = new Map(
      singerCatalog(offers, (stream) => suggested.includes(stream)).streams.map((entry) => [entry.stream, entry]),
    );
    const entries = inOrder(entriesIn(before, nameIn), streams).map(({ stream, entry }) => {
      const described = stream === undefined ? undefined : fresh.get(stream.name);
      return stream === undefined || described === undefined ? entry : merged(entry, described, selection.get(stream));
    });
    return `${JSON.stringify({ ...before, streams: entries }, undefined, 2)}\n`;
  },
  next: ({ config, catalog }) =>
    `${shellWords(['tap-intercom', '--config', config, '--catalog', catalog])} > rows.jsonl`,
};

function merged(before: JsonObject, fresh: SingerEntry, mode: SyncMode | undefined): JsonObject {
  const said = new Map(metadataIn(before).map(({ breadcrumb, metadata }) => [JSON.stringify(breadcrumb), metadata]));
  const metadata = fresh.metadata.map(({ breadcrumb, metadata: own }) => {
    const isStream = breadcrumb.length === 0;
    const choice = isStream ? { selected: mode !== undefined, ...methodOf(mode) } : {};
    return { breadcrumb, metadata: { ...said.get(JSON.stringify(breadcrumb)), ...own, ...choice } };
  });
  return { ...before, ...fresh, metadata };
}

function methodOf(mode: SyncMode | undefined): JsonObject {
  return mode === undefined ? {} : { 'replication-method': mode === 'incremental' ? 'INCREMENTAL' : 'FULL_TABLE' };
}

function metadataIn({ metadata }: JsonObject): readonly Metadata[] {
  const list = Array.isArray(metadata) ? (metadata as unknown[]) : [];
  return list.filter((each): each is Metadata & JsonObject => isObject(each) && isObject(each['metadata']));
}

function nameIn({ tap_stream_id: id, stream }: JsonObject): unknown {
  return id ?? stream;
}
