import { readFileSync } from 'node:fs';
import { canBeIncremental, configure } from './catalogs.ts';
import type { AirbyteStream, JsonObject } from './run.ts';

/** The sample files that follow from what discover offers, by name. */
export function samplesOf(streams: readonly AirbyteStream[]): Readonly<Record<string, unknown>> {
  return {
    'configured_catalog.json': catalogOf(streams),
    'sample_state.json': streams.filter(canBeIncremental).map((stream) => stateOf(stream, YEAR_2026)),
    'abnormal_state.json': streams.filter(canBeIncremental).map((stream) => stateOf(stream, YEAR_2200)),
  };
}

export function readSample(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'));
}

/** Every stream, by its changes where it can be read so. Without schemas: nobody reads them here, and they are long. */
function catalogOf(streams: readonly AirbyteStream[]): unknown {
  return {
    streams: configure(streams, 'incremental').streams.map((configured) => {
      const { default_cursor_field: cursor, source_defined_primary_key: key } = configured.stream;
      return {
        ...configured,
        stream: { ...configured.stream, json_schema: {} },
        ...(cursor === undefined ? { destination_sync_mode: 'overwrite' } : { cursor_field: cursor }),
        ...(key === undefined ? {} : { primary_key: key }),
      };
    }),
  };
}

function stateOf({ name, default_cursor_field: [cursor = ''] = [] }: AirbyteStream, at: number): JsonObject {
  return { type: 'STREAM', stream: { stream_descriptor: { name }, stream_state: { [cursor]: at } } };
}

const YEAR_2026 = Date.UTC(2026, 0) / 1000;
const YEAR_2200 = Date.UTC(2200, 0) / 1000;
